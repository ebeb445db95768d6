"""Sound from mel spectrograms: `mel_to_audio`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import _native
from ._arguments import Progress, WindowLike, cells, folded, is_single, iterations, samples_wanted
from ._native import PhotophoneError
from ._progress import reporting
from ._random import RandomLike, one_of, seed_from
from ._stft import stft_settings
from ._wording import public


@public
def mel_to_audio(
    M: NDArray[Any],
    *,
    sr: float = 22050,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowLike = "hann",
    center: bool = True,
    pad_mode: str = "constant",
    power: float = 2.0,
    n_iter: int = 32,
    length: int | None = None,
    dtype: DTypeLike | None = np.float32,
    fmin: float = 0.0,
    fmax: float | None = None,
    htk: bool = False,
    norm: str | float | None = "slaney",
    random_state: RandomLike = None,
    rng: RandomLike = None,
    method: str = "refined",
    progress: Progress = None,
) -> NDArray[Any]:
    """Sound from a mel spectrogram, as `librosa.feature.melspectrogram` or torchaudio makes one.

    The sound's own mel spectrogram comes to the one given: from the smoothest magnitudes that have it and a phase by heap
    integration, by fast Griffin-Lim that scales magnitudes band by band, and by quasi-Newton steps. For torchaudio's spectrograms give ``htk=True, norm=None, pad_mode="reflect"``.

    Parameters
    ----------
    M : ndarray, shape (..., n_mels, frames)
        Mel spectrogram: powers, or what `power` says; not decibels.
    sr : float
        Sample rate in Hz.
    n_fft : int
        Samples of a frame and of its FFT.
    hop_length, win_length, window, center, pad_mode
        As in `stft`.
    power : float
        Power of the magnitudes that bands sum: 2 or 1, or another number above 0.
    n_iter : int
        Rounds, each of six steps, two thirds of them of Griffin-Lim. 0 keeps the sound to start from.
    length : int or None
        Samples wanted. None is the shortest that the frames can be of.
    dtype : {float32, float64}, optional
        Type of the result. None is that of the data.
    fmin, fmax : float
        Lower edge of the lowest band and upper edge of the highest in Hz. None is half of `sr`.
    htk : bool
        Whether the mel scale is HTK's, or Slaney's.
    norm : {"slaney", None} or float
        How each band's filter is normalised: by its width, not at all, or by a norm of its weights.
    random_state, rng, method, progress
        As in `griffinlim_cqt`.

    Returns
    -------
    ndarray, shape (..., length)
        Samples.

    Raises
    ------
    PhotophoneError
        A value out of its range, or a spectrogram with negative values or ones that are not numbers.

    Examples
    --------
    >>> import librosa, numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> M = librosa.feature.melspectrogram(y=y, sr=22050)
    >>> z = photophone.mel_to_audio(M, length=len(y), dtype=np.float64)
    >>> bool(np.linalg.norm(librosa.feature.melspectrogram(y=z, sr=22050) - M) < 0.02 * np.linalg.norm(M))
    True
    """
    data = cells(M, "M")
    if data.dtype.kind != "f":
        raise PhotophoneError(f"M has dtype {data.dtype}, expected the values of a mel spectrogram, which are real")
    rounds = iterations("n_iter", n_iter, least=0)
    stft = stft_settings(n_fft, hop_length, win_length, window, center, pad_mode)
    norm_text = norm if isinstance(norm, str) else "none" if norm is None else repr(float(norm))
    settings = _native.MelSettings(
        stft, float(sr), data.shape[-2], float(fmin), None if fmax is None else float(fmax), bool(htk), norm_text, float(power)
    )
    single = is_single(data, dtype, "floating-point")
    with reporting(progress) as told:
        y: NDArray[Any] = _native.mel_retrieved(
            settings, folded(data.astype(np.float64), 2), samples_wanted(length), method, (rounds + 1) // 2,
            seed_from(one_of(random_state, rng)), single, told,
        )  # fmt: skip
    return y.reshape(data.shape[:-2] + y.shape[1:])
