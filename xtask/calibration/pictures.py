"""Pictures whose truth is known: a matrix, drawn by a tool, and what happened to it since."""
import io

import librosa
import matplotlib
import numpy as np
from PIL import Image, ImageFilter

import foreign
import sounds
from sounds import RATE

matplotlib.use("Agg")
import matplotlib.pyplot as plt

PALETTES = ("magma", "viridis", "inferno", "gray", "jet", "gray_r", "plasma", "hot", "coolwarm", "Blues", "cividis", "turbo")
DAMAGE = ("none", "none", "none", "jpeg95", "jpeg85", "jpeg75", "jpeg60", "smaller", "larger", "blur", "palette64")
TOOLS = ("specshow", "axes", "box", "imshow", "imsave", "pillow")
# Of this nothing is fitted: figures on black, and figures without a frame line.
UNSEEN_TOOL = "styled"
# librosa's range most often; the last is what `power_to_db` makes of amplitudes.
LEVELS = (*6 * ("db:-80:0",), "linear", "linear", "db:-60:0", "db:-100:0", "db:-120:0", "db:-160:0")
# Share of coloured palettes that are reversed, of saved matrices whose lowest row is on top, of what is no spectrogram.
REVERSED = 0.03
FROM_THE_TOP = 0.25
FOREIGN = 0.25
# Of the pictures that nothing is fitted to, the share of each kind of thing that is of none that was fitted.
UNSEEN = 0.4


def picked(rng, kinds, unseen, is_test):
    """One of the kinds, or in a test perhaps of the others."""
    kinds = unseen if is_test and unseen and rng.random() < UNSEEN else kinds
    return str(kinds[rng.integers(len(kinds))])


def levels_of(magnitudes, scale):
    relative = magnitudes / max(magnitudes.max(), 1e-30)
    if scale == "linear":
        return relative
    low = float(scale.split(":")[1])
    return np.clip(20 * np.log10(np.maximum(relative, 1e-9)) / -low + 1, 0, 1)


def drawn(levels, tool, palette, rng):
    """The picture as RGB pixels, and its data box: x, y, width, height."""
    rows, frames = levels.shape
    if tool in ("imsave", "pillow"):
        width, height = (1, 1) if tool == "imsave" else rng.integers(1, 7, 2)
        pixels = matplotlib.colormaps[palette](levels[::-1], bytes=True)[..., :3]
        return np.kron(pixels, np.ones((height, width, 1), np.uint8)), (0, 0, frames * width, rows * height)
    dpi, out = int(rng.choice([72, 100])), io.BytesIO()
    figure, axes = figure_with_axes(tool, (rows, frames), dpi, rng)
    look = {"cmap": palette, "vmin": 0, "vmax": 1}
    if tool == "imshow":
        axes.imshow(levels, **look, aspect="auto", origin="lower", interpolation="nearest")
    else:
        image = axes.pcolormesh(levels, **look)
    if tool in ("axes", "styled"):
        figure.colorbar(image)
    if tool == "styled":
        axes.set_title("Spectrogram")
        for spine in axes.spines.values():
            spine.set_visible(figure.get_facecolor()[0] < 0.5)
    tight = {"bbox_inches": "tight", "pad_inches": 0} if tool == "specshow" else {}
    figure.savefig(out, dpi=dpi, **tight)
    width, height = figure.canvas.get_width_height()
    extent = axes.get_window_extent()
    box = (extent.x0, height - extent.y1, extent.width, extent.height)
    plt.close(figure)
    return np.asarray(Image.open(out).convert("RGB")), box


