"""Are weights learnt from ratings where there is something to learn, and refused where not?"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import minimize

from revmentor.data import load_tables
from revmentor.data.demo import PLANTED, PLANTED_NONE, company, write_tables
from revmentor.matching import Problem, explain
from revmentor.matching.past import past_criteria
from revmentor.metrics.learning import learn_weights
from revmentor.metrics.learning_fit import drawn_weights, fit
from revmentor.metrics.learning_told import scenario_text
from revmentor.names import CRITERIA
from revmentor.params import load_params

PRESENT = dict(zip(CRITERIA, [0.4, 0.15, 0.0, 0.1, 0.1, 0.1, 0.0, 0.05, 0.0, 0.1], strict=True))


def rated(pairs, slopes, *, cycles=2, noise=0.5, seed=0, **columns):
    """Past pairs with random criteria, rated by these slopes."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "cycle": [f"c{place % cycles}" for place in range(pairs)],
            "mentor_id": [f"m{place:04}" for place in range(pairs)],
            "mentee_id": [f"s{place:04}" for place in range(pairs)],
        }
    )
    values = frame.assign(**{name: rng.random(pairs).round(2) for name in CRITERIA})
    values = values.assign(**columns)
    level = 3 + sum(slope * values[name] for name, slope in slopes.items())
    level = level + 0.5 * (frame["cycle"] == "c1")
    history = frame.assign(
        rating_mentor=level + rng.normal(0, noise, pairs),
        rating_mentee=level + rng.normal(0, noise, pairs),
    )
    history.loc[rng.random(pairs) < 0.1, "rating_mentor"] = np.nan
    return history, values


def test_the_fit_is_the_minimum_of_what_it_says():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(80, 4)), rng.normal(size=80)
    present = np.array([0.5, 0.3, 0.2, 0.0])
    for penalty in (0.01, 0.5, 20.0):

        def loss(z, penalty=penalty):
            off = y - x @ z[:4]
            return off @ off / 80 + penalty * np.square(z[:4] - z[4] * present).sum()

        found, scale = fit(x, y, present, penalty)
        ours = loss(np.append(found, scale))
        starts = [rng.random(5) for _ in range(4)]
        best = min(minimize(loss, z, bounds=[(0, None)] * 5).fun for z in starts)
        assert ours <= best + 1e-8
        assert (found >= 0).all()


def test_a_strong_penalty_keeps_the_present_weights():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(200, 3))
    present = np.array([0.5, 0.3, 0.2])
    found, _ = fit(x, x @ np.array([0.1, 2.0, 1.0]), present, 1e6)
    assert found / found.sum() == pytest.approx(present, abs=1e-4)


def test_drawn_weights_vary_as_refits_on_resampled_pairs_do():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(300, 3))
    y = x @ np.array([2.0, 1.0, 0.2]) + rng.normal(size=300)
    present = np.full(3, 1 / 3)
    ours = drawn_weights(x, y, present, 0.01, 300, seed=1)
    assert ours.sum(axis=1) == pytest.approx(np.ones(300))
    rows = [rng.integers(0, 300, 300) for _ in range(300)]
    slopes = np.array([fit(x[row], y[row], present, 0.01)[0] for row in rows])
    theirs = slopes / slopes.sum(axis=1, keepdims=True)
    assert ours.std(axis=0) == pytest.approx(theirs.std(axis=0), rel=0.2)
    assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=0.01)


def test_slopes_are_recovered_and_weights_sum_to_one():
    slopes = {"skills": 1.2, "department": 0.6}
    found = learn_weights(*rated(600, slopes), PRESENT)
    assert found.refused == ""
    shares = found.shares
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["generation"] == 0, "age has no written reason"
    assert shares["skills"] / shares["department"] == pytest.approx(2, rel=0.25)
    assert shares["skills"] + shares["department"] > 0.9
    assert found.error_new < found.error_old
    assert found.gain.low > 0
    for weight in found.weights:
        if not weight.kept:
            assert weight.estimate.low <= weight.new <= weight.estimate.high


def test_age_may_weigh_with_a_written_reason_only():
    history, values = rated(600, {"generation": 1.5, "skills": 0.5})
    without = learn_weights(history, values, PRESENT)
    assert without.shares["generation"] == 0
    (kept,) = [w.kept for w in without.weights if w.criterion == "generation"]
    assert kept == "age may weigh with a written reason only"
    with_reason = learn_weights(history, values, PRESENT, generation_reason="The charter asks.")
    assert with_reason.shares["generation"] > 0.5


