"""librosa's constant-Q transforms that cannot be turned back into sound: refused by name, with the reason."""

from __future__ import annotations

from typing import Any, NoReturn

from numpy.typing import DTypeLike, NDArray

from ._arguments import WindowLike
from ._native import PhotophoneError
from ._wording import public


@public
def pseudo_cqt(
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
    dtype: DTypeLike | None = None,
) -> NoReturn:
    """Refused: `librosa.pseudo_cqt` keeps no phase, and its magnitudes are not those of a constant-Q transform.

    It multiplies the magnitudes of one short-time Fourier transform with those of the filters' spectra, so that what
    interferes within a filter is added without sign. No sound has such coefficients, and none can be found from them.
    Use `cqt`, or ``np.abs(photophone.cqt(...))`` where magnitudes are wanted: `griffinlim_cqt` finds their sound.

    Parameters
    ----------
    y, sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, \
dtype
        As in `librosa.pseudo_cqt`; none is looked at.

    Returns
    -------
    NoReturn
        It always raises.

    Raises
    ------
    PhotophoneError
        Always.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> photophone.pseudo_cqt(np.zeros(22050))    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    photophone.PhotophoneError: pseudo_cqt keeps no phase, ...
    """
    raise _refusal("pseudo_cqt", "it adds an STFT's magnitudes over each filter")


@public
def hybrid_cqt(
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
) -> NoReturn:
    """Refused: `librosa.hybrid_cqt` keeps no phase, and its high bins are those of `librosa.pseudo_cqt`.

    Where filters are shorter than two hops it is `pseudo_cqt`, below the magnitudes of `cqt`. Use `cqt`, or
    ``np.abs(photophone.cqt(...))`` where magnitudes are wanted: `griffinlim_cqt` finds their sound.

    Parameters
    ----------
    y, sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, \
res_type, dtype
        As in `librosa.hybrid_cqt`; none is looked at.

    Returns
    -------
    NoReturn
        It always raises.

    Raises
    ------
    PhotophoneError
        Always.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> photophone.hybrid_cqt(np.zeros(22050))    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    photophone.PhotophoneError: hybrid_cqt keeps no phase, ...
    """
    raise _refusal("hybrid_cqt", "where filters are short it adds an STFT's magnitudes over each")


def _refusal(name: str, how: str) -> PhotophoneError:
    return PhotophoneError(
        f"{name} keeps no phase, and {how}, so that no sound has such coefficients: use cqt, and np.abs(cqt(...)) where "
        f"magnitudes are wanted. librosa.{name} still computes it, but nothing here turns it back into sound"
    )
