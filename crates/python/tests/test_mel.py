"""Sound from mel spectrograms beside librosa's."""

from __future__ import annotations

import inspect
from typing import Any

import librosa
import numpy as np
import pytest
from conftest import decibels, plucked

import photophone

SR = 22050


def glides() -> np.ndarray:
    t = np.arange(2 * SR) / SR
    return sum(np.sin(2 * np.pi * h * (220 * t + 30 * t**2)) / h for h in range(1, 9)) * np.exp(-t)


def bursts() -> np.ndarray:
    """Noise in bursts over a tone."""
    t = np.arange(2 * SR) / SR
    noise = np.random.default_rng(3).standard_normal(2 * SR)
    return 0.3 * np.sin(2 * np.pi * 330 * t) + noise * np.exp(-12 * (t % 0.4))


def left_db(M: np.ndarray, z: np.ndarray, power: float, told: dict[str, Any]) -> float:
    """How far a sound's mel spectrogram is from `M`, as magnitudes."""
    made = librosa.feature.melspectrogram(y=z.astype(np.float64), sr=SR, power=power, **told)
    return decibels(made ** (1 / power) - M ** (1 / power), M ** (1 / power))


# Without its norm by width librosa's inverse takes minutes.
CASES: list[tuple[float, dict[str, Any]]] = [
    (2.0, {}),
    (1.0, dict(n_mels=80, fmax=8000.0)),
    (2.0, dict(n_fft=1024, hop_length=256, n_mels=64, fmin=40.0, htk=True)),
    (2.0, dict(n_fft=1024, hop_length=300, win_length=800, window="hamming", pad_mode="reflect")),
]


@pytest.mark.parametrize(("power", "told"), CASES)
@pytest.mark.parametrize("make", [glides, bursts, lambda: plucked(SR, 2.0)])
def test_the_mel_spectrogram_comes_nearer_than_by_librosa(make: Any, power: float, told: dict[str, Any]) -> None:
    y = make()
    M = librosa.feature.melspectrogram(y=y, sr=SR, power=power, **told)
    arguments = {key: value for key, value in told.items() if key != "n_mels"}
    theirs = librosa.feature.inverse.mel_to_audio(M, sr=SR, power=power, length=len(y), **arguments)
    ours = photophone.mel_to_audio(M, sr=SR, power=power, length=len(y), **arguments)
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype == np.float32
    theirs_db, ours_db = left_db(M, theirs, power, told), left_db(M, ours, power, told)
    assert ours_db < theirs_db - 10, (ours_db, theirs_db)
    if make is bursts:
        # Of noise nothing tells how a band's power lies in its bins, and what is quieter than it misses it by less.
        return
    S = np.abs(librosa.stft(y))
    sound_db = [decibels(np.abs(librosa.stft(z)) - S, S) for z in (ours, theirs)]
    assert sound_db[0] < sound_db[1], sound_db


def test_the_start_alone_is_as_near_as_librosas_end() -> None:
    y = glides()
    M = librosa.feature.melspectrogram(y=y, sr=SR)
    theirs = librosa.feature.inverse.mel_to_audio(M, sr=SR, length=len(y))
    assert left_db(M, photophone.mel_to_audio(M, n_iter=0, length=len(y)), 2.0, {}) < left_db(M, theirs, 2.0, {})


def test_channels_lengths_and_types_are_librosas() -> None:
    y = np.stack([glides(), bursts()])[:, :9000]
    M = librosa.feature.melspectrogram(y=y, sr=SR, n_mels=40)
    for told in (dict(), dict(length=8999), dict(dtype=np.float64)):
        theirs = librosa.feature.inverse.mel_to_audio(M, sr=SR, n_iter=1, **told)
        ours = photophone.mel_to_audio(M, sr=SR, n_iter=1, **told)
        assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    one = photophone.mel_to_audio(M[1], n_iter=1)
    assert np.array_equal(photophone.mel_to_audio(M, n_iter=1)[1], one)


def test_defaults_are_librosas() -> None:
    ours = inspect.signature(photophone.mel_to_audio).parameters
    theirs = inspect.signature(librosa.feature.inverse.mel_to_audio).parameters
    for key, parameter in theirs.items():
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD:
            assert ours[key].default == parameter.default and ours[key].kind == parameter.kind, key
    of_filters = inspect.signature(librosa.filters.mel).parameters
    for key in ("fmin", "fmax", "htk", "norm"):
        assert ours[key].default == of_filters[key].default, key


def test_what_is_wrong_is_said() -> None:
    M = np.ones((40, 20))
    for wrong in (
        lambda: photophone.mel_to_audio(-M),
        lambda: photophone.mel_to_audio(M * np.nan),
        lambda: photophone.mel_to_audio(M * 1j),
        lambda: photophone.mel_to_audio(M, power=0),
        lambda: photophone.mel_to_audio(M, fmin=9000, fmax=8000),
        lambda: photophone.mel_to_audio(M, norm="mel"),
        lambda: photophone.mel_to_audio(M, norm=-1),
        lambda: photophone.mel_to_audio(M, n_fft=1),
        lambda: photophone.mel_to_audio(M, length=10**6),
        lambda: photophone.mel_to_audio(M[0]),
    ):
        with pytest.raises(photophone.PhotophoneError):
            wrong()


def test_recover_takes_powers_decibels_and_what_torchaudio_has() -> None:
    y = 0.3 * glides()
    told = dict(n_fft=1024, hop_length=256, n_mels=80, fmax=8000.0, htk=True, norm=None)
    M = librosa.feature.melspectrogram(y=y, sr=SR, **told)
    flags = dict(transform="mel:80:1024:256", fmax=8000, mel_scale="htk", mel_norm="none", sr=SR, length=len(y))
    S = np.abs(librosa.stft(y))
    for array, more in ((M, {}), (librosa.power_to_db(M, top_db=None), dict(levels="db:-100:0"))):
        z, rate, report = photophone.recover(array, **flags, **more)
        gain = np.sum(np.abs(librosa.stft(z)) * S) / np.sum(np.abs(librosa.stft(z)) ** 2)
        assert rate == SR and decibels(gain * np.abs(librosa.stft(z)) - S, S) < -10
        assert report["solve"]["residual_db"] < -35
    with pytest.raises(photophone.PhotophoneError, match="n_mels"):
        photophone.recover(M, sr=SR, transform="mel:64")
    with pytest.raises(photophone.PhotophoneError, match='transform="mel"'):
        photophone.recover(M, sr=SR, mel_scale="htk")
