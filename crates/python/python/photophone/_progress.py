"""Progress of long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ._arguments import Progress
from ._native import PhotophoneError


@contextmanager
def reporting(progress: Progress) -> Iterator[Callable[[int, int], object] | None]:
    """The callable to call once a round, while work lasts: the one that was given, a line on stderr, or none.

    Raises
    ------
    PhotophoneError
        If `progress` is neither a truth value nor callable.
    """
    if progress is None or _is_truth(progress) and not progress:
        yield None
    elif _is_truth(progress):
        line = _Line()
        try:
            yield line
        finally:
            line.close()
    elif callable(progress):
        yield progress
    else:
        raise PhotophoneError(f"progress is {progress!r}, expected True or a callable that takes two numbers")


def _is_truth(value: object) -> bool:
    return isinstance(value, (int, np.bool_, np.integer))


class _Line:
    """One line on stderr, written over round by round."""

    def __init__(self, stream: Any = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._last = (0, 0)
        self._step = 1

    def __call__(self, done: int, most: int) -> None:
        if (most != self._last[1] or done < self._last[0]) and self._last != (0, 0):
            self._step += 1
        self._last = (done, most)
        self._stream.write(f"\r\033[Kstep {self._step}: round {done + 1} of at most {most}")
        self._stream.flush()

    def close(self) -> None:
        """Ends the line."""
        if self._last != (0, 0):
            self._stream.write("\n")
            self._stream.flush()
