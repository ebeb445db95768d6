"""What came with librosa 1.0, and what librosa's users have asked for: `n_bins=None`, `rng`, `ivqt`, `griffinlim_vqt`."""

from __future__ import annotations

import inspect
from typing import Any

import librosa
import numpy as np
import pytest
from conftest import decibels, plucked, snr_db

import photophone
from photophone import _intervals

SR = 22050


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    """Less than the session's sound, since every test here inverts."""
    return plucked(SR, 0.6)


JUST = [1, 16 / 15, 9 / 8, 6 / 5, 5 / 4, 4 / 3, 45 / 32, 3 / 2, 8 / 5, 5 / 3, 9 / 5, 15 / 8]


@pytest.mark.parametrize(
    ("told", "bins"),
    [
        (dict(sr=22050), 101),
        (dict(sr=44100), 113),
        (dict(sr=44100, bins_per_octave=36), 338),
        (dict(sr=22050, fmin=1000), 41),
        (dict(sr=22050, tuning=0.3), 100),
    ],
)
def test_as_many_bins_as_fit(told: dict[str, Any], bins: int) -> None:
    """The figures are librosa 1.0.0's, as in the transform's goldens."""
    y = np.random.default_rng(1).standard_normal(5000).astype(np.float32)
    assert photophone.cqt(y, n_bins=None, **told).shape[0] == bins
    with pytest.raises(photophone.PhotophoneError):
        photophone.cqt(y, n_bins=bins + 1, **told)


def test_an_open_number_of_bins_is_librosa_1_0s(sound: np.ndarray) -> None:
    newer = photophone.cqt(sound, n_bins=None)
    assert np.array_equal(newer, photophone.cqt(sound, n_bins=101, librosa_version="1.0"))
    assert not np.array_equal(newer, photophone.cqt(sound, n_bins=101))
    older = photophone.cqt(sound, n_bins=None, librosa_version="0.11")
    assert np.array_equal(older, photophone.cqt(sound, n_bins=101))
    assert photophone.vqt(sound, n_bins=None).shape[0] == 101
    # Where the bins end lower, the releases are one transform.
    assert np.array_equal(photophone.cqt(sound, librosa_version="1.0"), photophone.cqt(sound))


def test_as_many_bins_as_fit_are_drawn(sound: np.ndarray) -> None:
    picture = photophone.draw(sound, SR, n_bins=None, hop_length=256)
    assert picture.levels.shape[0] == 101 and picture.recipe["librosa_version"] == "1.0"
    assert photophone.draw(sound, SR, hop_length=256).levels.shape[0] == 84
    assert photophone.draw(sound, SR, n_bins=None, fmin=1000, hop_length=256).levels.shape[0] == 41
    assert snr_db(sound, photophone.recover(picture)[0]) > 30


def test_101_bins_come_back_as_84_do(sound: np.ndarray) -> None:
    told = dict(hop_length=256, length=len(sound), pad_mode="constant")
    assert snr_db(sound, photophone.icqt(photophone.cqt(sound, hop_length=256), **told)) > 60
    C = photophone.cqt(sound, n_bins=None, hop_length=256)
    assert snr_db(sound, photophone.icqt(C, **told)) > 60
    assert snr_db(sound, photophone.icqt(C, **told, librosa_version="1.0")) > 60
    assert snr_db(sound, photophone.icqt(C, **told, librosa_version="0.11")) < 20
    # librosa 0.11's are told by their phase.
    older = librosa.cqt(sound.astype(np.float32), n_bins=101, hop_length=256)
    assert snr_db(sound, photophone.icqt(older, **told)) > 60
    assert snr_db(sound, photophone.icqt(older, **told, librosa_version="1.0")) < 20


def test_recover_finds_the_release(sound: np.ndarray) -> None:
    C = photophone.cqt(sound, n_bins=None, hop_length=256)
    given, _, report = photophone.recover(C, hop_length=256, length=len(sound), librosa_version="1.0")
    line = next(line for line in report["findings"] if line["name"] == "librosa")
    assert (line["value"], line["source"]) == ("1.0", "given")
    found, _, report = photophone.recover(C, hop_length=256, length=len(sound))
    line = next(line for line in report["findings"] if line["name"] == "librosa")
    assert (line["value"], line["source"]) == ("1.0", "read")
    assert np.array_equal(found, given)


@pytest.mark.parametrize(
    ("intervals", "gamma"), [("equal", None), ("equal", 30.0), ("pythagorean", None), (JUST, 0), (JUST, None)]
)
def test_ivqt_inverts_librosas_vqt(sound: np.ndarray, intervals: Any, gamma: float | None) -> None:
    told = dict(hop_length=128, intervals=intervals, gamma=gamma)
    V = librosa.vqt(sound.astype(np.float32), **told)
    y = photophone.ivqt(V, **told, length=len(sound))
    assert y.dtype == np.float32
    assert snr_db(sound, y) > 50


