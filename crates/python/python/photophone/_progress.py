"""Progress of long work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ._arguments import Progress
from ._native import PhotophoneError


def reporter(progress: Progress) -> Callable[[int, int], object] | None:
    """The callable to call once a round: the one that was given, a line on stderr, or none.

    Raises
    ------
    PhotophoneError
        If `progress` is neither a truth value nor callable.
    """
    if progress is None or progress is False:
        return None
    if progress is True:
        return _Line()
    if callable(progress):
        return progress
    raise PhotophoneError(f"progress is {progress!r}, expected True or a callable that takes two numbers")


class _Line:
    """One line on stderr, written over round by round."""

    def __init__(self, stream: Any = None) -> None:
        self._stream = stream if stream is not None else sys.stderr

    def __call__(self, done: int, most: int) -> None:
        self._stream.write(f"\rround {done} of at most {most}")
        if done + 1 >= most:
            self._stream.write("\n")
        self._stream.flush()
