"""How are loops compiled?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop on arrays for this machine at its first call, and keep it on disk.

    Whole numbers wrap and decimals follow IEEE 754, as in numpy, so that results do not depend
    on the machine. Other threads may run meanwhile.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_fast[F: Callable[..., Any]](function: F) -> F:
    """As `compiled`, but sums of decimals may be reordered: for filters with a safety margin."""
    fast = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
    return cast(F, fast(function))


# Uses of arrays are not counted, which costs far more than a short computation does.
BARE: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def compiled_bare[F: Callable[..., Any]](function: F) -> F:
    """As `compiled`, for loops that take many arrays and make none."""
    return cast(F, numba.njit(**BARE)(function))


def compiled_inner[F: Callable[..., Any]](function: F) -> F:
    """As `compiled_bare`, and made part of every loop that calls it.

    Handing over many arrays costs more than a short computation does, too.
    """
    return cast(F, numba.njit(**BARE, forceinline=True)(function))
