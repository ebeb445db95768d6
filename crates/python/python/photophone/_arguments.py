"""What the functions have in common: arrays in and out, and librosa's keyword arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Union

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._intervals import interval_ratios
from ._native import Params, PhotophoneError
from ._native import count as _native_count

Progress = Union[bool, Callable[[int, int], object], None]
"""Whether to show progress: ``True`` for a line on stderr, or a callable that takes rounds done and most rounds."""

WindowLike = Union[str, float, tuple[Any, ...]]
"""A window as SciPy's `get_window` takes it: a name, a tuple of a name and parameters, or Kaiser's beta."""

_MOST_ITERATIONS = 10_000

# What the transform takes: over an hour and a half at 48 kHz.
_MOST_SAMPLES = 2**28

# What is told apart from channels by samples: no sound of so few samples has so many channels.
_MOST_CHANNELS, _FRAMES = 8, 16

_SINGLE = {np.dtype(np.float32): True, np.dtype(np.float64): False}
_SINGLE_COMPLEX = {np.dtype(np.complex64): True, np.dtype(np.complex128): False}
_SINGLE_CELLS = {**_SINGLE, **_SINGLE_COMPLEX}


def signal(y: object) -> NDArray[Any]:
    """The samples as an array of float32 or float64 in this machine's byte order.

    Raises
    ------
    PhotophoneError
        If `y` is no array of floating-point samples, as librosa refuses too.
    """
    if not isinstance(y, np.ndarray):
        raise PhotophoneError(
            f"y is of type {type(y).__name__}, expected a NumPy array of samples: use np.asarray(y, dtype=np.float32)"
        )
    if y.dtype in _SINGLE and y.dtype.isnative:
        samples = y
    elif y.dtype.kind == "f":
        samples = y.astype(np.float32 if y.dtype.itemsize <= 4 else np.float64)
    else:
        raise PhotophoneError(
            f"y has dtype {y.dtype}, expected floating-point samples: use y.astype(np.float32) / 32768 for 16-bit ones"
        )
    if samples.ndim == 0:
        raise PhotophoneError("y has no axes, expected samples on the last one")
    if samples.ndim == 2 and samples.shape[1] <= _MOST_CHANNELS and samples.shape[0] >= _FRAMES * samples.shape[1] > 0:
        raise PhotophoneError(
            f"y has shape {samples.shape}, which looks like samples by channels, as soundfile reads them; expected samples "
            "on the last axis: use y.T for all channels, or y.mean(axis=1) for one"
        )
    return samples


def cells(array: object, name: str = "C") -> NDArray[Any]:
    """Coefficients or magnitudes, bins by frames on the last two axes, as float or complex numbers."""
    if not isinstance(array, np.ndarray):
        raise PhotophoneError(f"{name} is of type {type(array).__name__}, expected a NumPy array (..., bins, frames)")
    if array.ndim < 2:
        raise PhotophoneError(f"{name} has shape {array.shape}, expected (..., bins, frames)")
    if array.dtype in _SINGLE_CELLS and array.dtype.isnative:
        return array
    if array.dtype.kind == "c":
        return array.astype(np.complex64 if array.dtype.itemsize <= 8 else np.complex128)
    if array.dtype.kind == "f":
        return array.astype(np.float32 if array.dtype.itemsize <= 4 else np.float64)
    raise PhotophoneError(f"{name} has dtype {array.dtype}, expected complex or floating-point numbers")


def known_phasors(phase: object, shape: tuple[int, ...]) -> NDArray[Any]:
    """Known phase, as complex numbers or radians, in the shape of the magnitudes."""
    array = cells(phase, "phase")
    if array.dtype.kind == "f" and np.abs(array).max(initial=0) > 4 * np.pi:
        raise PhotophoneError("phase has values beyond two turns, expected radians: if they are degrees, use np.deg2rad")
    if array.shape != shape:
        raise PhotophoneError(f"phase has shape {array.shape}, expected that of the magnitudes, {shape}")
    return array if array.dtype.kind == "c" else np.exp(1j * array.astype(np.float64))


def is_single(array: NDArray[Any], dtype: DTypeLike | None, kind: str) -> bool:
    """Whether results are in single precision: as `dtype` says, else as the data are.

    `kind` is ``"complex"`` or ``"floating-point"``: what `dtype` has to be.
    """
    if dtype is None:
        return _SINGLE_CELLS[array.dtype]
    known = _SINGLE_COMPLEX if kind == "complex" else _SINGLE
    try:
        return known[np.dtype(dtype)]
    except (TypeError, KeyError):
        wanted = " or ".join(str(each) for each in known)
        raise PhotophoneError(f"dtype is {dtype!r}, expected {wanted}") from None


def folded(array: NDArray[Any], axes: int) -> NDArray[Any]:
    """The same array with all axes but the last `axes` folded into one."""
    if array.ndim == axes + 1:
        return array
    channels = 1
    for length in array.shape[: array.ndim - axes]:
        channels *= length
    return array.reshape(channels, *array.shape[array.ndim - axes :])


def iterations(name: str, count: object, least: int = 1) -> int:
    """How many rounds or iterations; None is 0."""
    if count is None:
        return 0
    try:
        number = _native_count(name, count, least)
    except PhotophoneError as error:
        raise PhotophoneError(f"{error}, or None for as many as are needed") from None
    if number > _MOST_ITERATIONS:
        raise PhotophoneError(f"{name} is {number}, expected at most {_MOST_ITERATIONS}: nothing is gained long before")
    return number


def samples_wanted(length: object) -> int | None:
    """How many samples the result is to have; None is what the frames say."""
    if length is None:
        return None
    samples = _native_count("length", length)
    if not 1 <= samples <= _MOST_SAMPLES:
        raise PhotophoneError(f"length is {samples}, expected 1 to {_MOST_SAMPLES} samples")
    return samples


def parameters(
    *,
    sr: float,
    hop_length: int,
    fmin: float | str | None,
    n_bins: int | None,
    bins_per_octave: int,
    tuning: float,
    filter_scale: float,
    norm: float | None,
    sparsity: float,
    window: WindowLike,
    scale: bool,
    pad_mode: str | None,
    res_type: str | None,
    gamma: float | None,
    librosa_version: str | None,
    intervals: str | Collection[float] = "equal",
) -> Params:
    """librosa's keyword arguments, checked."""
    ratios = interval_ratios(intervals, bins_per_octave)
    if ratios is not None:
        bins_per_octave = len(ratios)
    if pad_mode is not None and not isinstance(pad_mode, str):
        raise PhotophoneError(f"pad_mode is {pad_mode!r}, expected a name, such as 'constant' or 'reflect'")
    # 'soxr_hq' is the default of the signature; the releases before soxr had their own.
    if res_type == "soxr_hq" and librosa_version not in (None, "0.11"):
        res_type = None
    return Params(
        sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window_text(window),
        bool(scale),
        pad_mode or "constant", res_type, gamma, ratios, librosa_version,
    )  # fmt: skip


