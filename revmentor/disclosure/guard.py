"""Figures and tables take disclosed values only: at run time too, where no type checker looked."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from functools import cache, wraps
from types import UnionType
from typing import Any

from revmentor.disclosure.counts import Disclosed
from revmentor.disclosure.examples import Restricted


def shows[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Make this function refuse whatever has not passed disclosure control.

    Every parameter that is annotated with disclosed types takes values of these types only;
    anything else is a `TypeError` that says how to disclose it.

    >>> @shows
    ... def title(value: Disclosed) -> str:
    ...     return "a title"
    >>> title([3, 4])
    Traceback (most recent call last):
    ...
    TypeError: title() shows disclosed values; value is a list: pass it through \
revmentor.disclosure first
    """

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        asked, signature = _asked(function)
        given = signature.bind(*args, **kwargs).arguments
        for name, kinds in asked.items():
            if name in given and not isinstance(given[name], kinds):
                raise TypeError(
                    f"{function.__name__}() shows disclosed values; {name} is a "
                    f"{type(given[name]).__name__}: pass it through revmentor.disclosure first"
                )
        return function(*args, **kwargs)

    return checked


@cache
def _asked(
    function: Callable[..., Any],
) -> tuple[dict[str, tuple[type, ...]], inspect.Signature]:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    asked = {}
    for name, hint in hints.items():
        kinds = typing.get_args(hint) if _is_union(hint) else (hint,)
        plain = tuple(kind for kind in kinds if isinstance(kind, type))
        if any(issubclass(kind, Disclosed | Restricted) for kind in plain):
            asked[name] = plain
    return asked, inspect.signature(function)


def _is_union(hint: object) -> bool:
    return isinstance(hint, UnionType) or typing.get_origin(hint) is typing.Union
