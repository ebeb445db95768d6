"""Coefficients or magnitudes to samples: `icqt`, `griffinlim_cqt` and `phase_from_magnitude`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import _native
from ._arguments import (
    Progress,
    WindowLike,
    cells,
    folded,
    is_single,
    iterations,
    known_phasors,
    parameters,
    samples_wanted,
)
from ._native import PhotophoneError
from ._progress import reporting
from ._random import RandomLike, one_of, seed_from
from ._wording import public, warn


@public
def icqt(
    C: NDArray[Any],
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
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
    gamma: float | None = 0,
    intervals: str | Collection[float] = "equal",
    inverse: str | None = None,
    mask: NDArray[Any] | None = None,
    max_iterations: int | None = None,
    librosa_version: str | None = None,
    progress: Progress = None,
) -> NDArray[Any]:
    """Inverse constant-Q transform: the sound that the coefficients are of.

    Regularised least squares with librosa's own operator, so it is exact where the coefficients determine the sound.
    Where the frames are too far apart for some bins, what is missing is estimated with a prior learnt from the sound.

    Parameters
    ----------
    C : ndarray, shape (..., n_bins, frames)
        Complex coefficients, as `cqt` or `librosa.cqt` gives them. Leading axes are channels.
    sr, hop_length, fmin, bins_per_octave, filter_scale, norm, sparsity, window, scale, res_type
        As in `cqt`: what the transform was told.
    tuning : float or None
        Offset of all bins as a fraction of a bin. None reads it from the coefficients' phase.
    length : int or None
        Samples wanted. None is what fits the coefficients best, else the longest that the frames can be of.
    dtype : {float32, float64}, optional
        Type of the result. By default float32 for complex64 coefficients, else float64.
    pad_mode : str or None
        What lay beyond the ends when the transform was computed. None finds out.
    gamma : float or None
        As in `vqt`, for coefficients of a variable-Q transform. 0 is constant Q.
    intervals : str or list of float
        As in `vqt`.
    inverse : {"linear", "adaptive", None}
        Least squares alone, or with the prior. None takes the prior only where the frames are too far apart.
    mask : ndarray, shape (n_bins, frames), optional
        Trust in each cell, 0 (missing) to 1, or booleans. By default all cells are trusted.
    max_iterations : int or None
        Most iterations over all steps, 1 or more: an iteration is a forward and an adjoint transform. None lets each step
        take what it needs: up to 300 for each of the linear inverse's solves.
    librosa_version : str or None
        Whose definition the coefficients follow. None is 0.11 or 1.0, whichever explains them better where the two
        differ.
    progress : bool or callable
        True shows a line on stderr; a callable gets the rounds done and the most there will be, and stops the work by
        raising an exception.

    Returns
    -------
    ndarray, shape (..., length)
        Samples.

    Raises
    ------
    PhotophoneError
        A value out of its range, or coefficients that are not numbers.

    Warns
    -----
    PhotophoneWarning
        If the result is not to be trusted.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> C = photophone.cqt(y, sr=22050)
    >>> z = photophone.icqt(C, sr=22050, length=len(y))
    >>> bool(np.abs(y - z)[2000:-2000].max() < 1e-3)
    True
    """
    coefficients = cells(C)
    if coefficients.dtype.kind != "c":
        raise PhotophoneError(
            f"C has dtype {C.dtype}, expected complex coefficients: if these are magnitudes, use griffinlim_cqt or "
            "griffinlim_vqt"
        )
    params = parameters(
        sr=sr, hop_length=hop_length, fmin=fmin, n_bins=coefficients.shape[-2], bins_per_octave=bins_per_octave,
        tuning=0.0 if tuning is None else tuning, filter_scale=filter_scale, norm=norm, sparsity=sparsity,
        window=window, scale=scale, pad_mode=pad_mode, res_type=res_type, gamma=gamma, intervals=intervals,
        librosa_version=librosa_version,
    )  # fmt: skip
    trust, single = _trust(mask, coefficients.shape), is_single(coefficients, dtype, "floating-point")
    most = iterations("max_iterations", max_iterations)
    y: NDArray[Any]
    with reporting(progress) as told:
        y, doubts = _native.inverted(
            params, folded(coefficients, 2), tuning is None, pad_mode, samples_wanted(length), inverse, trust, most, single,
            told,
        )  # fmt: skip
    warn(doubts, icqt)
    return y.reshape(coefficients.shape[:-2] + y.shape[1:])


@public
def griffinlim_cqt(
    C: NDArray[Any],
    *,
    n_iter: int = 32,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
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
    random_state: int | np.random.RandomState | np.random.Generator | None = None,
    rng: RandomLike = None,
    gamma: float | None = 0,
    intervals: str | Collection[float] = "equal",
    method: str = "refined",
    inverse: str | None = "linear",
    phase: NDArray[Any] | None = None,
    mask: NDArray[Any] | None = None,
    librosa_version: str | None = None,
    progress: Progress = None,
) -> NDArray[Any]:
    """Sound from constant-Q magnitudes.

    Phase-gradient heap integration gives the phase to start from; accelerated Griffin-Lim, whose projection is least
    squares, and quasi-Newton steps refine it.

    Parameters
    ----------
    C : ndarray, shape (..., n_bins, frames)
        Magnitudes. Of complex coefficients the phase is looked at only with ``init=None``.
    n_iter : int
        Rounds in all, one half of Griffin-Lim, one half of quasi-Newton steps. 0 keeps the phase to start from.
    sr, hop_length, fmin, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, res_type
        As in `cqt`: what the transform was told.
    dtype : {float32, float64}, optional
        Type of the result. By default float32 for data in single precision, else float64.
    length : int or None
        Samples wanted. None is the middle of what the frames can be of.
    momentum : float
        How far Griffin-Lim runs ahead, 0 or more.
    init : {"random", None}
        None starts from the phase of `C`, as when an earlier result is taken up again. Otherwise `method` decides.
    random_state, rng : int, sequence of int, SeedSequence, Generator, BitGenerator, RandomState or None
        Where random phases start; the same seed gives the same sound. None is the same each time. librosa before 1.0
        calls it `random_state`, 1.0 `rng`: give one of the two.
    gamma : float or None
        As in `vqt`. 0 is constant Q.
    intervals : str or list of float
        As in `vqt`.
    method : {"refined", "heap", "griffin-lim"}
        Refining from heap integration, heap integration alone, or refining from random phase.
    inverse : {"linear", "adaptive", None}
        Whether at last a prior learnt from the sound estimates what the frames leave open: better where they are far
        apart, and slower. None takes it where they are.
    phase : ndarray, shape (..., n_bins, frames), optional
        Phase that is known, as complex numbers or radians. It is kept where `mask` says so.
    mask : ndarray, shape (n_bins, frames), optional
        Where `phase` is known. By default everywhere.
    librosa_version : str or None
        Whose definition the magnitudes follow. None is 1.0 where there are as many bins as fit below half the sample
        rate, which is its ``n_bins=None``, and 0.11 elsewhere.
    progress : bool or callable
        As in `icqt`.

    Returns
    -------
    ndarray, shape (..., length)
        Samples.

    Raises
    ------
    PhotophoneError
        A value out of its range, or magnitudes that are not numbers.

    Warns
    -----
    PhotophoneWarning
        If the result is not to be trusted.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> M = np.abs(photophone.cqt(y, sr=22050))
    >>> z = photophone.griffinlim_cqt(M, sr=22050, length=len(y))
    >>> N = np.abs(photophone.cqt(z, sr=22050))
    >>> bool(np.linalg.norm(M - N) < 0.05 * np.linalg.norm(M))
    True
    """
    data = cells(C)
    if init is not None and init not in ("random", None):
        raise PhotophoneError(f"init is {init!r}, expected 'random' or None")
    start = data if init is None and data.dtype.kind == "c" else None
    if init is None and start is None:
        start = np.ones(data.shape, dtype=np.complex64)
    y, _ = _retrieved(
        data, start=start, phase=phase, mask=mask, length=length, method=method, inverse=inverse, n_iter=n_iter,
        momentum=momentum, rng=one_of(random_state, rng), dtype=dtype, kind="floating-point", progress=progress, sr=sr,
        hop_length=hop_length, fmin=fmin, bins_per_octave=bins_per_octave, tuning=tuning, filter_scale=filter_scale,
        norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode, res_type=res_type, gamma=gamma,
        intervals=intervals, librosa_version=librosa_version,
    )  # fmt: skip
    return y.reshape(data.shape[:-2] + y.shape[1:])


@public
def phase_from_magnitude(
    M: NDArray[Any],
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | str | None = None,
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
    gamma: float | None = 0,
    intervals: str | Collection[float] = "equal",
    method: str = "refined",
    n_iter: int = 32,
    random_state: int | np.random.RandomState | np.random.Generator | None = None,
    rng: RandomLike = None,
    phase: NDArray[Any] | None = None,
    mask: NDArray[Any] | None = None,
    librosa_version: str | None = None,
    progress: Progress = None,
) -> NDArray[Any]:
    """Phase of constant-Q magnitudes, as unit complex numbers such as `librosa.magphase` gives.

    Parameters
    ----------
    M : ndarray, shape (..., n_bins, frames)
        Magnitudes.
    sr, hop_length, fmin, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, res_type
        As in `cqt`: what the transform was told.
    dtype : {complex64, complex128}, optional
        Type of the result. By default complex64 for magnitudes in single precision, else complex128.
    length, gamma, intervals, method, n_iter, random_state, rng, phase, mask, librosa_version, progress
        As in `griffinlim_cqt`. Known phase comes back as it was given.

    Returns
    -------
    ndarray, shape (..., n_bins, frames)
        Phasors: ``M * phase`` are coefficients. 1 where there is no sound.

    Raises
    ------
    PhotophoneError
        A value out of its range, or magnitudes that are not numbers.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> M = np.abs(photophone.cqt(y, sr=22050))
    >>> P = photophone.phase_from_magnitude(M, sr=22050, method="heap")
    >>> P.shape, P.dtype
    ((84, 44), dtype('complex128'))
    """
    data = cells(M, "M")
    _, phasors = _retrieved(
        data, start=None, phase=phase, mask=mask, length=length, method=method, inverse="linear", n_iter=n_iter,
        momentum=0.99, rng=one_of(random_state, rng), dtype=dtype, kind="complex", progress=progress, sr=sr,
        hop_length=hop_length, fmin=fmin, bins_per_octave=bins_per_octave, tuning=tuning, filter_scale=filter_scale,
        norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode, res_type=res_type, gamma=gamma,
        intervals=intervals, librosa_version=librosa_version,
    )  # fmt: skip
    return phasors.reshape(data.shape)


def _retrieved(
    data: NDArray[Any],
    *,
    start: NDArray[Any] | None,
    phase: NDArray[Any] | None,
    mask: NDArray[Any] | None,
    length: int | None,
    method: str,
    inverse: str | None,
    n_iter: int,
    momentum: float,
    rng: object,
    dtype: DTypeLike | None,
    kind: str,
    progress: Progress,
    **transform: Any,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Samples and phasors of magnitudes, channels first."""
    params = parameters(n_bins=data.shape[-2], **transform)
    if data.dtype.kind == "f" and (data < 0).any():
        raise PhotophoneError("magnitudes are negative: if they are decibels, undo them with librosa.db_to_amplitude")
    magnitudes = np.abs(folded(data, 2)).astype(np.float64, copy=False)
    known = None if phase is None else folded(known_phasors(phase, data.shape), 2)
    if mask is not None and known is None:
        raise PhotophoneError("mask is given without phase, expected the phase whose known cells it marks")
    trust = _trust(mask, data.shape)
    if known is not None and trust is None:
        trust = np.ones(data.shape[-2:])
    rounds = iterations("n_iter", n_iter, least=0)
    first, single = None if start is None else folded(start, 2), is_single(data, dtype, kind)
    with reporting(progress) as told:
        y, phasors, doubts = _native.retrieved(
            params, magnitudes, first, known, trust, samples_wanted(length), method, inverse, (rounds + 1) // 2,
            float(momentum), seed_from(rng), single, told,
        )  # fmt: skip
    warn(doubts, griffinlim_cqt)
    return y, phasors


def _trust(mask: object, shape: tuple[int, ...]) -> NDArray[np.float64] | None:
    """A mask as numbers from 0 to 1."""
    if mask is None:
        return None
    array = np.asarray(mask)
    if array.shape != shape[-2:]:
        raise PhotophoneError(f"mask has shape {array.shape}, expected bins by frames, {shape[-2:]}")
    if array.dtype.kind not in "biuf":
        raise PhotophoneError(f"mask has dtype {array.dtype}, expected booleans or numbers from 0 to 1")
    return array.astype(np.float64)
