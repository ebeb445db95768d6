"""Sound from mel spectrograms beside librosa's, both in one run.

usage: mel.py GALLERY        prints a table in Markdown

Spectrograms are librosa's defaults (128 bands, Hann, 2048 samples, hop 512) of the sounds of `stft.py`. A mel figure is how far
the result's own mel spectrogram is from the one given, as magnitudes; a sound figure is spectral convergence of STFT magnitudes at
the best gain. Times are the processor's, the least of three; set RAYON_NUM_THREADS and OMP_NUM_THREADS to 1 for one thread.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import librosa
import numpy as np
from stft import SR, left_db, quantised, sounds, timed

import photophone


def mel_db(M: np.ndarray, y: np.ndarray) -> float:
    """How far a sound's mel spectrogram is from `M`, as magnitudes."""
    made = np.sqrt(librosa.feature.melspectrogram(y=y.astype(np.float64), sr=SR))
    return float(20 * np.log10(np.linalg.norm(made - np.sqrt(M)) / np.linalg.norm(np.sqrt(M))))


def row(name: str, y: np.ndarray) -> None:
    M, S = librosa.feature.melspectrogram(y=y, sr=SR), np.abs(librosa.stft(y))
    coarse = quantised(np.sqrt(M)) ** 2
    told = dict(sr=SR, length=len(y))
    cells = [name]
    for call, n_iter in (
        (librosa.feature.inverse.mel_to_audio, 32),
        (librosa.feature.inverse.mel_to_audio, 100),
        (photophone.mel_to_audio, 0),
        (photophone.mel_to_audio, 32),
    ):
        z, secs = timed(lambda call=call, n_iter=n_iter: call(M, n_iter=n_iter, **told))
        cells.append(f"{mel_db(M, z):.1f} / {left_db(S, z):.1f} dB, {secs:.2f} s")
    eight = [left_db(S, call(coarse, **told)) for call in (librosa.feature.inverse.mel_to_audio, photophone.mel_to_audio)]
    cells.append(" / ".join(f"{db:.1f}" for db in eight))
    print("| " + " | ".join(cells) + " |", flush=True)


def main(gallery: Path) -> None:
    print(f"librosa {librosa.__version__} and photophone {photophone.__version__} in one run: mel / sound, time.\n")
    print("| sound | librosa's `mel_to_audio` | 100 iterations | `photophone.mel_to_audio`, start alone | as it is | sound from 8 bits: "
          "librosa / photophone |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for name, y in sounds(gallery):
        row(name, y)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
