"""What does a design say, in the words of its readers?"""

from __future__ import annotations

from collections.abc import Sequence

from revmentor import words
from revmentor.params.design import Design, Scope, TrainingModule
from revmentor.params.models import Params, Programme
from revmentor.planning.conflict import day
from revmentor.planning.timeline import Event, meetings, phases
from revmentor.planning.waves import Wave, waves_of

OWED_BY = {"both": "both sides", "mentor": "mentors", "mentee": "mentees"}
BEFORE_START = "before the pair starts"
TRAINING_HEADS = ("Training", "Owed by", "Due", "Minutes", "What it is about")
PROMOTION_HEADS = ("On", "Channel", "To whom", "Message", "Owner")
PROMOTION, TRAINING = "Promotion", "Training"


def scope_lines(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Who is asked, line by line; people who are named one by one are not counted.

    >>> scope_lines(Scope(departments=("Finance", "Sales")))
    (('In scope', 'whoever applies of Finance and Sales'),)
    """
    where = [
        f"of {words.listed(list(scope.departments))}" if scope.departments else "",
        f"at {words.listed(list(scope.sites))}" if scope.sites else "",
    ]
    everywhere = ["whoever applies", *(part for part in where if part)]
    lines = [("In scope", " ".join(everywhere))]
    for label, own in (("Mentors", scope.mentors), ("Mentees", scope.mentees)):
        asked = [
            f"job titles {words.listed(list(own.roles), 'or')}" if own.roles else "",
            f"grades {words.listed(list(own.grades), 'or')}" if own.grades else "",
        ]
        if any(asked):
            lines.append((label, "; ".join(part for part in asked if part)))
    named = [
        "some come in by name" if scope.add else "",
        "some stay out by name" if scope.leave_out else "",
    ]
    if any(named):
        lines.append(("Individuals", "; ".join(part for part in named if part)))
    return tuple(lines)


def wave_line(wave: Wave, programme: Programme) -> str:
    """When a wave runs and how often its pairs meet."""
    due = len(meetings(programme, wave))
    held = "" if wave.at_most is None else f", at most {words.counted(wave.at_most, 'pair')}"
    every = words.counted(wave.meeting_every_days, "day")
    return f"{day(wave.start)} to {day(wave.end)}, {due} meetings, one every {every}{held}"


def training_rows(params: Params) -> tuple[tuple[str, ...], ...]:
    """Which trainings are owed, by whom, until when: cells under `TRAINING_HEADS`."""
    return tuple(
        (
            module.module,
            OWED_BY[module.owed_by],
            BEFORE_START if module.due is None else day(module.due),
            words.number(module.minutes),
            module.about or "–",
        )
        for module in params.design.training
    )


def promotion_rows(params: Params) -> tuple[tuple[str, ...], ...]:
    """Who hears of it where and when, in order of time: cells under `PROMOTION_HEADS`."""
    return tuple(
        (day(item.on), item.channel, item.audience or "–", item.message or "–", item.owner or "–")
        for item in sorted(params.design.promotion.plan, key=lambda item: item.on)
    )


def _module(module: TrainingModule) -> str:
    due = BEFORE_START if module.due is None else f"by {day(module.due)}"
    minutes = words.counted(module.minutes, "minute")
    return f"{module.module} ({OWED_BY[module.owed_by]}, {minutes}, {due})"


def offered(design: Design, waves: Sequence[Wave], programme: Programme) -> dict[str, list[str]]:
    """What the design promises to those who take part: waves, training, incentives, in words.

    Empty lists are left out; a cycle of one wave without a name promises no waves.
    """
    found = {
        "waves": [f"{wave.name}: {wave_line(wave, programme)}" for wave in waves if wave.name],
        "training": [_module(module) for module in design.training],
        "incentives": list(design.incentives),
    }
    return {key: told for key, told in found.items() if told}


def plan_events(params: Params) -> tuple[Event, ...]:
    """The phases of the cycle with its waves, announcements and trainings, in order of time."""
    programme, design = params.programme, params.design
    found = list(phases(programme, waves_of(params)))
    found += [
        Event(item.channel, item.on, item.on, PROMOTION, item.channel)
        for item in design.promotion.plan
    ]
    found += [
        Event(module.module, module.due, module.due, TRAINING, f"due {module.due:%-d %b}")
        for module in design.training
        if module.due is not None
    ]
    return tuple(sorted(found, key=lambda event: (event.first, event.last)))
