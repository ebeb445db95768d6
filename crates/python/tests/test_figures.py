"""Sound from figures that people draw with matplotlib of STFT and mel spectrograms: the answers of docs/questions.md."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import librosa
import librosa.display
import matplotlib
import numpy as np
import pytest
from conftest import decibels
from PIL import Image

import photophone

matplotlib.use("Agg")

SR = 22050


def sound() -> np.ndarray:
    """Plucked notes with overtones, and a little noise."""
    t = np.arange(3 * SR) / SR
    since = t % 0.5
    hz = 220 * 2 ** (np.array([0, 4, 7, 12, 5, 9])[(t / 0.5).astype(int)] / 12)
    notes = sum(np.sin(2 * np.pi * h * hz * since) / h for h in range(1, 7)) * np.exp(-5 * since)
    y = notes * np.minimum(since / 0.01, 1) + 0.003 * np.random.default_rng(5).standard_normal(len(t))
    return 0.5 * y / abs(y).max()


def spectrum_db(y: np.ndarray, n_fft: int) -> np.ndarray:
    return librosa.amplitude_to_db(abs(librosa.stft(y, n_fft=n_fft, hop_length=512)), ref=np.max)


def convergence_db(y: np.ndarray, z: np.ndarray) -> float:
    """How far the magnitudes of a sound of any loudness are from those of the original."""
    n = min(len(y), len(z))
    Y, Z = (abs(librosa.stft(x[:n].astype(np.float64))) for x in (y, z))
    return decibels(Y - Z * (Y * Z).sum() / (Z * Z).sum(), Y)


def recovered(path: Path, **told: Any) -> tuple[np.ndarray, int, photophone.Report]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", photophone.PhotophoneWarning)
        return photophone.recover(path, **told)


def with_axes(path: Path, S: np.ndarray, y_axis: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4))
    axes = figure.add_subplot()
    mesh = librosa.display.specshow(S, sr=SR, hop_length=512, x_axis="time", y_axis=y_axis, ax=axes)
    figure.colorbar(mesh, ax=axes, format="%+2.0f dB")
    axes.set_title("Spectrogram")
    figure.savefig(path)


def without_axes(path: Path, S: np.ndarray, y_axis: str | None, size: tuple[int, int], **how: Any) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    librosa.display.specshow(S, sr=SR, hop_length=512, x_axis="time", y_axis=y_axis, ax=axes, **how)
    figure.savefig(path)


def test_an_stft_with_axes_and_a_colour_bar_needs_no_word(tmp_path: Path) -> None:
    y, path = sound(), tmp_path / "song.png"
    with_axes(path, spectrum_db(y, 2048), "linear")
    z, rate, report = recovered(path)
    assert (rate, abs(len(z) - len(y)) < 512) == (SR, True)
    found = {entry["name"]: entry for entry in report["findings"] if entry["section"] == "recipe"}
    assert (found["hop"]["value"], found["n-fft"]["value"]) == (512, 2048)
    assert (found["sr"]["source"], found["n-fft"]["source"], found["transform"]["source"]) == ("read", "assumed", "read")
    # Two of three bins have no row of pixels.
    assert convergence_db(y, z) < -7


def test_a_mel_spectrogram_with_axes_and_a_colour_bar_needs_no_word(tmp_path: Path) -> None:
    y, path = sound(), tmp_path / "song.png"
    with_axes(path, librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=SR), ref=np.max), "mel")
    z, rate, report = recovered(path)
    assert rate == SR and abs(len(z) - len(y)) < 512
    assert convergence_db(y, z) < -12


def test_an_stft_on_a_logarithmic_axis_without_margins(tmp_path: Path) -> None:
    """stackoverflow.com/q/64345872"""
    y, path = sound(), tmp_path / "song.png"
    without_axes(path, spectrum_db(y, 1024), "log", (640, 480))
    z, rate, _ = recovered(path, sr=SR, transform="stft:1024:512", axis="log")
    assert rate == SR and convergence_db(y, z) < -14


def test_a_gray_jpeg_of_an_stft(tmp_path: Path) -> None:
    """stackoverflow.com/q/78037595: 2000 x 2000 px, 1025 bins of 1.95 px."""
    y, path = sound(), tmp_path / "song.png"
    without_axes(path, spectrum_db(y, 2048), None, (1000, 2000), cmap="gray")
    jpeg = path.with_suffix(".jpg")
    Image.open(path).convert("L").save(jpeg, quality=95)
    z, rate, report = recovered(jpeg, fmax=11025, duration=3)
    assert rate == SR and not [text for text in report["warnings"] if "duration" in text]
    assert convergence_db(y, z) < -25


def test_a_duration_that_no_usual_hop_has_is_doubted(tmp_path: Path) -> None:
    y, path = sound(), tmp_path / "song.png"
    S = spectrum_db(y, 512)
    Image.fromarray(np.uint8(np.round((S[::-1] + 80) / 80 * 255))).resize((4 * S.shape[1], 2 * S.shape[0]), 0).save(path)
    z, rate, report = recovered(path, fmax=11025, duration=0.8, transform="stft:512")
    assert rate == SR
    assert any("hop" in text and "duration" in text for text in report["warnings"]), report["warnings"]


@pytest.mark.parametrize("what", ["mfcc", "chroma", "similarity"])
def test_what_is_no_spectrogram_gives_no_sound(tmp_path: Path, what: str) -> None:
    from matplotlib.figure import Figure

    y, path = sound(), tmp_path / "other.png"
    mfcc = librosa.feature.mfcc(y=y, sr=SR, n_mfcc=20)
    figure = Figure(figsize=(10, 4))
    axes = figure.add_subplot()
    if what == "mfcc":
        librosa.display.specshow(mfcc, sr=SR, x_axis="time", ax=axes)
        axes.set_ylabel("MFCC")
    elif what == "chroma":
        librosa.display.specshow(librosa.feature.chroma_stft(y=y, sr=SR), y_axis="chroma", x_axis="time", ax=axes)
    else:
        axes.imshow(librosa.segment.recurrence_matrix(mfcc, mode="affinity", sym=True))
        axes.set_title("Self-similarity")
    figure.savefig(path)
    with pytest.raises(photophone.PhotophoneError):
        recovered(path)


def drawn_by_hand(path: Path, S: np.ndarray, hop: int, unit: str, **labels: Any) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), dpi=100)
    axes = figure.add_subplot()
    hz = np.linspace(0, SR / 2, len(S)) / {"Hz": 1, "kHz": 1000}[unit]
    mesh = axes.pcolormesh(np.arange(S.shape[1]) * hop / SR, hz, S)
    figure.colorbar(mesh, ax=axes, **labels)
    axes.set(xlabel="Time (s)", ylabel=f"Frequency ({unit})")
    figure.savefig(path)


def test_frames_are_as_far_apart_as_the_axis_says_where_rows_are_too_many(tmp_path: Path) -> None:
    y, path = sound(), tmp_path / "song.png"
    S = librosa.amplitude_to_db(abs(librosa.stft(y, n_fft=2048, hop_length=256)), ref=np.max)
    drawn_by_hand(path, S, 256, "kHz", label="dB")
    z, rate, report = recovered(path)
    found = {entry["name"]: entry for entry in report["findings"] if entry["section"] == "recipe"}
    assert (rate, found["hop"]["value"]) == (SR, 256)
    assert abs(len(z) / len(y) - 1) < 0.01


def test_a_colour_bar_that_begins_at_0_is_of_linear_magnitudes(tmp_path: Path) -> None:
    y, path = sound(), tmp_path / "song.png"
    drawn_by_hand(path, abs(librosa.stft(y, n_fft=512, hop_length=256)), 256, "Hz")
    # 257 rows in 308 px do not tell their number.
    z, rate, report = recovered(path, transform="stft:512:256")
    levels = next(entry for entry in report["findings"] if entry["name"] == "levels")
    assert (rate, levels["value"], levels["source"]) == (SR, "linear", "assumed")
    assert convergence_db(y, z) < -20


def test_a_pixel_a_cell_is_known_where_there_are_as_many_rows_as_are_told(tmp_path: Path) -> None:
    """`imsave` of a long matrix, whose columns all differ."""
    from matplotlib.image import imsave

    y, path = sound(), tmp_path / "song.png"
    mel = librosa.feature.melspectrogram(y=y, sr=SR, n_fft=512, hop_length=128)
    imsave(path, librosa.power_to_db(mel, ref=np.max), cmap="magma", origin="lower")
    z, rate, _ = recovered(path, sr=SR, transform="mel:128:512:128")
    assert rate == SR and abs(len(z) - len(y)) < 128
    assert convergence_db(y, z) < -12
