"""The project's own files, read as text and as syntax."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

BINARY = {".png", ".xlsx", ".parquet", ".gz", ".pdf", ".ico", ".woff2"}


@pytest.fixture(scope="session")
def project_files(repository: Path) -> list[Path]:
    """Every file that is or could be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [repository / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix not in BINARY]


@pytest.fixture(scope="session")
def modules(repository: Path) -> dict[str, ast.Module]:
    """Dotted name of every module of the package, and its syntax."""
    found = {}
    for file in sorted((repository / "revmentor").rglob("*.py")):
        parts = file.relative_to(repository).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return found
