"""The check-in page on a phone: both roles, both languages, without scripts, for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from checkin_cases import ITEMS, KEY, Bench, open_bench, served
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from revmentor.checkin import tokens
from revmentor.data.checkin_tables import PULSE, SESSIONS

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}
WORDS = {
    "en": {"pulse": "Answer the check-in", "send": "Send", "log": "Log a meeting",
           "met": "We met", "cancelled": "I had to cancel", "moved": "We moved it to another day",
           "save": "Save", "goal": "Set a goal", "keep": "Save the goal",
           "reach": "What do you want to reach?", "start": "Start", "target": "Target",
           "all": "That is all for now", "overview": "To the overview",
           "hand": "Raise a hand in confidence", "raise": "Raise a hand",
           "topic": "What was it about? (optional)", "correct": "Please correct",
           "day": "On which day was it, or should it have been?"},
    "de": {"pulse": "Check-in beantworten", "send": "Absenden", "log": "Ein Treffen eintragen",
           "met": "Wir haben uns getroffen", "cancelled": "Ich musste absagen",
           "moved": "Wir haben es verschoben",
           "save": "Speichern", "goal": "Ein Ziel setzen", "keep": "Ziel speichern",
           "reach": "Was möchten Sie erreichen?", "start": "Anfang", "target": "Ziel",
           "all": "Das war alles für jetzt", "overview": "Zur Übersicht",
           "hand": "Sich vertraulich melden", "raise": "Melden",
           "topic": "Worum ging es? (freiwillig)", "correct": "Bitte korrigieren",
           "day": "An welchem Tag war es, oder hätte es sein sollen?"},
}  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened


@pytest.fixture
def address(bench: Bench) -> Iterator[str]:
    with served(bench) as found:
        yield found


@pytest.fixture
def browser(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield opened
        opened.close()


def phone(
    browser: Browser, language: str = "en", *, scripts: bool = False, dark: bool = False
) -> BrowserContext:
    """A phone of somebody's own; the page itself has no scripts, only axe needs them."""
    return browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale=language,
        java_script_enabled=scripts,
        has_touch=True,
        color_scheme="dark" if dark else "light",
    )


@pytest.mark.parametrize(("person", "status"), [("m1", "cancelled_by_mentor"),
                                                ("s1", "cancelled_by_mentee")])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_check_in_on_a_phone_without_scripts(
    bench: Bench, address: str, browser: Browser, language: str, person: str, status: str
) -> None:
    say, page = WORDS[language], phone(browser, language).new_page()
    page.goto(address + bench.path(person))
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.get_by_role("link", name=say["pulse"]).click()
    for n, item in enumerate(ITEMS):
        page.locator(f'input[name="item-{item}"]').nth(n % 5).check()
    page.locator("#comment").fill("<b>good</b>")
    page.get_by_role("button", name=say["send"]).click()
    page.get_by_role("link", name=say["log"]).click()
    expect(page.get_by_label(say["topic"])).to_be_hidden()
    page.get_by_label(say["met"]).check()
    expect(page.get_by_label(say["topic"])).to_be_visible()
    page.get_by_label(say["cancelled"]).check()
    expect(page.get_by_label(say["topic"])).to_be_hidden()
    page.get_by_label(say["day"]).fill("2026-02-10")
    page.get_by_role("button", name=say["save"]).click()
    page.get_by_role("link", name=say["goal"]).click()
    page.get_by_label(say["reach"]).fill("A dashboard")
    page.get_by_label(say["start"], exact=True).fill("1")
    page.get_by_label(say["target"], exact=True).fill("4,5")
    page.get_by_role("button", name=say["keep"]).click()
    expect(page.get_by_role("heading", name=say["all"])).to_be_visible()
    page.get_by_role("link", name=say["overview"]).click()
    page.get_by_role("link", name=say["hand"]).click()
    page.get_by_role("button", name=say["raise"]).click()
    expect(page.get_by_text("Kim Ordin").first).to_be_visible()
    assert len(bench.store.entered(PULSE, person)) == 1
    [row] = bench.store.entered(SESSIONS, person)
    assert (row["status"], row["on"]) == (status, dt.date(2026, 2, 10))
    assert len(bench.store.waiting("hand")) == 1


