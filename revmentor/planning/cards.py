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

CIRCLE_AGENDA: tuple[tuple[int, str], ...] = (
    (10, "Say hello in turn: what you do, and what you would like to take home."),
    (15, "The mentors show one thing that they do with the topic, as they really do it."),
    (
        10,
        "Agree how you work together: judgement-free, in confidence, everybody speaks. "
        "In these meetings the junior colleagues lead.",
    ),
    (15, "Each mentee names one task to try before the next meeting; somebody offers to help."),
    (5, "Walk through the cycle: the meetings, and what to do when it does not work."),
    (5, "Say who brings the case for the next meeting."),
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

CIRCLE_EXPECTATIONS: dict[str, tuple[str, ...]] = {
    "mentor": (
        "You and the other mentors share the lead: agree who opens and who keeps the time.",
        "Show real work rather than slides; being stuck in public teaches, too.",
        "If a meeting has too few people, tell the coordinator: it is not your fault.",
    ),
    "mentee": (
        "You are a learner here, among others: ask what you would not ask in your own team.",
        "Bring a task of your own, and keep the appointments: the circle counts on you.",
        "What you hear is not for assessments, and never quoted with a name.",
    ),
}

AGREEMENT: tuple[tuple[str, str], ...] = (
    (
        "In confidence",
        "What is said here stays here, unless we both agree to share it. Nothing of it is used in "
        "an assessment, a promotion or a pay talk.",
    ),
    (
        "Keeping appointments",
        "Whoever must cancel says so at least a day before and offers a new date at once. After "
        "two cancelled meetings in a row we tell the coordinator together.",
    ),
    (
        "Eye to eye",
        "In these meetings rank does not count. We say what we think, kindly, and ask before we "
        "give advice.",
    ),
    (
        "Ending without fault",
        "Either of us may end this at any time without giving a reason. We tell the coordinator; "
        "nobody asks whose fault it was, and it has no consequences.",
    ),
)

CARDS: dict[ObjectiveKind, tuple[str, ...]] = {
    "hard_skill": (
        "Which task of last week would have been quicker with this skill?",
        "Shall we do that task together now, with you at the keyboard?",
        "What would you like to be able to do alone in three months?",
        "Where did you give up the last time you tried, and what did the screen say?",
        "Who in your team does this well, and what do they do differently?",
        "What shall you try alone before we meet again, and when?",
    ),
    "soft_skill": (
        "When did a conversation last go better, or worse, than you expected?",
        "What do people of my generation misread in how you write or speak?",
        "Which one habit shall we try until we meet again?",
        "Whom do you find easy to listen to, and what do they do?",
        "What did you want to say in the last meeting, and did not?",
        "How would you like me to tell you that something came across badly?",
    ),
    "skill_gaps": (
        "Which skill do your teams use that you could not judge in an interview?",
        "What do you hand over today because you cannot do it yourself?",
        "What should everybody here know in two years that few know now?",
        "Which skill of yours does nobody here know about?",
        "What did you have to learn alone, and where did you find it?",
        "Which of our courses helped nobody, and why is it still there?",
    ),
    "process": (
        "Which step of our work would a newcomer find absurd?",
        "Who could change it, and what would they need to see first?",
        "What shall we try on a small scale before we meet again?",
        "What do you do twice because two systems do not talk to each other?",
        "Which report does nobody read, and who would miss it?",
        "Where does a good idea get stuck on its way up?",
    ),
    "digital_literacy": (
        "Which tool do you open only when you must, and why?",
        "Where do our customers talk about us, and have you read it there?",
        "What may this tool see of our data, and how can we tell?",
        "Shall we do one thing of your next week with it, with you at the keyboard?",
        "How do you find out whether what you read on a screen is true?",
        "What would you stop printing, forwarding or asking for, if you could?",
    ),
    "culture": (
        "When did you last feel that you did not belong in a room here?",
        "What do people at my level not tell people at yours?",
        "Whom should each of us meet next, and who makes the introduction?",
        "What surprised you in your first month, and does it still?",
        "Which rule here has nobody written down?",
        "What would you change tomorrow if nobody could say no?",
    ),
}
