"""The short-time Fourier transform against librosa's and SciPy's."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import scipy.signal
from conftest import decibels

import photophone

SETTINGS = [
    dict(n_fft=2048),
    dict(n_fft=512, win_length=400, hop_length=100, pad_mode="reflect"),
    dict(n_fft=512, hop_length=128, center=False),
    dict(n_fft=511, win_length=300, hop_length=77, pad_mode="edge"),
    dict(n_fft=1024, hop_length=600, pad_mode="reflect", window=("kaiser", 8.6)),
    dict(n_fft=64, hop_length=64, pad_mode="symmetric", window="hamming"),
]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("samples", [1500, 20_000])
def test_is_librosas(settings: dict[str, object], samples: int) -> None:
    if settings.get("center") is False and samples < 2048 > 512:
        samples = 2048
    y = np.random.default_rng(0).standard_normal((2, samples))
    D = photophone.stft(y, **settings)
    theirs = librosa.stft(y, **settings)
    assert D.shape == theirs.shape and D.dtype == theirs.dtype
    assert decibels(D - theirs, theirs) < -240
    back = {key: value for key, value in settings.items() if key != "pad_mode"}
    for length in (None, samples):
        z, w = photophone.istft(theirs, length=length, **back), librosa.istft(theirs, length=length, **back)
        assert z.shape == w.shape and decibels(z - w, w) < -150, length


def test_is_scipys_over_the_windows_sum() -> None:
    y = np.random.default_rng(1).standard_normal(30_000)
    _, _, Z = scipy.signal.stft(y, window="hann", nperseg=1024, noverlap=768, boundary="zeros", padded=False)
    D = photophone.stft(y, n_fft=1024, hop_length=256) / scipy.signal.get_window("hann", 1024).sum()
    assert decibels(D[:, : Z.shape[1]] - Z, Z) < -240


def test_single_precision_is_the_results_only() -> None:
    y = np.random.default_rng(2).standard_normal(5000).astype(np.float32)
    D = photophone.stft(y)
    assert D.dtype == np.complex64 and photophone.istft(D).dtype == np.float32
    assert np.array_equal(D, photophone.stft(y.astype(np.float64)).astype(np.complex64))


def test_what_is_wrong_is_said() -> None:
    y = np.zeros(4000)
    D = photophone.stft(y)
    for wrong in (
        lambda: photophone.stft(y, n_fft=1),
        lambda: photophone.stft(y, win_length=4096),
        lambda: photophone.stft(y[:100], center=False),
        lambda: photophone.istft(np.abs(D)),
        lambda: photophone.istft(D, n_fft=1024),
        lambda: photophone.griffinlim(np.abs(D), init="zeros"),
        lambda: photophone.griffinlim(-np.abs(D) - 1j * np.nan),
    ):
        with pytest.raises(photophone.PhotophoneError):
            wrong()


def test_magnitudes_alone_come_nearer_than_by_librosa() -> None:
    sr = 22050
    t = np.arange(2 * sr) / sr
    y = sum(np.sin(2 * np.pi * h * (220 * t + 30 * t**2)) / h for h in range(1, 9)) * np.exp(-t)
    S = np.abs(librosa.stft(y))

    def left(z: np.ndarray) -> float:
        return float(decibels(np.abs(librosa.stft(z)) - S, S))

    theirs = left(librosa.griffinlim(S, length=len(y), random_state=0))
    ours = left(photophone.griffinlim(S, length=len(y)))
    assert ours < theirs - 3, (ours, theirs)
    # The phase that it ended with is taken up again.
    again = photophone.griffinlim(photophone.stft(photophone.griffinlim(S, length=len(y), n_iter=4)), n_iter=0, init=None)
    assert again.shape[-1] >= len(y) - 512


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (dict(n_fft=2048, hop_length=512), dict(transform="stft:2048:512")),
        (dict(n_fft=1024, hop_length=256, pad_mode="reflect"), dict(transform="stft", hop_length=256)),
        (
            dict(n_fft=512, hop_length=100, win_length=400, window="hamming"),
            dict(recipe={"transform": {"kind": "stft", "hop": 100, "win-length": 400, "window": "hamming"}}),
        ),
        (
            dict(n_fft=500, hop_length=50, window="hamming", center=False),
            dict(transform="stft", n_fft=500, hop_length=50, window="hamming", center=False),
        ),
    ],
)
def test_recover_inverts_librosas_stft(settings: dict[str, object], told: dict[str, object]) -> None:
    y = 0.1 * np.random.default_rng(2).standard_normal(22_050)
    D = librosa.stft(y, **settings)
    z, rate, report = photophone.recover(D, sr=22050, **told)
    assert rate == 22050 and 22_050 - 50 <= len(z) <= 22_050 + 512
    n = min(len(z), len(y))
    # The samples come out in single precision.
    assert decibels(z[:n] - y[:n], y[:n]) < -130
    assert {line["name"] for line in report["findings"]}.isdisjoint({"fmin", "bins", "tuning"})


def test_recover_makes_sound_of_stft_magnitudes() -> None:
    y = librosa.chirp(fmin=200, fmax=4000, sr=22050, duration=1.0) + librosa.tone(330, sr=22050, duration=1.0)
    y *= 0.3  # Nothing clips.
    magnitudes = np.abs(librosa.stft(y))
    z, _, _ = photophone.recover(magnitudes, sr=22050, transform="stft:2048:512", length=len(y))
    assert decibels(np.abs(librosa.stft(z)) - magnitudes, magnitudes) < -30


def test_recover_names_what_an_stft_has_none_of() -> None:
    D = librosa.stft(np.random.default_rng(3).standard_normal(8000))
    with pytest.raises(photophone.PhotophoneError, match="fmin= is given for an STFT"):
        photophone.recover(D, sr=22050, transform="stft", fmin=100)
    with pytest.raises(photophone.PhotophoneError, match='transform="stft"'):
        photophone.recover(D, sr=22050, win_length=512)
