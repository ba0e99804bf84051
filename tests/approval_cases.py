"""Published matches without a run: a folder of pairs with a manifest, in milliseconds."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from tiny import mark_published, tiny_cycle, write_notebook

from revmentor.publish.workspace import Workspace

PAIRS = (("P-001", "P-003"), ("P-002", "P-004"))


def pairs_of(*pairs: tuple[str, str], score: float = 0.5) -> pd.DataFrame:
    """Pairs as the matching writes them."""
    frame = pd.DataFrame(list(pairs), columns=["mentor_id", "mentee_id"], dtype="str")
    return frame.assign(score=score)


def published(
    outputs: Path,
    *pairs: tuple[str, str],
    scenario: str = "base",
    score: float = 0.5,
    trail: tuple[int, str] = (0, ""),
) -> Path:
    """Publish these pairs (or `PAIRS`) as the cycle tiny; returns the folder of all its results."""
    folder = outputs / "tiny" / scenario
    folder.mkdir(parents=True, exist_ok=True)
    Workspace(folder).write_table("pairs", pairs_of(*(pairs or PAIRS), score=score))
    mark_published(folder, "tiny", scenario, trail=trail)
    return folder.parent


MATCHING = """import pandas as pd
from revmentor.publish.workspace import Workspace
pairs = json.loads((Path(root) / 'pairs.json').read_text())
frame = pd.DataFrame(pairs, columns=['mentor_id', 'mentee_id'], dtype='str')
Workspace(work).write_table('pairs', frame.assign(score=0.5))"""
LAUNCH = """from revmentor.cycle.context import open_context
places = {'root': root, 'data': data, 'workdir': workdir}
found = open_context('04_launch', cycle, scenario, **places).approval
keep('packs.txt', found.sentence if found else 'no packs: this match is a draft')"""


def matching_cycle(repository: Path, root: Path) -> Path:
    """The cycle tiny whose third notebook makes the pairs of ``pairs.json``, its fourth packs."""
    tiny_cycle(repository, root)
    match(root, *PAIRS)
    write_notebook(root, "03_matching", MATCHING)
    write_notebook(root, "04_launch", LAUNCH)
    return root


def match(root: Path, *pairs: tuple[str, str]) -> None:
    """From now on the cycle matches these."""
    (root / "pairs.json").write_text(json.dumps(pairs))
