"""What the phase tells of coefficients in a picture: tuning, pad mode, length and levels."""
import json
import pathlib
import subprocess

import librosa
import numpy as np
from PIL import Image

import pictures
import sounds
from sounds import RATE

# Apart from the numbers of pictures read without their phase.
FIRST = 1_000_000
HOP = 256
BINS = 60


def recovered(job):
    number, folder, photophone = job
    rng, is_test = np.random.default_rng(FIRST + number), number % 2 == 0
    kind = pictures.picked(rng, sounds.KINDS, (*sounds.UNSEEN, *sounds.GALLERY), is_test)
    y = sounds.sound(kind, rng, rng.uniform(1.0, 2.0))
    tuning = float(rng.choice([0.0, rng.uniform(-0.5, 0.5)]))
    mode, scale = str(rng.choice(["constant", "reflect"])), str(rng.choice(pictures.LEVELS))
    coefficients = librosa.cqt(y, sr=RATE, hop_length=HOP, n_bins=BINS, tuning=tuning, pad_mode=mode)
    truth = {"tuning": tuning, "pad-mode": mode, "length": len(y), "levels": scale}
    stem = folder / f"phase{number:05}"
    report = report_of(stem, coefficients, scale, photophone)
    return {"sound": kind, "test": is_test, "tool": "pillow", "damage": "none", "phase": truth}, report["findings"]


def report_of(stem, coefficients, scale, photophone):
    """The report of recovering the sound, quickly; without findings where there is none."""
    magnitudes = np.abs(coefficients)
    levels = pictures.levels_of(magnitudes, scale)
    Image.fromarray((levels[::-1] * 255.99).astype(np.uint8)).save(f"{stem}.png")
    np.save(f"{stem}.npy", (coefficients / np.maximum(magnitudes, 1e-30)).astype(np.complex64))
    command = [photophone, "recover", f"{stem}.png", "--phase", f"{stem}.npy", "--hop", str(HOP), "--sr", str(RATE)]
    command += ["--tuning", "auto", "--palette", "gray", "--cells", f"{BINS}x{magnitudes.shape[1]}", "--iterations", "3"]
    command += ["--inverse", "linear", "-o", f"{stem}.wav", "--report", f"{stem}.json", "--despite-doubt"]
    result = subprocess.run(command, capture_output=True, check=False)
    report = json.loads(pathlib.Path(f"{stem}.json").read_text()) if result.returncode == 0 else {"findings": []}
    for path in stem.parent.glob(f"{stem.name}*"):
        path.unlink()
    return report
