"""Doubt and refusals reach people, in the words of the function that they called."""

from __future__ import annotations

import inspect
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import photophone
from photophone._wording import in_python


# A grid that carries every bin, small as an inverse of what is no sound takes all its iterations.
GRID = dict(hop_length=128, fmin=110.0)


@pytest.fixture(scope="module")
def cells(sound: np.ndarray) -> np.ndarray:
    return photophone.cqt(sound[:6000], n_bins=24, **GRID)


@pytest.fixture(scope="module")
def foreign(cells: np.ndarray) -> np.ndarray:
    """Coefficients of no sound: independent from cell to cell."""
    rng = np.random.default_rng(0)
    return np.abs(cells).mean() * (rng.standard_normal(cells.shape) + 1j * rng.standard_normal(cells.shape))


def raised(call: Any) -> tuple[Any, list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [each for each in caught if issubclass(each.category, photophone.PhotophoneWarning)]


def test_what_a_report_warns_of_is_raised_where_the_call_is(foreign: np.ndarray) -> None:
    assert issubclass(photophone.PhotophoneWarning, UserWarning)
    (_, _, report), caught = raised(lambda: photophone.recover(foreign, sr=22050, pad_mode="constant", **GRID))
    assert report["warnings"] and [str(each.message) for each in caught] == report["warnings"]
    assert {each.filename for each in caught} == {__file__}
    assert not report["warnings"][0].startswith("WARNING")


def test_a_phase_that_is_not_there_is_told_of(sound: np.ndarray, tmp_path: Path) -> None:
    photophone.draw(sound, 22050).save(tmp_path / "a.png")
    (tmp_path / "a.phase.npy").unlink()
    (_, _, report), caught = raised(lambda: photophone.recover(tmp_path / "a.png", iterations=1))
    assert [str(each.message) for each in caught] == report["warnings"] and "phase=" in report["warnings"][0]


def test_what_is_told_is_not_warned_of(sound: np.ndarray, tmp_path: Path) -> None:
    C = photophone.cqt(sound[:20000], hop_length=128)
    told = dict(hop_length=128, length=20000)
    picture = photophone.draw(sound[:20000], 22050, hop_length=128)
    picture.save(tmp_path / "a.png")
    photophone.save_picture(tmp_path / "b.png", C, sr=22050, **told)
    for quiet in (
        lambda: photophone.recover(C, sr=22050, **told),
        lambda: photophone.recover(np.abs(C), C / np.abs(C), sr=22050, **told),
        lambda: photophone.recover(picture),
        lambda: photophone.recover(picture.pixels, picture.phase, sr=22050, hop_length=128),
        lambda: photophone.recover(tmp_path / "a.png"),
        lambda: photophone.recover(tmp_path / "b.png"),
        lambda: photophone.recover((tmp_path / "a.png").read_bytes(), picture.phase),
        lambda: photophone.read_picture(tmp_path / "a.png"),
        lambda: photophone.read_picture(tmp_path / "b.png"),
    ):
        _, caught = raised(quiet)
        assert [str(each.message) for each in caught] == []
    _, caught = raised(lambda: photophone.recover(C, **told))
    assert len(caught) == 1 and "nothing tells the sample rate" in str(caught[0].message)


def test_the_inverse_alone_warns_too(cells: np.ndarray, foreign: np.ndarray) -> None:
    _, caught = raised(lambda: photophone.icqt(foreign, pad_mode="constant", **GRID))
    assert len(caught) == 1 and "hop_length=" in str(caught[0].message) and caught[0].filename == __file__
    mask = np.zeros(cells.shape)
    mask[:, 30:] = 1
    spoilt = np.where(mask > 0, cells, foreign)
    for quiet in (
        lambda: photophone.icqt(cells, **GRID),
        lambda: photophone.icqt(spoilt, **GRID, mask=mask),
        lambda: photophone.icqt(cells, **GRID, max_iterations=2),
        lambda: photophone.icqt(0 * cells, **GRID),
        lambda: photophone.recover(cells, sr=22050, **GRID),
    ):
        assert raised(quiet)[1] == []


def test_magnitudes_of_no_sound_are_told_of(cells: np.ndarray, foreign: np.ndarray) -> None:
    for function in (photophone.griffinlim_cqt, photophone.phase_from_magnitude):
        _, caught = raised(lambda: function(np.abs(foreign), **GRID))
        assert len(caught) == 1 and "hop_length=" in str(caught[0].message) and caught[0].filename == __file__
        for magnitudes, n_iter in ((np.abs(cells), 32), (np.abs(foreign), 4), (0 * np.abs(cells), 32)):
            assert raised(lambda: function(magnitudes, n_iter=n_iter, **GRID))[1] == []


def test_a_warning_can_be_made_an_error(foreign: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", photophone.PhotophoneWarning)
        with pytest.raises(photophone.PhotophoneWarning):
            photophone.icqt(foreign, pad_mode="constant", **GRID)


def test_settings_without_effect_are_warned_of(sound: np.ndarray) -> None:
    told: dict[str, Any] = {"seed": 3, "phase_method": "heap", "iterations": 1}
    picture = photophone.draw(sound, 22050)
    for given, what in ((picture, "a picture"), (photophone.cqt(sound), "complex coefficients")):
        _, caught = raised(lambda: photophone.recover(given, sr=22050, **told))
        messages = [str(warning.message) for warning in caught]
        assert any(f"phase_method= and seed= have no effect on {what}" in message for message in messages), messages


REFUSED: list[tuple[Any, str]] = [
    (lambda y: photophone.cqt(y, n_bins=120), "give fewer bins (n_bins=), a lower fmin= or a higher sr="),
    (lambda y: photophone.icqt(photophone.cqt(y), fmin=900.0), "give fewer bins, a lower fmin= or a higher sr="),
    (lambda y: photophone.draw(y, 22050, n_bins=120), "(n_bins=)"),
    (lambda y: photophone.cqt(y, hop_length=0), "hop_length is 0"),
    (lambda y: photophone.cqt(y, n_bins=0), "n_bins is 0"),
    (lambda y: photophone.cqt(y, hop_length=100, librosa_version="0.7"), 'librosa 0.9 or later (librosa_version="0.11")'),
    (lambda y: photophone.draw(y, 22050, bits=16, palette="magma"), "(palette=), or 8 bits (bits=8)"),
    (lambda y: photophone.draw(y, 22050, cell=(0, 1)), "give other cells (cell=, cell=) or a larger hop (hop_length=)"),
    (lambda y: photophone.read_picture(np.zeros((40, 40), np.uint8)), "cells="),
    (lambda y: photophone.read_picture(np.zeros((40, 40), np.uint8), crop=(90, 0, 5, 5)), "crop=(left, top, width, height)"),
    (lambda y: photophone.recover(photophone.cqt(y), sr=22050, n_bins=12), "n_bins=12 was given, but it is 84 in the picture or array"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_refusals_speak_python(sound: np.ndarray, call: Any, words: str) -> None:
    with pytest.raises(photophone.PhotophoneError) as refused:
        call(sound)
    assert words in str(refused.value)
    assert not re.search(r"--[a-z]|`", str(refused.value))


def test_reports_speak_python(sound: np.ndarray) -> None:
    picture = photophone.draw(sound, 22050)
    (_, _, report), _ = raised(lambda: photophone.recover(picture.pixels, sr=22050, iterations=1))
    for text in (str(report), str(picture.report), repr(dict(report))):
        assert not re.search(r"--[a-z]|`", text)
    assert "phase=" in str(report)


def test_values_are_written_as_python_has_them() -> None:
    def is_(message: str, text: str) -> None:
        assert in_python(message) == text

    is_("`cells 84x260`, `cells ROWSxFRAMES`", "cells=(84, 260), cells=(bins, frames)")
    is_("`crop 1,2,3,4`", "crop=(1, 2, 3, 4)")
    is_("`levels power` or `bits 8`", 'levels="power" or bits=8')
    is_("the file `x`", "the file `x`")
    assert in_python("fewer bins (`bins`), `hop`", {"sr"}) == "fewer bins, hop"


@pytest.mark.parametrize("name", [n for n in photophone.__all__ if inspect.isfunction(getattr(photophone, n))])
def test_signatures_spell_every_argument_out(name: str) -> None:
    function = getattr(photophone, name)
    kinds = {parameter.kind for parameter in inspect.signature(function).parameters.values()}
    assert not kinds & {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    assert hasattr(function, "__wrapped__"), "not worded: see _wording.public"
    with pytest.raises(photophone.PhotophoneError, match="'hops' is not known here"):
        function(hops=3)
    with pytest.raises(TypeError):
        function(hops=3)
