"""How a picture was made, as JSON for the private half."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from ._native import PhotophoneError

# librosa's argument names for a recipe's.
_RENAMED = {"hop_length": "hop", "n_bins": "bins", "librosa_version": "librosa"}
_NORMS = {1: "1", 2: "2", np.inf: "inf"}


def recipe_json(recipe: Any, arguments: dict[str, Any]) -> str:
    """A recipe (a dict, or a file in TOML or JSON) and keyword arguments, as one.

    Raises
    ------
    PhotophoneError
        If both say something and not the same, or a value is of no use.
    """
    fields = _given(recipe)
    for name, value in arguments.items():
        if value is None:
            continue
        name = _RENAMED.get(name, name).replace("_", "-")
        value = _plain(name, value)
        if name in fields and fields[name] != value:
            raise PhotophoneError(f"{name} is {value} in the arguments but {fields[name]} in the recipe: leave one out")
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
        named = {_RENAMED.get(str(name), str(name)).replace("_", "-"): value for name, value in recipe.items()}
        return {name: _plain(name, value) for name, value in named.items() if value is not None}
    raise PhotophoneError(f"recipe is of type {type(recipe).__name__}, expected a dict or the name of a recipe file")


def _read(path: Path) -> dict[str, Any]:
    from . import _native

    fields: dict[str, Any] = json.loads(_native.recipe_file(os.fspath(path)))
    return fields


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if name == "norm" and not isinstance(value, str):
        try:
            return _NORMS[value]
        except (KeyError, TypeError):
            raise PhotophoneError(f"norm is {value!r}, expected 1, 2, numpy.inf or 'none'") from None
    if name == "librosa":
        return str(value)
    return value
