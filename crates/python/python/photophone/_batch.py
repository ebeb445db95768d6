"""One of many files, drawn or recovered in a worker: what `photophone.batch`, `photophone.dask` and `photophone.ray` share."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from . import _native
from ._arguments import iterations as most_iterations
from ._native import BatchWork, PhotophoneError
from ._recipe import UNTOLD, recipe_json
from ._wording import in_python

# What a row says, in this order; None where it does not apply.
COLUMNS = (
    "path", "output", "status", "error", "work_secs", "sound_secs", "sample_rate_hz", "residual_db", "warnings",
    "input_digest", "settings_digest",
)  # fmt: skip

# Letters of a path's digest that tell files of one name apart.
_LETTERS = 12

Row = dict[str, Any]


class Files:
    """Work on many files, one at a time. Pickling it pickles what it was told."""

    def __init__(
        self,
        make: Callable[..., BatchWork],
        output: str | os.PathLike[str],
        *,
        on_error: str = "row",
        resume: bool = True,
        force: bool = False,
        base: str | os.PathLike[str] | None = None,
        max_decoded_bytes: int | None = None,
        **settings: Any,
    ) -> None:
        if on_error not in ("row", "raise"):
            raise PhotophoneError(f"on_error is {on_error!r}, expected 'row' or 'raise'")
        told = dict(on_error=on_error, resume=resume, force=force, base=base, max_decoded_bytes=max_decoded_bytes, **settings)
        self._told = (make, output, told)
        self._on_error = on_error
        self._output = os.fspath(output)
        self._base = None if base is None else os.fspath(base)
        most = 0 if max_decoded_bytes is None else _native.count("max_decoded_bytes", max_decoded_bytes, 1)
        try:
            self._work = make(self._output, bool(resume), bool(force), most, **settings)
        except PhotophoneError as error:
            raise PhotophoneError(_worded(error)) from None

    def __reduce__(self) -> tuple[Any, ...]:
        return _files, self._told

    def one(self, given: Any) -> Row:
        """Does a file: a path, or a row with ``"path"``, ``"bytes"`` or both; gives the row of what became of it."""
        path, data = _path_and_bytes(given)
        name = "the bytes" if path is None else path
        row: Row = dict.fromkeys(COLUMNS)
        row.update(path=path, warnings="")
        try:
            place = _place(path, data, self._base, self._work.ending)
            row["output"] = os.path.join(self._output, place)
            told = json.loads(self._work.one(name, data, place))
        except (OSError, PhotophoneError) as error:
            if self._on_error == "raise":
                error.args = (_worded(error),) if isinstance(error, PhotophoneError) else error.args
                raise
            row.update(status="failed", error=_worded(error))
            return row
        told["warnings"] = "\n".join(in_python(text) for text in told.get("warnings", ()))
        row.update({name: value for name, value in told.items() if name in row and name != "path"})
        return row


def _files(make: Callable[..., BatchWork], output: str | os.PathLike[str], told: dict[str, Any]) -> Files:
    """The work that was told so."""
    return Files(make, output, **told)


def draw_work(
    folder: str,
    resume: bool,
    force: bool,
    max_decoded_bytes: int,
    *,
    cell: tuple[int, int] = (2, 4),
    bits: int = 8,
    mono: bool = False,
    max_memory: float | None = None,
    max_work: float | None = None,
    n_bins: Any = UNTOLD,
    **recipe: Any,
) -> BatchWork:
    """The work of drawing, told as `photophone.draw` is."""
    from ._draw import _cell

    width, height = _cell(cell)
    recipe_text = recipe_json(None, {**recipe, "n_bins": UNTOLD if n_bins is None else n_bins})
    limits = _native.Limits(max_memory, max_work)
    depth = _native.count("bits", bits)
    return BatchWork.draw(
        folder, resume, force, max_decoded_bytes, recipe_text, n_bins is None, bool(mono), width, height, depth, limits
    )


def recover_work(
    folder: str,
    resume: bool,
    force: bool,
    max_decoded_bytes: int,
    *,
    phase: str | None = None,
    original: str | None = None,
    mask: str | None = None,
    format: str = "wav",
    bits: int | str | None = None,
    overlay: bool = False,
    recipe: Any = None,
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
    **known: Any,
) -> BatchWork:
    """The work of recovering, told as `photophone.recover` is."""
    reading = _native.Reading(
        crop, cells, palette, flip, bool(transposed), _native.count("max_pixels", max_pixels),
        axis, None if duration is None else float(duration), None if panel is None else _native.count("panel", panel),
    )  # fmt: skip
    return BatchWork.recover(
        folder, resume, force, max_decoded_bytes, recipe_json(recipe, known), reading,
        _native.Limits(max_memory, max_work), bool(centres), phase_method, _native.count("seed", seed),
        most_iterations("iterations", iterations), float(gain), bool(normalise), bool(despite_doubt),
        phase, original, mask, format, None if bits is None else str(bits), bool(overlay),
    )  # fmt: skip


def _worded(error: Exception) -> str:
    return in_python(_native.shortened(str(error)))


def _path_and_bytes(given: Any) -> tuple[str | None, bytes | None]:
    """What a row gives."""
    if isinstance(given, (str, os.PathLike)):
        return os.fspath(given), None
    if not isinstance(given, Mapping):
        raise PhotophoneError(f"a row is of type {type(given).__name__}, expected a path, or a dict with 'path' or 'bytes'")
    path, data = given.get("path"), given.get("bytes")
    if path is None and data is None:
        known = ", ".join(repr(name) for name in given) or "nothing"
        raise PhotophoneError(f"a row has {known}, expected 'path' or 'bytes'")
    return None if path is None else os.fspath(path), None if data is None else bytes(data)


def _place(path: str | None, data: bytes | None, base: str | None, ending: str) -> str:
    """The output's name below its folder: of the path below `base`, else one that no other path or bytes have."""
    if path is None:
        return f"{hashlib.sha256(data or b'').hexdigest()}.{ending}"
    if base is None:
        stem = PurePath(path).stem
        return f"{stem}-{hashlib.sha256(path.encode()).hexdigest()[:_LETTERS]}.{ending}"
    below = os.path.relpath(path, base)
    if below.startswith(os.pardir) or os.path.isabs(below):
        raise PhotophoneError(f"{path}: is not below {base}, expected a file below `base`")
    return str(PurePath(below).with_suffix(f".{ending}"))
