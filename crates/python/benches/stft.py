"""Sound from short-time Fourier magnitudes beside librosa's, both in one run.

usage: stft.py GALLERY        prints a table in Markdown

Magnitudes are the true ones of five seconds at 22 050 Hz: Hann, 2048 samples, hop 512. Times are the processor's, the least of
three on one thread, which `cargo xtask stft-bench` sets. The gallery's sounds are not in the repository; the others are formulas.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import librosa
import numpy as np
import scipy.signal

import photophone

SR = 22050
SAMPLES = 5 * SR
GALLERY = ("trumpet", "libri1", "vibeace")
T = np.arange(SAMPLES) / SR


def chords(random: np.random.Generator) -> np.ndarray:
    """Six chords of five decaying notes of eight harmonics."""
    y = np.zeros(SAMPLES)
    for number, root in enumerate((220, 174.6, 261.6, 196, 220, 146.8)):
        at = number * SAMPLES // 6
        t = T[: SAMPLES - at]
        for semitones in (0, 4, 7, 12, 16):
            for h in range(1, 9):
                phase = random.uniform(0, 2 * np.pi)
                y[at:] += np.exp(-t * (1.5 + h / 2)) * np.sin(2 * np.pi * root * 2 ** (semitones / 12) * h * t + phase) / h
    return y


def voice(random: np.random.Generator) -> np.ndarray:
    """Pulses of a gliding pitch and some breath through the formants of four vowels in turn."""
    pitch = 120 * (1 + 0.2 * np.sin(2 * np.pi * 0.7 * T) + 0.02 * np.sin(2 * np.pi * 5 * T))
    source = np.diff(np.floor(np.cumsum(pitch) / SR), prepend=0.0) + 0.02 * random.standard_normal(SAMPLES)
    vowels = ((700, 1200, 2600), (300, 2300, 3000), (400, 900, 2400), (500, 1700, 2500))
    parts = []
    for number, part in enumerate(np.array_split(source, 20)):
        for formant in vowels[number % 4]:
            part = part + 3 * scipy.signal.lfilter(*scipy.signal.iirpeak(formant, formant / 90, fs=SR), part)
        parts.append(part * np.hanning(len(part)))
    return np.concatenate(parts)


def bursts(random: np.random.Generator) -> np.ndarray:
    """Twelve decaying bursts of noise in bands of an octave."""
    y = np.zeros(SAMPLES)
    for number in range(12):
        at = number * SAMPLES // 12
        hz = 200 * 2 ** random.uniform(0, 4.5)
        part = random.standard_normal(SAMPLES - at) * np.exp(-T[: SAMPLES - at] * random.uniform(5, 30))
        y[at:] += scipy.signal.lfilter(*scipy.signal.butter(2, [hz / 1.4, hz * 1.4], "band", fs=SR), part)
    return y


def bells(random: np.random.Generator) -> np.ndarray:
    """Nine strokes of frequency modulation."""
    y = np.zeros(SAMPLES)
    for number in range(9):
        at = number * SAMPLES // 9
        t, hz = T[: SAMPLES - at], random.uniform(300, 1500)
        y[at:] += np.exp(-2 * t) * np.sin(2 * np.pi * hz * t + 5 * np.exp(-3 * t) * np.sin(2 * np.pi * 1.41 * hz * t))
    return y


def white(random: np.random.Generator) -> np.ndarray:
    """White noise."""
    return random.standard_normal(SAMPLES)


def sounds(gallery: Path) -> Iterator[tuple[str, np.ndarray]]:
    for name in GALLERY:
        if (file := gallery / name / "truth22k.wav").is_file():
            import soundfile

            yield name, soundfile.read(file, frames=SAMPLES)[0]
    for make in (chords, voice, bursts, bells, white):
        yield make.__name__, make(np.random.default_rng(1))


def left_db(magnitudes: np.ndarray, y: np.ndarray) -> float:
    """Spectral convergence of a sound at its best gain."""
    made = np.abs(librosa.stft(y.astype(np.float64)))
    gain = np.sum(made * magnitudes) / np.sum(made**2)
    return float(20 * np.log10(np.linalg.norm(gain * made - magnitudes) / np.linalg.norm(magnitudes)))


def quantised(magnitudes: np.ndarray) -> np.ndarray:
    """As 8-bit levels over 80 dB give them."""
    levels = np.rint(255 * np.clip(1 + 20 * np.log10(magnitudes / magnitudes.max() + 1e-30) / 80, 0, 1))
    return np.where(levels > 0, magnitudes.max() * 10 ** (4 * (levels / 255 - 1)), 0.0)


def timed(call: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    """What a call gives and the least processor time of three: others' work does not count."""
    times = []
    for _ in range(3):
        start = time.process_time()
        y = call()
        times.append(time.process_time() - start)
    return y, min(times)


def row(name: str, y: np.ndarray) -> None:
    M = np.abs(librosa.stft(y)).astype(np.float32)
    librosa.griffinlim(M, n_iter=1)
    z, theirs = timed(lambda: librosa.griffinlim(M, n_iter=100, length=len(y), random_state=0))
    w, ours = timed(lambda: photophone.griffinlim(M, length=len(y)))
    heap = photophone.griffinlim(M, n_iter=0, length=len(y))
    theirs_db, ours_db = left_db(M, z), left_db(M, w)
    coarse = [call(quantised(M), length=len(y)) for call in (librosa_100, photophone.griffinlim)]
    eight = " / ".join(f"{left_db(M, sound):.1f}" for sound in coarse)
    cells = (name, f"{theirs_db:.1f} dB, {theirs:.2f} s", f"{ours_db:.1f} dB, {ours:.2f} s", f"{theirs_db - ours_db:.1f} dB",
             f"{theirs / ours:.1f}", f"{left_db(M, heap):.1f} dB", eight)  # fmt: skip
    print("| " + " | ".join(cells) + " |", flush=True)


def librosa_100(magnitudes: np.ndarray, length: int) -> np.ndarray:
    return librosa.griffinlim(magnitudes, n_iter=100, length=length, random_state=0)


def main(gallery: Path) -> None:
    print(f"librosa {librosa.__version__} and photophone {photophone.__version__} in one run, on one thread.\n")
    print("| sound | `librosa.griffinlim`, 100 iterations | `photophone.griffinlim` | lower by | times as fast | "
          "heap integration alone | from 8 bits: librosa / photophone |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for name, y in sounds(gallery):
        row(name, y)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
