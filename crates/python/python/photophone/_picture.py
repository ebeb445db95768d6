"""Spectrogram pictures that are read: `read_picture` and `Picture`."""

from __future__ import annotations

import base64
import html
import io
import json
import os
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import _native
from ._arguments import WindowLike, folded
from ._native import PhotophoneError
from ._recipe import UNTOLD, Untold, by_argument, recipe_json
from ._report import Report
from ._source import PictureLike, Writable, phase_source, picture_source, write_bytes
from ._wording import public, warn

if TYPE_CHECKING:
    from PIL import Image

Path = Union[str, "os.PathLike[str]"]


class Picture:
    """A spectrogram picture with what was read of it.

    Made by `read_picture`, `draw` and `draw_coefficients`. Bins by frames everywhere, row 0 the lowest frequency; of several
    channels, each a panel of the picture, channels by bins by frames.
    A notebook shows the picture, what was read drawn over it, and the account.
    """

    def __init__(self, data: _native.PictureData) -> None:
        self._data = data
        self._levels: list[NDArray[np.float64]] | None = None

    def _planes(self) -> list[NDArray[np.float64]]:
        if self._levels is None:
            self._levels = [_one_or_all(plane) for plane in self._data.levels()]
            for plane in self._levels:
                # Other levels go through `with_levels`.
                plane.flags.writeable = False
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
        return _one_or_all(self._data.magnitudes())

    @property
    def phase(self) -> NDArray[np.complex64] | None:
        """Unit phasors of the whole grid, where a phase was given, drawn or found beside the picture."""
        phase = self._data.phase()
        return None if phase is None else _one_or_all(phase)

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

        ``box`` (left, top, width, height), ``cells`` (bins, frames; channels before them where there are several), ``cell``
        (width, height) and ``missing`` (frames before and after, rows below and above that the picture does not show).
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
        return by_argument(json.loads(self._data.recipe_json()))

    @property
    def report(self) -> Report:
        """The account, with the evidence for each statement."""
        return Report(*self._data.report())

    @property
    def evidence(self) -> dict[str, str]:
        """Why each value was read as it was, by its name."""
        return {f"{line['section']} {line['name']}": line["evidence"] for line in self.report["findings"]}

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """The levels, so that ``np.asarray(picture)`` and ``plt.imshow(picture, origin="lower")`` work."""
        levels: NDArray[Any] = self.levels
        if dtype is not None and np.dtype(dtype) != levels.dtype:
            if copy is False:
                raise ValueError(f"the levels are {levels.dtype} and cannot become {np.dtype(dtype)} without a copy")
            return levels.astype(dtype)
        return levels.copy() if copy else levels

    @public
    def save(self, path: Path | Writable, *, phase_file: Writable | None = None) -> str | None:
        """Writes the picture as a PNG with its recipe inside.

        Parameters
        ----------
        path : str, path or open file
            A name that ends in ``.png``. The recipe goes beside it as ``NAME.recipe.toml``, for programs that drop a
            PNG's texts, and the phase, if there is one, as ``NAME.phase.npy``. Files of these names are replaced, all of
            them or none. Or a file that is open for writing bytes.
        phase_file : open file, optional
            Where the phase goes, as `numpy.save` writes it, if `path` is an open file.

        Returns
        -------
        str or None
            Name of the phase file, if there is one.

        Raises
        ------
        OSError
            If a file cannot be written; then what was there before still is.
        PhotophoneError
            If the name has another ending, or a file is open for text.

        Warns
        -----
        PhotophoneWarning
            If there is a phase and no place for it.
        """
        if isinstance(path, (str, os.PathLike)):
            if phase_file is not None:
                raise PhotophoneError("phase_file is given with the name of a picture, but the phase goes beside that")
            beside = self._data.save(os.fspath(path))
            return None if beside is None else os.fspath(beside)
        phase = self._data.phase_to_write()
        phase = None if phase is None else _one_or_all(phase)
        write_bytes(path, "path", self._data.png())
        if phase is not None and phase_file is not None:
            contents = io.BytesIO()
            np.save(contents, phase)
            write_bytes(phase_file, "phase_file", contents.getvalue())
        elif phase is not None:
            warn(["the phase was not written: give phase_file= a file as well, or keep picture.phase"], Picture.save)
        return None

    @public
    def with_levels(self, levels: NDArray[Any]) -> Picture:
        """The same picture with other levels, as after an image model: gray, of 16 bits, one pixel a cell.

        Parameters
        ----------
        levels : ndarray, shape (bins, frames) or (channels, bins, frames)
            Level of each visible cell, 0 to 1. Cells that the picture does not show take their neighbour's.

        Returns
        -------
        Picture
            Its recipe and phase are this one's.

        Raises
        ------
        PhotophoneError
            If the levels have another shape than `levels`, or are not from 0 to 1.
        """
        array = np.asarray(levels, dtype=np.float64)
        if array.shape != self.levels.shape:
            raise PhotophoneError(f"levels have shape {array.shape}, expected {self.levels.shape}")
        if not ((array >= 0) & (array <= 1)).all():
            raise PhotophoneError("levels have values outside 0 to 1: those are the quietest and the loudest")
        before, after, below, above = self._data.missing()
        missing = ((0, 0), (below, above), (before, after))
        return Picture(self._data.with_levels(np.pad(folded(array, 2), missing, mode="edge")))

    def to_pil(self) -> Image.Image:
        """The picture as a Pillow image; needs Pillow."""
        from PIL import Image

        return Image.fromarray(self.pixels)

    def __reduce__(self) -> tuple[Any, ...]:
        return (read_picture, (self._data.png(), self.phase))

    def __repr__(self) -> str:
        cells = " x ".join(str(length) for length in self.levels.shape)
        height, width = self.pixels.shape[:2]
        return f"<Picture {cells} cells, {width} x {height} px, {self.palette}, {self.level_scale}>"

    def _repr_html_(self) -> str:
        def shown(png: bytes) -> str:
            return f'<img style="image-rendering: pixelated" src="data:image/png;base64,{base64.b64encode(png).decode()}">'

        return (
            f"<div>{shown(self._data.png())}</div><details><summary>what was read</summary>"
            f"{shown(self._data.overlay_png())}<pre>{html.escape(str(self.report))}</pre></details>"
        )


