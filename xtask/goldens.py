"""Writes the installed librosa's constant-Q and variable-Q transforms of three made-up sounds, for the golden tests.

usage: goldens.py FOLDER        needs: librosa (0.6.3, 0.8.1, 0.9.2, 0.11.0 or 1.0.0); runs on Python 3.7 and later

FOLDER/librosa-VERSION.json   one case a line: sound, number of samples and CRC-32 of them (little-endian
                              int16), the arguments by CqtParams' names, maybe an octave's ratios and that the
                              number of bins was left to librosa, the shape, `every` and the byte offset
FOLDER/librosa-VERSION.bin    little-endian complex64, row-major: bins by the frames 0, every, 2 every, ...

The sounds are 16-bit integers over 32768 made by formula, so that the tests make them again to the last bit
(crates/transform/tests/common/sounds.rs; the CRC proves it). librosa gets them as float32, as librosa.load does.
"""
import json
import sys
import zlib
from pathlib import Path

import librosa
import numpy as np

PRESETS = {"0.6.3": "0.6", "0.8.1": "0.8", "0.9.2": "0.9", "0.11.0": "0.11", "1.0.0": "1.0"}
NORMS = {"1": 1, "2": 2, "inf": np.inf, "none": None}
# Larger matrices are stored as every second, third, ... frame.
CASE_BYTES = {"1.0": 8000}


def noise(n):
    """White noise, uniform in -1/4..1/4: SplitMix64 (Steele, Lea, Flood 2014) with seed 7."""
    step = 0x9E3779B97F4A7C15
    with np.errstate(over="ignore"):
        z = np.uint64(7 * step % 2**64) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(step)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1) / 4


def sweep(n):
    """A sine whose frequency rises from 0.0015 to 0.4 cycles a sample, by the same ratio in the same time."""
    ratio = np.log(0.4 / 0.0015)
    cycles = 0.0015 * n / ratio * (np.exp(np.arange(n) / n * ratio) - 1)
    return np.sin(2 * np.pi * cycles) / 2


