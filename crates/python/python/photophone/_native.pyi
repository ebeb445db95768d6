"""The private half, in Rust. Checked against the built module by mypy's stubtest."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BatchWork",
    "EditSurface",
    "GaborSettings",
    "GaborStream",
    "Limits",
    "MelSettings",
    "OwnPicture",
    "Params",
    "PhotophoneError",
    "PictureData",
    "Reading",
    "Source",
    "StftSettings",
    "__version__",
    "count",
    "drawn_coefficients",
    "drawn_magnitudes",
    "drawn_sound",
    "edited_by_gains",
    "edited_by_shapes",
    "forward",
    "forward_work_secs",
    "gabor_forward",
    "gabor_inverse",
    "holds_channels",
    "holds_numbers",
    "interval_ratios",
    "inverted",
    "mel_retrieved",
    "read",
    "recipe_file",
    "recipe_parameters",
    "recovered",
    "retrieved",
    "shortened",
    "stft_forward",
    "stft_inverse",
    "stft_retrieved",
    "worded",
]

__version__: Final[str]

_Told = Callable[[int, int], object] | None

class PhotophoneError(ValueError): ...

@final
class BatchWork:
    @property
    def ending(self) -> str: ...
    @staticmethod
    def draw(
        folder: str | PathLike[str],
        resume: bool,
        force: bool,
        max_decoded_bytes: int,
        recipe: str,
        fill_bins: bool,
        mono: bool,
        cell_width: int,
        cell_height: int,
        bits: int,
        limits: Limits,
    ) -> BatchWork: ...
    @staticmethod
    def recover(
        folder: str | PathLike[str],
        resume: bool,
        force: bool,
        max_decoded_bytes: int,
        recipe: str,
        reading: Reading,
        limits: Limits,
        centres: bool,
        phase_method: str,
        seed: int,
        iterations: int,
        gain_db: float,
        normalise: bool,
        despite_doubt: bool,
        phase: str | None,
        original: str | None,
        mask: str | None,
        format: str,
        bits: str | None,
        overlay: bool,
    ) -> BatchWork: ...
    def one(self, name: str, data: bytes | None, output: str | PathLike[str]) -> str: ...

@final
class Limits:
    def __new__(cls, max_memory: float | None, max_work: float | None) -> Limits: ...

@final
class Params:
    def __new__(
        cls,
        sr: float,
        hop_length: int,
        fmin: float | str | None,
        n_bins: int | None,
        bins_per_octave: int,
        tuning: float,
        filter_scale: float,
        norm: float | None,
        sparsity: float,
        window: str,
        scale: bool,
        pad_mode: str,
        res_type: str | None,
        gamma: float | None,
        ratios: list[float] | None,
        librosa_version: str | None,
    ) -> Params: ...

@final
class Source:
    @staticmethod
    def file(path: str | PathLike[str]) -> Source: ...
    @staticmethod
    def array_in_file(path: str | PathLike[str], name: str) -> Source: ...
    @staticmethod
    def file_bytes(name: str, bytes: bytes) -> Source: ...
    @staticmethod
    def pixels(name: str, rgba: NDArray[np.uint8], texts: list[tuple[str, str]]) -> Source: ...
    @staticmethod
    def gray16(name: str, gray: NDArray[np.uint16], texts: list[tuple[str, str]]) -> Source: ...
    @staticmethod
    def complex_numbers(name: str, values: NDArray[Any]) -> Source: ...
    @staticmethod
    def real_numbers(name: str, values: NDArray[np.float64]) -> Source: ...

@final
class Reading:
    def __new__(
        cls,
        crop: tuple[int, int, int, int] | None,
        cells: tuple[int, int] | None,
        palette: str | None,
        flip: str | None,
        transposed: bool,
        max_pixels: int,
        axis: str | None = None,
        duration: float | None = None,
        panel: int | None = None,
    ) -> Reading: ...

@final
class PictureData:
    def levels(self) -> list[NDArray[np.float64]]: ...
    def magnitudes(self) -> NDArray[np.float64]: ...
    def phase(self) -> NDArray[np.complex64] | None: ...
    def phase_to_write(self) -> NDArray[np.complex64] | None: ...
    def pixels(self) -> NDArray[np.uint8]: ...
    def gray16(self) -> NDArray[np.uint16] | None: ...
    def overlay(self) -> NDArray[np.uint8]: ...
    def overlay_png(self) -> bytes: ...
    def png(self) -> bytes: ...
    def save(self, path: str | PathLike[str]) -> PathLike[str] | None: ...
    def with_levels(self, levels: NDArray[np.float64]) -> PictureData: ...
    def recipe_json(self) -> str: ...
    def report(self) -> tuple[str, str]: ...
    def data_box(self) -> tuple[int, int, int, int]: ...
    def cell_px(self) -> tuple[float, float]: ...
    def missing(self) -> tuple[int, int, int, int]: ...
    def palette(self) -> tuple[str, float]: ...
    def level_scale(self) -> str: ...
    def source(self) -> Source: ...
    def phase_source(self) -> Source | None: ...

def count(name: str, value: object, least: int = 0) -> int: ...
def worded(message: str, spell: Callable[[str, str | None], str | None]) -> str: ...
def shortened(text: str) -> str: ...
def interval_ratios(intervals: str, bins_per_octave: int) -> list[float] | None: ...
def recipe_parameters() -> list[list[str]]: ...
def recipe_file(path: str | PathLike[str]) -> str: ...
def holds_channels(channels: int, rows: int, columns: int) -> bool: ...
def holds_numbers(source: Source) -> bool: ...
def forward(params: Params, samples: NDArray[Any], single: bool) -> NDArray[Any]: ...
def forward_work_secs(params: Params, samples: NDArray[np.float64], repeats: int) -> float: ...
def inverted(
    params: Params,
    cells: NDArray[Any],
    find_tuning: bool,
    pad_mode: str | None,
    length: int | None,
    inverse: str | None,
    trust: NDArray[np.float64] | None,
    max_iterations: int,
    single: bool,
    progress: _Told,
) -> tuple[NDArray[Any], list[str]]: ...
def retrieved(
    params: Params,
    magnitudes: NDArray[np.float64],
    start: NDArray[Any] | None,
    known: NDArray[Any] | None,
    trust: NDArray[np.float64] | None,
    length: int | None,
    method: str,
    inverse: str | None,
    iterations: int,
    momentum: float,
    seed: int,
    single: bool,
    progress: _Told,
) -> tuple[NDArray[Any], NDArray[Any], list[str]]: ...
def read(
    source: Source, phase: Source | None, original: Source | None, recipe: str, reading: Reading, limits: Limits
) -> PictureData: ...
def drawn_sound(
    samples: NDArray[np.float32],
    sample_rate: int,
    recipe: str,
    fill_bins: bool,
    mono: bool,
    cell_width: int,
    cell_height: int,
    bits: int,
    limits: Limits,
) -> PictureData: ...
@final
class OwnPicture:
    @staticmethod
    def draw(
        samples: NDArray[np.float32], rate: int, hop: int | None, bins_per_octave: int | None, bits: int
    ) -> OwnPicture: ...
    def levels(self) -> NDArray[np.uint16]: ...
    def scale(self) -> tuple[float, float, int]: ...
    def frequencies(self) -> list[float]: ...
    def times(self) -> list[float]: ...
    def notes(self) -> list[str]: ...
    def sound(self, levels: NDArray[np.uint16], edge: str) -> tuple[NDArray[np.float32], str, str]: ...
    def pixels(self, levels: NDArray[np.uint16]) -> NDArray[Any]: ...
    def png(self, levels: NDArray[np.uint16]) -> bytes: ...
    def save(self, path: str | PathLike[str], levels: NDArray[np.uint16]) -> str | None: ...

def drawn_coefficients(
    cells: NDArray[Any], recipe: str, cell_width: int, cell_height: int, bits: int
) -> PictureData: ...
def drawn_magnitudes(
    cells: NDArray[np.float64], recipe: str, cell_width: int, cell_height: int, bits: int
) -> PictureData: ...
def recovered(
    source: Source,
    phase: Source | None,
    original: Source | None,
    mask: Source | None,
    recipe: str,
    reading: Reading,
    limits: Limits,
    centres: bool,
    phase_method: str,
    seed: int,
    iterations: int,
    gain_db: float,
    normalise: bool,
    despite_doubt: bool,
    edge: str,
    progress: _Told,
) -> tuple[NDArray[np.float32], int, str, str]: ...

@final
class StftSettings:
    def __new__(
        cls,
        n_fft: int,
        hop_length: int | None,
        win_length: int | None,
        window: str,
        center: bool,
        pad_mode: str,
    ) -> StftSettings: ...

def stft_forward(settings: StftSettings, samples: NDArray[Any], single: bool) -> NDArray[Any]: ...
def stft_inverse(settings: StftSettings, cells: NDArray[Any], length: int | None, single: bool) -> NDArray[Any]: ...
def stft_retrieved(
    settings: StftSettings,
    magnitudes: NDArray[np.float64],
    start: NDArray[np.complex128] | None,
    length: int | None,
    method: str,
    iterations: int,
    momentum: float,
    seed: int,
    single: bool,
    progress: _Told,
) -> NDArray[Any]: ...

@final
class MelSettings:
    def __new__(
        cls,
        stft: StftSettings,
        sr: float,
        n_mels: int,
        fmin: float,
        fmax: float | None,
        htk: bool,
        norm: str,
        power: float,
    ) -> MelSettings: ...

def mel_retrieved(
    settings: MelSettings,
    values: NDArray[np.float64],
    length: int | None,
    method: str,
    iterations: int,
    seed: int,
    single: bool,
    progress: _Told,
) -> NDArray[Any]: ...

@final
class GaborSettings:
    def __new__(cls, sr: float, bins_per_octave: int, knee: float, tuning: float, window: str) -> GaborSettings: ...
    def bands(self) -> list[tuple[float, float, int]]: ...

def gabor_forward(settings: GaborSettings, samples: NDArray[Any]) -> list[NDArray[Any]]: ...
def gabor_inverse(settings: GaborSettings, rows: Sequence[NDArray[Any]], length: int | None) -> NDArray[Any]: ...
@final
class GaborStream:
    def __new__(
        cls, settings: GaborSettings, single: bool, slice_samples: int | None, padding: float | None
    ) -> GaborStream: ...
    def sizes(self) -> tuple[int, int]: ...
    def analyse(self, samples: NDArray[Any]) -> list[list[NDArray[Any]]]: ...
    def end(self) -> list[list[NDArray[Any]]]: ...
    def synthesise(self, rows: Sequence[NDArray[Any]]) -> NDArray[Any]: ...
    def rest(self) -> NDArray[Any]: ...

@final
class EditSurface:
    def __new__(cls, sr: float, samples: int, rows_per_octave: int, hop: int) -> EditSurface: ...
    def shape(self) -> tuple[int, int]: ...
    def frequencies(self) -> list[float]: ...
    def times(self) -> list[float]: ...

def edited_by_gains(
    surface: EditSurface, samples: NDArray[Any], gains: NDArray[np.float32], edge: str
) -> NDArray[Any]: ...
def edited_by_shapes(surface: EditSurface, samples: NDArray[Any], edits: str, edge: str) -> NDArray[Any]: ...
