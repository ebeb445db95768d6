"""Edits as changes: gains and shapes, what stays, errors."""

from __future__ import annotations

import json

import numpy as np
import pytest

import photophone

SR = 22050


def off(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


def test_a_rectangle_of_gains_is_heard_there_and_nowhere_else() -> None:
    y = np.random.default_rng(0).standard_normal((2, 3 * SR))
    frequencies, times = photophone.edit_axes(y.shape[-1], SR)
    gain = np.ones((len(frequencies), len(times)))
    gain[np.ix_((frequencies > 1500) & (frequencies < 2500), (times > 1.4) & (times < 1.6))] = 0
    z = photophone.edit(y, SR, gain)
    assert z.shape == y.shape and z.dtype == y.dtype
    inside = slice(int(1.45 * SR), int(1.55 * SR))
    spectra = [abs(np.fft.rfft(x[0, inside] * np.hanning(inside.stop - inside.start))) for x in (y, z)]
    hz = np.fft.rfftfreq(inside.stop - inside.start, 1 / SR)
    held, left = (float((spectrum[(hz > 1600) & (hz < 2400)] ** 2).sum()) for spectrum in spectra)
    assert left < 1e-4 * held
    assert (z[:, : int(1.0 * SR)] == y[:, : int(1.0 * SR)]).all() and (z[:, int(2.0 * SR) :] == y[:, int(2.0 * SR) :]).all()
    # One plane for each channel, in single precision, and nothing for the second.
    single = y.astype(np.float32)
    z = photophone.edit(single, SR, np.stack([gain, np.ones_like(gain)]))
    assert z.dtype == np.float32 and (z[1] == single[1]).all() and (z[0] != single[0]).any()


def test_one_gain_for_all_is_that_gain() -> None:
    y = np.random.default_rng(1).standard_normal(9973)
    frequencies, times = photophone.edit_axes(len(y), 8000, rows_per_octave=24, hop=100)
    assert len(times) == 100 and frequencies[0] == 0 and frequencies[-1] == 4000
    z = photophone.edit(y, 8000, np.full((len(frequencies), len(times)), 0.5), rows_per_octave=24, hop=100)
    assert off(z, 0.5 * y) < 1e-7


def test_edits_are_told_as_lists_or_as_a_files_text() -> None:
    y = np.random.default_rng(2).standard_normal(SR)
    edits = [{"shape": {"band": {"hz": [500, 900]}}, "action": {"gain_db": -12}, "soft_cells": 1}]
    z = photophone.edit(y, SR, edits=edits)
    whole = {"version": 1, "edits": edits}
    assert (photophone.edit(y, SR, edits=whole) == z).all() and (photophone.edit(y, SR, edits=json.dumps(whole)) == z).all()
    assert 0 < off(z, y) < 0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (dict(), "either gain or edits"),
        (dict(gain=np.ones((3, 3))), "edit_axes"),
        (dict(gain="loud"), "no array of numbers"),
        (dict(edits=[{"shape": {"circle": {}}, "action": "erase"}]), "circle"),
        (dict(edits=[{"shape": {"band": {"hz": [9, 5]}}, "action": "erase"}]), "edit 1"),
        (dict(edits={"version": 9}), "version 9"),
        (dict(edits=[], edge="both"), "edge"),
        (dict(edits=[object()]), "JSON"),
    ],
)
def test_what_does_not_fit_is_said(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(photophone.PhotophoneError, match=said):
        photophone.edit(np.zeros(1000), SR, **arguments)
