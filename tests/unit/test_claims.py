"""Can a published claim be true? Against published examples, scipy, and every table by hand."""

import subprocess
import sys
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2

from revmentor import cli
from revmentor.errors import InputError
from revmentor.metrics.claim_figures import Stated, read_stated
from revmentor.metrics.claim_search import arm, search
from revmentor.metrics.claims import check_claim
from revmentor.metrics.two_arms import chi_squares, odds_ratio, share_difference

SIZES = np.arange(1, 3001)


def printed(k, n, digits):
    """How a share is printed as a percentage, whichever way halves go."""
    exact = Decimal(k) * 100 / Decimal(n)
    step = Decimal(1).scaleb(-digits)
    ways = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)
    return {exact.quantize(step, rounding=way) for way in ways}


def test_no_counts_stand_behind_the_published_chi_square():
    found = check_claim(percents=["10.87", "29.41"], chi2="19.09")
    assert not found.consistent
    assert "no integer counts fit" in found.sentences[0]
    assert found.fits.tried == 454 * 468
    assert found.fits.nearest.chi2 == pytest.approx(19.0822, abs=1e-4)


def test_counts_that_give_the_chi_square_are_found_from_their_percentages():
    found = check_claim(percents=["9.77", "30.00"], chi2="19.09")
    first = found.fits.smallest[0]
    assert found.consistent
    assert (first.one, first.one_n, first.two, first.two_n, first.yates) == (
        13,
        133,
        60,
        200,
        False,
    )
    assert found.fits.smallest[1].yates


def test_counts_are_recomputed_as_scipy_and_statsmodels_do():
    found = check_claim(counts=["13/133", "60/200"], chi2="19.09", odds_ratio="3.96")
    table = np.array([[13, 120], [60, 140]])
    for yates, value in ((False, found.chi2), (True, found.chi2_yates)):
        expected = stats.chi2_contingency(table, correction=yates)
        assert value == pytest.approx(expected.statistic)
    assert found.chi2 == pytest.approx(19.0911, abs=1e-4)
    low, high = Table2x2(table).oddsratio_confint()
    assert (found.odds.low, found.odds.high) == pytest.approx((low, high))
    assert found.consistent
    assert "is the one without Yates' correction" in found.text()
    assert "agrees the other way up" in found.text()


def test_newcombe_gives_the_published_interval():
    # Newcombe (1998), Statistics in Medicine 17, table II, example (a), method 10.
    found = share_difference(56, 70, 48, 80)
    assert [round(end, 4) for end in (found.low, found.high)] == [0.0524, 0.3339]
    nobody = share_difference(0, 10, 0, 20)
    assert [round(end, 4) for end in (nobody.low, nobody.high)] == [-0.1611, 0.2775]
    assert share_difference(0, 0, 3, 5).reason == "one of the two groups is empty"


def test_an_odds_ratio_with_a_zero_is_not_computed():
    assert "zero" in odds_ratio(0, 10, 3, 10).reason
    assert not check_claim(counts=["0/10", "3/10"], odds_ratio="2").consistent


def test_a_chi_square_where_nobody_differs_is_not_computed():
    found = check_claim(counts=["0/10", "0/20"])
    assert found.chi2 is None
    assert "there is no chi-square" in found.text()
    assert not check_claim(counts=["0/10", "0/20"], chi2="0").consistent


@given(st.integers(1, 400), st.integers(0, 3), st.data())
@settings(deadline=None, max_examples=200)
def test_a_percentage_has_exactly_the_counts_that_are_printed_so(size, digits, data):
    count = data.draw(st.integers(0, size))
    for percent in printed(count, size, digits):
        stated = read_stated(str(percent), "--percent")
        fits = arm(stated, np.array([size]))
        right = [k for k in range(size + 1) if percent in printed(k, size, digits)]
        assert right == list(range(fits.low[0], fits.high[0] + 1))


