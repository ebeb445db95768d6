"""Matrices that are no constant-Q spectrogram."""
import librosa
import numpy as np

from sounds import RATE

KINDS = ("mel", "mel", "stft", "low stft", "mfcc", "chroma", "checkerboard", "code", "confusion", "correlation", "self-similarity", "heat map", "histogram", "random", "photograph")
# Of these nothing is fitted.
UNSEEN = ("tempogram", "wavelet", "attention", "contour", "bars", "calendar", "walk")
# Those that have frequencies over their rows.
WITH_FREQUENCIES = ("mel", "stft", "low stft", "chroma")


def levels(kind, rng, y, levels_of):
    """Levels of 0 to 1; `levels_of` makes them of magnitudes."""
    if kind in ("mel", "stft", "low stft"):
        return levels_of(of_frequencies(kind, rng, y))
    values = of_sound(kind, rng, y) if kind in ("mfcc", "chroma", "tempogram") else of_numbers(kind, rng)
    return (values - values.min()) / max(values.max() - values.min(), 1e-9)


def of_frequencies(kind, rng, y):
    if kind == "mel":
        size = int(rng.choice([512, 1024, 2048]))
        hop, mels = int(rng.choice([256, 512])), int(rng.choice([40, 64, 80]))
        return np.sqrt(librosa.feature.melspectrogram(y=y, sr=RATE, n_mels=mels, n_fft=size, hop_length=hop))
    if kind == "stft":
        size = int(rng.choice([64, 128, 160]))
        return np.abs(librosa.stft(y, n_fft=size, hop_length=size))
    return np.abs(librosa.stft(y, n_fft=2048, hop_length=512))[: rng.integers(60, 90)]


def of_sound(kind, rng, y):
    if kind == "mfcc":
        return librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=int(rng.integers(13, 41)))
    if kind == "tempogram":
        return librosa.feature.tempogram(y=y, sr=RATE, win_length=int(rng.integers(40, 100)))
    return librosa.feature.chroma_stft(y=y, sr=RATE)


def of_numbers(kind, rng):
    n = int(rng.integers(12, 80))
    if kind in UNSEEN:
        return of_unseen(kind, rng, n)
    if kind == "checkerboard":
        return ((np.indices((n, n)) // int(rng.integers(1, 7))).sum(0) % 2).astype(float)
    if kind == "code":
        return rng.integers(0, 2, (n, n)).astype(float)
    if kind == "confusion":
        size = int(rng.integers(6, 25))
        return np.eye(size) * 8 + rng.exponential(0.6, (size, size))
    if kind == "correlation":
        return np.corrcoef(rng.standard_normal((n, 2)) @ rng.standard_normal((2, 40)) + rng.standard_normal((n, 40)))
    if kind == "self-similarity":
        path = np.cumsum(rng.standard_normal((n, 3)), 0)
        return -np.linalg.norm(path[:, None] - path[None], axis=-1)
    if kind == "heat map":
        x, y = np.meshgrid(np.linspace(0, rng.uniform(2, 20), 2 * n), np.linspace(0, rng.uniform(2, 12), n))
        return np.sin(x + rng.uniform(0, 6)) * np.cos(y) + 0.3 * x / x.max()
    if kind == "histogram":
        return np.histogram2d(*rng.standard_normal((2, 4000)), bins=n)[0]
    if kind == "random":
        return rng.random((n, 2 * n))
    return field(rng, n, 2 * n, rng.uniform(0.8, 2.2))  # as bright as a photograph is


def of_unseen(kind, rng, n):
    if kind == "wavelet":
        t = np.linspace(-1, 1, 2 * n)
        return np.abs([np.convolve(np.cumsum(rng.standard_normal(2 * n)), np.cos(s * t) * np.exp(-((s * t) ** 2) / 8), "same") for s in range(2, n + 2)])
    if kind == "attention":
        scores = np.exp(rng.normal(0, 1.5, (n, n)) - 0.1 * np.abs(np.subtract.outer(range(n), range(n))))
        return np.tril(scores) / np.tril(scores).sum(1, keepdims=True)
    if kind == "contour":
        return np.floor(8 * field(rng, n, n, 2.0) / 3) / 8
    if kind == "bars":
        return (np.arange(n)[:, None] < rng.uniform(0, n, 2 * n)).astype(float)
    if kind == "calendar":
        return rng.poisson(2, (7, 53)) * 1.0
    return np.cumsum(rng.standard_normal((n, 2 * n)), 1)  # walks, one a row


def field(rng, rows, columns, fall):
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(columns), np.fft.fftfreq(rows)))
    return np.real(np.fft.ifft2(np.fft.fft2(rng.standard_normal((rows, columns))) / (1e-2 + frequency) ** fall))
