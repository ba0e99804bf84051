"""What can a pair talk about first? Agenda and question cards, by the objective's kind."""

from __future__ import annotations

from revmentor.params.models import ObjectiveKind

AGENDA: tuple[tuple[int, str], ...] = (
    (5, "Say hello: what you do, and one thing that is not on your profile."),
    (10, "Say what each of you hopes to learn and what each of you can offer."),
    (
        10,
        "Agree how you work together: judgement-free, in confidence, frank in both directions. "
        "In these meetings the junior colleague leads.",
    ),
    (10, "Choose one goal: what the senior colleague will be able to do, and how you will tell."),
    (5, "Walk through the cycle: meetings, check-ins, what to do when it does not work."),
    (5, "Fix the next two meetings in both calendars before you part."),
)

EXPECTATIONS: dict[str, tuple[str, ...]] = {
    "mentor": (
        "You set the agenda; your partner's grade stays outside the room.",
        "You are asked to be honest, not to be an expert in everything.",
        "If two meetings in a row are cancelled, tell the coordinator: it is not your fault.",
    ),
    "mentee": (
        "You are the learner here: ask, try, and be wrong in good company.",
        "Keep the appointments: cancelled meetings are the commonest end of a pair.",
        "What you hear is not for assessments, and never quoted with a name.",
    ),
}

CARDS: dict[ObjectiveKind, tuple[str, ...]] = {
    "hard_skill": (
        "Which task of last week would have been quicker with this skill?",
        "Shall we do that task together now, with you at the keyboard?",
        "What would you like to be able to do alone in three months?",
    ),
    "soft_skill": (
        "When did a conversation last go better, or worse, than you expected?",
        "What do people of my generation misread in how you write or speak?",
        "Which one habit shall we try until we meet again?",
    ),
    "skill_gaps": (
        "Which skill do your teams use that you could not judge in an interview?",
        "What do you hand over today because you cannot do it yourself?",
        "What should everybody here know in two years that few know now?",
    ),
    "process": (
        "Which step of our work would a newcomer find absurd?",
        "Who could change it, and what would they need to see first?",
        "What shall we try on a small scale before we meet again?",
    ),
    "digital_literacy": (
        "Which tool do you open only when you must, and why?",
        "Where do our customers talk about us, and have you read it there?",
        "What may this tool see of our data, and how can we tell?",
    ),
    "culture": (
        "When did you last feel that you did not belong in a room here?",
        "What do people at my level not tell people at yours?",
        "Whom should each of us meet next, and who makes the introduction?",
    ),
}
