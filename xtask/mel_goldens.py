"""Writes librosa's mel filters and spectrograms, and filters as torchaudio documents them, for the golden tests.

usage: mel_goldens.py FOLDER        needs: librosa 0.11.0

FOLDER/mel-librosa-VERSION.json   one case a line: who defines it, the STFT by StftParams' names, the bands by MelParams'
                                  names, the first bin of each band and how many follow, sound, number of samples and
                                  CRC-32 of them, the frames kept of the spectrogram, and the byte offset
FOLDER/mel-librosa-VERSION.bin    little-endian float32: the weights band after band, then the spectrogram, bands by frames

The sounds are those of goldens.py; here they are float64, and so are the filters.
"""
import json
import sys
import zlib
from pathlib import Path

import librosa
import numpy as np
from goldens import SOUNDS

FRAMES = (1, 11, 30)


def cases():
    yield "librosa", dict(), dict()
    yield "librosa", dict(), dict(scale="htk", norm="none", power=1.0)
    yield "librosa", dict(n_fft=512, win_length=512, hop=160, sr=16000.0), dict(bands=80, fmin_hz=55.0, fmax_hz=7600.0)
    yield "librosa", dict(n_fft=1024, win_length=1024, hop=256), dict(bands=80, fmax_hz=8000.0, norm="1")
    yield "librosa", dict(n_fft=511, win_length=400, hop=100, sr=22051.0), dict(bands=40, norm="inf", scale="htk")
    yield "librosa", dict(n_fft=256, win_length=256, hop=64, sr=44100.0), dict(bands=20, norm="2", fmax_hz=30000.0)
    yield "librosa", dict(n_fft=1024, win_length=1024, hop=256), dict(bands=64, norm="3", power=1.5)
    # Bands narrower than the distance of bins see nothing.
    yield "librosa", dict(n_fft=256, win_length=256, hop=64), dict(bands=128)
    yield "torchaudio", dict(n_fft=400, win_length=400, hop=200, sr=16000.0), dict(scale="htk", norm="none")
    yield "torchaudio", dict(n_fft=1024, win_length=1024, hop=256, sr=44100.0), dict(scale="slaney", norm="slaney", bands=96)
    yield "torchaudio", dict(n_fft=1024, win_length=1024, hop=256), dict(scale="htk", norm="slaney", fmin_hz=20.0, fmax_hz=8000.0)


def by_librosa(stft, mel):
    norm = {"slaney": "slaney", "none": None}.get(mel["norm"]) if mel["norm"] in ("slaney", "none") else float(mel["norm"])
    return librosa.filters.mel(sr=stft["sr"], n_fft=stft["n_fft"], n_mels=mel["bands"], fmin=mel["fmin_hz"], fmax=mel["fmax_hz"],
                               htk=mel["scale"] == "htk", norm=norm, dtype=np.float64)  # fmt: skip


def by_torchaudio(stft, mel):
    """Triangles as the documentation of `torchaudio.functional.melscale_fbanks` has them: peaks of 1 at points equally far
    apart in mels, over bins from 0 to half the rate; "slaney" divides by half the width of the band."""
    hz = np.linspace(0, stft["sr"] // 2, stft["n_fft"] // 2 + 1)
    fmax_hz = mel["fmax_hz"] or stft["sr"] / 2
    htk = mel["scale"] == "htk"
    points = librosa.mel_to_hz(np.linspace(*librosa.hz_to_mel([mel["fmin_hz"], fmax_hz], htk=htk), mel["bands"] + 2), htk=htk)
    low, centre, high = points[:-2, None], points[1:-1, None], points[2:, None]
    weights = np.clip(np.minimum((hz - low) / (centre - low), (high - hz) / (high - centre)), 0, None)
    return weights * 2 / (high - low) if mel["norm"] == "slaney" else weights


def span(weights):
    """The first bin of a band and the bins up to its last."""
    seen = np.flatnonzero(weights)
    return (int(seen[0]), int(seen[-1] - seen[0] + 1)) if len(seen) else (0, 0)


def main(folder):
    name, lines, offset = "mel-librosa-%s" % librosa.__version__, [], 0
    with open(folder / (name + ".bin"), "wb") as out:
        for number, (by, stft, mel) in enumerate(cases()):
            stft = dict(dict(sr=22050.0, n_fft=2048, hop=512, win_length=2048), **stft)
            mel = dict(dict(bands=128, fmin_hz=0.0, fmax_hz=None, scale="slaney", norm="slaney", power=2.0), **mel)
            filters = (by_librosa if by == "librosa" else by_torchaudio)(stft, mel)
            sound, samples = list(SOUNDS)[number % 3], 20001
            ints = np.floor(SOUNDS[sound](samples) * 32768 + 0.5).astype("<i2")
            cells = librosa.stft(ints / 32768, n_fft=stft["n_fft"], hop_length=stft["hop"], win_length=stft["win_length"])
            seen = filters @ np.abs(cells[:, FRAMES]) ** mel["power"]
            spans = [span(band) for band in filters]
            weights = [band[first : first + count] for band, (first, count) in zip(filters, spans)]
            kept = np.concatenate([*weights, seen.ravel()]).astype("<f4").tobytes()
            lines.append(json.dumps(dict(by=by, stft=stft, mel=mel, spans=spans, sound=sound, samples=samples,
                                         crc32=zlib.crc32(ints.tobytes()), frames=FRAMES, offset=offset)))  # fmt: skip
            out.write(kept)
            offset += len(kept)
    (folder / (name + ".json")).write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
