"""How a picture was made, as JSON for the private half."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from . import _native
from ._arguments import window_text
from ._intervals import ratio_list
from ._native import PhotophoneError

_PARAMETERS = _native.recipe_parameters()
_SECTIONS = {section for section, *_ in _PARAMETERS}
# The name of each parameter by what it may be called: its keyword, which is librosa's, or its own name.
_NAMES = {called: name for _, _, name, keyword, _ in _PARAMETERS for called in (name, name.replace("-", "_"), keyword)}
# The same of those that stand in a section under another name.
_NAMES_IN_SECTIONS = {(section, field): name for section, field, name, _, _ in _PARAMETERS}
_KEYWORDS = {name: keyword for _, _, name, keyword, _ in _PARAMETERS}
_WHOLE = {"hop", "bins", "bins-per-octave", "length", "sample-rate", "channels", "gap", "n-fft", "win-length", "n-mels"}
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
    fields: dict[str, Any] = json.loads(_native.recipe_file(os.fspath(path)))
    return fields


def by_argument(stored: dict[str, Any]) -> dict[str, Any]:
    """A recipe's names and values by librosa's argument names."""
    return {_argument(name): value for name, value in stored.items()}


def _argument(name: str) -> str:
    return _KEYWORDS.get(name, name.replace("-", "_"))


def _plain_fields(given: dict[Any, Any]) -> dict[str, Any]:
    """Names and values as a recipe has them; what is None is not known, but for librosa's own meaning of it."""
    fields = {}
    for key, value in _without_sections(given):
        name = _NAMES.get(key)
        if name is None:
            known = ", ".join(sorted(_KEYWORDS.values()))
            raise PhotophoneError(f"'{key}' is not known here, expected one of: {known}")
        if value is None:
            value = _NONE.get(name)
        if value is not None and value is not UNTOLD:
            fields[name] = _plain(name, value)
    return fields


def _without_sections(given: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values, those in sections among them."""
    for key, value in given.items():
        if key in _SECTIONS and isinstance(value, dict):
            for name, each in value.items():
                yield _NAMES_IN_SECTIONS.get((key, name)) or str(name), each
        else:
            yield str(key), value


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if name in _WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    if name in ("norm", "mel-norm") and isinstance(value, (int, float)):
        return f"{value:g}"
    if name == "intervals" and not isinstance(value, str):
        return ratio_list(value)
    if name == "window":
        return window_text(value)
    return str(value) if name == "librosa" else value