def figure_with_axes(tool, cells, dpi, rng):
    rows, frames = cells
    if tool in ("specshow", "axes", "styled"):
        size = rng.uniform([4, 3], [9, 5]) if rng.random() < 0.5 else (6.4, 4.8)
        style = ("dark_background" if rng.random() < 0.5 else "seaborn-v0_8") if tool == "styled" else "default"
        with plt.style.context(style):
            figure, axes = plt.subplots(figsize=size, dpi=dpi)
            axes.grid(visible=False)
    else:
        figure = plt.figure(figsize=(rng.uniform(1.3, 6) * frames / dpi, rng.uniform(1.3, 6) * rows / dpi), dpi=dpi)
        axes = figure.add_axes([0, 0, 1, 1] if tool == "imshow" else [*rng.uniform(0.02, 0.1, 2), 0.85, 0.85])
    if tool in ("specshow", "imshow", "box"):
        axes.axis("off")
    return figure, axes


def damaged(pixels, damage, path):
    """Saves the picture, and gives by how much it was stretched."""
    image, stretch = Image.fromarray(pixels), 1.0
    if damage.startswith("jpeg"):
        image.save(path.with_suffix(".jpg"), quality=int(damage[4:]))
        return path.with_suffix(".jpg"), 1.0
    if damage in ("smaller", "larger"):
        stretch = 0.7 if damage == "smaller" else 1.6
        image = image.resize((max(2, round(image.width * stretch)), max(2, round(image.height * stretch))), Image.BICUBIC)
    if damage == "blur":
        image = image.filter(ImageFilter.GaussianBlur(0.7))
    if damage == "palette64":
        image = image.quantize(64)
    image.save(path.with_suffix(".png"))
    return path.with_suffix(".png"), stretch


def made(number, folder):
    """Picture `number` in the folder, and its truth. Even ones are for testing: sounds, tools and sizes of their own."""
    rng, is_test = np.random.default_rng(number), number % 2 == 0
    kind = picked(rng, sounds.KINDS, (*sounds.UNSEEN, *sounds.GALLERY), is_test)
    secs = rng.uniform(0.2, 1.2) if rng.random() < 0.2 else rng.uniform(1.2, 4)
    y, scale = sounds.sound(kind, rng, secs), str(rng.choice(LEVELS))
    truth = {"sound": kind, "test": is_test, "flags": []}
    hop, per_octave = 512, 12
    if rng.random() < FOREIGN:
        truth["foreign"] = picked(rng, foreign.KINDS, foreign.UNSEEN, is_test)
        levels = foreign.levels(truth["foreign"], rng, y, lambda magnitudes: levels_of(magnitudes, scale))
    else:
        if rng.random() < 0.3:
            hop, per_octave = int(rng.choice([256, 1024, 2048])), int(rng.choice([12, 24]))
        bins = int(rng.integers(60, 85)) * per_octave // 12
        levels = levels_of(np.abs(librosa.cqt(y, sr=RATE, hop_length=hop, n_bins=bins, bins_per_octave=per_octave)), scale)
    if (hop, per_octave) != (512, 12) or rng.random() < 0.5:
        truth["flags"] = ["--sr", str(RATE), "--hop", str(hop), "--bins-per-octave", str(per_octave)]
    tool = picked(rng, TOOLS, (UNSEEN_TOOL,) if rng.random() < 0.3 else (), is_test)
    palette, damage = str(rng.choice(PALETTES)), str(rng.choice(DAMAGE))
    if not palette.endswith("_r") and rng.random() < REVERSED:
        palette += "_r"
    # What saves matrices puts row 0 on top, unless it is told otherwise.
    truth["from the top"] = tool in ("imsave", "pillow") and bool(rng.random() < FROM_THE_TOP)
    pixels, box = drawn(levels[::-1] if truth["from the top"] else levels, tool, palette, rng)
    path, stretch = damaged(pixels, damage, folder / f"{number:05}")
    box = [stretch * edge for edge in box]
    cell = (box[2] / levels.shape[1], box[3] / levels.shape[0])
    # What is cut to its contents has its box elsewhere.
    box = None if tool == "specshow" else box
    return truth | {"path": str(path), "tool": tool, "damage": damage, "stretch": stretch, "palette": palette, "levels": scale, "cells": levels.shape, "cell": cell, "box": box}
