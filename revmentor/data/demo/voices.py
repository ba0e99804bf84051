"""What people of the demo company write: invented, and some of it awkward on purpose."""

from __future__ import annotations

AWKWARD = (
    "<script>alert(1)</script> the form would not take my answer the first time",
    "good talk</td></tr> and a good coffee",
    "we spent $x$ hours on it, worth it",
    '=HYPERLINK("https://example.com";"see my notes")',
    "+1 for longer meetings",
    "<img src=x onerror=alert(2)> more pictures, please",
    "[our notes](https://example.com) are in the shared folder",
    "@everyone should try this",
    'said "let us start small", and we did; it works',
)
"""Markup, formulas and quotes: whatever shows comments must show these as plain text."""

ABOUT = {
    "mentor": (
        "I build small tools for my team and like to explain how they work.",
        "I joined from university; I still remember what it is like not to know the acronyms.",
        "Ask me anything about data, and tell me how decisions are really made here.",
        "I learn best at the keyboard, with a real task in front of us.",
        "I write and edit short films in my free time.",
        "I am curious what your week looks like, and what you would change if you could.",
        "I volunteer at a coding club for pensioners, so no question is too simple.",
        "I am quiet at first. It passes.",
    ),
    "mentee": (
        "I have led teams for twenty years and have never made a dashboard of my own.",
        "I want to understand what our newest colleagues see that I no longer see.",
        "My children explain my phone to me; I would like to know more than they do, once.",
        "I travel a lot, so let us fix the dates early and keep them.",
        "Please be frank with me. Few people are.",
        "I can offer a map of this company, and who to ask for what.",
        "I have tried three courses and finished none. A person works better for me.",
        "I would like to leave the meeting having done something myself.",
    ),
}

COMMENTS = {
    "mentor": (
        "my mentee asks good questions",
        "I had to find out myself what is expected of me",
        "we keep to our agenda and it helps",
        "hard to get time in the calendar",
        "I was listened to, which surprised me",
        "I learn how decisions are made up there",
        "preparing takes longer than the meeting",
        "we laughed a lot when the tool failed",
        "I would like a second pair to talk to",
        "he keeps looking at his phone",
        "she tried everything at once, in a good way",
        "I am not sure that we talk about the right things",
    ),
    "mentee": (
        "I use it every week now",
        "patient explanations, thank you",
        "I see our younger colleagues differently",
        "too much travel this month, my fault",
        "I had expected more structure",
        "we should have started with the basics",
        "nobody had ever told me that so plainly",
        "the exercises between the meetings help most",
        "I have asked my team to show me their work as well",
        "good, but the room is never free",
        "I am slower than I thought",
        "a pleasure each time",
    ),
}

SUPPORT = {
    "mentor": (
        "time for preparation",
        "a talk with my manager about the hours",
        "help with giving feedback",
        "ideas for the next meetings",
        "somebody to ask when we are stuck",
    ),
    "mentee": (
        "a fixed slot in the calendar",
        "access to the tools that we talk about",
        "exercises between the meetings",
    ),
}

GOALS = (
    "Tasks a month done with {skill} and without help",
    "Colleagues a month shown what {skill} can do",
    "Hours a month in which {skill} is practised",
)
GOAL_WITHOUT_SKILL = "Talks a month with people of another department"

TOPICS = ("expectations", "a case from work", "how the team works", "careers", "open questions")
