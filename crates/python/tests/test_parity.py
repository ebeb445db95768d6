"""Agreement with librosa on random settings."""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Callable
from typing import Any

import librosa
import numpy as np
import pytest
from conftest import TOLD, decibels, snr_db
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

# A known failure: coefficients that tell nothing of their sound (filters many times as long as it) cannot tell their pad
# mode either. Where nobody's answer explains a tenth of the sound's power, even with the pad mode told, an answer with the
# wrong one comes back up to this much below librosa's, which is silence within some hundredths.
UNTELLING_DB = 0.5
UNTELLING_SLACK_DB = 0.2

# 200 samples under filters of a second: with windows bounded by the signal's length, those of the adaptive inverse fell between
# their own bins, and it ended in no numbers.
FEW_SAMPLES = Sound(seed=1, samples=200, channels=(), noise=1.0, tones=1, dtype="float32")
LONG_FILTERS: dict[str, Any] = dict(
    sr=32000, hop_length=1084, n_bins=98, bins_per_octave=25, fmin=221.03458265959407, tuning=0.13, filter_scale=1.7, norm=1,
    sparsity=0.01, window="bartlett", scale=True, pad_mode="edge",
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("ignore")
random_cases = settings(
    max_examples=CASES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes and the case is printed whole
)


def by_librosa(function: Any, y: np.ndarray, arguments: dict[str, Any]) -> np.ndarray | None:
    """librosa's result, or None where it refuses."""
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


Telling = Callable[[str, object], None]


def test_cqt_agrees_with_librosa(record_property: Telling) -> None:
    figures: list[float] = []

    @random_cases
    @given(sound=sounds, arguments=settings_of_cqt())
    def agree(sound: Sound, arguments: dict[str, Any]) -> None:
        figures.append(agrees("cqt", sound.at(arguments["sr"]), arguments))

    agree()
    record_property(TOLD, worst_of("cqt", figures))


def test_vqt_agrees_with_librosa(record_property: Telling) -> None:
    figures: list[float] = []

    @random_cases
    @given(
        sound=sounds,
        arguments=settings_of_cqt(),
        gamma=st.sampled_from([None, 0, 5.0, 40.0]),
        intervals=st.sampled_from(["equal", "equal", "pythagorean"]),
    )
    def agree(sound: Sound, arguments: dict[str, Any], gamma: float | None, intervals: str) -> None:
        told = {**arguments, "gamma": gamma, "intervals": intervals}
        figures.append(agrees("vqt", sound.at(arguments["sr"]), told))

    agree()
    record_property(TOLD, worst_of("vqt", figures))


def test_icqt_is_never_below_librosas(record_property: Telling) -> None:
    gains: list[tuple[float, float]] = []

    @random_cases
    @given(sound=short_sounds, arguments=settings_of_cqt())
    def compare(sound: Sound, arguments: dict[str, Any]) -> None:
        y = sound.at(arguments["sr"])
        C = by_librosa(librosa.cqt, y, arguments)
        if C is None:
            return
        pad_mode = arguments.pop("pad_mode")
        arguments.pop("n_bins")
        inverted = by_librosa(librosa.icqt, C, {**arguments, "length": y.shape[-1]})
        if inverted is None:
            return
        theirs = snr_db(y, inverted)
        ours = snr_db(y, photophone.icqt(C, length=y.shape[-1], **arguments))
        told = snr_db(y, photophone.icqt(C, length=y.shape[-1], pad_mode=pad_mode, **arguments))
        gains.append((told - theirs, ours - theirs))
        slack = UNTELLING_SLACK_DB if max(theirs, told) < UNTELLING_DB else SLACK_DB
        assert told - theirs >= -SLACK_DB and ours - theirs >= -slack, f"{C.shape}: {theirs:.2f}, told {told:.2f}, not told {ours:.2f} dB"

    compare()
    for name, each in zip(("told", "not told"), zip(*gains)):
        record_property(
            TOLD,
            f"icqt over librosa's, pad mode {name}: median {statistics.median(each):.2f} dB, least {min(each):.2f} dB in "
            f"{len(each)} cases",
        )


def test_few_samples_under_long_filters_come_back_as_numbers() -> None:
    y = FEW_SAMPLES.at(LONG_FILTERS["sr"])
    C = librosa.cqt(y, **LONG_FILTERS)
    told = {name: value for name, value in LONG_FILTERS.items() if name not in ("n_bins", "pad_mode")}
    # librosa's inverse says nothing of it: 0 dB.
    assert snr_db(y, photophone.icqt(C, length=len(y), **told)) > 0.5


def worst_of(name: str, figures: list[float]) -> str:
    """What the cases have shown, in words."""
    assert len(figures) >= CASES
    computed = [db for db in figures if np.isfinite(db)]
    return (
        f"{name} against librosa: worst {max(computed):.1f} dB, median {statistics.median(computed):.1f} dB in "
        f"{len(computed)} cases, {len(figures) - len(computed)} refused by both or equal"
    )
