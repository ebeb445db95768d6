"""Files, bytes, pixels and numbers as something to work on."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any, Protocol, Union

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._arguments import cells
from ._native import PhotophoneError, Source

PictureLike = Union[str, "os.PathLike[str]", bytes, "Readable", NDArray[Any], Any]


class Readable(Protocol):
    """A file that is open for reading bytes, such as ``open(name, "rb")`` or `io.BytesIO`."""

    def read(self) -> bytes:
        """What is left of the file."""
        ...

class Writable(Protocol):
    """A file that is open for writing bytes, such as ``open(name, "wb")`` or `io.BytesIO`."""

    def write(self, contents: bytes, /) -> object:
        """Writes the bytes behind what was written before."""
        ...


# A palette that fits the colours to less than this (in steps of an 8-bit channel) is theirs.
_FITS = 2.0


def picture_source(picture: PictureLike, read: Callable[[Source], _native.PictureData]) -> _native.PictureData:
    """Reads whatever a picture can be given as."""
    data = getattr(picture, "_data", None)
    if isinstance(data, _native.PictureData):
        return read(data.source())
    file = picture if isinstance(picture, Source) else file_source(picture, "the picture")
    if file is not None:
        return read(file)
    if isinstance(picture, np.ndarray):
        return _read_pixels(picture, [], read)
    if hasattr(picture, "mode") and hasattr(picture, "convert"):
        return _read_pixels(_pixels_of_pillow(picture), _texts_of_pillow(picture), read)
    raise PhotophoneError(
        f"the picture is of type {type(picture).__name__}, expected a file's name, an open file, its bytes, a NumPy "
        "array of pixels or a Pillow image"
    )


def _pixels_of_pillow(image: Any) -> NDArray[Any]:
    if image.mode in ("I;16", "I;16L", "I;16B", "I"):
        return np.asarray(image).astype(np.uint16)
    return np.asarray(image.convert("RGBA"))


def _texts_of_pillow(image: Any) -> list[tuple[str, str]]:
    texts = getattr(image, "text", None) or getattr(image, "info", {})
    return [(str(key), str(value)) for key, value in dict(texts).items() if isinstance(value, str)]


def _read_pixels(
    pixels: NDArray[Any], texts: list[tuple[str, str]], read: Callable[[Source], _native.PictureData]
) -> _native.PictureData:
    """Reads pixels, red first or, where that has no palette, blue first as OpenCV has them."""
    source = pixels_source(pixels, texts)
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
        return read(source)
    turned = pixels_source(pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]], texts)
    try:
        first = read(source)
    except PhotophoneError as error:
        try:
            return read(turned)
        except PhotophoneError:
            raise error from None
    if first.palette()[1] < _FITS:
        return first
    try:
        second = read(turned)
    except PhotophoneError:
        return first
    return second if second.palette()[1] < first.palette()[1] else first


def pixels_source(pixels: NDArray[Any], texts: list[tuple[str, str]], name: str = "the picture") -> Source:
    """Pixels in any of the usual layouts."""
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)) or 0 in pixels.shape:
        raise PhotophoneError(
            f"{name} has shape {pixels.shape}, expected height by width, or height by width by 3 or 4"
        )
    if pixels.dtype == np.uint16 and pixels.ndim == 2:
        return Source.gray16(name, np.ascontiguousarray(pixels.astype(np.uint16, copy=False)), texts)
    rgba = np.full((*pixels.shape[:2], 4), 255, dtype=np.uint8)
    bytes_ = _bytes(pixels, name)
    if pixels.ndim == 2:
        rgba[:, :, :3] = bytes_[:, :, None]
    else:
        rgba[:, :, : pixels.shape[2]] = bytes_
    return Source.pixels(name, rgba, texts)


def _bytes(pixels: NDArray[Any], name: str) -> NDArray[np.uint8]:
    """Pixels of 8 bits; matplotlib reads floats from 0 to 1."""
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == np.uint16:
        high: NDArray[np.uint8] = (pixels // 256).astype(np.uint8)
        return high
    if pixels.dtype == np.bool_:
        return pixels.astype(np.uint8) * np.uint8(255)
    if pixels.dtype.kind == "f":
        if not np.isfinite(pixels).all() or pixels.min() < 0 or pixels.max() > 1:
            raise PhotophoneError(f"{name} has floating-point pixels outside 0 to 1: use uint8 for 0 to 255")
        nearest: NDArray[np.uint8] = np.rint(pixels * 255).astype(np.uint8)
        return nearest
    raise PhotophoneError(f"{name} has dtype {pixels.dtype}, expected uint8, uint16 or floats from 0 to 1")


def mask_source(mask: Any) -> Source | None:
    """A mask: a picture, or an array of truth values, row 0 at the top."""
    if mask is None:
        return None
    file = file_source(mask, "the mask")
    if file is not None:
        return file
    if isinstance(mask, np.ndarray):
        return pixels_source(mask, [], "the mask")
    if hasattr(mask, "mode") and hasattr(mask, "convert"):
        return pixels_source(_pixels_of_pillow(mask), [], "the mask")
    raise PhotophoneError(f"the mask is of type {type(mask).__name__}, expected a picture or an array of pixels")


def phase_source(phase: Any) -> Source | None:
    """A kept phase: a file (``FILE.npz:NAME`` picks an array), its bytes, complex numbers or radians."""
    if phase is None:
        return None
    file = file_source(phase, "the phase")
    return numbers_source(phase, "the phase") if file is None else file


def numbers_source(numbers: Any, name: str) -> Source:
    """A matrix in memory, or one a channel; the last axis may have real and imaginary part, as `torch.view_as_real` makes it."""
    array = cells(numbers, name)
    if is_split(array):
        array = array[..., 0] + 1j * array[..., 1]
    if array.ndim == 2:
        array = array[None]
    elif array.ndim != 3 or not are_channels(array):
        raise PhotophoneError(
            f"{name} has shape {numbers.shape}, expected bins by frames or channels by bins by frames, and behind these axes "
            "real and imaginary part if they are apart: where channels are the last axis, use np.moveaxis(..., -1, 0)"
        )
    if array.dtype.kind == "c":
        return Source.complex_numbers(name, array)
    return Source.real_numbers(name, array.astype(np.float64, copy=False))


def is_split(array: NDArray[Any]) -> bool:
    """Whether the last axis has real and imaginary part: no pixels have two channels."""
    return array.ndim > 2 and array.shape[-1] == 2 and array.dtype.kind == "f"


def are_channels(array: NDArray[Any]) -> bool:
    """Whether the first of three axes counts channels, as it does in files."""
    return _native.holds_channels(*array.shape)


def file_source(given: Any, name: str) -> Source | None:
    """A file by its name, its bytes, or open for reading; None for anything else. `name` is for messages."""
    if isinstance(given, (str, os.PathLike)):
        return _array_file(os.fspath(given))
    if isinstance(given, (bytes, bytearray, memoryview)):
        return Source.file_bytes(name, bytes(given))
    if not callable(getattr(given, "read", None)):
        return None
    named = getattr(given, "name", None)
    name = named if isinstance(named, str) else name
    contents = given.read()
    if not isinstance(contents, (bytes, bytearray, memoryview)):
        raise PhotophoneError(f"{name} is open for reading text, expected bytes: open it with mode 'rb'")
    if not len(contents):
        raise PhotophoneError(f"{name} has no bytes left to read: if they were read or written before, use seek(0)")
    return Source.file_bytes(name, bytes(contents))


def _array_file(path: str) -> Source:
    """A file that may name one of its arrays."""
    file, colon, name = path.rpartition(":")
    if colon and file.endswith((".npz", ".mat")):
        return Source.array_in_file(file, name)
    return Source.file(path)


def write_bytes(file: Writable, name: str, contents: bytes) -> None:
    """Writes into an open file. `name` is for messages."""
    if not callable(getattr(file, "write", None)):
        raise PhotophoneError(f"{name} is of type {type(file).__name__}, expected a file's name or an open file")
    if isinstance(file, io.TextIOBase):
        raise PhotophoneError(f"{name} is open for writing text, expected bytes: open it with mode 'wb'")
    file.write(contents)
