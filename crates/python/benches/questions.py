"""The pictures of docs/questions.md, and the table there: each question's picture of a sound made by formula, and its answer.

usage: questions.py FOLDER       writes the pictures and prints the table in Markdown

The drawing is that of `tests/test_figures.py`, where the same answers are tests.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import librosa
import numpy as np
from PIL import Image
from test_figures import SR, convergence_db, recovered, sound, spectrum_db, with_axes, without_axes


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    y = sound()
    axes, mel, log, gray = (folder / name for name in ("axes.png", "mel.png", "log.png", "gray.jpg"))
    with_axes(axes, spectrum_db(y, 2048), "linear")
    with_axes(mel, librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=SR), ref=np.max), "mel")
    without_axes(log, spectrum_db(y, 1024), "log", (640, 480))
    without_axes(folder / "gray.png", spectrum_db(y, 2048), None, (500, 2000), cmap="gray")
    Image.open(folder / "gray.png").convert("L").save(gray, quality=90)
    (folder / "gray.png").unlink()
    print("| picture | keywords | spectral convergence, dB |\n|---|---|---|")
    for path, told in (
        (axes, {}),
        (mel, {}),
        (log, dict(sr=SR, transform="stft:1024:512", axis="log")),
        (gray, dict(fmax=11025, duration=3)),
    ):
        z, _, _ = recovered(path, **told)
        said = ", ".join(f"{name}={value!r}" for name, value in told.items()) or "none"
        print(f"| [{path.name}](questions/{path.name}) | `{said}` | {convergence_db(y, z):.1f} |")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
