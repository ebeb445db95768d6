"""Spectrogram pictures: `read_picture`, `draw`, `save_picture` and `Picture`."""

from __future__ import annotations

import base64
import html
import json
import os
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._arguments import cells as as_cells
from ._arguments import signal
from ._native import PhotophoneError
from ._recipe import recipe_json
from ._report import Report
from ._source import PictureLike, phase_source, picture_source

if TYPE_CHECKING:
    from PIL import Image

Path = Union[str, "os.PathLike[str]"]


class Picture:
    """A spectrogram picture with what was read of it.

    Made by `read_picture`, `draw` and `draw_coefficients`. Bins by frames everywhere, row 0 the lowest frequency.
    A notebook shows the picture, what was read drawn over it, and the account.
    """

    def __init__(self, data: _native.PictureData) -> None:
        self._data = data
        self._levels: list[NDArray[np.float64]] | None = None

    def _planes(self) -> list[NDArray[np.float64]]:
        if self._levels is None:
            self._levels = self._data.levels()
        return self._levels

    @property
    def levels(self) -> NDArray[np.float64]:
        """Level of each visible cell, 0 (quietest) to 1 (loudest)."""
        return self._planes()[0]

    @property
    def low(self) -> NDArray[np.float64]:
        """Lowest level that each cell may have had when it was drawn."""
        return self._planes()[1]

    @property
    def high(self) -> NDArray[np.float64]:
        """Highest level that each cell may have had."""
        return self._planes()[2]

    @property
    def magnitudes(self) -> NDArray[np.float64]:
        """Magnitude of each visible cell: over the loudest, unless the recipe has a ``reference``."""
        return self._data.magnitudes()

    @property
    def phase(self) -> NDArray[np.complex64] | None:
        """Unit phasors of the whole grid, where a phase was given, drawn or found beside the picture."""
        return self._data.phase()

    @property
    def pixels(self) -> NDArray[Any]:
        """The pixels: height by width by red, green, blue and alpha in 8 bits; height by width in 16 bits of gray."""
        gray = self._data.gray16()
        return self._data.pixels() if gray is None else gray

    @property
    def overlay(self) -> NDArray[np.uint8]:
        """What was read, drawn over the picture: height by width by 4."""
        return self._data.overlay()

    @property
    def lattice(self) -> dict[str, Any]:
        """Where the cells are, in pixels from the top left.

        ``box`` (left, top, width, height), ``cells`` (bins, frames), ``cell`` (width, height) and ``missing``
        (frames before and after, rows below and above that the picture does not show).
        """
        return {
            "box": self._data.data_box(),
            "cells": self.levels.shape,
            "cell": self._data.cell_px(),
            "missing": self._data.missing(),
        }

    @property
    def palette(self) -> str:
        """Name of the palette, such as ``"magma"`` or ``"gray-of:magma"``."""
        return self._data.palette()[0]

    @property
    def level_scale(self) -> str:
        """What levels mean: ``"linear"``, ``"power"`` or ``"db:LOW:HIGH"``."""
        return self._data.level_scale()

    @property
    def recipe(self) -> dict[str, Any]:
        """What is known of how the picture was made, by the names of `recover`'s arguments."""
        stored: dict[str, Any] = json.loads(self._data.recipe_json())
        return {name.replace("-", "_"): value for name, value in stored.items()}

    @property
    def report(self) -> Report:
        """The account, with the evidence for each statement."""
        return Report(*self._data.report())

    @property
    def evidence(self) -> dict[str, str]:
        """Why each value was read as it was, by its name."""
        return {f"{line['section']} {line['name']}": line["evidence"] for line in self.report["findings"]}

    def save(self, path: Path) -> str | None:
        """Writes the picture as a PNG with its recipe inside.

        Parameters
        ----------
        path : str or path
            A name that ends in ``.png``. The phase of a drawn picture goes beside it, as ``NAME.phase.npy``.

        Returns
        -------
        str or None
            Name of the phase file, if there is one.

        Raises
        ------
        OSError
            If a file cannot be written; then none is left.
        PhotophoneError
            If the name has another ending.
        """
        phase = self._data.save(os.fspath(path))
        return None if phase is None else os.fspath(phase)

    def to_pil(self) -> Image.Image:
        """The picture as a Pillow image; needs Pillow."""
        from PIL import Image

        return Image.fromarray(self.pixels)

    def __repr__(self) -> str:
        bins, frames = self.levels.shape
        height, width = self.pixels.shape[:2]
        return f"<Picture {bins} x {frames} cells, {width} x {height} px, {self.palette}, {self.level_scale}>"

    def _repr_html_(self) -> str:
        def shown(png: bytes) -> str:
            return f'<img style="image-rendering: pixelated" src="data:image/png;base64,{base64.b64encode(png).decode()}">'

        return (
            f"<div>{shown(self._data.png())}</div><details><summary>what was read</summary>"
            f"{shown(self._data.overlay_png())}<pre>{html.escape(str(self.report))}</pre></details>"
        )


