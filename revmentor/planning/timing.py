"""Which dates of a design come in the wrong order, or too late?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from revmentor import words
from revmentor.params.models import Params, SuccessCriterion
from revmentor.planning.conflict import Conflict, called, day, starts
from revmentor.planning.timeline import check_ins, first_meeting_by
from revmentor.planning.waves import Wave, waves_of

FIRST_MEETING = "first_meeting_share"


def wrong_order(params: Params) -> Iterator[Conflict]:
    """Which dates come in the wrong order: sign-up, promotion, training, ends, verdicts?"""
    yield from _sign_up(params)
    yield from _promotion(params)
    yield from _training(params)
    yield from _ends(params)
    yield from _judged_early(params)


def _sign_up(params: Params) -> Iterator[Conflict]:
    until = params.programme.sign_up_until
    for wave, path in starts(params):
        if until is not None and wave.start <= until:
            yield Conflict(
                "start before sign-up ends",
                f"{words.capital(called(wave))} starts on {day(wave.start)}, and sign-up is open "
                f"until {day(until)}: nobody can be matched in time",
                path,
                wave.start.isoformat(),
                "end programme.sign_up_until before the start, with days left to match, or start "
                "later",
            )


def _promotion(params: Params) -> Iterator[Conflict]:
    programme, promotion = params.programme, params.design.promotion
    closes = programme.sign_up_until or min(wave.start for wave in waves_of(params))
    what = "sign-up ends" if programme.sign_up_until else "the pairs start"
    told = [item.on for item in promotion.plan]
    # Nobody hears of a programme before its first message, whatever day promotion is to begin.
    first = min(told, default=programme.promotion_from)
    latest = closes - dt.timedelta(days=promotion.lead_days)
    if first is not None and first > latest:
        yield Conflict(
            "promotion too late",
            f"The programme is first announced {words.counted((closes - first).days, 'day')} "
            f"before {what} on {day(closes)}; {promotion.lead_days} are wanted"
            if first <= closes
            else f"The programme is first announced after {what} on {day(closes)}",
            "design.promotion.plan" if told else "programme.promotion_from",
            first.isoformat(),
            f"announce it by {day(latest)}, or let sign-up end later",
        )
    if told and programme.promotion_from and first != programme.promotion_from:
        yield Conflict(
            "two starts of promotion",
            f"The programme is announced from {day(programme.promotion_from)} on, as everybody "
            f"reads, and the first message goes out on {day(min(told))}",
            "programme.promotion_from",
            programme.promotion_from.isoformat(),
            f"change programme.promotion_from to {min(told)}, or plan a message for "
            f"{day(programme.promotion_from)}"
            + (", the first" if min(told) > programme.promotion_from else " at the earliest"),
        )
    for number, item in enumerate(promotion.plan, start=1):
        if item.on > closes and item.on != first:
            yield Conflict(
                "announced too late",
                f"The message on {item.channel} of {day(item.on)} comes after {what} on "
                f"{day(closes)}",
                f"design.promotion.plan[#{number}].on",
                item.on.isoformat(),
                f"send it by {day(closes)}, or take it out",
            )


def _training(params: Params) -> Iterator[Conflict]:
    opens = params.programme.training_from
    for number, module in enumerate(params.design.training, start=1):
        if module.due is None:
            continue
        path = f"design.training[#{number}].due"
        late = [wave for wave in waves_of(params) if module.due >= wave.start]
        if late:
            yield Conflict(
                "training after the start",
                f"“{module.module}” is due on {day(module.due)}, and "
                f"{words.listed([called(wave) for wave in late])} "
                f"{words.agree(len(late), 'starts')} on "
                f"{words.listed(sorted({day(wave.start) for wave in late}))}",
                path,
                module.due.isoformat(),
                f"make it due before {day(min(wave.start for wave in late))}, or leave due out: it "
                "is then due before everybody's own wave",
            )
        if opens is not None and module.due < opens:
            yield Conflict(
                "training before it opens",
                f"“{module.module}” is due on {day(module.due)}, before training opens on "
                f"{day(opens)}",
                path,
                module.due.isoformat(),
                "make it due later, or move programme.training_from",
            )


def _ends(params: Params) -> Iterator[Conflict]:
    programme = params.programme
    for wave in waves_of(params):
        if not check_ins(programme, wave):
            yield Conflict(
                "end before a check-in",
                f"{words.capital(called(wave))} ends on {day(wave.end)}, before its first check-in "
                f"{words.counted(programme.check_in_every_days, 'day')} after the start",
                "programme.check_in_every_days",
                str(programme.check_in_every_days),
                "ask earlier, or let the pairs meet longer",
            )
    if programme.review_on is not None and programme.review_on < programme.end:
        yield Conflict(
            "review before the end",
            f"The review on {day(programme.review_on)} comes before the last day of the pairs, "
            f"{day(programme.end)}",
            "programme.review_on",
            programme.review_on.isoformat(),
            "judge the cycle on its last day or later",
        )


def _judged_early(params: Params) -> Iterator[Conflict]:
    """Criteria that are due before every wave could do what they judge."""
    waves = waves_of(params)
    for number, item in enumerate(params.charter.success, start=1):
        late = [wave for wave in waves if item.due and item.due < _speaks_from(params, item, wave)]
        if item.due is None or not late:
            continue
        last = max(_speaks_from(params, item, wave) for wave in late)
        until = "has until {} to meet first" if item.metric == FIRST_MEETING else "starts on {}"
        said = [
            f"{called(wave)} {until.format(day(_speaks_from(params, item, wave)))}" for wave in late
        ]
        yield Conflict(
            "judged before it can be",
            f"“{item.criterion}” is due on {day(item.due)}, and {words.listed(said)}",
            f"charter.success[#{number}].due",
            item.due.isoformat(),
            f"change charter.success[#{number}].due to {last} or later, so that the pairs of "
            "every wave count"
            if late[0].name
            else f"change charter.success[#{number}].due to {last} or later",
        )


def _speaks_from(params: Params, item: SuccessCriterion, wave: Wave) -> dt.date:
    """From which day on can a criterion speak of the pairs of a wave?"""
    if item.metric == FIRST_MEETING:
        return first_meeting_by(params.programme, wave)
    return wave.start if item.measure.table else dt.date.min
