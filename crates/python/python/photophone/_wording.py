"""What the library says, in Python's words: errors and warnings that name the called function's own arguments."""

from __future__ import annotations

import functools
import inspect
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterable
from typing import Any, ParamSpec, TypeVar

from . import _native
from ._native import PhotophoneError

P = ParamSpec("P")
R = TypeVar("R")


class PhotophoneWarning(UserWarning):
    """Doubt about a result. The message tells why and what to look at; a `Report` has it under ``"warnings"``."""


class UnknownArgument(PhotophoneError, TypeError):
    """An argument that the function does not have: to Python a `TypeError`."""


# How the forms of values that messages show are written in Python.
_FORMS = {"ROWSxFRAMES": "(bins, frames)", "LEFT,TOP,WIDTH,HEIGHT": "(left, top, width, height)"}
# Arguments that go by another name here, and what is no argument but an attribute.
_ELSEWHERE = {"cell_width": "cell", "cell_height": "cell"}
_ATTRIBUTES = {"overlay": "Picture.overlay"}


def in_python(message: str, arguments: Collection[str] | None = None) -> str:
    """A message of the library with the arguments that it names as they are typed: ``n_bins=``.

    `arguments` are those that the called function has; None has them all.
    """

    def spelt(name: str, value: str | None) -> str | None:
        if name in _ATTRIBUTES:
            return _ATTRIBUTES[name]
        name = _ELSEWHERE.get(name, name)
        if arguments is not None and name not in arguments:
            return None
        return f"{name}=" if value is None else f"{name}={_literal(name, value)}"

    return _native.worded(message, spelt)


def _literal(name: str, value: str) -> str:
    if value in _FORMS:
        return _FORMS[value]
    numbers = re.findall(r"-?[\d.]+", value)
    if name in ("cells", "crop"):
        return f"({', '.join(numbers)})"
    is_number = [value] == numbers and name != "librosa_version"
    return value if is_number else f'"{value}"'


def arguments_of(function: Callable[..., Any]) -> frozenset[str]:
    """The names of a function's arguments."""
    return frozenset(inspect.signature(function).parameters)


def public(function: Callable[P, R]) -> Callable[P, R]:
    """A function of the package's: what it refuses is told in terms of its own arguments."""
    arguments = arguments_of(function)

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        if not arguments.issuperset(kwargs):
            unknown = next(name for name in kwargs if name not in arguments)
            known = ", ".join(sorted(arguments - {"self"}))
            raise UnknownArgument(f"'{_native.shortened(unknown)}' is not known here, expected one of: {known}")
        try:
            return function(*args, **kwargs)
        except PhotophoneError as error:
            error.args = (in_python(_native.shortened(str(error)), arguments),)
            raise

    return called


def warn(messages: Iterable[str], function: Callable[..., Any]) -> None:
    """Raises each message once as a `PhotophoneWarning`, at the line that called the package.

    `function` is the one that was called, whose arguments the messages name.
    """
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "photophone":
        frame, level = frame.f_back, level + 1
    for message in dict.fromkeys(messages):
        warnings.warn(in_python(message, arguments_of(function)), PhotophoneWarning, stacklevel=level)
