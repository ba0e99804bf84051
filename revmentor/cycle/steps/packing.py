"""The files of an approved launch: packs, calendars, overview, and who may check in."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from revmentor.checkin.roster import CheckinWave
from revmentor.checkin.tokens import link, secret_of
from revmentor.cycle.context import Context
from revmentor.errors import Fault, InputError
from revmentor.metrics.pulse import principle_of
from revmentor.names import SIDES
from revmentor.params import Params
from revmentor.planning import Pack, Series, check_ins, waves_of
from revmentor.planning.lacking import called, conflicts, lacking
from revmentor.planning.overdue import overdue
from revmentor.publish.ics import series_calendar
from revmentor.publish.named import pack_file, series_file
from revmentor.publish.overview import Sheet
from revmentor.publish.pdf import PdfError, find_browser, to_pdf

IN_LAB = "PDFs are made by revmentor run; a notebook that is opened alone writes pages only."
NEVER = "There are pages only, no PDFs: launch.pdf is never."
NO_BROWSER = (
    "There are pages only, no PDFs: no Chrome or Chromium was found here. Install one (Debian: "
    "apt-get install chromium), or name it in REVMENTOR_CHROME, and run the launch again."
)


def cautions(context: Context, packs: Sequence[Pack], *, approved: bool) -> tuple[str, ...]:
    """Do links that open nowhere else, or days that are over, stand in these packs?"""
    page = context.params.checkin
    unreached = page.caution() if approved else ""
    # A rehearsal has a calendar of its own.
    asked = [pack.first_meeting_by for pack in packs] if page.as_of is None else []
    return tuple(each for each in (unreached, overdue("pack", asked, context.today)) if each)


@dataclass(frozen=True)
class Printed:
    """PDFs in the order of the pages, none if there are none; and why there are none."""

    pdfs: tuple[bytes, ...]
    why_not: str = ""


def print_pages(pages: Sequence[str], wish: str, *, draft: bool) -> Printed:
    """The pages as PDFs, as far as ``launch.pdf`` wishes and this machine can.

    Raises
    ------
    InputError
        PDFs are wished always, and there is no browser.
    PdfError
        PDFs are wished always, and the browser fails.
    """
    if not pages or wish == "never" or draft:
        return Printed((), "" if not pages else NEVER if wish == "never" else IN_LAB)
    browser = find_browser()
    if browser is None:
        if wish == "always":
            problem = "packs are to be PDFs always, and no Chrome or Chromium was found here"
            cure = (
                "install one (Debian: apt-get install chromium), name it in REVMENTOR_CHROME, or "
                "write auto for pages only"
            )
            raise InputError(Fault("no browser", problem, cure, column="launch.pdf"))
        print(NO_BROWSER, file=sys.__stderr__)
        return Printed((), NO_BROWSER)
    try:
        return Printed(to_pdf(pages, browser))
    except PdfError as error:
        if wish == "always":
            raise
        told = f"There are pages only, no PDFs: {error}. Run the launch again to try once more."
        print(told, file=sys.__stderr__)
        return Printed((), told)


def personal_links(context: Context, people: Sequence[str]) -> dict[str, str]:
    """Everybody's own link that is valid; none if the check-in page has no address."""
    params = context.params
    if not params.checkin.address:
        return {}
    from revmentor.checkin.opened import versions_of  # brings a web server, needed here only

    cycle, secret = context.resolved.cycle, secret_of(context.home)
    everybody, last = list(dict.fromkeys(people)), expiry(params)
    versions = versions_of(context.home, cycle, everybody, params.checkin.database)
    return {
        who: link(params.checkin.address, secret, cycle, who, version, last)
        for who, version in versions.items()
        if version
    }


def expiry(params: Params) -> dt.date:
    """Last day on which personal links open: while a check-in is open, so are they."""
    after = params.programme.end + dt.timedelta(days=params.checkin.link_days_after_end)
    return max((after, *(wave.closes for wave in open_check_ins(params))))


def open_check_ins(params: Params) -> tuple[CheckinWave, ...]:
    """The check-ins of all pairs, or of each wave of pairs, with their first and last days."""
    programme = params.programme
    return tuple(
        CheckinWave(
            name=f"day{number * programme.check_in_every_days}",
            pairs="" if wave is None else wave.name,
            opens=day,
            closes=day + dt.timedelta(days=params.checkin.wave_open_days - 1),
        )
        for wave in (waves_of(params) if params.design.waves else (None,))
        for number, day in enumerate(check_ins(programme, wave), 1)
    )


def settled_at(context: Context) -> dt.datetime:
    """When the series were settled: the approval's time, else the start of the cycle."""
    approval = context.approval
    begin = dt.datetime.combine(context.params.programme.start, dt.time(), dt.UTC)
    return approval.at if approval and approval.at else begin


def calendar_of(
    series: Series, packs: Sequence[Pack], context: Context, stamp: dt.datetime
) -> bytes:
    """The calendar file of one pair or circle, whose packs these are, settled at this time."""
    first = packs[0]
    return series_calendar(
        series,
        [(one.name, one.zone) for one in (*first.mentors, *first.mentees)],
        cycle=context.resolved.cycle,
        title=context.title,
        stamp=stamp,
        helper=" ".join(filter(None, (first.coordinator, first.write_to))),
    )


def grouped(packs: Sequence[Pack]) -> list[tuple[Pack, ...]]:
    """The packs of each pair and circle, in order."""
    groups: dict[tuple[str, int], list[Pack]] = {}
    for pack in packs:
        groups.setdefault((pack.kind, pack.number), []).append(pack)
    return [tuple(group) for group in groups.values()]


