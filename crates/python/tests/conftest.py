"""Sounds made by formula, figures in dB, and the gallery where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

TOLD = "told"
"""The property in which a test records a line that the summary prints: tests may run in several processes."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests have recorded as `TOLD`."""
    for report in terminalreporter.getreports("passed"):
        for name, line in report.user_properties if report.when == "call" else ():
            if name == TOLD:
                terminalreporter.line(str(line))


def decibels(error: np.ndarray, whole: np.ndarray) -> float:
    """20 log10 of the ratio of two arrays' norms."""
    top, bottom = np.linalg.norm(error), np.linalg.norm(whole)
    if top == 0:
        return -np.inf
    return float(20 * np.log10(top / max(bottom, 1e-300)))


def snr_db(truth: np.ndarray, result: np.ndarray) -> float:
    """Signal-to-noise ratio of a result."""
    return -decibels(truth - result, truth)


def plucked(sr: int, secs: float) -> np.ndarray:
    """A few decaying tones with five harmonics each, float64, with soft onsets and nothing beyond 84 bins from C1."""
    n = int(sr * secs)
    y = np.zeros(n)
    for note, semitones in enumerate((0, 7, 12, 16, 19)):
        onset = note * (n // 6)
        t = np.arange(n - onset) / sr
        attack = np.sin(np.pi / 2 * np.minimum(t / 0.03, 1)) ** 2
        for harmonic in range(1, 6):
            hz = 110 * 2 ** (semitones / 12) * harmonic
            y[onset:] += 0.12 / harmonic * attack * np.exp(-3 * harmonic * t) * np.sin(2 * np.pi * hz * t)
    return y * np.sin(np.pi / 2 * np.minimum((n - 1 - np.arange(n)) / (0.1 * sr), 1)) ** 2


@pytest.fixture(scope="session")
def sound() -> np.ndarray:
    """Two seconds at 22 050 Hz."""
    return plucked(22050, 2.0)


@pytest.fixture(scope="session")
def gallery() -> Path:
    """The folder of pictures with the truth beside them; it is not in the repository."""
    folder = Path(os.environ.get("PHOTOPHONE_GALLERY", REPOSITORY.parent / "shared" / "gallery"))
    if not folder.is_dir():
        pytest.skip("gallery not found")
    return folder
