"""A match is a draft until a person approves it: what is refused, what is said, what stands."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from approval_cases import PAIRS, pairs_of, published
from tiny import edit, tiny_cycle

from revmentor import cli
from revmentor.cycle import trail
from revmentor.cycle.approval import approval_of
from revmentor.cycle.approving import approve, reopen
from revmentor.cycle.context import Context, open_context
from revmentor.cycle.identity import match_of
from revmentor.cycle.lock import hold
from revmentor.cycle.trails import trail_text
from revmentor.errors import InputError, LockedError
from revmentor.publish.workspace import Workspace


@pytest.fixture(scope="module")
def root(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_cycle(repository, tmp_path_factory.mktemp("approval") / "bench", ())


def opened(root: Path, folder: Path, scenario: str = "base") -> Context:
    return open_context("04_launch", "tiny", scenario, root=str(root), workdir=str(folder))


def test_a_match_is_known_by_who_meets_whom_alone() -> None:
    first = match_of(pairs_of(*PAIRS))
    assert first == match_of(pairs_of(*PAIRS[::-1], score=0.9))
    assert first.digest != match_of(pairs_of(PAIRS[0])).digest
    assert first.digest != match_of(pairs_of(*PAIRS).assign(wave=["a", "b"])).digest
    members = pd.DataFrame(
        {"circle": [1, 1, 2], "topic": ["SQL", "SQL", None], "side": ["mentor", "mentee", "mentee"],
         "person_id": ["P-001", "P-003", "P-004"]}
    )  # fmt: skip
    with_circles = match_of(pairs_of(*PAIRS), members)
    renumbered = members.assign(circle=[9, 9, 4]).iloc[::-1]
    assert with_circles == match_of(pairs_of(*PAIRS), renumbered)
    assert with_circles.circles == 2
    assert with_circles.digest != first.digest


def test_approving_is_kept_and_says_the_next_step(root: Path, tmp_path: Path) -> None:
    home = published(tmp_path)
    assert opened(root, home / "base").approval is None
    done = approve("tiny", "  Ann   Lee ", reason="as agreed", root=root, outputs=tmp_path)
    assert done.entry is not None
    assert done.sentences == (
        f"Approved by Ann Lee: 2 pairs of tiny, scenario base. Note down {done.entry.short}: it "
        "shows that entry 1 of the trail is this one.",
        "Next, make the packs: "
        f"revmentor run tiny --stage launch --root {root} --outputs {tmp_path}",
    )
    found = opened(root, home / "base").approval
    assert found is not None
    assert found == approval_of(home) == approval_of(home, "base")
    assert (found.by, found.reason, found.itself) == ("Ann Lee", "as agreed", False)
    assert found.sentence == (
        f"approved by Ann Lee on {found.at:%-d %B %Y}, trail {done.entry.short}"
    )
    assert "Ann" not in found.shareable


def test_the_same_match_again_does_nothing(root: Path, tmp_path: Path) -> None:
    home = published(tmp_path)
    approve("tiny", "Ann", root=root, outputs=tmp_path)
    published(tmp_path, score=0.7)
    again = approve("tiny", "Bob", root=root, outputs=tmp_path)
    assert again.entry is None
    assert "approved by Ann" in again.sentences[0]
    assert "nothing was done" in again.sentences[0]
    assert trail.read(home).head[0] == 1


def test_a_match_with_other_pairs_is_a_draft(root: Path, tmp_path: Path) -> None:
    home = published(tmp_path)
    approve("tiny", "Ann", root=root, outputs=tmp_path)
    draft = home / ".run-base-1"
    Workspace(draft).write_table("pairs", pairs_of(PAIRS[0]))
    assert opened(root, draft).approval is None
    Workspace(draft).write_table("pairs", pairs_of(*PAIRS[::-1], score=0.1))
    assert opened(root, draft).approval is not None
    assert opened(root, tmp_path / "elsewhere" / "base").approval is None


def test_what_cannot_be_approved_is_refused_with_the_cure(root: Path, tmp_path: Path) -> None:
    def refused(words: str, scenario: str = "base", by: str = "Ann") -> None:
        with pytest.raises(InputError, match=words) as caught:
            approve("tiny", by, scenario, root=root, outputs=tmp_path)
        assert "To fix:" in str(caught.value)

    refused("nobody is named", by=" \n ")
    refused("cannot be printed", by="Ann\x1b[31m")
    refused("name has 300 characters", by="A" * 300)
    refused("nothing is published of tiny, scenario base.*--stage match")
    refused("--stage match --scenario other", "other")
    home = published(tmp_path)
    pairs = home / "base" / "restricted" / "pairs.parquet"
    content = pairs.read_bytes()
    pairs.write_bytes(content[:-1] + b"x")
    refused("files of the result were changed after it was published: restricted/pairs.parquet")
    pairs.write_bytes(content[:-1])
    refused("manifest.json")
    pairs.write_bytes(content)
    published(tmp_path, PAIRS[0], scenario="other")
    approve("tiny", "Ann", root=root, outputs=tmp_path)
    refused("the match of scenario base stands approved by Ann.*revmentor reopen tiny", "other")
    published(tmp_path, PAIRS[0])
    refused("another match of this scenario stands approved by Ann")
    assert trail.read(home).head[0] == 1


def test_a_result_without_a_match_cannot_be_approved(root: Path, tmp_path: Path) -> None:
    from tiny import mark_published

    folder = tmp_path / "tiny" / "base"
    folder.mkdir(parents=True)
    mark_published(folder, "tiny")
    with pytest.raises(InputError, match=r"no match in this result.*run tiny --stage match"):
        approve("tiny", "Ann", root=root, outputs=tmp_path)
    assert not (tmp_path / "tiny" / trail.FILE).exists()


def test_nobody_approves_while_a_run_is_on(root: Path, tmp_path: Path) -> None:
    home = published(tmp_path)
    with hold(home / ".lock-base", "a run"), pytest.raises(LockedError):
        approve("tiny", "Ann", root=root, outputs=tmp_path)
    approve("tiny", "Ann", root=root, outputs=tmp_path)
    with hold(home / ".lock-base", "a run"), pytest.raises(LockedError):
        reopen("tiny", "Ann", "late news", root=root, outputs=tmp_path)


def test_reopening_ends_it_and_another_scenario_may_follow(root: Path, tmp_path: Path) -> None:
    home = published(tmp_path)
    published(tmp_path, PAIRS[0], scenario="other")
    with pytest.raises(InputError, match="nothing to reopen"):
        reopen("tiny", "Ann", "late news", root=root, outputs=tmp_path)
    approve("tiny", "Ann", root=root, outputs=tmp_path)
    with pytest.raises(InputError, match="no reason is given"):
        reopen("tiny", "Ann", " ", root=root, outputs=tmp_path)
    said = reopen("tiny", "Bob", "late news", root=root, outputs=tmp_path).sentences
    assert "is a draft again" in said[0]
    assert "run tiny --stage match" in said[1]
    assert approval_of(home) is None
    approve("tiny", "Ann", "other", root=root, outputs=tmp_path)
    found = approval_of(home)
    assert found is not None
    assert found.scenario == "other"
    assert approval_of(home, "base") is None


def test_a_cycle_that_approves_itself_always_has_an_approval(
    repository: Path, tmp_path: Path
) -> None:
    root = tiny_cycle(repository, tmp_path / "bench", ())
    edit(root / "params" / "cycles" / "tiny.yaml", "data:", "launch: {approval: cycle}\ndata:")
    before = opened(root, root / "outputs" / "tiny" / ".run-base-1").approval
    assert before is not None
    assert (before.itself, before.at, before.match) == (True, None, "")
    assert before.sentence == (
        "approved by the cycle itself, as params/cycles/tiny.yaml says: launch.approval"
    )
    home = published(root / "outputs")
    approve("tiny", "Ann", root=root)
    found = opened(root, home / "base").approval
    assert found is not None
    assert found.by == "Ann"


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    return int(left.value.code or 0)


def test_commands_tell_who_did_what(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ("--root", str(root), "--outputs", str(tmp_path))
    assert run("trail", "tiny", *places) == 0
    assert "Nothing has been decided" in capsys.readouterr().out
    home = published(tmp_path)
    assert run("approve", "tiny", *places) == 2
    assert "--by NAME" in capsys.readouterr().err
    assert run("approve", "tiny", "--by", "Ann", "--reason", "agreed", *places) == 0
    out = capsys.readouterr().out
    noted = trail.read(home).entries[0].short
    assert noted in out
    assert run("reopen", "tiny", "--by", "Bob", "--reason", "late news", *places) == 0
    assert run("trail", "tiny", "--holds", noted, *places) == 0
    told = capsys.readouterr().out
    assert "Ann approved scenario base" in told
    assert "2 pairs: agreed" in told
    assert "Bob reopened scenario base" in told
    assert "Verified: 2 entries" in told
    assert run("trail", "tiny", "--holds", "0" * 12, *places) == 2
    edit(home / trail.FILE, '"by":"Ann"', '"by":"Eve"')
    assert run("trail", "tiny", *places) == 2
    err = capsys.readouterr().err
    assert "row 1" in err
    assert "backup" in err


def test_a_torn_line_is_told_to_the_reader(root: Path, tmp_path: Path) -> None:
    home = published(tmp_path)
    approve("tiny", "Ann", root=root, outputs=tmp_path)
    with (home / trail.FILE).open("a") as stream:
        stream.write('{"n":2,')
    told = trail_text("tiny", root=root, outputs=tmp_path)
    assert "A writer was stopped in the middle of the next entry" in told