def sheets(packs: Sequence[Pack], series: Sequence[Series], *, pdfs: bool) -> tuple[Sheet, ...]:
    """The coordinator's overview: pairs and circles, weeks, conflicts."""
    heads = ("Kind", "No.", "Mentor", "Mentor's e-mail", "Mentee", "Mentee's e-mail", "Topic",
             "Wave", "First meeting by", "First meeting proposed", "Usual time (mentee's)",
             "Meetings", "Training due", "Missing", "Packs", "Calendar")  # fmt: skip
    groups = grouped(packs)
    rows = [_row(group, course, pdfs) for group, course in zip(groups, series, strict=True)]
    found = conflicts(packs, series)
    alive = [
        course for group, course in zip(groups, series, strict=True) if any(p.goes for p in group)
    ]
    return (
        Sheet("pairs", "Every pair and circle. Names people: for the coordinator.", heads,
              tuple(rows)),
        Sheet("weeks", "Meetings due per week, as the calendar files propose them.",
              ("Week from", "Meetings", "First meetings", "Hours of each side"), _weeks(alive)),
        Sheet("conflicts", "What stands against the plan, and what to do about it.",
              ("Kind", "No.", "What", "What to do"),
              tuple((each.kind, each.number, each.what, each.do) for each in found)),
    )  # fmt: skip


def _row(group: Sequence[Pack], series: Series, pdfs: bool) -> tuple[str | int | dt.date, ...]:
    first = group[0]
    due = [
        f"{called(pack)}: {each.module} by {each.due}"
        for pack in group
        if pack.goes
        for each in pack.training
        if not each.done
    ]
    missing = [lack.what for lack, _ in lacking(group)]
    going = [pack for pack in group if pack.goes]
    timed = [meeting for meeting in series.meetings if meeting.begin]
    usual = f"{series.usual:%H:%M} {series.zone}" if series.usual and timed else "to be agreed"
    day = series.meetings[0].day if series.meetings else first.first_meeting_by
    return (
        first.kind,
        first.number,
        *(
            "\n".join(part)
            for side in SIDES
            for mine in ([pack for pack in group if pack.side == side],)
            for part in ([called(pack) for pack in mine], [pack.you.email for pack in mine])
        ),
        first.topic or ", ".join(first.teaches),
        first.wave,
        first.first_meeting_by,
        day,
        usual,
        len(series.meetings),
        "\n".join(due),
        "\n".join(missing),
        "\n".join(pack_file(pack, ".pdf" if pdfs else ".html") for pack in going),
        series_file(first) if going else "",
    )


def _weeks(series: Sequence[Series]) -> tuple[tuple[dt.date | int | float, ...], ...]:
    due: Counter[dt.date] = Counter()
    first: Counter[dt.date] = Counter()
    hours: Counter[dt.date] = Counter()
    for course in series:
        for meeting in course.meetings:
            monday = meeting.day - dt.timedelta(days=meeting.day.weekday())
            due[monday] += 1
            first[monday] += meeting.number == 1
            hours[monday] += course.group.programme.meeting_minutes
    return tuple((week, due[week], first[week], hours[week] / 60) for week in sorted(due))


def check_in_list(packs: Sequence[Pack], context: Context) -> dict[str, object]:
    """Who may answer on the check-in page, about whom and when; see `revmentor.checkin.roster`."""
    params = context.params
    programme, page, scale = params.programme, params.checkin, params.data.scales.item
    people: dict[str, dict[str, object]] = {}
    leaves = context.tables.people.set_index("person_id")["left_on"].dropna()
    for pack in packs:
        person = people.setdefault(
            pack.person_id,
            {
                "person_id": pack.person_id,
                "name": pack.you.name,
                "email": pack.you.email,
                "side": pack.side,
                "left_on": leaves[pack.person_id].date() if pack.person_id in leaves else None,
            },
        )
        if person["side"] != pack.side:
            person["side"] = "both"
    return {
        "cycle": context.resolved.cycle,
        "title": context.title,
        "start": min(wave.start for wave in waves_of(params)),
        "end": programme.end,
        "languages": page.languages,
        "expires": expiry(params),
        "waves": [wave.model_dump() for wave in open_check_ins(params)],
        "items": [
            {"item": item, "principle": principle_of(item)} for item in params.data.items.pulse
        ],
        "scale": {"from": scale.low, "to": scale.high},
        "questions": page.questions,
        "minimum_group": params.disclosure.minimum_group,
        "people": list(people.values()),
        "pairs": [_pair(group) for group in grouped(packs) if group[0].kind == "pair"],
        "circles": [_circle(group) for group in grouped(packs) if group[0].kind == "circle"],
        "meeting_minutes": programme.meeting_minutes,
        "coordinator": {"name": page.coordinator.name, "email": page.coordinator.email},
    }


def _pair(group: Sequence[Pack]) -> dict[str, object]:
    mentor, mentee = group
    return {
        "number": mentor.number,
        "mentor_id": mentor.person_id,
        "mentee_id": mentee.person_id,
        "mentor_name": mentor.you.name,
        "mentee_name": mentee.you.name,
        "skills": mentor.teaches,
        "wave": mentor.wave,
        "start": mentor.start,
        "end": mentor.end,
    }


def _circle(group: Sequence[Pack]) -> dict[str, object]:
    return {
        "number": group[0].number,
        "topic": group[0].topic,
        "mentors": [pack.person_id for pack in group if pack.side == "mentor"],
        "mentees": [pack.person_id for pack in group if pack.side == "mentee"],
    }
