"""How a picture was made, as JSON for the private half."""

from __future__ import annotations

import json
import os
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from ._arguments import window_text
from ._native import PhotophoneError

# librosa's argument names for a recipe's.
_RENAMED = {"hop_length": "hop", "n_bins": "bins", "librosa_version": "librosa"}
_NAMED_BACK = {ours: theirs for theirs, ours in _RENAMED.items()}
_KNOWN = {
    "sr", "sample-rate", "hop", "bins", "bins-per-octave", "fmin", "tuning", "filter-scale", "window", "norm",
    "sparsity", "scale", "pad-mode", "res-type", "gamma", "librosa", "length", "levels", "reference", "palette", "phase",
    "inverse", "frames", "cell-width", "cell-height", "phase-digest",
}  # fmt: skip
_WHOLE = {"hop", "bins", "bins-per-octave", "length", "sample-rate"}
# What None means where it is said: librosa's own meaning.
_NONE = {"norm": "none", "gamma": "erb", "tuning": "auto"}


class Untold(Enum):
    """The default of arguments whose ``None`` means something else to librosa than that nothing is said."""

    UNTOLD = "untold"

    def __repr__(self) -> str:
        return "<not told>"


UNTOLD = Untold.UNTOLD


def recipe_json(recipe: Any, arguments: dict[str, Any]) -> str:
    """A recipe (a dict, or a file in TOML or JSON) and keyword arguments, as one.

    Raises
    ------
    PhotophoneError
        If both say something and not the same, or a value is of no use.
    """
    fields = _given(recipe)
    for name, value in _plain_fields(arguments).items():
        if name in fields and fields[name] != value:
            raise PhotophoneError(
                f"{_argument(name)} is {value} in the arguments but {fields[name]} in the recipe: leave one out"
            )
        fields[name] = value
    try:
        return json.dumps(fields, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PhotophoneError(f"the recipe has a value that is none of its own: {error}") from None


def _given(recipe: Any) -> dict[str, Any]:
    if recipe is None:
        return {}
    if isinstance(recipe, (str, os.PathLike)):
        return _read(Path(recipe))
    if isinstance(recipe, dict):
        return _plain_fields(recipe)
    raise PhotophoneError(f"recipe is of type {type(recipe).__name__}, expected a dict or the name of a recipe file")


def _read(path: Path) -> dict[str, Any]:
    from . import _native

    fields: dict[str, Any] = json.loads(_native.recipe_file(os.fspath(path)))
    return fields


def by_argument(stored: dict[str, Any]) -> dict[str, Any]:
    """A recipe's names and values by librosa's argument names."""
    return {_argument(name): value for name, value in stored.items()}


def _argument(name: str) -> str:
    return _NAMED_BACK.get(name, name).replace("-", "_")


def _plain_fields(given: dict[Any, Any]) -> dict[str, Any]:
    """Names and values as a recipe has them; what is None is not known, but for librosa's own meaning of it."""
    fields = {}
    for key, value in given.items():
        name = _RENAMED.get(str(key), str(key)).replace("_", "-")
        if name not in _KNOWN:
            known = ", ".join(sorted(by_argument(dict.fromkeys(_KNOWN))))
            raise PhotophoneError(f"'{key}' is not known here, expected one of: {known}")
        if value is None:
            value = _NONE.get(name)
        if value is not None and value is not UNTOLD:
            fields[name] = _plain(name, value)
    return fields


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if name in _WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    if name == "norm" and isinstance(value, (int, float)):
        return f"{value:g}"
    if name == "window":
        return window_text(value)
    return str(value) if name == "librosa" else value