def pages_of(bench: Bench, page: Page, address: str, language: str) -> Iterator[str]:
    """Opens every page in turn, filled and with faults too; gives the name of each."""
    say, mine = WORDS[language], address + bench.path("m1")
    several, nobody = address + bench.path("m12"), address + "/c/nobody"
    for name, url in {
        "pair": mine, "pulse": f"{mine}/1/pulse", "meeting": f"{mine}/1/meeting",
        "goals": f"{mine}/1/goals", "support": f"{mine}/1/support", "hand": f"{mine}/1/hand",
        "privacy": f"{mine}/privacy", "home": several, "link": nobody,
        "thanks": f"{mine}/1/thanks?done=pulse",
    }.items():  # fmt: skip
        page.goto(url)
        yield name
    page.goto(f"{mine}/1/meeting")
    page.get_by_label(say["met"]).check()
    page.locator("#on").fill("2020-01-01")
    page.locator("#minutes").fill("x")
    page.get_by_role("button", name=say["save"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.title().startswith(say["correct"])
    yield "meeting-wrong"
    page.locator("#on").fill("2026-02-10")
    page.locator("#minutes").fill("40")
    page.get_by_role("button", name=say["save"]).click()
    page.goto(f"{mine}/1/meeting")
    page.get_by_label(say["moved"]).check()
    yield "meeting-moved"
    page.goto(f"{mine}/1/goals")
    page.locator("#goal").fill("I make a dashboard on my own and show it to the board")
    page.locator("#baseline").fill("1")
    page.locator("#target").fill("5")
    page.get_by_role("button", name=say["keep"]).click()
    page.goto(f"{mine}/1/goals")
    yield "goals-one"
    page.get_by_role("button", name=say["save"]).first.click()
    page.goto(f"{mine}/1/hand")
    page.locator("#text").fill("My partner cancels, and I do not know what to say.\nPlease call.")
    page.get_by_role("button", name=say["raise"]).click()
    yield "thanks-hand"
    page.goto(mine)
    yield "pair-told"
    page.locator(".log a").first.click()
    yield "back"
    page.get_by_role("button").click()
    yield "thanks-back"
    page.goto(f"{mine}/1/hand")
    page.get_by_role("button", name=say["raise"]).click()
    page.goto(tokens.login_link(address, KEY, "c", dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)))
    yield "login"
    page.get_by_role("button").first.click()
    expect(page.locator("table")).to_be_visible()
    yield "board"
    page.locator("#asked").fill("m1")
    page.locator("form[role=search] button").click()
    page.locator("button[value=renew]").first.click()
    yield "board-link"


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("de", True)])
def test_every_page_is_for_everybody(
    bench: Bench, address: str, browser: Browser, language: str, dark: bool
) -> None:
    context = phone(browser, language, scripts=True, dark=dark)
    page, axe, found = context.new_page(), Axe(), {}
    asked, said = set(), []
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("console", lambda message: said.append(message.text))
    for name in pages_of(bench, page, address, language):
        wrong = [
            (violation["id"], [node["target"] for node in violation["nodes"]])
            for violation in axe.run(page).response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        if wrong:
            found[name] = wrong
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{name} is {wide} px wide"
        small = page.evaluate(
            """[...document.querySelectorAll(`button, .button, .choices a, .option, .steps label,
               header a, .back a, .log a, footer a,
               input:not([type=hidden]):not([type=radio]), textarea`)]
               .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
               .map(e => e.outerHTML)"""
        )
        assert small == [], name
    assert found == {}
    assert asked == {address.split("/")[2]}
    refused = [text for text in said if "404" not in text and "422" not in text]
    assert refused == []


def test_a_keyboard_reaches_everything(bench: Bench, address: str, browser: Browser) -> None:
    page = phone(browser, scripts=True).new_page()
    page.goto(f"{address}{bench.path('m1')}/1/pulse")
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(
                 e.type === 'radio' && e.nextElementSibling ? e.nextElementSibling : e);
                 return [e.name || e.textContent.trim(), s.outlineStyle !== 'none'] }"""
        )
        names.append(focused[0])
        assert focused[1], f"no focus is seen on {focused[0]}"
        if focused[0] == "Send":
            break
    assert names[0] == "Skip to the content"
    assert [name for name in names if name.startswith("item-")] == [f"item-{i}" for i in ITEMS]
    assert names[-1] == "Send"


def test_scripts_in_every_field_do_not_run(bench: Bench, address: str, browser: Browser) -> None:
    evil = "<img src=x onerror=document.title='evil'><script>document.title='evil'</script>"
    visitor = bench.visitor("m1")
    visitor.send("/1/meeting", {"happened": "held", "on": "2026-02-10", "minutes": "5",
                                "topic": evil})  # fmt: skip
    visitor.send("/1/goals", {"goal": evil, "baseline": "1", "target": "2"})
    visitor.send("/1/hand", {"text": evil})
    visitor.send("/1/support", {"text": evil})
    page = phone(browser, scripts=True).new_page()
    mine = address + bench.path("m1")
    for url in (mine, f"{mine}/1/goals"):
        page.goto(url)
        expect(page.locator("main")).to_contain_text("<script>")
        assert "evil" not in page.title()
    page.goto(tokens.login_link(address, KEY, "c", dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)))
    page.get_by_role("button").first.click()
    expect(page.locator("main")).to_contain_text("<script>")
    assert "evil" not in page.title()