def music(n):
    """Eight tones of six decaying harmonics each, one begun every n // 8 samples, and a click inside each."""
    y = np.zeros(n)
    for note, semitones in enumerate((0, 7, 12, 16, 19, 24, 28, 31)):
        onset = note * (n // 8)
        t = np.arange(n - onset)
        for harmonic in range(1, 7):
            cycles = 110 / 22050 * 2 ** (semitones / 12) * harmonic
            y[onset:] += 0.15 / harmonic * np.exp(-t * harmonic / 3300) * np.sin(2 * np.pi * cycles * t)
        y[onset + n // 16] += 0.25
    return y


SOUNDS = {"noise": noise, "sweep": sweep, "music": music}


def defaults(preset):
    pad_mode = "reflect" if preset in ("0.6", "0.8") else "constant"
    return dict(sr=22050.0, hop=512, bins=84, bins_per_octave=12, fmin_hz=32.70319566257483, tuning=0.0, filter_scale=1.0, norm="1",
                sparsity=0.01, window="hann", scale=True, pad_mode=pad_mode, res_type="auto", librosa=preset)  # fmt: skip


def grids(preset):
    """Seven octaves of 12, 24 and 36 bins, at both rates and several hops, each sound in turn."""
    odd_hops = preset in ("0.9", "0.11", "1.0")
    hops = (256, 512, 441) if odd_hops else (256, 512)
    small = preset != "0.11"
    for b in (12, 24, 36):
        for sr in (22050.0, 44100.0):
            for hop in hops:
                if small and (b == 24) != (hop == hops[-1]):
                    continue
                yield dict(bins_per_octave=b, bins=7 * b, sr=sr, hop=hop)


def variations(preset):
    yield dict(scale=False)
    yield dict(scale=False, sr=44100.0)
    yield dict(sparsity=0.0)
    yield dict(pad_mode="reflect" if preset in ("0.9", "0.11", "1.0") else "constant", sr=44100.0)
    yield dict(bins=30, fmin_hz=100.0)
    for tuning in (0.03, -0.03):
        yield dict(tuning=tuning, sr=44100.0)
    # Early downsampling by 4 and by 16 (the 44.1 kHz cases above: 2).
    yield dict(sr=44100.0, bins=72)
    yield dict(sr=44100.0, bins=48)
    # Just below half the rate: up to 0.9 the top octave runs apart.
    yield dict(fmin_hz=75.0)
    if preset == "0.11":
        yield dict(pad_mode="edge")
        yield dict(sparsity=0.0, hop=441)
        yield dict(scale=False, bins_per_octave=36, bins=36 * 4, sr=44100.0)
        yield dict(bins=1, fmin_hz=440.0)
        yield dict(bins=12, fmin_hz=60.0, hop=1024, sr=44100.0)
        for window, norm, filter_scale in (("hamming", "2", 0.7), ("cosine", "none", 1.0), ("blackmanharris", "inf", 0.5)):
            yield dict(window=window, norm=norm, filter_scale=filter_scale)
        yield from variable_q()
    elif preset == "1.0":
        yield from up_to_half_the_rate()
    else:
        yield dict(window="hamming", norm="2", filter_scale=0.7)
    if preset in ("0.8", "0.9"):
        yield dict(res_type="kaiser_best")


def variable_q():
    """The arguments of librosa.vqt, and what librosa 0.11 takes besides: each window, norm and pad mode."""
    yield dict(gamma="erb")
    yield dict(gamma=30.0, sr=44100.0, bins_per_octave=24, bins=7 * 24)
    yield dict(gamma="erb", ratios=JUST, bins=60, fmin_hz=55.0)
    yield dict(ratios=JUST, bins=43, hop=441)
    yield dict(gamma="erb", bins=1, fmin_hz=440.0, window="parzen")
    yield dict(gamma=400.0, bins_per_octave=5, bins=20, fmin_hz=110.0, norm="3", scale=False)
    # The frames are a whole number of hops: a mirror at the end is as long as the slice that it is made of.
    yield dict(pad_mode="reflect", samples=40 * 512)
    yield dict(pad_mode="symmetric", window="triang", norm="-inf")
    yield dict(pad_mode="linear_ramp", window="barthann", norm="0", hop=441)
    yield dict(window="bohman", norm="0.5", sparsity=0.3)
    yield dict(pad_mode="reflect", samples=100)
    yield dict(pad_mode="reflect", samples=1500)
    yield dict(samples=1)


def up_to_half_the_rate():
    """As many bins as fit, where librosa 1.0 leaves the rate of the second octave as it is, and grids about that border."""
    yield dict(bins=None)
    yield dict(bins=None, sr=44100.0)
    yield dict(bins=None, hop=441)
    yield dict(bins=None, bins_per_octave=24, hop=256)
    yield dict(bins=None, bins_per_octave=36, sr=44100.0)
    yield dict(bins=None, fmin_hz=1000.0, scale=False)
    yield dict(bins=None, fmin_hz=20.0, hop=64, pad_mode="reflect")
    yield dict(bins=None, fmin_hz=3000.0, sr=16000.0, hop=128)
    yield dict(bins=None, tuning=0.3, sparsity=0.0)
    yield dict(bins=None, window="hamming", norm="2", filter_scale=0.7)
    yield dict(bins=None, gamma="erb")
    yield dict(bins=None, gamma=30.0, ratios=JUST, fmin_hz=55.0)
    yield dict(bins=None, bins_per_octave=5, sr=48000.0, hop=320)
    # The next octave's highest bin is just below and just above a fifth of the rate.
    yield dict(bins=97)
    yield dict(bins=98)
    yield dict(bins=1, fmin_hz=440.0)
    yield dict(bins=12, fmin_hz=60.0, hop=1024, sr=44100.0)


# Ratios of twelve bins to the first: five-limit just intonation (not librosa's own choice of it).
JUST = (1.0, 16 / 15, 9 / 8, 6 / 5, 5 / 4, 4 / 3, 45 / 32, 3 / 2, 8 / 5, 5 / 3, 9 / 5, 15 / 8)


def transform(y, p, ratios):
    """librosa.cqt, or librosa.vqt where it takes that, by the names of CqtParams."""
    gamma = p.get("gamma", 0.0)
    if gamma != 0 or ratios is not None:
        extra = dict(gamma=None if gamma == "erb" else gamma, intervals="equal" if ratios is None else list(ratios))
        function = librosa.vqt
    else:
        extra, function = {}, librosa.cqt
    more = {} if p["res_type"] == "auto" else {"res_type": p["res_type"]}
    norm = NORMS[p["norm"]] if p["norm"] in NORMS else float(p["norm"])
    return function(
        y, sr=p["sr"], hop_length=p["hop"], n_bins=p["bins"], bins_per_octave=p["bins_per_octave"], fmin=p["fmin_hz"],
        tuning=p["tuning"], filter_scale=p["filter_scale"], norm=norm, sparsity=p["sparsity"],
        window=p["window"], scale=p["scale"], pad_mode=p["pad_mode"], **more, **extra
    )  # fmt: skip


def main(folder):
    preset = PRESETS[librosa.__version__]
    lines, offset = [], 0
    with open(str(folder / ("librosa-%s.bin" % librosa.__version__)), "wb") as out:
        for number, changes in enumerate(list(grids(preset)) + list(variations(preset))):
            samples, ratios = changes.pop("samples", None), changes.pop("ratios", None)
            params = dict(defaults(preset), **changes)
            sound = list(SOUNDS)[number % 3]
            samples = samples or (20001 if params["sr"] == 22050 else 30011)
            ints = np.floor(SOUNDS[sound](samples) * 32768 + 0.5).astype("<i2")
            cells = transform((ints / 32768).astype(np.float32), params, ratios)
            more = {} if ratios is None else dict(ratios=ratios)
            if params["bins"] is None:
                params["bins"] = cells.shape[0]
                more["fits"] = True
            every = max(1, -(-cells.size * 8 // CASE_BYTES.get(preset, 16000)))
            kept = np.ascontiguousarray(cells[:, ::every]).astype("<c8").tobytes()
            lines.append(json.dumps(dict(sound=sound, samples=samples, crc32=zlib.crc32(ints.tobytes()), params=params,
                                         **more, shape=cells.shape, every=every, offset=offset)))  # fmt: skip
            out.write(kept)
            offset += len(kept)
    (folder / ("librosa-%s.json" % librosa.__version__)).write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
