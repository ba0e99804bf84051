"""A workbench of a test's own, and the command run in it as a user runs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
OF_600 = "demo: {people: 600, seed: 7}"


def workbench(root: Path) -> Path:
    """Params and notebooks, copied into this folder; returns the folder."""
    for folder in ("params", "notebooks"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    return root


def smaller_demo(
    root: Path, cycle: str, people: int, seed: int, *, more: str = "", **first: str
) -> None:
    """Write a cycle as the demo is, of fewer people.

    ``more`` stands at the end of its file; ``first`` is section to what stands first in it.
    """
    demo = (root / "params" / "cycles" / "demo.yaml").read_text()
    assert OF_600 in demo
    demo = demo.replace(OF_600, f"demo: {{people: {people}, seed: {seed}}}") + more
    for section, text in first.items():
        assert f"\n{section}:\n" in demo
        demo = demo.replace(f"\n{section}:\n", f"\n{section}:\n{text}")
    (root / "params" / "cycles" / f"{cycle}.yaml").write_text(demo)


def revmentor(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in this workbench."""
    command = Path(sys.executable).with_name("revmentor")
    return subprocess.run(
        [str(command), *words, "--root", str(root)], capture_output=True, text=True, check=False
    )
