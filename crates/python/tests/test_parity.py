"""Agreement with librosa on random settings."""

from __future__ import annotations

import statistics
import warnings
from typing import Any

import librosa
import numpy as np
import pytest
from conftest import decibels, snr_db
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from settings import Sound, settings_of_cqt, short_sounds, sounds

import photophone

CASES = 200
LIMIT_DB = -100.0
# librosa works in single precision at least where it sparsifies and, for float32, in its resampler. Coefficients that
# cancel to less than this below a tone as loud as the sound are its rounding.
ROUNDING_DB = -135.0

# librosa's inverse and this one both say next to nothing of a sound outside a few bins: such figures are 0 within some
# hundredths.
SLACK_DB = 0.05

pytestmark = pytest.mark.filterwarnings("ignore")
random_cases = settings(
    max_examples=CASES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes and the case is printed whole
)


def by_librosa(function: Any, y: np.ndarray, arguments: dict[str, Any]) -> np.ndarray | None:
    """librosa's coefficients, or None where it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(y, **arguments)
        except (librosa.util.exceptions.LibrosaError, ValueError, np.exceptions.AxisError):
            return None


def agrees(name: str, y: np.ndarray, arguments: dict[str, Any]) -> float:
    """The difference in dB; fails where it is too large, or where only one of the two refuses."""
    theirs = by_librosa(getattr(librosa, name), y, arguments)
    if theirs is None:
        with pytest.raises(ValueError):
            getattr(photophone, name)(y, **arguments)
        return -np.inf
    ours = getattr(photophone, name)(y, **arguments)
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    db = decibels(ours - theirs, theirs)
    if db > LIMIT_DB:
        floor = 10 ** (ROUNDING_DB / 20) * loudest_tone(y, arguments)
        assert np.abs(ours - theirs).max() <= floor, f"{name}: {db:.1f} dB"
    return db


def loudest_tone(y: np.ndarray, arguments: dict[str, Any]) -> float:
    """The largest coefficient that a tone as loud as the sound can have."""
    sr, bins = arguments["sr"], arguments["n_bins"]
    alpha = 2 ** (1 / arguments["bins_per_octave"]) - 1
    longest = arguments["filter_scale"] * sr / (alpha * arguments["fmin"])
    gain = {1: 1.0, 2: np.sqrt(longest), np.inf: longest, None: longest}[arguments["norm"]]
    return float(np.abs(y).max()) * gain * (np.sqrt(longest) if arguments["scale"] else longest)


class TestCqt:
    figures: list[float] = []

    @random_cases
    @given(sound=sounds, arguments=settings_of_cqt())
    def test_agrees_with_librosa(self, sound: Sound, arguments: dict[str, Any]) -> None:
        y = sound.at(arguments["sr"])
        self.figures.append(agrees("cqt", y, arguments))

    def test_tells_the_worst(self, capsys: pytest.CaptureFixture[str]) -> None:
        tell(capsys, "cqt", self.figures)


class TestVqt:
    figures: list[float] = []

    @random_cases
    @given(
        sound=sounds,
        arguments=settings_of_cqt(),
        gamma=st.sampled_from([None, 0, 5.0, 40.0]),
        intervals=st.sampled_from(["equal", "equal", "pythagorean"]),
    )
    def test_agrees_with_librosa(
        self, sound: Sound, arguments: dict[str, Any], gamma: float | None, intervals: str
    ) -> None:
        y = sound.at(arguments["sr"])
        self.figures.append(agrees("vqt", y, {**arguments, "gamma": gamma, "intervals": intervals}))

    def test_tells_the_worst(self, capsys: pytest.CaptureFixture[str]) -> None:
        tell(capsys, "vqt", self.figures)


class TestIcqt:
    gains: list[tuple[float, float]] = []

    @random_cases
    @given(sound=short_sounds, arguments=settings_of_cqt())
    def test_is_never_below_librosas(self, sound: Sound, arguments: dict[str, Any]) -> None:
        y = sound.at(arguments["sr"])
        C = by_librosa(librosa.cqt, y, arguments)
        if C is None:
            return
        pad_mode = arguments.pop("pad_mode")
        arguments.pop("n_bins")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                theirs = snr_db(y, librosa.icqt(C, length=y.shape[-1], **arguments))
            except (librosa.util.exceptions.LibrosaError, ValueError):
                return
        ours = snr_db(y, photophone.icqt(C, length=y.shape[-1], **arguments))
        told = snr_db(y, photophone.icqt(C, length=y.shape[-1], pad_mode=pad_mode, **arguments))
        self.gains.append((told - theirs, ours - theirs))
        assert min(self.gains[-1]) >= -SLACK_DB, f"{C.shape}: {theirs:.2f}, told {told:.2f}, not told {ours:.2f} dB"

    def test_tells_the_gain(self, capsys: pytest.CaptureFixture[str]) -> None:
        for name, gains in zip(("told", "not told"), zip(*self.gains)):
            with capsys.disabled():
                print(f"\nicqt over librosa's, pad mode {name}: median {statistics.median(gains):.2f} dB, least "
                      f"{min(gains):.2f} dB in {len(gains)} cases")  # fmt: skip


def tell(capsys: pytest.CaptureFixture[str], name: str, figures: list[float]) -> None:
    """Prints what the cases before have shown."""
    assert len(figures) >= CASES
    computed = [db for db in figures if np.isfinite(db)]
    with capsys.disabled():
        print(f"\n{name} against librosa: worst {max(computed):.1f} dB, median {statistics.median(computed):.1f} dB in "
              f"{len(computed)} cases, {len(figures) - len(computed)} refused by both or equal")  # fmt: skip
