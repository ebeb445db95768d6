"""Sound and coefficients to pictures: `draw`, `draw_coefficients` and `save_picture`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._arguments import WindowLike, cells, estimated_tuning, folded, known_phasors, signal
from ._editable import EditablePicture
from ._native import PhotophoneError
from ._picture import Path, Picture
from ._recipe import UNTOLD, Untold, recipe_json
from ._source import Writable
from ._wording import public, warn


@overload
def draw(
    y: NDArray[Any],
    sr: float = ...,
    *,
    editable: Literal[True],
    mono: bool = ...,
    bits: int = ...,
    hop_length: int | None = ...,
    bins_per_octave: int | None = ...,
) -> EditablePicture: ...


@overload
def draw(
    y: NDArray[Any],
    sr: float = ...,
    *,
    editable: Literal[False] = ...,
    mono: bool = ...,
    palette: str | None = ...,
    levels: str | None = ...,
    cell: tuple[int, int] = ...,
    bits: int = ...,
    reference: float | None = ...,
    hop_length: int | None = ...,
    fmin: float | str | None = ...,
    n_bins: int | None | Untold = ...,
    bins_per_octave: int | None = ...,
    tuning: float | None | Untold = ...,
    filter_scale: float | None = ...,
    norm: float | None | Untold = ...,
    sparsity: float | None = ...,
    window: WindowLike | None = ...,
    scale: bool | None = ...,
    pad_mode: str | None = ...,
    res_type: str | None = ...,
    gamma: float | None | Untold = ...,
    librosa_version: str | None = ...,
    max_memory: float | None = ...,
    max_work: float | None = ...,
) -> Picture: ...


@public
def draw(
    y: NDArray[Any],
    sr: float = 22050,
    *,
    editable: bool = False,
    mono: bool = False,
    palette: str | None = None,
    levels: str | None = None,
    cell: tuple[int, int] = (2, 4),
    bits: int = 8,
    reference: float | None = None,
    hop_length: int | None = None,
    fmin: float | str | None = None,
    n_bins: int | None | Untold = UNTOLD,
    bins_per_octave: int | None = None,
    tuning: float | None | Untold = UNTOLD,
    filter_scale: float | None = None,
    norm: float | None | Untold = UNTOLD,
    sparsity: float | None = None,
    window: WindowLike | None = None,
    scale: bool | None = None,
    pad_mode: str | None = None,
    res_type: str | None = None,
    gamma: float | None | Untold = UNTOLD,
    librosa_version: str | None = None,
    max_memory: float | None = None,
    max_work: float | None = None,
) -> Picture | EditablePicture:
    """Draws the constant-Q picture of a sound, with the recipe inside.

    Parameters
    ----------
    y : ndarray, shape (..., n)
        Samples. Leading axes are channels: a panel each, the first on top, on one scale of levels.
    sr : float
        Sample rate in Hz, a whole number.
    editable : bool
        Draws an `EditablePicture`: a gray one that carries the sound, whose levels can be written to. Of the other settings it
        has `mono`, `bits`, `hop_length` (256 unless told) and `bins_per_octave` (48). Samples are kept in single precision.
    mono : bool
        Mixes the channels to one, their mean, as `librosa.to_mono`.
    palette : str or None
        matplotlib's name; None is ``"magma"``, and ``"gray"`` for 16 bits.
    levels : str or None
        What levels mean: ``"linear"``, ``"power"``, ``"db"`` (80 dB below the loudest, the default) or ``"db:LOW:HIGH"``.
    cell : (width, height)
        Pixels of a cell.
    bits : {8, 16}
        Bits of a pixel; 16 is gray.
    reference : float or None
        Magnitude of the highest level. None is that of the loudest cell.
    hop_length, fmin, bins_per_octave, filter_scale, sparsity, window, scale, pad_mode, res_type, librosa_version
        The transform, as in `cqt`; None is librosa's default.
    n_bins : int or None
        As in `cqt`: None is as many as fit below half the sample rate. 84 unless told.
    tuning : float or None
        As in `cqt`: None estimates it with librosa. 0 unless told.
    norm : {1, 2, inf, None}
        As in `cqt`, where None is no norm. 1 unless told.
    gamma : float or None
        As in `vqt`, where None follows the ear. Constant Q unless told.
    max_memory : float or None
        Most memory in millions of bytes. None is 537 and 0.001 for each sample.
    max_work : float or None
        Most work in billions of operations, of which a core does one to ten a second. None is 30 and 0.0001 for each
        sample. Both are checked before the work begins.

    Returns
    -------
    Picture
        Or, with `editable`, an `EditablePicture`.

    Raises
    ------
    PhotophoneError
        If the sound cannot be drawn so.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> photophone.draw(y, 22050, palette="viridis", cell=(1, 1))
    <Picture 84 x 44 cells, 44 x 84 px, viridis, db:-80:0>
    >>> picture = photophone.draw(y, 22050, editable=True)
    >>> bool((picture.sound() == y.astype(np.float32)).all())
    True
    >>> picture.levels[picture.frequencies < 1000] = -np.inf
    >>> bool(abs(picture.sound()[5000:-5000]).max() < 1e-2)
    True
    """
    samples = signal(y)
    if samples.size == 0:
        raise PhotophoneError(f"y has shape {samples.shape}, expected samples")
    channels = samples.reshape(-1, samples.shape[-1]).astype(np.float32, copy=False)
    if editable:
        others = dict(
            palette=palette, levels=levels, reference=reference, fmin=fmin, filter_scale=filter_scale, sparsity=sparsity,
            window=window, scale=scale, pad_mode=pad_mode, res_type=res_type, librosa_version=librosa_version,
            max_memory=max_memory, max_work=max_work,
        )  # fmt: skip
        untold = dict(n_bins=n_bins, tuning=tuning, norm=norm, gamma=gamma)
        given = [name for name, value in others.items() if value is not None]
        given += [name for name, value in untold.items() if value is not UNTOLD]
        given += ["cell"] if cell != (2, 4) else []
        if given:
            raise PhotophoneError(
                f"{given[0]} is given for an editable picture, which has rows and levels of its own, expected none but mono, "
                "bits, hop_length and bins_per_octave"
            )
        shape = samples.shape
        if mono:
            channels, shape = channels.mean(axis=0, dtype=np.float64).astype(np.float32)[None], shape[-1:]
        rate = _rate(sr)
        drawn_own = _native.OwnPicture.draw(
            channels, rate, _counted("hop_length", hop_length), _counted("bins_per_octave", bins_per_octave),
            _native.count("bits", bits),
        )  # fmt: skip
        return EditablePicture(drawn_own, rate, shape)
    if tuning is None:
        tuning = estimated_tuning(channels.mean(axis=0) if mono else channels, sr, bins_per_octave or 12)
    known = dict(
        palette=palette, levels=levels, reference=reference, hop_length=hop_length, fmin=fmin,
        n_bins=UNTOLD if n_bins is None else n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=gamma, librosa_version=librosa_version,
    )  # fmt: skip
    recipe_text = recipe_json(None, known)
    width, height = _cell(cell)
    rate = _rate(sr)
    depth = _native.count("bits", bits)
    limits = _native.Limits(max_memory, max_work)
    drawn = _native.drawn_sound(channels, rate, recipe_text, n_bins is None, bool(mono), width, height, depth, limits)
    return _told(Picture(drawn), draw)


@public
def draw_coefficients(
    C: NDArray[Any],
    *,
    phase: NDArray[Any] | None = None,
    palette: str | None = None,
    levels: str | None = None,
    reference: float | None = None,
    cell: tuple[int, int] = (1, 1),
    bits: int = 8,
    sr: float | None = None,
    sample_rate: int | None = None,
    hop_length: int | None = None,
    fmin: float | str | None = None,
    n_bins: int | None = None,
    bins_per_octave: int | None = None,
    tuning: float | str | None | Untold = UNTOLD,
    filter_scale: float | None = None,
    norm: float | None | Untold = UNTOLD,
    sparsity: float | None = None,
    window: WindowLike | None = None,
    scale: bool | None = None,
    pad_mode: str | None = None,
    res_type: str | None = None,
    gamma: float | None | Untold = UNTOLD,
    librosa_version: str | None = None,
    length: int | None = None,
    inverse: str | None = None,
) -> Picture:
    """Draws coefficients or magnitudes as a picture, without saving it.

    Parameters
    ----------
    C : ndarray, shape (..., n_bins, frames)
        Complex coefficients, as `cqt` or `librosa.cqt` gives them, or magnitudes. Leading axes are channels: each is a panel.
    phase, palette, levels, reference, cell, bits, sr, sample_rate, hop_length, fmin, n_bins, bins_per_octave, tuning, \
