"""Samples to coefficients: `cqt` and `vqt`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from numpy.typing import DTypeLike, NDArray

from . import _native
from ._arguments import WindowLike, estimated_tuning, folded, is_single, parameters, signal
from ._intervals import interval_ratios
from ._wording import public


@public
def cqt(
    y: NDArray[Any],
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowLike = "hann",
    scale: bool = True,
    pad_mode: str = "constant",
    res_type: str | None = "soxr_hq",
    dtype: DTypeLike | None = None,
    librosa_version: str | None = None,
) -> NDArray[Any]:
    """Constant-Q transform, as `librosa.cqt` computes it.

    Agrees with librosa 0.11 and 1.0 to -100 dB or better (relative L2). Computed in double precision whatever the input
    is.

    Parameters
    ----------
    y : ndarray, shape (..., n)
        Samples, float32 or float64. Leading axes are channels.
    sr : float
        Sample rate in Hz.
    hop_length : int
        Samples between frames, 1 or more.
    fmin : float, str or None
        Centre of the lowest bin in Hz, or a note such as ``"C1"``. None is C1, 32.703 Hz.
    n_bins : int or None
        Number of bins. None is as many as fit below half the sample rate: 101 at 22.05 kHz, 113 at 44.1 kHz.
    bins_per_octave : int
        Bins an octave.
    tuning : float or None
        Offset of all bins as a fraction of a bin. None estimates it with librosa, which has to be installed.
    filter_scale : float
        Length of the filters over the constant-Q length.
    norm : {1, 2, inf, None}
        How filters are normalised.
    sparsity : float
        Share of each filter's spectrum that is dropped as small, 0 or more and less than 1.
    window : str, tuple or float
        Window of the filters, as `scipy.signal.get_window` takes it: ``"hann"``, ``("kaiser", 8.6)``, or a number for
        Kaiser's beta. Arrays and functions are refused.
    scale : bool
        Whether rows are divided by the square root of their filters' lengths.
    pad_mode : str
        What lies beyond the ends. librosa before 0.9 took ``"reflect"`` unless told otherwise.
    res_type : {"soxr_hq", "kaiser_fast", "kaiser_best", None}
        Which resampler halves the rate.
    dtype : {complex64, complex128}, optional
        Type of the result, and of the arithmetic. By default complex64 for float32 samples, else complex128.
    librosa_version : str or None
        Whose definition, such as ``"0.6.3"``: releases from 0.5 to 1.0 differ. None is 0.11, and 1.0 with
        ``n_bins=None``, which is its own; the two differ only where the bins end above 0.4 of the sample rate.

    Returns
    -------
    ndarray, shape (..., n_bins, frames)
        Complex coefficients.

    Raises
    ------
    PhotophoneError
        A value out of its range, bins above half the sample rate, or samples that are not numbers.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> C = photophone.cqt(y, sr=22050)
    >>> C.shape
    (84, 44)
    >>> int(np.abs(C).mean(axis=1).argmax())    # A4 is 45 semitones above C1
    45
    """
    samples = signal(y)
    single = is_single(samples, dtype, "complex")
    if tuning is None:
        tuning = estimated_tuning(samples, sr, bins_per_octave)
    params = parameters(
        sr=sr, hop_length=hop_length, fmin=fmin, n_bins=n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=0, librosa_version=librosa_version,
    )  # fmt: skip
    return _transformed(samples, params, single)


@public
def vqt(
    y: NDArray[Any],
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
    n_bins: int | None = 84,
    intervals: str | Collection[float] = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowLike = "hann",
    scale: bool = True,
    pad_mode: str = "constant",
    res_type: str | None = "soxr_hq",
    dtype: DTypeLike | None = None,
    librosa_version: str | None = None,
) -> NDArray[Any]:
    """Variable-Q transform, as `librosa.vqt` computes it.

    Parameters
    ----------
    y : ndarray, shape (..., n)
        Samples, float32 or float64. Leading axes are channels.
    intervals : str or list of float
        How bins lie in an octave: ``"equal"``, ``"pythagorean"``, ``"ji3"``, ``"ji5"``, ``"ji7"`` (the last three by
        librosa, which has to be installed), or their ratios to the octave's first, 1 or more and less than 2. A list
        also says how many bins an octave has.
    gamma : float or None
        Bandwidth that every bin has besides its constant-Q share, in Hz. 0 is the constant-Q transform; None follows
        the ear's bandwidths.
    sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, \
res_type, dtype, librosa_version
        As in `cqt`.

    Returns
    -------
    ndarray, shape (..., n_bins, frames)
        Complex coefficients.

    Raises
    ------
    PhotophoneError
        A value out of its range, bins above half the sample rate, or samples that are not numbers.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> photophone.vqt(y, sr=22050, gamma=20).shape
    (84, 44)
    """
    samples = signal(y)
    single = is_single(samples, dtype, "complex")
    if tuning is None:
        ratios = interval_ratios(intervals, bins_per_octave)
        tuning = estimated_tuning(samples, sr, bins_per_octave if ratios is None else len(ratios))
    params = parameters(
        sr=sr, hop_length=hop_length, fmin=fmin, n_bins=n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=gamma, intervals=intervals, librosa_version=librosa_version,
    )  # fmt: skip
    return _transformed(samples, params, single)


def _transformed(samples: NDArray[Any], params: _native.Params, single: bool) -> NDArray[Any]:
    C: NDArray[Any] = _native.forward(params, folded(samples, 1), single)
    return C.reshape(samples.shape[:-1] + C.shape[1:])
