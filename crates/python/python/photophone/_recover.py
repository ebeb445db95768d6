"""Picture or array to sound: `recover`."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._arguments import Progress, WindowLike
from ._arguments import iterations as most_iterations
from ._editable import EditablePicture
from ._native import PhotophoneError, Source
from ._picture import Path, Picture
from ._progress import reporting
from ._recipe import UNTOLD, Untold, recipe_json
from ._report import Report
from ._source import (
    PictureLike,
    are_channels,
    file_source,
    is_split,
    mask_source,
    numbers_source,
    phase_source,
    picture_source,
)
from ._wording import arguments_of, public, warn


@public
def recover(
    picture: PictureLike,
    phase: Any = None,
    *,
    original: PictureLike | None = None,
    mask: Any = None,
    recipe: dict[str, Any] | Path | None = None,
    levels: str | None = None,
    crop: tuple[int, int, int, int] | None = None,
    cells: tuple[int, int] | None = None,
    palette: str | None = None,
    flip: str | None = None,
    transposed: bool = False,
    max_pixels: int = 0,
    axis: str | None = None,
    duration: float | None = None,
    panel: int | None = None,
    max_memory: float | None = None,
    max_work: float | None = None,
    centres: bool = False,
    phase_method: str = "refined",
    seed: int = 0,
    iterations: int | None = None,
    gain: float = 0.0,
    normalise: bool = False,
    despite_doubt: bool = False,
    edge: str = "inside",
    progress: Progress = None,
    transform: str | None = None,
    sr: float | None = None,
    sample_rate: int | None = None,
    hop_length: int | None = None,
    fmin: float | str | None = None,
    n_bins: int | None = None,
    bins_per_octave: int | None = None,
    intervals: str | Collection[float] | None = None,
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
    n_fft: int | None = None,
    win_length: int | None = None,
    center: bool | None = None,
    n_mels: int | None = None,
    fmax: float | None = None,
    mel_scale: str | None = None,
    mel_norm: str | float | None = None,
    power: float | None = None,
    length: int | None = None,
    reference: float | None = None,
    inverse: str | None = None,
) -> tuple[NDArray[np.float32], int, Report]:
    """Recovers the sound of a picture, of coefficients or of magnitudes: what the command ``photophone recover`` does.

    Parameters
    ----------
    picture : str, path, open file, bytes, ndarray, Pillow image, Picture or EditablePicture
        A picture as in `read_picture`; a file of coefficients or magnitudes (``.npy``, ``.npz``, ``.mat``); complex
        coefficients, bins by frames, or bins by frames by real and imaginary part; or floating-point numbers, bins by
        frames: magnitudes, or what ``levels`` says, which `flip` and `transposed` turn too. A matrix of uint8 or uint16 is
        a gray picture. Of several channels numbers are channels by bins by frames: tuning, pad mode, length and gain are
        found for all together.
    phase : str, path, open file, bytes, ndarray, Picture or None
        The kept phase, (channels by) bins by frames: complex numbers or radians. Without it the phase is found from the magnitudes.
    original : picture or None
        The picture as it was when the phase was kept: cells that changed since then lose their phase. It tells what the
        edited one has lost: recipe, palette, cells and phase.
    mask : picture or ndarray, optional
        White (or True) where the picture was edited, row 0 at the top; of the picture's size or one pixel a cell.
    recipe : dict, str, path or None
        What is known of how the picture was made: a recipe file, or its names and values. The same can be given as
        keyword arguments.
    levels : str or None
        What levels mean: ``"linear"``, ``"power"``, ``"db"``, ``"ln"``, ``"db:LOW:HIGH"`` or ``"ln:LOW:HIGH"``. None
        finds out of a picture, and takes an array for magnitudes.
    crop, cells, palette, flip, transposed, max_pixels
        As in `read_picture`.
    axis : {"linear", "log", "librosa-log", "mel", None}
        How a figure's frequencies are spread, to `fmax` at the upper edge. None reads it off the axis.
    duration : float or None
        Seconds from the left edge of the data to the right one. None reads it off the axis.
    panel : int or None
        Which of several boxes of data is meant, counted from 1.
    max_memory : float or None
        Most memory in millions of bytes. None is 537 and 0.031 for each cell.
    max_work : float or None
        Most work in billions of operations, of which a core does one to ten a second. None is 1.2 and 0.02 for each cell.
        Both are checked before the work begins.
    centres : bool
        Takes each level for the centre of its range; for comparison.
    phase_method : {"refined", "heap", "griffin-lim"}
        How phase that is not known is found.
    seed : int
        Where random phases start.
    iterations : int or None
        Most iterations over all steps, 1 or more: steps of a solver and rounds of phase retrieval. None lets each step
        take what it needs.
    gain : float
        Gain in dB.
    normalise : bool
        Brings the peak to full scale.
    despite_doubt : bool
        Makes a sound even of a picture whose reading is less than half sure, or of magnitudes that are of none.
    edge : {"inside", "outside"}
        What the borders of edits are exact about, in a picture that was drawn with ``editable=True``, as in `edit`.
    progress : bool or callable
        As in `icqt`.
    transform : {"cqt", "vqt", "stft", "mel", None}
        Which transform made it, `stft` with its n_fft and hop behind colons if you like, ``"stft:2048:512"``, and
        `mel` with its bands before them: ``"mel:128:2048:512"``. None is what a figure's axes say, else "cqt". This and all that follow are the recipe: what is
        None is found, or librosa's default; the report tells which.
    sr : float or None
        Sample rate in Hz that the transform was told.
    sample_rate : int or None
        That of the samples, where it is another one.
    hop_length, fmin, n_bins, bins_per_octave, filter_scale, sparsity, window, scale, pad_mode, res_type, librosa_version
        As in `cqt`: what the transform was told.
    intervals : str, list of float or None
        As in `vqt`. None finds named ones out of complex coefficients, else takes equal ones.
    tuning : float, "auto" or None
        As in `cqt`; "auto" and None read it from the phase.
    norm : {1, 2, inf, None}
        As in `cqt`, where None is no norm.
    gamma : float or None
        As in `vqt`, where None follows the ear. Constant Q unless told.
    n_fft, win_length, center : int, int and bool, or None
        As in `stft`, where `transform` is one or "mel"; `hop_length`, `window` and `pad_mode` are then `stft`'s too.
    n_mels, fmax, mel_scale, mel_norm, power : int, float, {"slaney", "htk"}, {"slaney", "none"} or float, and float, or None
        Of a mel spectrogram: its bands, the upper edge of the highest in Hz (`fmin` is the lower one of the lowest), the
        scale, how bands are normalised, and the power of the magnitudes that they sum. An array is taken for such sums,
        not for magnitudes, unless `levels` is told.
    length : int or None
        Samples of the sound.
    reference : float or None
        Magnitude of level 1.
    inverse : {"linear", "adaptive", None}
        As in `icqt`.

    Returns
    -------
    y : ndarray of float32, shape (n,) or (channels, n)
        Samples.
    sample_rate : int
        Their rate in Hz.
    report : Report
        What was read, given and assumed. ``print(report)`` shows it.

    Raises
    ------
    OSError
        If a file cannot be read.
    PhotophoneError
        If something cannot be used, or two sources say different things.

    Warns
    -----
    PhotophoneWarning
        Each of ``report["warnings"]``.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> drawn = photophone.draw(y, 22050)
    >>> z, sr, report = photophone.recover(drawn)
    >>> len(z), sr, bool(np.corrcoef(y, z)[0, 1] > 0.999)
    (22050, 22050, True)
    """
    known = dict(
        transform=transform, intervals=intervals, n_fft=n_fft, win_length=win_length, center=center,
        n_mels=n_mels, fmax=fmax, mel_scale=mel_scale, mel_norm=mel_norm, power=power,
        sr=sr, sample_rate=sample_rate, hop_length=hop_length, fmin=fmin, n_bins=n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=gamma, librosa_version=librosa_version, length=length,
        reference=reference, inverse=inverse,
    )  # fmt: skip
    reading = _native.Reading(
        crop, cells, palette, flip, bool(transposed), _native.count("max_pixels", max_pixels),
        axis, None if duration is None else float(duration), None if panel is None else _native.count("panel", panel),
    )  # fmt: skip
    limits = _native.Limits(max_memory, max_work)
    kept = phase_source(phase.phase if isinstance(phase, Picture) else phase)
    before = None if original is None else _source_of(
        original, file_source(original, "the original"), lambda each: _native.read(each, None, None, "{}", reading, limits)
    )
    if isinstance(picture, EditablePicture):
        contents = io.BytesIO()
        picture.save(contents)
        picture = contents.getvalue()
    file = file_source(picture, "the picture")
    source = _array_source(picture if file is None else file, levels)
    if source is None:
        if recipe is None and isinstance(picture, Picture):
            recipe = {name: value for name, value in picture.recipe.items() if name not in _OF_THE_DRAWING}
        recipe_text = recipe_json(recipe, {**known, "levels": levels})
        source = _source_of(
            picture, file, lambda each: _native.read(each, kept, before, recipe_text, reading, limits)
        )
        kept = kept or _own_phase(picture) or _own_phase(original)
    else:
        recipe_text = recipe_json(recipe, {**known, "levels": levels})
    numbers = (_native.count("seed", seed), most_iterations("iterations", iterations), float(gain))
    with reporting(progress) as told:
        sound, rate, data, text = _native.recovered(
            source, kept, before, mask_source(mask), recipe_text, reading, limits, bool(centres), phase_method, *numbers,
            bool(normalise), bool(despite_doubt), str(edge), told,
        )  # fmt: skip
    report = Report(data, text, arguments_of(recover))
    warn(report["warnings"], recover)
    return sound[0] if len(sound) == 1 else sound, rate, report


# What a picture's own recipe says of its pixels and files, which no one else need say.
_OF_THE_DRAWING = {"frames", "channels", "gap", "cell_width", "cell_height", "phase", "phase_digest", "palette"}


def _holds_channels(picture: NDArray[Any]) -> bool:
    return picture.ndim == 3 and are_channels(picture)


def _source_of(picture: PictureLike, file: Source | None, read: Callable[[Source], _native.PictureData]) -> Source:
    """A picture as something to work on: a file as it is, pixels after reading, which finds the order of their channels."""
    return picture_source(picture, read).source() if file is None else file


def _own_phase(picture: Any) -> Source | None:
    return picture._data.phase_source() if isinstance(picture, Picture) else None


def _array_source(picture: Any, levels: str | None) -> Source | None:
    """The source of numbers, or None for what is a picture."""
    if isinstance(picture, Source):
        return picture if _native.holds_numbers(picture) else None
    if not isinstance(picture, np.ndarray) or picture.dtype.kind not in "fc":
        return None
    if picture.dtype.kind == "f" and picture.ndim == 3 and picture.shape[-1] in (3, 4):
        return None
    if picture.ndim != 2 and not is_split(picture) and picture.dtype.kind == "f" and not _holds_channels(picture):
        return None
    in_decibels = str(levels).startswith("db") and picture.dtype.kind == "f"
    if in_decibels and picture.size and picture.min() >= 0 and picture.max() <= 1:
        raise PhotophoneError(
            f"levels is {levels!r} but the values are all from 0 to 1: those of a picture go through its with_levels"
        )
    is_complex = picture.dtype.kind == "c" or is_split(picture)
    return numbers_source(picture, "the coefficients" if is_complex else "the magnitudes")
