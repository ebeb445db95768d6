"""How the bins of a variable-Q transform lie in an octave."""

from __future__ import annotations

from collections.abc import Collection

from . import _native
from ._native import PhotophoneError


def interval_ratios(intervals: str | Collection[float], bins_per_octave: int) -> list[float] | None:
    """Ratio of each bin of an octave to its first, in ascending order; None where they are equally spaced.

    The same as `librosa.interval_frequencies` (0.11) over its ``fmin``.

    Raises
    ------
    PhotophoneError
        If the name is not known, or a ratio is out of its range.
    """
    if isinstance(intervals, str):
        return _native.interval_ratios(intervals, bins_per_octave)
    ratios = ratio_list(intervals)
    if not ratios or not all(1 <= ratio < 2 for ratio in ratios):
        raise PhotophoneError(f"intervals is {ratios}, expected ratios of 1 or more and less than 2")
    return ratios


def ratio_list(intervals: Collection[float]) -> list[float]:
    """Ratios in ascending order.

    Raises
    ------
    PhotophoneError
        If they are no numbers.
    """
    try:
        return sorted(float(ratio) for ratio in intervals)
    except (TypeError, ValueError):
        raise PhotophoneError(f"intervals is {intervals!r}, expected a name or a list of ratios") from None