def read_picture(
    picture: PictureLike,
    phase: Any = None,
    *,
    recipe: dict[str, Any] | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    cells: tuple[int, int] | None = None,
    palette: str | None = None,
    flip: str | None = None,
    transposed: bool = False,
    max_pixels: int = 0,
    **more: Any,
) -> Picture:
    """Reads a spectrogram picture and tells what it is.

    Parameters
    ----------
    picture : str, path, bytes, ndarray, Pillow image or Picture
        A PNG or JPEG file or its bytes; or pixels, height by width (by 3 or 4), as uint8, as uint16 gray, or as floats
        from 0 to 1. Both red first (matplotlib, Pillow) and blue first (OpenCV) are understood.
    phase : str, path, ndarray or None
        The kept phase, bins by frames: complex numbers or radians. With one, the level scale is weighed by it too.
    recipe : dict, str, path or None
        What is known of how the picture was made: a recipe file, or its names and values. The same can be given as
        keyword arguments, such as ``sr=44100``; see `recover`.
    crop : (left, top, width, height) or None
        The data box in pixels. None finds it.
    cells : (bins, frames) or None
        How many cells are visible. None finds it.
    palette : str or None
        Palette, such as ``"viridis_r"`` or ``"gray-of:magma"``. None finds it.
    flip : {"none", "vertical", "horizontal", "both", None}
        How the picture is turned. None is lowest frequency at the bottom, first frame at the left.
    transposed : bool
        Whether time runs up the picture.
    max_pixels : int
        Most pixels. 0 is 100 million.
    **more
        The recipe's names and values.

    Returns
    -------
    Picture

    Raises
    ------
    OSError
        If the file cannot be read.
    PhotophoneError
        If this is no spectrogram picture.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> drawn = photophone.draw(y, 22050)
    >>> photophone.read_picture(drawn.pixels, drawn.phase)
    <Picture 84 x 44 cells, 88 x 336 px, magma, db:-80:0>
    """
    reading = _native.Reading(crop, cells, palette, flip, bool(transposed), _native.count("max_pixels", max_pixels))
    recipe_text = recipe_json(recipe, more)
    source_of_phase = phase_source(phase)
    return Picture(
        picture_source(picture, lambda source: _native.read(source, source_of_phase, recipe_text, reading))
    )


def draw(
    y: NDArray[Any],
    sr: float = 22050,
    *,
    palette: str | None = None,
    levels: str | None = None,
    cell: tuple[int, int] = (2, 4),
    bits: int = 8,
    **more: Any,
) -> Picture:
    """Draws the constant-Q picture of a sound, with the recipe inside.

    Parameters
    ----------
    y : ndarray, shape (..., n)
        Samples. Channels are mixed to one.
    sr : float
        Sample rate in Hz, a whole number.
    palette : str or None
        matplotlib's name; None is ``"magma"``, and ``"gray"`` for 16 bits.
    levels : str or None
        What levels mean: ``"linear"``, ``"power"``, ``"db"`` (80 dB below the loudest, the default) or ``"db:LOW:HIGH"``.
    cell : (width, height)
        Pixels of a cell.
    bits : {8, 16}
        Bits of a pixel; 16 is gray.
    **more
        The transform, as in `cqt`: ``hop_length``, ``n_bins``, ``fmin``, ...

    Returns
    -------
    Picture

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
    """
    samples = signal(y)
    if samples.size == 0:
        raise PhotophoneError(f"y has shape {samples.shape}, expected samples")
    channels = samples.reshape(-1, samples.shape[-1]).astype(np.float32, copy=False)
    recipe_text = recipe_json(None, {**more, "palette": palette, "levels": levels})
    width, height = _cell(cell)
    rate = _rate(sr)
    return Picture(_native.drawn_sound(channels, rate, recipe_text, width, height, _native.count("bits", bits)))


