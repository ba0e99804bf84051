"""How are loops compiled?"""

from __future__ import annotations

import atexit
import functools
import gc
import hashlib
import re
from collections.abc import Callable
from importlib import resources
from typing import Any, cast

import numba

IMPORTED = re.compile(rb"from revmentor\.matching\.kernels\.(\w+) import")
# When a process ends, Python takes apart what is left in cycles. Of numba that is some hundred
# thousand objects and takes longer than many a matching: they go with the process instead.
atexit.register(gc.freeze)
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}


@functools.cache
def _text(module: str) -> bytes:
    return resources.files(__package__).joinpath(f"{module}.py").read_bytes()


@functools.cache
def sources(module: str) -> str:
    """One number for the text of a module of loops and of all such modules that it imports.

    >>> sources("bits") == sources("tiles")
    False
    """
    found, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [each.decode() for each in IMPORTED.findall(_text(name))]
    return hashlib.sha256(b"".join(_text(name) for name in sorted(found))).hexdigest()


def _kept[F: Callable[..., Any]](function: F, **options: Any) -> F:
    """Compile a loop, and keep it on disk until it changes, or any loop that it calls.

    numba alone looks at the loop's own file only, and would go on using what was compiled with an
    earlier form of the loops that it calls.
    """
    loop = numba.njit(**OPTIONS, **options)(function)
    if function.__module__.startswith(f"{__package__}."):
        module = function.__module__.rpartition(".")[2]
        loop._cache._cache_file._source_stamp = sources(module)
    return cast(F, loop)


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop on arrays for this machine at its first call, and keep it on disk.

    Whole numbers wrap and decimals follow IEEE 754, as in numpy, so that results do not depend
    on the machine. Other threads may run meanwhile.
    """
    return _kept(function)


def compiled_fast[F: Callable[..., Any]](function: F) -> F:
    """As `compiled`, but sums of decimals may be reordered: for filters with a safety margin."""
    return _kept(function, fastmath=True)


def compiled_bare[F: Callable[..., Any]](function: F) -> F:
    """As `compiled`, for loops that take many arrays and make none.

    Uses of arrays are not counted, which costs far more than a short computation does.
    """
    return _kept(function, _nrt=False)


def compiled_inner[F: Callable[..., Any]](function: F) -> F:
    """As `compiled_bare`, and made part of every loop that calls it.

    Handing over many arrays costs more than a short computation does, too.
    """
    return _kept(function, _nrt=False, forceinline=True)
