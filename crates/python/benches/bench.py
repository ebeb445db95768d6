"""The package beside librosa, both in one run.

usage: bench.py GALLERY        prints a table in Markdown

Times are medians on one thread (RAYON_NUM_THREADS=1, which `cargo xtask python-bench` sets), but where two are named.
The gallery's folders hold sounds that are not in the repository; without them the rows on the example grid are made
from a formula.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import librosa
import numpy as np

import photophone
from photophone import _native
from photophone._arguments import parameters

GRID = dict(sr=44100, hop_length=512, bins_per_octave=12)
CLIPS = ("trumpet", "libri1", "vibeace")


def median_secs(call: Callable[[], object], repeats: int) -> float:
    """Median time of a call, the first left out."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def snr_db(truth: np.ndarray, result: np.ndarray) -> float:
    return float(10 * np.log10(np.sum(truth**2) / np.sum((truth - result) ** 2)))


def band(y: np.ndarray) -> np.ndarray:
    """What lies between 30 and 4100 Hz: the bins' own band."""
    spectrum = np.fft.rfft(y)
    hz = np.fft.rfftfreq(len(y), 1 / 44100)
    spectrum[(hz < 30) | (hz > 4100)] = 0
    return np.fft.irfft(spectrum, len(y))


def convergence_db(magnitudes: np.ndarray, y: np.ndarray) -> float:
    """Spectral convergence of a sound, by librosa's own transform."""
    made = np.abs(librosa.cqt(y, **GRID, pad_mode="reflect"))
    return float(20 * np.log10(np.linalg.norm(made - magnitudes) / np.linalg.norm(magnitudes)))


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def forward() -> None:
    y = np.random.default_rng(1).uniform(-0.25, 0.25, 60 * 44100).astype(np.float32)
    theirs = median_secs(lambda: librosa.cqt(y, **GRID), 9)
    ours = median_secs(lambda: photophone.cqt(y, **GRID), 9)
    row("`cqt`, a minute at 44.1 kHz, 84 bins, hop 512", f"{1e3 * theirs:.0f} ms", f"{1e3 * ours:.0f} ms",
        f"{theirs / ours:.1f} times as fast")  # fmt: skip


def overhead() -> None:
    y = np.random.default_rng(1).standard_normal(2000)
    given = dict(sr=22050, hop_length=512, fmin=440.0, n_bins=12, bins_per_octave=12, tuning=0.0, filter_scale=1, norm=1,
                 sparsity=0.01, window="hann", scale=True, pad_mode="constant", res_type="soxr_hq")  # fmt: skip
    params = parameters(**given, gamma=0, librosa_version="0.11")
    extra = []
    for _ in range(15):
        call = median_secs(lambda: photophone.cqt(y, **given), 300)
        extra.append(call - _native.forward_work_secs(params, y[None], 300))
    row("a call's overhead beyond its work", "", f"{1e6 * statistics.median(extra):.1f} µs", "")


def clips(gallery: Path) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """The gallery's sounds and librosa's coefficients of them, else one made by formula."""
    import soundfile

    folders = [(name, gallery / name) for name in CLIPS if (gallery / name).is_dir()]
    if folders:
        return [(name, soundfile.read(folder / "truth.wav")[0], np.load(folder / "cqt.npy")) for name, folder in folders]
    t = np.arange(3 * 44100) / 44100
    y = sum(np.exp(-2 * t) * np.sin(2 * np.pi * 220 * h * t) / h for h in range(1, 8)).astype(np.float32)
    return [("a formula", y, librosa.cqt(y, **GRID, pad_mode="reflect"))]


def inverse(name: str, y: np.ndarray, C: np.ndarray) -> None:
    told = dict(**GRID, length=len(y))
    theirs = median_secs(lambda: librosa.icqt(C, **told), 7)
    truth = band(y)
    theirs_db = snr_db(truth, band(librosa.icqt(C, **told)))
    for how in ("linear", None):
        ours = median_secs(lambda how=how: photophone.icqt(C, **told, inverse=how), 3)
        ours_db = snr_db(truth, band(photophone.icqt(C, **told, inverse=how)))
        row(f"`icqt`, {name}, {how or 'adaptive (the default)'}", f"{theirs_db:.1f} dB, {1e3 * theirs:.0f} ms",
            f"{ours_db:.1f} dB, {1e3 * ours:.0f} ms", f"{ours_db - theirs_db:.1f} dB better, {ours / theirs:.1f} times as long")  # fmt: skip


def retrieval(name: str, y: np.ndarray, C: np.ndarray) -> None:
    told = dict(**GRID, length=len(y), pad_mode="reflect")
    M = np.abs(C)

    def theirs() -> np.ndarray:
        return librosa.griffinlim_cqt(M, **told, random_state=0)

    def ours() -> np.ndarray:
        return photophone.griffinlim_cqt(M, **told)

    (theirs_secs, theirs_db), (ours_secs, ours_db) = (
        (median_secs(call, 3), convergence_db(M, call())) for call in (theirs, ours)
    )
    row(f"`griffinlim_cqt`, {name}, 32 rounds", f"{theirs_db:.1f} dB, {theirs_secs:.2f} s",
        f"{ours_db:.1f} dB, {ours_secs:.2f} s", f"{theirs_db - ours_db:.1f} dB lower, {theirs_secs / ours_secs:.1f} times as fast")  # fmt: skip


def main(gallery: Path) -> None:
    threads = os.environ.get("RAYON_NUM_THREADS", "all")
    print(f"librosa {librosa.__version__} and photophone {photophone.__version__} in one run, threads: {threads}.\n")
    row("what", "librosa", "photophone", "")
    print("|---|---|---|---|")
    forward()
    overhead()
    sounds = clips(gallery)
    for measure in (inverse, retrieval):
        for each in sounds:
            measure(*each)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
