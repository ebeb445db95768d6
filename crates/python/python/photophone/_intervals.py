"""How the bins of a variable-Q transform lie in an octave."""

from __future__ import annotations

import math
from collections.abc import Collection

from ._native import PhotophoneError

_NAMES = ("equal", "pythagorean", "ji3", "ji5", "ji7")
_PRIMES = {"ji3": [3], "ji5": [3, 5], "ji7": [3, 5, 7]}


def interval_ratios(intervals: str | Collection[float], bins_per_octave: int) -> list[float] | None:
    """Ratio of each bin of an octave to its first, in ascending order; None where they are equally spaced.

    The same as `librosa.interval_frequencies` (0.11) over its ``fmin``.

    Raises
    ------
    PhotophoneError
        If the name is not known, librosa is needed and not there, or a ratio is out of its range.
    """
    if isinstance(intervals, str):
        return _named(intervals, bins_per_octave)
    try:
        ratios = sorted(float(ratio) for ratio in intervals)
    except (TypeError, ValueError):
        raise PhotophoneError(f"intervals is {intervals!r}, expected a name or a list of ratios") from None
    if not ratios or not all(1 <= ratio < 2 for ratio in ratios):
        raise PhotophoneError(f"intervals is {ratios}, expected ratios of 1 or more and less than 2")
    return ratios


def _named(name: str, bins_per_octave: int) -> list[float] | None:
    if name == "equal":
        return None
    if name == "pythagorean":
        # Stacked fifths, each brought back into the octave.
        fifths = [power * math.log2(3) for power in range(bins_per_octave)]
        return sorted(2 ** (octaves - math.floor(octaves)) for octaves in fifths)
    if name not in _NAMES:
        raise PhotophoneError(f"intervals is '{name}', expected {', '.join(_NAMES)} or a list of ratios")
    try:
        import librosa
    except ImportError:
        raise PhotophoneError(f"intervals '{name}' are computed by librosa, which is not installed") from None
    ratios = librosa.plimit_intervals(primes=_PRIMES[name], bins_per_octave=bins_per_octave, sort=True)
    return [float(ratio) for ratio in ratios]