def test_criteria_that_never_vary_stay_as_they_are():
    found = learn_weights(*rated(600, {"skills": 2.0}, personality=0.5, wishes=np.nan), PRESENT)
    kept = {weight.criterion: weight.kept for weight in found.weights if weight.kept}
    assert kept == {
        "generation": "age may weigh with a written reason only",
        "personality": "it is the same for all past pairs",
        "wishes": "it is not known of past pairs",
    }
    assert found.shares["personality"] == 0.1
    assert found.shares["wishes"] == 0.1
    assert found.shares["skills"] == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"pairs": 59}, "59 past pairs with a rating and known criteria: fewer than the 60"),
        ({"pairs": 200, "cycles": 1}, "of one cycle"),
        ({"pairs": 200, "slopes": {}, "noise": 0.0}, "all ratings are the same"),
        ({"pairs": 200, **dict.fromkeys(CRITERIA, 0.5)}, "no criterion that counts varies"),
    ],
)
def test_too_little_is_refused_with_the_reason(case, reason):
    case = {"slopes": {"skills": 2.0}, **case}
    history, values = rated(case.pop("pairs"), case.pop("slopes"), **case)
    if reason == "all ratings are the same":
        history[["rating_mentor", "rating_mentee"]] = 4.0
    found = learn_weights(history, values, PRESENT)
    assert reason in found.refused
    assert found.shares == PRESENT
    assert all(weight.estimate.value is None for weight in found.weights)
    with pytest.raises(ValueError, match="nothing was learnt"):
        scenario_text(found)


def test_the_least_number_of_pairs_is_the_callers():
    history, values = rated(59, {"skills": 2.0})
    assert learn_weights(history, values, PRESENT, least=50).refused == ""


def test_noise_is_refused_as_often_as_stated():
    runs = 60
    learnt = sum(
        not learn_weights(*rated(120, {}, seed=seed), PRESENT, draws=200).refused
        for seed in range(runs)
    )
    assert learnt <= stats.binom.ppf(0.999, runs, 0.025)


def test_ratings_by_the_present_weights_are_no_reason_to_change_them():
    slopes = {name: 2 * share for name, share in PRESENT.items()}
    found = learn_weights(*rated(300, slopes), PRESENT)
    assert "not better beyond chance" in found.refused


def test_the_order_of_rows_has_no_say():
    history, values = rated(200, {"skills": 1.5})
    first = learn_weights(history, values, PRESENT)
    mixed = history.sample(frac=1, random_state=3), values.sample(frac=1, random_state=4)
    assert learn_weights(*mixed, PRESENT) == first


@pytest.fixture(scope="module")
def demo(tmp_path_factory, repository):
    """The demo company and its past, as loaded: with the planted slopes and without."""

    def load(planted):
        folder = tmp_path_factory.mktemp("company")
        write_tables(company(600, 7, params.programme.start, planted=planted), folder)
        only = ["people", "applications", "history"]
        return load_tables(params, folder, cycle="demo", only=only)

    params = load_params("demo", root=repository).params
    return params, load(PLANTED), load(PLANTED_NONE)


def learnt_from(params, tables):
    values = past_criteria(tables.people, tables.applications, tables.history, params)
    reason = params.matching.criteria.generation.reason
    shares = params.matching.shares
    return values, learn_weights(tables.history, values, shares, generation_reason=reason)


def test_the_planted_slopes_are_learnt_from_the_demo(demo):
    params, planted, _ = demo
    _, found = learnt_from(params, planted)
    assert found.refused == ""
    now, then = found.shares, params.matching.shares
    assert now["skills"] > then["skills"] + 0.05
    assert now["department"] > then["department"] + 0.02
    slopes = PLANTED.rating_by_skills.size, PLANTED.rating_by_department.size
    assert now["skills"] / now["department"] == pytest.approx(slopes[0] / slopes[1], rel=0.35)
    assert now["wishes"] == then["wishes"]


def test_nothing_is_learnt_from_a_demo_without_planted_slopes(demo):
    params, _, none = demo
    assert "not better beyond chance" in learnt_from(params, none)[1].refused


def test_criteria_of_past_pairs_are_those_that_the_engine_scores(demo):
    params, tables, _ = demo
    values = past_criteria(tables.people, tables.applications, tables.history, params)
    problem = Problem.from_tables(tables.people, tables.applications, params)
    parts = explain.contributions(problem, values)
    blank = parts["assumed"].eq("")
    for name, share in params.matching.shares.items():
        if share > 0 and name != "wishes":
            expected = problem.scores.scoring.share[name] * values.loc[blank, name]
            assert parts.loc[blank, name].to_numpy() == pytest.approx(expected.to_numpy(), abs=2e-6)
    assert values[list(CRITERIA)].drop(columns="wishes").stack().dropna().between(0, 1).all()
    applicants = set(tables.applications["person_id"])
    assert set(values["mentor_id"]) | set(values["mentee_id"]) <= applicants


def test_the_scenario_is_a_file_that_the_params_take(demo, workbench):
    params, planted, _ = demo
    _, found = learnt_from(params, planted)
    text = scenario_text(found)
    workbench.write("params/scenarios/learnt.yaml", text)
    tried = load_params("demo", scenario="learnt", root=workbench.root).params.matching
    assert tried.shares == pytest.approx(found.shares, abs=0.0011)
    assert sum(getattr(tried.weights, name) for name in CRITERIA) == pytest.approx(1)
    assert f"ratings of {found.pairs} pairs of 2 cycles" in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= 100
