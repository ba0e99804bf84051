"""Which results are published in a folder of outputs, of which cycles?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from revmentor.errors import Fault, InputError
from revmentor.publish.manifest import NAME, read_manifest, sha256


@dataclass(frozen=True)
class Result:
    """One published result.

    Parameters
    ----------
    cycle, scenario : str
        Names.
    folder : Path
        ``outputs/<cycle>/<scenario>``.
    created_at : str
        ISO, UTC.
    digest : str
        sha256 of the manifest: changes when anything of the result does.
    """

    cycle: str
    scenario: str
    folder: Path
    created_at: str
    digest: str


def results(outputs: Path) -> tuple[Result, ...]:
    """Every published result in this folder, by cycle and scenario; unfinished ones are none."""
    found = []
    for path in sorted(outputs.glob(f"[!.]*/[!.]*/{NAME}")):
        manifest = read_manifest(path.parent)
        if manifest is not None:
            found.append(
                Result(
                    str(manifest["cycle"]),
                    str(manifest["scenario"]),
                    path.parent,
                    str(manifest["created_at"]),
                    sha256(path),
                )
            )
    return tuple(found)


def check_published(outputs: Path) -> tuple[Result, ...]:
    """`results`, of which there must be one; raises `InputError` if there is none."""
    found = results(outputs)
    if not found:
        raise InputError(
            Fault(
                "no published cycle",
                "no cycle has been published here, so there is nothing to compare",
                "run a cycle first, or name the folder of results with --outputs",
                str(outputs),
            )
        )
    return found