def window_text(window: object) -> str:
    """A window by name, with parameters behind colons: ``("kaiser", 8.6)`` is ``"kaiser:8.6"``."""
    if isinstance(window, str):
        return window
    # SciPy takes a number for Kaiser's beta, and exponential windows have a centre that has to be None here.
    parts = window if isinstance(window, tuple) else ("kaiser", window)
    if parts[:1] == ("exponential",) and parts[1:2] == (None,):
        parts = (parts[0], *parts[2:])
    name, *parameters = parts or ("",)
    if isinstance(name, str) and all(_is_real(value) for value in parameters):
        return ":".join([name, *(repr(float(value)) for value in parameters)])
    raise PhotophoneError(
        f"window is {window!r}, expected a name such as 'hann', a name and numbers such as ('kaiser', 8.6), or Kaiser's "
        "beta: arrays and functions are not taken"
    )


def _is_real(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def estimated_tuning(y: NDArray[Any], sr: float, bins_per_octave: int) -> float:
    """``tuning=None``: what librosa estimates, by librosa itself."""
    try:
        import librosa
    except ImportError:
        raise PhotophoneError(
            "tuning is None, which asks librosa to estimate it, but librosa is not installed: give a number of bins, "
            "or install librosa"
        ) from None
    return float(librosa.estimate_tuning(y=y, sr=sr, bins_per_octave=bins_per_octave))
