"""Writes librosa's and SciPy's short-time Fourier transforms of three made-up sounds, for the golden tests.

usage: stft_goldens.py FOLDER        needs: librosa 0.11.0 and the SciPy that goes with it

FOLDER/stft-librosa-VERSION.json   one case a line: who made it (SciPy's are times the sum of the window, as StftParams has
                                   it), sound, number of samples and CRC-32 of them, the arguments by StftParams' names,
                                   the shape, `every` and the byte offset
FOLDER/stft-librosa-VERSION.bin    little-endian complex64, row-major: rows by the frames 0, every, 2 every, ...

The sounds are those of goldens.py; here they are float64, so both compute in double precision.
"""
import json
import sys
import zlib
from pathlib import Path

import librosa
import numpy as np
import scipy.signal
from goldens import SOUNDS

CASE_BYTES = 16000


def cases():
    yield "librosa", dict()
    yield "librosa", dict(pad_mode="reflect")
    yield "librosa", dict(n_fft=512, win_length=400, hop=100, pad_mode="reflect", window="hamming")
    yield "librosa", dict(n_fft=512, win_length=512, hop=128, center=False)
    yield "librosa", dict(n_fft=511, win_length=300, hop=77, pad_mode="edge", window="blackmanharris")
    # A mirror at the tail that is as long as the slice that it is made of.
    yield "librosa", dict(n_fft=1024, win_length=1024, hop=600, pad_mode="reflect", window="blackman")
    yield "librosa", dict(n_fft=64, win_length=64, hop=64, pad_mode="symmetric", window="cosine")
    yield "librosa", dict(n_fft=100, win_length=33, hop=150, pad_mode="linear_ramp", window="parzen")
    yield "scipy", dict(n_fft=2048, win_length=2048, hop=512)
    yield "scipy", dict(n_fft=1024, win_length=1024, hop=256, window="hamming")
    yield "scipy", dict(n_fft=255, win_length=255, hop=60, window="nuttall")
    yield "scipy", dict(n_fft=512, win_length=512, hop=200, center=False, window="bartlett")


def transform(by, y, p):
    if by == "librosa":
        return librosa.stft(y, n_fft=p["n_fft"], hop_length=p["hop"], win_length=p["win_length"], window=p["window"],
                            center=p["center"], pad_mode=p["pad_mode"])  # fmt: skip
    cells = scipy.signal.stft(y, window=p["window"], nperseg=p["n_fft"], noverlap=p["n_fft"] - p["hop"],
                              boundary="zeros" if p["center"] else None, padded=False)[2]  # fmt: skip
    return cells * scipy.signal.get_window(p["window"], p["n_fft"]).sum()


def main(folder):
    name, lines, offset = "stft-librosa-%s" % librosa.__version__, [], 0
    with open(folder / (name + ".bin"), "wb") as out:
        for number, (by, changes) in enumerate(cases()):
            params = dict(dict(sr=22050.0, n_fft=2048, hop=512, win_length=2048, window="hann", center=True,
                               pad_mode="constant", librosa="0.11"), **changes)  # fmt: skip
            sound, samples = list(SOUNDS)[number % 3], 20001
            ints = np.floor(SOUNDS[sound](samples) * 32768 + 0.5).astype("<i2")
            cells = transform(by, ints / 32768, params)
            every = max(1, -(-cells.size * 8 // CASE_BYTES))
            kept = np.ascontiguousarray(cells[:, ::every]).astype("<c8").tobytes()
            lines.append(json.dumps(dict(by=by, sound=sound, samples=samples, crc32=zlib.crc32(ints.tobytes()), params=params,
                                         shape=cells.shape, every=every, offset=offset)))  # fmt: skip
            out.write(kept)
            offset += len(kept)
    (folder / (name + ".json")).write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