filter_scale, norm, sparsity, window, scale, pad_mode, res_type, gamma, librosa_version, length, inverse
        As in `save_picture`.

    Returns
    -------
    Picture

    Raises
    ------
    PhotophoneError
        If the coefficients cannot be drawn so.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> photophone.draw_coefficients(photophone.cqt(y, sr=22050), sr=22050, bits=16)
    <Picture 84 x 44 cells, 44 x 84 px, gray, db:-80:0>
    """
    array = cells(C)
    if not array.size:
        raise PhotophoneError(f"C has shape {array.shape}, expected values")
    if phase is not None:
        if array.dtype.kind == "c":
            raise PhotophoneError("phase is given but C is complex, expected magnitudes: use np.abs(C)")
        array = array * known_phasors(phase, array.shape)
    known = dict(
        palette=palette, levels=levels, reference=reference, sr=sr, sample_rate=sample_rate, hop_length=hop_length, fmin=fmin, n_bins=n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=gamma, librosa_version=librosa_version, length=length, inverse=inverse,
    )  # fmt: skip
    recipe_text = recipe_json(None, known)
    width, height = _cell(cell)
    depth = _native.count("bits", bits)
    array = folded(array, 2)
    if array.dtype.kind == "c":
        data = _native.drawn_coefficients(array, recipe_text, width, height, depth)
    else:
        data = _native.drawn_magnitudes(array.astype(np.float64), recipe_text, width, height, depth)
    return _told(Picture(data), draw_coefficients)


@public
def save_picture(
    path: Path | Writable,
    C: NDArray[Any],
    *,
    sr: float | None = None,
    phase: NDArray[Any] | None = None,
    palette: str | None = None,
    levels: str | None = None,
    reference: float | None = None,
    cell: tuple[int, int] = (1, 1),
    bits: int = 8,
    phase_file: Writable | None = None,
    sample_rate: int | None = None,
    hop_length: int | None = None,
    fmin: float | str | None = None,
    n_bins: int | None = None,
    bins_per_octave: int | None = None,
    tuning: float | str | None | Untold = UNTOLD,
    filter_scale: float | None = None,
    norm: float | None | Untold = UNTOLD,
    sparsity: float | None = None,
    window: WindowLike | None = None,
    scale: bool | None = None,
    pad_mode: str | None = None,
    res_type: str | None = None,
    gamma: float | None | Untold = UNTOLD,
    librosa_version: str | None = None,
    length: int | None = None,
    inverse: str | None = None,
) -> str | None:
    """Saves coefficients as a picture that `recover` can read back: use it in place of `plt.savefig`.

    One pixel a cell or a whole multiple, no margin, the recipe inside, recipe and phase beside it.

    Parameters
    ----------
    path : str, path or open file
        A name that ends in ``.png``, or a file that is open for writing bytes; as in `Picture.save`.
    C : ndarray, shape (..., n_bins, frames)
        Complex coefficients, as `cqt` or `librosa.cqt` gives them, or magnitudes. Leading axes are channels: each is a panel.
    sr : float or None
        Sample rate that the transform was told, in Hz. What is left out will have to be told when the picture is read.
    phase : ndarray, shape (..., n_bins, frames), optional
        Phase of magnitudes, as complex numbers or radians, to be kept beside the picture.
    palette : str or None
        matplotlib's name; None is ``"magma"``, and ``"gray"`` for 16 bits.
    levels : str or None
        What levels mean: ``"linear"``, ``"power"``, ``"db"`` (80 dB below the loudest, the default) or ``"db:LOW:HIGH"``.
    reference : float or None
        Magnitude of the highest level. None is that of the loudest cell.
    cell : (width, height)
        Pixels of a cell.
    bits : {8, 16}
        Bits of a pixel; 16 is gray.
    phase_file : open file, optional
        Where the phase goes, if `path` is an open file.
    sample_rate : int or None
        That of the samples, where the transform was told another.
    hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode, res_type, \