def brute(one, two, chi2, odds, most):
    """Every table, one at a time."""
    found = set()
    for n1 in range(1, most + 1):
        for n2 in range(1, most + 1):
            for k1 in range(n1 + 1):
                if Decimal(one.text) not in printed(k1, n1, one.digits):
                    continue
                for k2 in range(n2 + 1):
                    if Decimal(two.text) not in printed(k2, n2, two.digits):
                        continue
                    if chi2 is not None:
                        if k1 + k2 in (0, n1 + n2):
                            continue
                        table = [[k1, n1 - k1], [k2, n2 - k2]]
                        values = [
                            stats.chi2_contingency(table, correction=yates).statistic
                            for yates in (False, True)
                        ]
                        half = 0.5 / 10**chi2.digits + 1e-9
                        if all(abs(value - chi2.value) > half for value in values):
                            continue
                    if odds is not None:
                        cells = (k1, n1 - k1, k2, n2 - k2)
                        up, down = cells[0] * cells[3], cells[1] * cells[2]
                        half = 0.5 / 10**odds.digits + 1e-9
                        ways = [a / b for a, b in ((up, down), (down, up)) if b]
                        if all(abs(value - odds.value) > half for value in ways):
                            continue
                    found.add((k1, n1, k2, n2))
    return found


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_the_search_finds_every_table(data):
    most = 9
    n1, n2 = data.draw(st.integers(1, most)), data.draw(st.integers(1, most))
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    digits = data.draw(st.integers(0, 1))
    one, two = (
        read_stated(str(min(printed(k, n, digits))), "--percent") for k, n in ((k1, n1), (k2, n2))
    )
    value = float(chi_squares(k1, n1, k2, n2, yates=data.draw(st.booleans())))
    claimed = None
    if not np.isnan(value) and data.draw(st.booleans()):
        claimed = read_stated(f"{value:.{data.draw(st.integers(0, 2))}f}", "--chi2")
    odds = None
    if 0 not in (k1, n1 - k1, k2, n2 - k2) and data.draw(st.booleans()):
        odds = read_stated(f"{k1 * (n2 - k2) / (k2 * (n1 - k1)):.1f}", "--odds-ratio")
    sizes = np.arange(1, most + 1)
    found = search(arm(one, sizes), arm(two, sizes), chi2=claimed, odds=odds, shown=10**6)
    tables = [(fit.one, fit.one_n, fit.two, fit.two_n) for fit in found.smallest]
    assert set(tables) == brute(one, two, claimed, odds, most)
    assert len(set(tables)) == len(tables) == found.found
    people = [table[1] + table[3] for table in tables]
    assert people == sorted(people)
    assert (k1, n1, k2, n2) in tables


def test_the_search_keeps_to_a_known_total():
    one, two = arm(Stated(977, 2), SIZES), arm(Stated(300, 1), SIZES)
    found = search(one, two, chi2=Stated(1909, 2), total=333)
    assert [(fit.one_n, fit.two_n) for fit in found.smallest] == [(133, 200)]
    assert search(one, two, chi2=Stated(1909, 2), total=332).found == 0


