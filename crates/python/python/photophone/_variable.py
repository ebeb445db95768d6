"""Variable-Q coefficients or magnitudes to samples: `ivqt` and `griffinlim_vqt`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from numpy.typing import DTypeLike, NDArray

from ._arguments import Progress, WindowLike
from ._inverse import griffinlim_cqt, icqt
from ._random import RandomLike
from ._wording import public


@public
def ivqt(
    C: NDArray[Any],
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
    intervals: str | Collection[float] = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowLike = "hann",
    scale: bool = True,
    length: int | None = None,
    res_type: str | None = "soxr_hq",
    dtype: DTypeLike | None = None,
    pad_mode: str | None = None,
    inverse: str | None = None,
    mask: NDArray[Any] | None = None,
    max_iterations: int | None = None,
    librosa_version: str | None = None,
    progress: Progress = None,
) -> NDArray[Any]:
    """Inverse variable-Q transform: the sound that the coefficients are of. librosa has none.

    `icqt` with the defaults of `vqt`.

    Parameters
    ----------
    C : ndarray, shape (..., n_bins, frames)
        Complex coefficients, as `vqt` or `librosa.vqt` gives them. Leading axes are channels.
    intervals : str or list of float
        As in `vqt`.
    gamma : float or None
        Bandwidth that every bin has besides its constant-Q share, in Hz, as `vqt` was told it. None follows the ear's
        bandwidths.
    sr, hop_length, fmin, bins_per_octave, filter_scale, norm, sparsity, window, scale, res_type
        As in `vqt`: what the transform was told.
    tuning, length, dtype, pad_mode, inverse, mask, max_iterations, librosa_version, progress
        As in `icqt`.

    Returns
    -------
    ndarray, shape (..., length)
        Samples.

    Raises
    ------
    PhotophoneError
        A value out of its range, or coefficients that are not numbers.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> V = photophone.vqt(y, sr=22050)
    >>> z = photophone.ivqt(V, sr=22050, length=len(y))
    >>> bool(np.abs(y - z)[2000:-2000].max() < 1e-3)
    True
    """
    return icqt(
        C, sr=sr, hop_length=hop_length, fmin=fmin, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, length=length,
        res_type=res_type, dtype=dtype, pad_mode=pad_mode, gamma=gamma, intervals=intervals, inverse=inverse, mask=mask,
        max_iterations=max_iterations, librosa_version=librosa_version, progress=progress,
    )  # fmt: skip


@public
def griffinlim_vqt(
    C: NDArray[Any],
    *,
    n_iter: int = 32,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
    intervals: str | Collection[float] = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowLike = "hann",
    scale: bool = True,
    pad_mode: str = "constant",
    res_type: str | None = "soxr_hq",
    dtype: DTypeLike | None = None,
    length: int | None = None,
    momentum: float = 0.99,
    init: str | None = "random",
    rng: RandomLike = None,
    method: str = "refined",
    inverse: str | None = "linear",
    phase: NDArray[Any] | None = None,
    mask: NDArray[Any] | None = None,
    librosa_version: str | None = None,
    progress: Progress = None,
) -> NDArray[Any]:
    """Sound from variable-Q magnitudes. librosa has no such function.

    `griffinlim_cqt` with the defaults of `vqt`.

    Parameters
    ----------
    C : ndarray, shape (..., n_bins, frames)
        Magnitudes. Of complex coefficients the phase is looked at only with ``init=None``.
    intervals : str or list of float
        As in `vqt`.
    gamma : float or None
        As in `vqt`: None follows the ear's bandwidths.
    sr, hop_length, fmin, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, res_type
        As in `vqt`: what the transform was told.
    n_iter, dtype, length, momentum, init, rng, method, inverse, phase, mask, librosa_version, progress
        As in `griffinlim_cqt`.

    Returns
    -------
    ndarray, shape (..., length)
        Samples.

    Raises
    ------
    PhotophoneError
        A value out of its range, or magnitudes that are not numbers.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> M = np.abs(photophone.vqt(y, sr=22050))
    >>> z = photophone.griffinlim_vqt(M, sr=22050, length=len(y))
    >>> N = np.abs(photophone.vqt(z, sr=22050))
    >>> bool(np.linalg.norm(M - N) < 0.05 * np.linalg.norm(M))
    True
    """
    return griffinlim_cqt(
        C, n_iter=n_iter, sr=sr, hop_length=hop_length, fmin=fmin, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, dtype=dtype, length=length, momentum=momentum, init=init, rng=rng, gamma=gamma,
        intervals=intervals, method=method, inverse=inverse, phase=phase, mask=mask, librosa_version=librosa_version,
        progress=progress,
    )  # fmt: skip
