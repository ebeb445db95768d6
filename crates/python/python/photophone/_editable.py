"""Pictures that carry their sound: `EditablePicture`."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._native import PhotophoneError
from ._report import Report
from ._source import Writable, write_bytes
from ._wording import arguments_of, public, warn

if TYPE_CHECKING:
    from PIL import Image

Path = Union[str, "os.PathLike[str]"]


class EditablePicture:
    """A picture that carries its sound: its levels are changed in place, and `sound` is what they become.

    Made by ``draw(y, sr, editable=True)``. `levels` are those of the exact constant-Q transform. What is not changed keeps its
    samples to the last bit.
    """

    def __init__(self, data: _native.OwnPicture, sample_rate: int, shape: tuple[int, ...]) -> None:
        self._data = data
        self._sample_rate = sample_rate
        # Channels and samples as they were given.
        self._shape = shape
        self._report: Report | None = None
        self._low, self._high, self._most = data.scale()
        steps = self._low + (self._high - self._low) * np.arange(self._most + 1) / self._most
        levels = steps[data.levels()]
        self._levels: NDArray[np.float64] = levels.reshape(shape[:-1] + levels.shape[1:])

    @property
    def levels(self) -> NDArray[np.float64]:
        """Level of each pixel in dB, rows by columns behind the channels' axes, row 0 at 0 Hz: an array to be written to.

        0 dB is a sinusoid of amplitude 1. What is set is rounded to a pixel's step (0.39 dB of 8 bits); what is at `black` or
        below it, minus infinity too, is nothing, and what is above `white` is white.
        """
        return self._levels

    @levels.setter
    def levels(self, levels: Any) -> None:
        # So that `picture.levels -= 6` and `picture.levels = array` are what they look like.
        self._levels[...] = levels

    @property
    def black(self) -> float:
        """The lowest level, in dB: it stands for all that is fainter."""
        return self._low

    @property
    def white(self) -> float:
        """The highest level, in dB, 12 above the loudest that was drawn."""
        return self._high

    @property
    def frequencies(self) -> NDArray[np.float64]:
        """The centre of each row in Hz, from 0 to half the sample rate."""
        return np.array(self._data.frequencies())

    @property
    def times(self) -> NDArray[np.float64]:
        """The middle of each column in seconds."""
        return np.array(self._data.times())

    @property
    def sample_rate(self) -> int:
        """Sample rate of the sound, in Hz."""
        return self._sample_rate

    @property
    def report(self) -> Report | None:
        """The account of the last `sound`: what was changed, in seconds, Hz and dB."""
        return self._report

    @property
    def pixels(self) -> NDArray[Any]:
        """The gray pixels as they are saved, rows from the top: uint8, or uint16 of 16 bits."""
        return self._data.pixels(self._numbers())

    @public
    def sound(self, *, edge: str = "inside") -> NDArray[np.float32]:
        """The sound with the levels as they are now.

        A level's change is a gain, black is nothing, and pixels that were copied along the same rows are moved as sound.
        Samples that no change reaches are those that were drawn, to the last bit; without a change all of them are.

        Parameters
        ----------
        edge : {"inside", "outside"}
            What borders are exact about, as in `edit`.

        Returns
        -------
        ndarray, shape (..., n)
            Samples, of the drawn sound's shape. Peaks may come to lie above 1.

        Raises
        ------
        PhotophoneError
            If a level is not a number.

        Warns
        -----
        PhotophoneWarning
            If the sound is not all that was painted.
        """
        found, data, text = self._data.sound(self._numbers(), str(edge))
        self._report = Report(data, text, arguments_of(EditablePicture.sound))
        warn(self._report["warnings"], EditablePicture.sound)
        return found.reshape(self._shape)

    @public
    def save(self, path: Path | Writable) -> str | None:
        """Writes the picture with the levels as they are now, the sound that was drawn behind its pixels.

        `recover` makes of it what `sound` gives.

        Parameters
        ----------
        path : str, path or open file
            A name that ends in ``.png``; the recipe goes beside it as ``NAME.recipe.toml``. Or a file that is open for writing
            bytes.

        Returns
        -------
        str or None
            Name of the sound's file, where that goes beside the picture: above 256 MB.

        Raises
        ------
        OSError
            If a file cannot be written; then what was there before still is.
        PhotophoneError
            If the name has another ending, or a level is not a number.
        """
        if isinstance(path, (str, os.PathLike)):
            beside = self._data.save(os.fspath(path), self._numbers())
            return None if beside is None else os.fspath(beside)
        write_bytes(path, "path", self._data.png(self._numbers()))
        return None

    def to_pil(self) -> Image.Image:
        """The picture as a Pillow image, without its sound; needs Pillow."""
        from PIL import Image

        return Image.fromarray(self.pixels)

    def _numbers(self) -> NDArray[np.uint16]:
        """The levels as a pixel has them, channels by rows by columns."""
        if np.isnan(self._levels).any():
            raise PhotophoneError("levels have values that are not numbers, expected dB: -np.inf is nothing")
        steps = (self._levels - self._low) / (self._high - self._low) * self._most
        numbers = np.rint(np.clip(steps, 0, self._most)).astype(np.uint16)
        return numbers.reshape((-1, *numbers.shape[-2:]))

    def __repr__(self) -> str:
        levels = " x ".join(str(length) for length in self._levels.shape)
        return f"<EditablePicture {levels} levels, {self._sample_rate} Hz, {self._low:.1f} to {self._high:.1f} dB>"

    def _repr_html_(self) -> str:
        png = base64.b64encode(self._data.png(self._numbers())).decode()
        return f'<img style="image-rendering: pixelated" src="data:image/png;base64,{png}">'
