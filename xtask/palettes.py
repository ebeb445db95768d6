"""Writes matplotlib's palettes as bytes: palettes.txt (names) and palettes.bin (tables) into the folder given.

A mesh (pcolormesh, so librosa's specshow) is drawn with colour * 255 *rounded* (Agg's uround), an image (imshow,
imsave) with colour * 255 *truncated* (Colormap.__call__ with bytes=True), and name_r is not always name backwards
because segmented palettes are evaluated anew. All four tables of a palette lie within one step of the first, so
only the first is stored whole:

    n * 3 bytes     rounded colours, n from palettes.txt
    n * 3 bits      padded to bytes, lowest bit first: rounded - truncated
    u16 k, k * u16  name_r rounded against the rounded colours backwards: place, top bit set for -1, else +1
    u16 k, k * u16  name_r truncated against the truncated colours backwards

Usage: palettes.py FOLDER
"""

import struct
import sys
from pathlib import Path

import matplotlib
import numpy as np

# flag and prism repeat the same colours many times over: nothing drawn in them can be read.
LEFT_OUT = {"flag", "prism"}
# The name to keep where matplotlib has the same table under several.
PREFERRED = ("gray", "binary", "Greys")


def colours(name):
    palette = matplotlib.colormaps[name]
    return palette(np.arange(palette.N))[:, :3] * 255


def rounded(table):
    return np.floor(table + 0.5).astype(int)


def differences(found, expected):
    steps = (found - expected).ravel()
    assert np.abs(steps).max() <= 1
    places = [place | (0x8000 if steps[place] < 0 else 0) for place in np.flatnonzero(steps)]
    return struct.pack(f"<H{len(places)}H", len(places), *places)


def main(folder):
    names = [n for n in matplotlib.colormaps if not n.endswith("_r") and matplotlib.colormaps[n].N >= 256]
    names = sorted(set(names) - LEFT_OUT, key=lambda n: (n not in PREFERRED, n.lower()))
    kept, lines, tables = {}, [], b""
    for name in names:
        table = colours(name)
        twin = kept.setdefault(table.tobytes(), name)
        if twin != name:
            lines.append(f"{name} = {twin}")
            continue
        back = colours(name + "_r")
        fall = rounded(table) - table.astype(int)
        lines.append(f"{name} {len(table)}")
        tables += rounded(table).astype(np.uint8).tobytes()
        tables += np.packbits(fall.ravel().astype(bool), bitorder="little").tobytes()
        tables += differences(rounded(back), rounded(table)[::-1])
        tables += differences(back.astype(int), table.astype(int)[::-1])
    folder.joinpath("palettes.txt").write_text("\n".join(lines) + "\n")
    folder.joinpath("palettes.bin").write_bytes(tables)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
