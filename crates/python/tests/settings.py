"""Random settings of a transform and random sounds, for the comparison with librosa."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

WINDOWS = [
    "hann", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "cosine", "parzen", "bohman", "triang",
    "lanczos", "taylor", "tukey", ("tukey", 0.2), ("kaiser", 8.6), 4.0, ("general_hamming", 0.6),
]  # fmt: skip
PADS = ["constant", "reflect", "edge", "symmetric"]


@st.composite
def settings_of_cqt(draw: st.DrawFn) -> dict[str, Any]:
    """librosa's keyword arguments; some are refused by librosa, which has to be matched too."""
    bins_per_octave = draw(st.integers(1, 36))
    return dict(
        sr=draw(st.sampled_from([8000, 11025, 16000, 22050, 32000, 44100, 48000])),
        hop_length=draw(st.one_of(st.integers(16, 1200), st.sampled_from([64, 128, 256, 512, 1024]))),
        n_bins=draw(st.integers(1, 7 * bins_per_octave)),
        bins_per_octave=bins_per_octave,
        fmin=draw(st.floats(25, 800)),
        tuning=draw(st.sampled_from([0.0, 0.0, 0.13, -0.4])),
        filter_scale=draw(st.sampled_from([1, 1, 0.5, 1.7])),
        norm=draw(st.sampled_from([1, 1, 2, np.inf, None])),
        sparsity=draw(st.sampled_from([0.01, 0.01, 0.0, 0.1])),
        window=draw(st.sampled_from(WINDOWS)),
        scale=draw(st.booleans()),
        pad_mode=draw(st.sampled_from(PADS)),
    )


@dataclass(frozen=True)
class Sound:
    """Noise, tones or both."""

    seed: int
    samples: int
    channels: tuple[int, ...]
    noise: float
    tones: int
    dtype: str

    def at(self, sr: float) -> np.ndarray:
        """The samples, the largest of them 1."""
        rng = np.random.default_rng(self.seed)
        t = np.arange(self.samples) / sr
        y = self.noise * rng.standard_normal((*self.channels, self.samples))
        for _ in range(self.tones):
            y = y + rng.uniform(0.05, 1) * np.sin(2 * np.pi * rng.uniform(30, sr / 2) * t + rng.uniform(0, 6.3))
        return (y / np.abs(y).max()).astype(self.dtype)



def sounds_of(most_samples: int) -> st.SearchStrategy[Sound]:
    return st.builds(
        Sound,
        seed=st.integers(0, 2**32 - 1),
        samples=st.integers(200, most_samples),
        channels=st.sampled_from([(), (), (2,), (1, 2)]),
        noise=st.sampled_from([0.0, 0.01, 1.0]),
        tones=st.integers(1, 4),
        dtype=st.sampled_from(["float32", "float64"]),
    )


sounds = sounds_of(30_000)
# Inverting takes hundreds of transforms.
short_sounds = sounds_of(6_000)
