"""Times the forward transform on one processor, and the linear inverse of dense grids, library beside library.

usage: bench.py        prints JSON: processor time in seconds by grid, direction and library

librosa is needed. photophone, and fastchroma for the grids that it takes, are measured where they are installed. All
libraries take turns in one run, so that what else the machine does falls on all of them; the times are medians.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = "1"
# fastchroma starts a second thread whatever the environment says.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import importlib.util
import json
import statistics
import time
import warnings

import librosa
import numpy as np

# Name, sample rate, seconds, rounds, whether the inverse is timed, and the transform.
GRIDS = [
    ("minute at 44.1 kHz", 44100, 60, 25, False, {"hop_length": 512, "n_bins": 84, "bins_per_octave": 12}),
    ("minute at 22.05 kHz", 22050, 60, 25, False, {"hop_length": 512, "n_bins": 84, "bins_per_octave": 12}),
    ("96 an octave, hop 256, 1 s at 16 kHz", 16000, 1, 7, True, {"hop_length": 256, "n_bins": 672, "bins_per_octave": 96}),
    ("120 an octave, hop 128, 4 s at 22.05 kHz", 22050, 4, 7, True, {"hop_length": 128, "n_bins": 600, "bins_per_octave": 120}),
    ("hop 441, 4 s at 44.1 kHz", 44100, 4, 7, True, {"hop_length": 441, "n_bins": 84, "bins_per_octave": 12}),
]


def installed(name):
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def libraries(y, sr, grid):
    """The forward transforms of float32 samples, each planned as often as its library does by itself."""
    works = {"librosa": lambda: librosa.cqt(y, sr=sr, tuning=0.0, **grid)}
    if photophone := installed("photophone"):
        works["photophone"] = lambda: photophone.cqt(y, sr=sr, tuning=0.0, **grid)
    fastchroma = installed("fastchroma")
    if fastchroma and grid["hop_length"] == 512:
        transform = fastchroma.CQT(sr=sr, **grid)
        works["fastchroma"] = lambda: transform(y, output="complex")
    return works


def inverses(y, sr, grid):
    """The linear inverses, told all but the samples."""
    C = librosa.cqt(y, sr=sr, tuning=0.0, **grid)
    told = {name: value for name, value in grid.items() if name != "n_bins"} | {"sr": sr, "tuning": 0.0, "length": len(y)}
    works = {"librosa": lambda: librosa.icqt(C, **told)}
    if photophone := installed("photophone"):
        works["photophone"] = lambda: photophone.icqt(C, inverse="linear", pad_mode="constant", **told)
    return works


def sound(samples, sr):
    """Gliding partials and a little noise."""
    secs = np.arange(samples) / sr
    glide = sum(np.sin(2 * np.pi * (180 * secs + 60 * np.minimum(secs, 8) ** 2) * h) / h for h in range(1, 9))
    noise = np.random.default_rng(1).uniform(-0.02, 0.02, samples)
    return (0.2 * glide + noise).astype(np.float32)


def medians(works, rounds):
    times = {library: [] for library in works}
    # The first round compiles and plans.
    for _ in range(rounds + 1):
        for library, work in works.items():
            start = time.process_time()
            work()
            times[library].append(time.process_time() - start)
    return {library: statistics.median(seen[1:]) for library, seen in times.items()}


def main():
    warnings.filterwarnings("ignore")
    measured = {}
    for name, sr, secs, rounds, is_inverted, grid in GRIDS:
        y = sound(secs * sr, sr)
        measured[name] = {"forward": medians(libraries(y, sr, grid), rounds)}
        if is_inverted:
            measured[name]["linear inverse"] = medians(inverses(y, sr, grid), 1)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
