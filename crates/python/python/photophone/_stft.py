"""The short-time Fourier transform: `stft`, `istft`, `griffinlim`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import _native
from ._arguments import Progress, WindowLike, cells, folded, is_single, iterations, samples_wanted, signal, window_text
from ._native import PhotophoneError
from ._progress import reporting
from ._random import RandomLike, one_of, seed_from
from ._wording import public


@public
def stft(
    y: NDArray[Any],
    *,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowLike = "hann",
    center: bool = True,
    dtype: DTypeLike | None = None,
    pad_mode: str = "constant",
) -> NDArray[Any]:
    """Short-time Fourier transform, as `librosa.stft` computes it.

    Computed in double precision whatever the input is. `torch.stft` is the same with ``pad_mode="reflect"``.

    Parameters
    ----------
    y : ndarray, shape (..., n)
        Samples, float32 or float64. Leading axes are channels.
    n_fft : int
        Samples of a frame and of its FFT, 2 or more.
    hop_length : int or None
        Samples between frames. None is a quarter of `win_length`.
    win_length : int or None
        Samples of the window, in the middle of the frame. None is `n_fft`.
    window : str, tuple or float
        As in `cqt`.
    center : bool
        Whether frame ``t`` is centred on sample ``t * hop_length``, or begins there.
    dtype : {complex64, complex128}, optional
        Type of the result. By default complex64 for float32 samples, else complex128.
    pad_mode : str
        What lies beyond the ends, with `center`. librosa before 0.10 took ``"reflect"`` unless told otherwise.

    Returns
    -------
    ndarray, shape (..., 1 + n_fft // 2, frames)
        Complex coefficients.

    Raises
    ------
    PhotophoneError
        A value out of its range, or samples that are not numbers.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> photophone.stft(y).shape
    (1025, 44)
    """
    samples = signal(y)
    single = is_single(samples, dtype, "complex")
    settings = stft_settings(n_fft, hop_length, win_length, window, center, pad_mode)
    D: NDArray[Any] = _native.stft_forward(settings, folded(samples, 1), single)
    return D.reshape(samples.shape[:-1] + D.shape[1:])


@public
def istft(
    stft_matrix: NDArray[Any],
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: WindowLike = "hann",
    center: bool = True,
    dtype: DTypeLike | None = None,
    length: int | None = None,
) -> NDArray[Any]:
    """Samples of short-time Fourier coefficients, as `librosa.istft` computes them.

    Overlap-add with the dual window: exact wherever a window reaches, and the nearest sound of coefficients that no sound
    has.

    Parameters
    ----------
    stft_matrix : ndarray, shape (..., 1 + n_fft // 2, frames)
        Complex coefficients.
    n_fft : int or None
        Samples of a frame. None is an even number, by the rows.
    hop_length, win_length, window, center
        As in `stft`.
    dtype : {float32, float64}, optional
        Type of the result. By default float32 for data in single precision, else float64.
    length : int or None
        Samples wanted. None is the shortest that the frames can be of.

    Returns
    -------
    ndarray, shape (..., length)
        Samples.

    Raises
    ------
    PhotophoneError
        A value out of its range, or coefficients of another shape.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> bool(np.allclose(photophone.istft(photophone.stft(y), length=len(y)), y))
    True
    """
    data = cells(stft_matrix, "stft_matrix")
    if data.dtype.kind != "c":
        raise PhotophoneError(f"stft_matrix has dtype {data.dtype}, expected complex numbers: for magnitudes use griffinlim")
    single = is_single(data, dtype, "floating-point")
    settings = stft_settings(_rows_of(data, n_fft), hop_length, win_length, window, center, "constant")
    y: NDArray[Any] = _native.stft_inverse(settings, folded(data, 2), samples_wanted(length), single)
    return y.reshape(data.shape[:-2] + y.shape[1:])


@public
def griffinlim(
    S: NDArray[Any],
    *,
    n_iter: int = 32,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: WindowLike = "hann",
    center: bool = True,
    dtype: DTypeLike | None = None,
    length: int | None = None,
    pad_mode: str = "constant",
    momentum: float = 0.99,
    init: str | None = "random",
    random_state: RandomLike = None,
    rng: RandomLike = None,
    method: str = "refined",
    progress: Progress = None,
) -> NDArray[Any]:
    """Sound from short-time Fourier magnitudes.

    Phase-gradient heap integration gives the phase to start from; accelerated Griffin-Lim refines it (Nenov, Nguyen, Balazs
    and Bot 2023).

    Parameters
    ----------
    S : ndarray, shape (..., 1 + n_fft // 2, frames)
        Magnitudes. Of complex coefficients the phase is looked at only with ``init=None``.
    n_iter : int
        Rounds, each of three iterations of Griffin-Lim; where windows leave some samples out, one half of them are of
        quasi-Newton steps. 0 keeps the phase to start from.
    hop_length, win_length, window, center, pad_mode
        As in `stft`.
    n_fft, dtype, length
        As in `istft`.
    momentum, init, random_state, rng, method, progress
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
    >>> S = np.abs(photophone.stft(y))
    >>> T = np.abs(photophone.stft(photophone.griffinlim(S, length=len(y))))
    >>> bool(np.linalg.norm(S - T) < 0.05 * np.linalg.norm(S))
    True
    """
    data = cells(S, "S")
    if init not in ("random", None):
        raise PhotophoneError(f"init is {init!r}, expected 'random' or None")
    start = None
    if init is None:
        start = folded(data.astype(np.complex128) if data.dtype.kind == "c" else np.ones(data.shape, complex), 2)
    rounds = iterations("n_iter", n_iter, least=0)
    settings = stft_settings(_rows_of(data, n_fft), hop_length, win_length, window, center, pad_mode)
    single = is_single(data, dtype, "floating-point")
    with reporting(progress) as told:
        y: NDArray[Any] = _native.stft_retrieved(
            settings, folded(np.abs(data).astype(np.float64), 2), start, samples_wanted(length), method, (rounds + 1) // 2, float(momentum),
            seed_from(one_of(random_state, rng)), single, told,
        )  # fmt: skip
    return y.reshape(data.shape[:-2] + y.shape[1:])


def stft_settings(
    n_fft: int, hop_length: int | None, win_length: int | None, window: WindowLike, center: bool, pad_mode: str
) -> _native.StftSettings:
    """What a transform is, from librosa's arguments."""
    return _native.StftSettings(n_fft, hop_length, win_length, window_text(window), bool(center), pad_mode)


def _rows_of(data: NDArray[Any], n_fft: int | None) -> int:
    """Samples of a frame: as told, else an even number by the rows."""
    rows = data.shape[-2]
    wanted = 2 * (rows - 1) if n_fft is None else n_fft
    if wanted // 2 + 1 != rows:
        raise PhotophoneError(f"n_fft is {wanted}, which has {wanted // 2 + 1} rows, but there are {rows}")
    return wanted