def test_coarse_figures_fit_so_often_that_the_search_stops():
    found = search(arm(Stated(50, 0), SIZES), arm(Stated(50, 0), SIZES), chi2=Stated(1, 1))
    assert found.more
    assert found.found >= 1000
    assert len(found.smallest) == 5


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("--percent 10.87 29.41 --chi2 19.09", 1, "no integer counts fit"),
        ("--percent 10.87 29.41 --chi2 19.1", 0, "5 with the fewest people"),
        ("--percent 9.77 30.00 --chi2 19.09", 0, "13/133 against 60/200, chi-square 19.0911"),
        ("--counts 13/133 60/200 --chi2 19.09", 0, "is the one without Yates' correction"),
        ("--counts 13/133 60/200 --chi2 17.93", 0, "is the one with Yates' correction"),
        ("--counts 13/133 60/200 --chi2 19.10", 1, "19.10 is neither of them"),
        ("--counts 13/133 60/200 --odds-ratio 0.25", 0, "odds ratio 0.25 agrees."),
        ("--counts 13/133 60/200 --odds-ratio 0.3", 0, "odds ratio 0.3 agrees."),
        ("--counts 13/133 60/200 --odds-ratio 0.26", 1, "0.26 does not agree"),
        ("--counts 13/133 60/200 --percent 9.77 30", 0, "claimed 30% agrees"),
        ("--counts 13/133 60/200 --percent 9.78 30", 1, "claimed 9.78% does not agree"),
        ("--counts 24/25 --percent 96", 0, "80.5% to 99.3%"),
        ("--counts 24/25", 0, "recomputed only"),
        ("--percent 96 --n 25", 0, "24 of 25 is 96%"),
        ("--percent 98% --n 25", 1, "24 is 96.00% and 25 is 100.00%"),
        ("--percent 96", 0, "22 of 23"),
        ("--percent 12 30 --n 60", 0, "5 combinations of counts fit, in two groups of 60 people"),
        ("--percent 10 30 --n 45 90", 1, "No count of 45 is 10%: 4 is 8.89% and 5 is 11.11%"),
        ("--percent 10.87 29.41 --n 46 17 --chi2 3.10", 1, "groups of 46 and 17 people"),
        ("--percent 0.1 --most 300", 1, "no group of at most 300 people gives it"),
    ],
)
def test_the_command_says_whether_a_claim_can_be_true(capsys, words, code, told):
    with pytest.raises(SystemExit) as left:
        cli.main(["check-claim", *words.split()])
    out, error = capsys.readouterr()
    assert told in out
    assert (left.value.code, error) == (code, "")
    assert ("Not consistent" in out) == (code == 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "give --percent or --counts"),
        ("--percent 10,8", "decimal point"),
        ("--percent -3", "below zero"),
        ("--percent 101", "above 100%"),
        ("--percent nan", "no number"),
        ("--percent ٣", "no number"),
        ("--percent 10 20 30 --chi2 3", "compares two groups"),
        ("--percent 10 --odds-ratio 3", "compares two groups"),
        ("--percent 10 20 30 --n 50", "one size for each percentage"),
        ("--percent 10 20 --n 6000", "give the size of each group"),
        ("--percent 10 --n 0", "whole number from 1"),
        ("--percent 10 --most 0", "1 to 5,000"),
        ("--counts 5/4", "cannot exceed"),
        ("--counts 0/0", "nobody has no share"),
        ("--counts 5", "how many of how many"),
        ("--counts 1/2 --n 2", "leave --n out"),
        ("--counts 1/2 --percent 10 20", "2 percentages for 1 count"),
        ("--counts 1/2 1/3 --chi2", "requires an argument"),
        ("--percent 10 --n many", "not a valid integer"),
    ],
)
def test_a_claim_that_cannot_be_read_exits_2_and_says_how_to_write_it(capsys, words, told):
    with pytest.raises(SystemExit) as left:
        cli.main(["check-claim", *words.split()])
    out, error = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert told in error


def test_the_command_runs_as_a_program():
    words = ["check-claim", "--percent", "10.87", "29.41", "--chi2", "19.09"]
    done = subprocess.run(
        [sys.executable, "-m", "revmentor.cli", *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "no integer counts fit" in done.stdout


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as raised:
        check_claim(percents=["-5", "200", "10.87"], counts=["5/0", "7/5", "1/2"], sizes=[0])
    assert [(fault.value, fault.problem) for fault in raised.value.faults] == [
        ("-5", "this is below zero"),
        ("200", "a share is above 100%"),
        ("5/0", "a group of nobody has no share"),
        ("7/5", "a part cannot exceed its whole"),
        ("0", "no group has that size"),
    ]


def test_what_is_wrong_is_an_input_error():
    with pytest.raises(InputError, match="how many of how many"):
        check_claim(counts=["13 of 133"])
