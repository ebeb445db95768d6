"""Sounds: formulas with random parameters, and the gallery's recordings."""
import pathlib

import librosa
import numpy as np

RATE = 22050
KINDS = ("noise", "clicks", "one note", "tune", "glide", "vibrato", "drums", "voice", "dense", "silence", "buzz")
# Of these nothing is fitted: what is said has to hold for sounds of other kinds too.
UNSEEN = ("chirps", "bursts", "percussion", "one hit", "organ", "whistle")
GALLERY = {}


def of_gallery(folder):
    """The recordings by name."""
    return {path.parent.name: librosa.load(path, sr=RATE)[0] for path in sorted(pathlib.Path(folder).glob("*/truth22k.wav"))}


def sound(kind, rng, secs):
    """Samples of a sound that is kept, or of one that is made."""
    n = int(RATE * secs)
    if kind in GALLERY:
        start = rng.integers(0, max(1, len(GALLERY[kind]) - n))
        return GALLERY[kind][start : start + n]
    maker = Maker(n, rng)
    return maker.unseen(kind) if kind in UNSEEN else maker.seen(kind)


class Maker:
    """What sounds are made of: `n` samples, their times, and random onsets and pitches."""

    def __init__(self, n, rng):
        self.n, self.rng, self.t = n, rng, np.arange(n) / RATE
        self.onsets = np.sort(rng.uniform(0, n / RATE * 0.9, rng.integers(3, 14)))
        self.low, self.high = np.exp(rng.uniform(np.log([60, 500]), np.log([400, 2500])))
        self.pitch = np.exp(rng.uniform(np.log(50), np.log(600)))

    def tone(self, hz, phase=0.0):
        return np.sin(2 * np.pi * np.cumsum(np.broadcast_to(hz, self.n)) / RATE + phase)

    def harmonics(self, hz, count, fall):
        return sum(self.tone(np.asarray(hz) * h, self.rng.uniform(0, 6)) * h**-fall for h in range(1, count + 1))

    def struck(self, onset, decay):
        since = np.maximum(self.t - onset, 0)
        return np.where(self.t >= onset, np.exp(-decay * since) * np.clip((self.t - onset) / 0.004, 0, 1), 0)

    def noise(self, slope=0.0):
        fall = np.maximum(np.fft.rfftfreq(self.n, 1 / RATE), 20) ** -slope
        return np.fft.irfft(np.fft.rfft(self.rng.standard_normal(self.n)) * fall, self.n)

    def seen(self, kind):
        rng, t, n, onsets, pitch = self.rng, self.t, self.n, self.onsets, self.pitch
        if kind == "noise":
            return self.noise(rng.uniform(0, 1.2))
        if kind == "clicks":
            return np.bincount((onsets * RATE).astype(int), rng.uniform(0.2, 1, len(onsets)), n)
        if kind == "one note":
            return self.harmonics(pitch, 6, 1.5) * self.struck(onsets[0], rng.uniform(0, 4))
        if kind == "tune":
            return sum(self.harmonics(self.low * 2 ** (rng.integers(0, 36) / 12), 6, 1.2) * self.struck(o, rng.uniform(1, 9)) for o in onsets)
        if kind == "glide":
            return self.harmonics(np.geomspace(self.low, self.high, n), 3, 1.0)
        if kind == "vibrato":
            return self.harmonics(pitch * 2 ** (rng.uniform(0.2, 1) / 12 * np.sin(2 * np.pi * rng.uniform(3, 8) * t)), 5, 1.0)
        if kind == "drums":
            hits = sum(self.struck(o, rng.uniform(8, 40)) * rng.standard_normal(n) for o in onsets[::2])
            return hits + 3 * sum(self.struck(o, 10) * self.tone(55 + 80 * np.exp(-30 * np.maximum(t - o, 0))) for o in onsets)
        if kind == "voice":
            source = self.harmonics(110 + 40 * np.sin(2 * np.pi * rng.uniform(0.3, 1) * t) + 3 * np.sin(33 * t), 20, 0.8)
            gate = np.convolve(np.sin(2 * np.pi * rng.uniform(1, 4) * t) > -0.4, np.hanning(1500) / 750, "full")[:n]
            return source * gate + 0.02 * rng.standard_normal(n)
        if kind == "dense":
            return sum(self.harmonics(np.exp(rng.uniform(np.log(60), np.log(900))), 8, 0.8) for _ in range(8)) + 0.3 * rng.standard_normal(n)
        if kind == "silence":
            return self.struck(onsets[0], 15) * rng.standard_normal(n)
        return np.sign(self.tone(pitch))  # a buzz

    def unseen(self, kind):
        rng, t, onsets = self.rng, self.t, self.onsets
        if kind == "chirps":
            sweep = lambda o: self.tone(self.low + rng.uniform(-1, 3) * self.high * np.maximum(t - o, 0))
            return sum(self.struck(o, rng.uniform(3, 12)) * sweep(o) for o in onsets[:5])
        if kind == "bursts":  # as consonants and vowels take turns
            vowel = self.harmonics(pitch := 90 + 60 * rng.random(), 15, 0.6) * (1 + 0.5 * np.sin(t * pitch))
            return sum(self.struck(o, 12) * (self.noise(0.2) if i % 2 else vowel) for i, o in enumerate(onsets))
        if kind == "percussion":
            return sum(self.struck(o, rng.uniform(20, 90)) * (self.tone(rng.uniform(200, 3000)) + rng.random() * self.noise()) for o in onsets)
        if kind == "one hit":
            return self.struck(onsets[0], rng.uniform(3, 60)) * (self.tone(self.pitch) + rng.uniform(0, 2) * self.noise())
        if kind == "organ":
            chords = np.floor(t / rng.uniform(0.3, 1.0)).astype(int) % 5
            return sum(self.harmonics(self.low * 2 ** (rng.integers(-5, 12, 5)[chords] / 12), 5, 0.7) for _ in range(3))
        return self.tone(self.high * 2 ** np.cumsum(self.noise(0.0) / 4000)) * (1 + 0.5 * np.sin(5 * t))  # a whistle