def draw_coefficients(
    C: NDArray[Any],
    *,
    palette: str | None = None,
    levels: str | None = None,
    reference: float | None = None,
    cell: tuple[int, int] = (1, 1),
    bits: int = 8,
    **more: Any,
) -> Picture:
    """Draws coefficients or magnitudes as a picture; see `save_picture` for the parameters.

    Returns
    -------
    Picture
    """
    array = as_cells(C)
    if array.ndim != 2:
        raise PhotophoneError(f"C has shape {array.shape}, expected bins by frames: one channel a picture")
    recipe_text = recipe_json(None, {**more, "palette": palette, "levels": levels, "reference": reference})
    width, height = _cell(cell)
    depth = _native.count("bits", bits)
    if array.dtype.kind == "c":
        return Picture(_native.drawn_coefficients(array, recipe_text, width, height, depth))
    return Picture(_native.drawn_magnitudes(array.astype(np.float64), recipe_text, width, height, depth))


def save_picture(
    path: Path,
    C: NDArray[Any],
    *,
    sr: float | None = None,
    palette: str | None = None,
    levels: str | None = None,
    reference: float | None = None,
    cell: tuple[int, int] = (1, 1),
    bits: int = 8,
    **more: Any,
) -> str | None:
    """Saves coefficients as a picture that `recover` can read back: use it in place of `plt.savefig`.

    One pixel a cell or a whole multiple, no margin, the recipe inside, the phase beside it.

    Parameters
    ----------
    path : str or path
        A name that ends in ``.png``.
    C : ndarray, shape (n_bins, frames)
        Complex coefficients, as `cqt` or `librosa.cqt` gives them, or magnitudes.
    sr : float or None
        Sample rate that the transform was told, in Hz. What is left out will have to be told when the picture is read.
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
    **more
        The transform, as in `cqt`: ``hop_length``, ``fmin``, ``bins_per_octave``, ``tuning``, ...; ``length`` is the
        number of samples, ``sample_rate`` their rate where the transform was told another.

    Returns
    -------
    str or None
        Name of the phase file, ``NAME.phase.npy``; None for magnitudes.

    Raises
    ------
    OSError
        If a file cannot be written; then none is left.
    PhotophoneError
        If the coefficients cannot be drawn so.

    Examples
    --------
    >>> import numpy as np, os, photophone, tempfile
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "song.png")
    ...     phase = photophone.save_picture(path, photophone.cqt(y, sr=22050), sr=22050, length=len(y), bits=16)
    ...     z, sr, report = photophone.recover(path)
    >>> len(z), sr, bool(np.abs(y - z)[2000:-2000].max() < 0.01)
    (22050, 22050, True)
    """
    picture = draw_coefficients(
        C, sr=sr, palette=palette, levels=levels, reference=reference, cell=cell, bits=bits, **more
    )
    return picture.save(path)


def _cell(cell: object) -> tuple[int, int]:
    try:
        width, height = cell  # type: ignore[misc]
    except (TypeError, ValueError):
        raise PhotophoneError(f"cell is {cell!r}, expected pixels across and up a cell, such as (1, 1)") from None
    return _native.count("cell", width), _native.count("cell", height)


def _rate(sr: object) -> int:
    if isinstance(sr, float) and sr.is_integer():
        sr = int(sr)
    rate = _native.count("sr", sr)
    if not 1 <= rate <= 10_000_000:
        raise PhotophoneError(f"sr is {rate}, expected a whole number of Hz, 1 to 10 000 000")
    return rate