gamma, librosa_version
        What the transform was told, as in `cqt` and `vqt`. ``tuning=None`` leaves it to be read from the phase.
    length : int or None
        Samples of the sound.
    inverse : {"linear", "adaptive", None}
        As in `icqt`, for whoever recovers the sound.

    Returns
    -------
    str or None
        Name of the phase file, ``NAME.phase.npy``; None for magnitudes.

    Raises
    ------
    OSError
        If a file cannot be written; then what was there before still is.
    PhotophoneError
        If the coefficients cannot be drawn so.

    Examples
    --------
    >>> import numpy as np, os, photophone, tempfile
    >>> y = 0.5 * np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "song.png")
    ...     phase = photophone.save_picture(path, photophone.cqt(y, sr=22050), sr=22050, length=len(y), bits=16)
    ...     z, sr, report = photophone.recover(path)
    >>> len(z), sr, bool(np.abs(y - z)[2000:-2000].max() < 0.01)
    (22050, 22050, True)
    """
    picture = draw_coefficients(
        C, phase=phase, palette=palette, levels=levels, reference=reference, cell=cell, bits=bits, sr=sr,
        sample_rate=sample_rate, hop_length=hop_length, fmin=fmin, n_bins=n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=gamma, librosa_version=librosa_version, length=length, inverse=inverse,
    )  # fmt: skip
    return picture.save(path, phase_file=phase_file)


def _told(picture: Picture, function: Callable[..., Picture]) -> Picture:
    """The picture, its doubts raised as warnings."""
    warn(picture.report["warnings"], function)
    return picture


def _cell(cell: Any) -> tuple[int, int]:
    try:
        width, height = tuple(cell)
    except (TypeError, ValueError):
        raise PhotophoneError(f"cell is {cell!r}, expected pixels across and up a cell, such as (1, 1)") from None
    return _native.count("cell", width), _native.count("cell", height)


def _counted(name: str, number: object) -> int | None:
    return None if number is None else _native.count(name, number)


def _rate(sr: object) -> int:
    rate = _native.count("sr", sr)
    if not 1 <= rate <= 10_000_000:
        raise PhotophoneError(f"sr is {rate}, expected a whole number of Hz, 1 to 10 000 000")
    return rate