@pytest.mark.parametrize("told", [dict(tuning=0.2), dict(pad_mode="reflect")])
def test_what_nobody_tells_of_unequal_intervals_is_found(sound: np.ndarray, told: dict[str, Any]) -> None:
    V = photophone.vqt(sound, hop_length=128, intervals="ji5", gamma=0, **told)
    y = photophone.ivqt(V, hop_length=128, intervals="ji5", gamma=0, tuning=None, length=len(sound))
    assert snr_db(sound, y) > 50


@pytest.mark.parametrize("intervals", ["ji3", "ji5", "ji7", "pythagorean"])
@pytest.mark.parametrize("bins_per_octave", [5, 12, 24])
def test_intervals_are_librosas(intervals: str, bins_per_octave: int) -> None:
    ours = _intervals.interval_ratios(intervals, bins_per_octave)
    theirs = librosa.interval_frequencies(bins_per_octave, fmin=1, intervals=intervals, bins_per_octave=bins_per_octave)
    assert np.allclose(ours, theirs, rtol=1e-12, atol=0)


@pytest.mark.parametrize("told", [{}, dict(intervals="ji5"), dict(recipe={"transform": {"intervals": "ji5"}})])
def test_recover_inverts_unequal_intervals(sound: np.ndarray, told: dict[str, Any]) -> None:
    V = librosa.vqt(sound.astype(np.float32), sr=SR, hop_length=256, intervals="ji5", gamma=0)
    y, _, report = photophone.recover(V, sr=SR, hop_length=256, length=len(sound), **told)
    # Taken as equally spaced, they give 8 dB.
    assert snr_db(sound, y) > 65
    assert [line["value"] for line in report["findings"] if line["name"] == "intervals"] == ["ji5"]


def test_ivqt_is_icqt_with_the_defaults_of_vqt(sound: np.ndarray) -> None:
    V = photophone.vqt(np.stack([sound, sound[::-1]])[:, :6000])
    assert np.array_equal(photophone.ivqt(V), photophone.icqt(V, gamma=None))
    with pytest.raises(photophone.PhotophoneError, match="griffinlim_vqt"):
        photophone.ivqt(np.abs(V))


@pytest.mark.parametrize("intervals", ["equal", JUST])
def test_griffinlim_vqt_comes_near_the_magnitudes(sound: np.ndarray, intervals: Any) -> None:
    told = dict(hop_length=128, intervals=intervals)
    M = np.abs(photophone.vqt(sound, **told))
    y = photophone.griffinlim_vqt(M, **told, length=len(sound))
    assert decibels(M - np.abs(photophone.vqt(y, **told)), M) < -25


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: seed,
        lambda seed: np.int64(seed),
        lambda seed: [seed, 2],
        lambda seed: np.random.SeedSequence(seed),
        np.random.default_rng,
        np.random.PCG64,
        np.random.RandomState,
    ],
)
def test_the_same_seed_gives_the_same_sound(make: Any) -> None:
    M = np.abs(photophone.cqt(np.random.default_rng(3).standard_normal(6000), n_bins=24, fmin=220))

    def made(seed: int) -> np.ndarray:
        return photophone.griffinlim_cqt(M, fmin=220, n_iter=4, method="griffin-lim", rng=make(seed))

    assert np.array_equal(made(5), made(5))
    assert not np.array_equal(made(5), made(6))


def test_one_name_for_randomness_is_enough() -> None:
    M = np.ones((24, 10))
    old = photophone.griffinlim_cqt(M, fmin=220, n_iter=2, method="griffin-lim", random_state=4)
    assert np.array_equal(old, photophone.griffinlim_cqt(M, fmin=220, n_iter=2, method="griffin-lim", rng=4))
    with pytest.raises(photophone.PhotophoneError, match="both"):
        photophone.griffinlim_cqt(M, rng=1, random_state=1)
    with pytest.raises(photophone.PhotophoneError, match="rng"):
        photophone.griffinlim_cqt(M, rng="seed")
    with pytest.raises(photophone.PhotophoneError, match="rng"):
        photophone.phase_from_magnitude(M, rng=-1)


@pytest.mark.parametrize("name", ["pseudo_cqt", "hybrid_cqt"])
def test_what_keeps_no_phase_is_refused_by_name(name: str) -> None:
    with pytest.raises(photophone.PhotophoneError, match=f"{name} keeps no phase.*use cqt"):
        getattr(photophone, name)(np.zeros(1000), sr=SR)


@pytest.mark.parametrize(("ours", "theirs"), [("ivqt", "icqt"), ("griffinlim_vqt", "griffinlim_cqt")])
def test_signatures_follow_librosas(ours: str, theirs: str) -> None:
    names = list(inspect.signature(getattr(photophone, ours)).parameters)
    librosas = [name for name in inspect.signature(getattr(librosa, theirs)).parameters if name != "random_state"]
    assert [name for name in names if name in librosas] == librosas
    for name in ("gamma", "intervals"):
        assert inspect.signature(photophone.vqt).parameters[name] == inspect.signature(getattr(photophone, ours)).parameters[name]
