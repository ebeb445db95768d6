"""Times librosa.cqt on one thread: a minute of noise at 44.1 kHz, 84 bins, hop 512.

usage: bench.py        prints the median time in seconds of float32 samples
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import statistics
import time

import librosa
import numpy as np


def main():
    y = np.random.default_rng(1).uniform(-0.25, 0.25, 60 * 44100).astype(np.float32)
    times = []
    for _ in range(16):
        start = time.perf_counter()
        librosa.cqt(y, sr=44100, hop_length=512, n_bins=84, bins_per_octave=12, tuning=0.0)
        times.append(time.perf_counter() - start)
    # The first call compiles.
    print(statistics.median(times[1:]))


if __name__ == "__main__":
    main()
