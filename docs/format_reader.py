"""Reads a picture that `photophone draw --editable` wrote, by docs/format.md alone: python format_reader.py song.png song.wav"""

import hashlib
import io
import json
import struct
import sys
import zlib

import numpy as np
import soundfile
from PIL import Image

SEED = b"photophone strip 1"


def chunks(data):
    """Types and data of a PNG's chunks, whole ones only."""
    at = 8
    while at + 12 <= len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body, crc = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(crc) == 4 and zlib.crc32(kind + body) == struct.unpack(">I", crc)[0]:
            yield kind, body
        at += 12 + length


def recipe_of(data):
    """The recipe in the picture's text."""
    for kind, body in chunks(data):
        key, _, text = body.partition(b"\0")
        if kind == b"tEXt" and key == b"photophone-own":
            recipe = json.loads(text)
            if recipe["photophone-own"] > 1:
                raise ValueError("a newer version of the format")
            return recipe
    raise ValueError("no picture of this format")


def sound_of(data, recipe):
    """Samples (frames, channels) in single precision, their digest checked."""
    told, parts, count, code = recipe["sound"], {}, None, None
    for kind, body in chunks(data):
        if kind == b"phSd":
            version, code, number, count = struct.unpack(">BBHH", body[:6])
            if version == 1 and body[6:22].hex() == told["digest"][:32]:
                parts[number] = body[22:]
    if count is None or len(parts) < count:
        raise ValueError(f"{len(parts)} of {count} parts of the sound are there")
    packed = b"".join(parts[number] for number in range(count))
    if code == 0:  # FLAC
        samples, _ = soundfile.read(io.BytesIO(packed), dtype="float32", always_2d=True)
    else:  # floats, byte by byte
        planes = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(4, -1)
        samples = np.ascontiguousarray(planes.T).view("<f4").reshape(-1, told["channels"])
    shape = struct.pack("<IIQ", told["sample-rate"], samples.shape[1], samples.shape[0])
    if hashlib.sha256(shape + (samples.astype("<f4") + np.float32(0)).tobytes()).hexdigest() != told["digest"]:
        raise ValueError("the sound is another than the one that was drawn")
    return samples


def levels_of(path, recipe):
    """Decibels (channels, bands, columns), the lowest band first, -inf for black; and whether the pixels are as they were drawn."""
    told, channels = recipe["picture"], recipe["sound"]["channels"]
    pixels = np.asarray(Image.open(path))
    step, most = told["rows"] + told["gap"], 2 ** told["bits"] - 1
    panels = pixels[: channels * step - told["gap"]]
    bytes_ = panels.astype(">u2" if told["bits"] == 16 else np.uint8).tobytes()
    untouched = hashlib.sha256(bytes_).hexdigest() == told["digest"]
    rows = [panels[c * step : c * step + told["rows"], : told["columns"]][::-1] for c in range(channels)]
    level = np.stack(rows) / most
    db = 20 * np.log10(told["reference"]) + told["range-db"] * (level - 1)
    return np.where(level > 0, db, -np.inf), untouched


def strip_of(path):
    """The records in the strip of a picture that was neither resized nor saved as JPEG. Errors are found, not mended."""
    pixels = np.asarray(Image.open(path).convert("L"))[-16:]
    white = b"".join(hashlib.sha256(SEED + bytes([i])).digest() for i in range(3))
    sync = np.unpackbits(np.frombuffer(hashlib.sha256(SEED).digest(), np.uint8)).reshape(2, 4, 32)
    for left in range(pixels.shape[1] - 1023):
        quarters = (pixels[2::4, left : left + 1024] > 48).reshape(4, 256, 4)
        cells = quarters.all(axis=-1)
        if (quarters.any(axis=-1) == cells).all() and (cells[:, :32] == sync[0]).all() and (cells[:, 224:] == sync[1]).all():
            coded = np.packbits(cells[:, 32:224].T.ravel()).tobytes()
            record = bytes(a ^ b for a, b in zip(coded, white))[:64]
            if record[:4] == b"PhOw" and struct.unpack("<I", record[60:])[0] == zlib.crc32(record[:60]):
                names = "version flags channels bpo rate knee tuning hop rows reference range gap first columns own digest"
                yield left, dict(zip(names.split(), struct.unpack("<4B I 2f 2H f H B x 3I 16s", record[4:60])))


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    recipe = recipe_of(data)
    samples, (db, untouched) = sound_of(data, recipe), levels_of(sys.argv[1], recipe)
    print(db.shape, "levels, as they were drawn" if untouched else "levels, edited", len(list(strip_of(sys.argv[1]))), "strips")
    if len(sys.argv) > 2:
        subtype = {"int16": "PCM_16", "int24": "PCM_24", "float32": "FLOAT"}[recipe["sound"]["format"]]
        soundfile.write(sys.argv[2], samples, recipe["sound"]["sample-rate"], subtype)