def _one_or_all(channels: NDArray[Any]) -> NDArray[Any]:
    """A matrix where there is one channel."""
    return channels[0] if len(channels) == 1 else channels


@public
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
    max_memory: float | None = None,
    max_work: float | None = None,
    levels: str | None = None,
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
    reference: float | None = None,
    inverse: str | None = None,
) -> Picture:
    """Reads a spectrogram picture and tells what it is.

    Parameters
    ----------
    picture : str, path, open file, bytes, ndarray, Pillow image or Picture
        A PNG or JPEG file, by name or open for reading bytes, or its bytes; or pixels, height by width (by 3 or 4), as uint8, as uint16 gray, or as floats
        from 0 to 1. Both red first (matplotlib, Pillow) and blue first (OpenCV) are understood.
    phase : str, path, open file, bytes, ndarray or None
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
    max_memory, max_work : float or None
        As in `recover`, of which reading with a phase takes a part.
    levels : str or None
        What levels mean: ``"linear"``, ``"power"``, ``"db"`` or ``"db:LOW:HIGH"``. None finds out.
    sr : float or None
        Sample rate in Hz that the transform was told. This and all that follow are the recipe: what is None is found, or
        librosa's default; the report tells which.
    sample_rate : int or None
        That of the samples, where it is another one.
    hop_length, fmin, n_bins, bins_per_octave, filter_scale, sparsity, window, scale, pad_mode, res_type, librosa_version
        As in `cqt`: what the transform was told.
    tuning : float, "auto" or None
        As in `cqt`; "auto" and None read it from the phase.
    norm : {1, 2, inf, None}
        As in `cqt`, where None is no norm.
    gamma : float or None
        As in `vqt`, where None follows the ear. Constant Q unless told.
    length : int or None
        Samples of the sound.
    reference : float or None
        Magnitude of level 1.
    inverse : {"linear", "adaptive", None}
        As in `icqt`.

    Returns
    -------
    Picture

    Raises
    ------
    OSError
        If the file cannot be read.
    PhotophoneError
        If this is no spectrogram picture.

    Warns
    -----
    PhotophoneWarning
        Each of ``report["warnings"]``.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> drawn = photophone.draw(y, 22050)
    >>> photophone.read_picture(drawn.pixels, drawn.phase)
    <Picture 84 x 44 cells, 88 x 336 px, magma, db:-80:0>
    """
    reading = _native.Reading(crop, cells, palette, flip, bool(transposed), _native.count("max_pixels", max_pixels))
    known = dict(
        levels=levels, sr=sr, sample_rate=sample_rate, hop_length=hop_length, fmin=fmin, n_bins=n_bins, bins_per_octave=bins_per_octave, tuning=tuning,
        filter_scale=filter_scale, norm=norm, sparsity=sparsity, window=window, scale=scale, pad_mode=pad_mode,
        res_type=res_type, gamma=gamma, librosa_version=librosa_version, length=length,
        reference=reference, inverse=inverse,
    )  # fmt: skip
    recipe_text = recipe_json(recipe, known)
    source_of_phase, limits = phase_source(phase), _native.Limits(max_memory, max_work)
    read = Picture(
        picture_source(picture, lambda each: _native.read(each, source_of_phase, None, recipe_text, reading, limits))
    )
    warn(read.report["warnings"], read_picture)
    return read
