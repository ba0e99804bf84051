"""A cycle that has lived its months, for every test of what a review and a report make of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from review_cases import Cycle


@pytest.fixture(scope="session")
def reviewed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the cycle is made, once, that the others are copies of."""
    return tmp_path_factory.getbasetemp() / "reviewed"


@pytest.fixture(scope="session")
def whole(reviewed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    """The cycle with all tables and its review recorded; to be read only."""
    from review_cases import reviewed_cycle

    return reviewed_cycle(reviewed_home, tmp_path_factory.mktemp("whole") / "own")


@pytest.fixture
def cycle(reviewed_home: Path, tmp_path: Path) -> Cycle:
    """A cycle of the test's own."""
    from review_cases import reviewed_cycle

    return reviewed_cycle(reviewed_home, tmp_path / "own")
