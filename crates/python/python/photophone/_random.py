"""Where random phases start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

import numpy as np

from . import _native
from ._native import PhotophoneError

RandomLike = Union[
    int, Sequence[int], np.random.SeedSequence, np.random.Generator, np.random.BitGenerator, np.random.RandomState, None
]
"""Where random phases start, as `numpy.random.default_rng` takes it."""


def one_of(random_state: object, rng: object) -> object:
    """What was given for randomness, by librosa's older or newer name."""
    if random_state is not None and rng is not None:
        raise PhotophoneError("random_state and rng are both given, expected one: they are two names of one thing")
    return random_state if rng is None else rng


def seed_from(rng: Any) -> int:
    """A whole number from what NumPy and librosa take for randomness."""
    if rng is None:
        return 0
    if isinstance(rng, np.random.RandomState):
        return int(rng.randint(2**31))
    if isinstance(rng, (int, np.integer)):
        return _native.count("rng", rng)
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise PhotophoneError(
            f"rng is of type {type(rng).__name__}, expected a whole number, several, or one of NumPy's random generators"
        ) from None
