"""Edits as changes: `edit`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._arguments import folded, signal
from ._native import PhotophoneError
from ._wording import public

_VERSION = 1


@public
def edit_axes(
    length: int, sr: float = 44100, *, rows_per_octave: int = 48, hop: int = 256
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Which frequency and which time the gains of `edit` belong to.

    Parameters
    ----------
    length : int
        Samples of the sound.
    sr : float
        Samples a second.
    rows_per_octave, hop : int
        As in `edit`.

    Returns
    -------
    frequencies : ndarray, shape (rows,)
        The centre of each row in Hz, from 0 Hz to half the rate.
    times : ndarray, shape (columns,)
        The middle of each column in seconds. Column ``c`` holds the samples from ``c * hop`` to ``(c + 1) * hop``.

    Raises
    ------
    PhotophoneError
        A value out of its range.

    Examples
    --------
    >>> import photophone
    >>> frequencies, times = photophone.edit_axes(22050, sr=22050)
    >>> len(times), float(frequencies[0]), float(frequencies[-1])
    (87, 0.0, 11025.0)
    """
    surface = _surface(_native.count("length", length), sr, rows_per_octave, hop)
    return np.array(surface.frequencies()), np.array(surface.times())


@public
def edit(
    y: NDArray[Any],
    sr: float = 44100,
    gain: ArrayLike | None = None,
    *,
    edits: Sequence[Mapping[str, Any]] | Mapping[str, Any] | str | None = None,
    edge: str = "inside",
    rows_per_octave: int = 48,
    hop: int = 256,
) -> NDArray[Any]:
    """The sound with parts of its spectrogram made louder, fainter or silent, and the rest as it is.

    What was changed alone is synthesised, by the exact constant-Q transform, and added. Where `gain` is exactly 1 nothing
    is added, and samples farther from a change than its frequencies ring are returned to the last bit.

    Parameters
    ----------
    y : ndarray, shape (..., n)
        Samples, float32 or float64. Leading axes are channels.
    sr : float
        Samples a second.
    gain : array-like, shape (rows, columns) or (..., rows, columns)
        What each pixel is multiplied by, 0 or above: of all channels, or of each. `edit_axes` tells which frequency and
        time a row and a column are: row 0 is 0 Hz, and column ``c`` holds the samples from ``c * hop`` on.
    edits : list of dict, dict or str
        In place of `gain`, shapes in seconds and Hz: ``[{"shape": {"rectangle": {"secs": [1, 2], "hz": [300, 900]}},
        "action": "erase"}]``, or the text of a file of edits. Shapes are ``rectangle``, ``band`` (``hz``), ``time``
        (``secs``) and ``lasso`` (``points``, each seconds and Hz); actions ``"erase"`` and ``{"gain_db": -12}``.
        ``"soft_cells"`` fades the border over so many cells, ``"channels"`` names the channels it is for.
    edge : {"inside", "outside"}
        Inside: all that was changed has its gain, and what lies within three cells outside hears it. Outside: the change is
        not grown by a cell, which spares what lies beside it, and its outermost cells keep part of what they held.
    rows_per_octave : int
        Rows an octave, 6 to 96: more of them tell frequencies apart better and times worse.
    hop : int
        Samples of a column.

    Returns
    -------
    ndarray, shape (..., n)
        The sound, of `y`'s precision. Peaks may come to lie above 1.

    Raises
    ------
    PhotophoneError
        Both or neither of `gain` and `edits`; gains of another shape or below 0; edits that cannot be read.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> t = np.arange(22050) / 22050
    >>> low, high = np.sin(2 * np.pi * 300 * t), np.sin(2 * np.pi * 3000 * t)
    >>> frequencies, times = photophone.edit_axes(22050, sr=22050)
    >>> gain = np.ones((len(frequencies), len(times)))
    >>> gain[frequencies > 1000] = 0
    >>> z = photophone.edit(low + high, 22050, gain)
    >>> bool(abs(z - low)[5000:-5000].max() < 1e-4)
    True
    """
    if (gain is None) == (edits is None):
        raise PhotophoneError("give either gain or edits, and not both")
    samples = signal(y)
    surface = _surface(samples.shape[-1], sr, rows_per_octave, hop)
    channels = folded(samples, 1)
    if gain is not None:
        found = _native.edited_by_gains(surface, channels, _gains(gain, samples, surface.shape()), str(edge))
    else:
        found = _native.edited_by_shapes(surface, channels, _text(edits), str(edge))
    return found.reshape(samples.shape)


def _surface(samples: int, sr: float, rows_per_octave: int, hop: int) -> _native.EditSurface:
    try:
        rate = float(sr)
    except (TypeError, ValueError):
        raise PhotophoneError(f"sr is {sr!r}, expected a number above 0") from None
    return _native.EditSurface(rate, samples, rows_per_octave, hop)


def _gains(gain: ArrayLike, samples: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.float32]:
    """The gains, a plane for all channels or one for each."""
    try:
        gains = np.asarray(gain, dtype=np.float32)
    except (TypeError, ValueError):
        raise PhotophoneError("gain is no array of numbers") from None
    if gains.shape not in (shape, samples.shape[:-1] + shape):
        raise PhotophoneError(
            f"gain has shape {gains.shape}, expected {shape}: rows and columns, as edit_axes gives them for this sound"
        )
    return folded(gains, 2)


def _text(edits: Sequence[Mapping[str, Any]] | Mapping[str, Any] | str | None) -> str:
    """The edits as JSON."""
    if isinstance(edits, str):
        return edits
    whole = edits if isinstance(edits, Mapping) else {"version": _VERSION, "edits": edits}
    try:
        return json.dumps(whole)
    except (TypeError, ValueError) as error:
        raise PhotophoneError(f"edits cannot be told in JSON: {error}") from None
