"""Reads pictures whose truth is known and fits how often findings of each score are right.

usage: calibrate.py PHOTOPHONE FOLDER PICTURES [GALLERY]      FOLDER is for the pictures

Writes FOLDER/picture.rs, FOLDER/recover.rs (the tables of points) and FOLDER/calibration.md (the reliability tables).
Sounds are formulas with random parameters, and the gallery's recordings where there is one; every other sound, and all
of the gallery's, is held out: the points are fitted to the rest.
"""
import collections
import concurrent.futures
import io
import itertools
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
import librosa
import matplotlib
import numpy as np
import soundfile
from PIL import Image, ImageFilter

matplotlib.use("Agg")
import matplotlib.pyplot as plt

RATE = 22050
PALETTES = ("magma", "viridis", "inferno", "gray", "jet", "gray_r", "plasma", "hot", "coolwarm", "Blues", "cividis", "turbo")
DAMAGE = ("none", "none", "none", "jpeg95", "jpeg85", "jpeg75", "jpeg60", "smaller", "larger", "blur", "palette64")
# Share of coloured palettes that are reversed, and of saved matrices whose lowest row is on top.
REVERSED = 0.03
FROM_THE_TOP = 0.25
# What is no constant-Q spectrogram but has frequencies over its rows.
WITH_FREQUENCIES = ("mel", "stft", "low stft", "chroma")
TOOLS = ("specshow", "axes", "box", "imshow", "imsave", "pillow")
LEVELS = ("db:-80:0", "db:-80:0", "db:-80:0", "linear", "db:-60:0", "db:-100:0")


# Sounds


def sound(kind, rng, secs):
    n = int(RATE * secs)
    t = np.arange(n) / RATE
    tone = lambda hz, phase=0.0: np.sin(2 * np.pi * np.cumsum(np.broadcast_to(hz, n)) / RATE + phase)
    harmonics = lambda hz, count, fall: sum(tone(np.asarray(hz) * h, rng.uniform(0, 6)) * h**-fall for h in range(1, count + 1))
    struck = lambda onset, decay: np.where(t >= onset, np.exp(-decay * np.maximum(t - onset, 0)) * np.clip((t - onset) / 0.004, 0, 1), 0)
    onsets = np.sort(rng.uniform(0, secs * 0.9, rng.integers(3, 14)))
    low, high = np.exp(rng.uniform(np.log([60, 500]), np.log([400, 2500])))
    pitch = np.exp(rng.uniform(np.log(50), np.log(600)))
    if kind == "noise":
        return np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * np.maximum(np.fft.rfftfreq(n, 1 / RATE), 20) ** -rng.uniform(0, 1.2), n)
    if kind == "clicks":
        return np.bincount((onsets * RATE).astype(int), rng.uniform(0.2, 1, len(onsets)), n)
    if kind == "one note":
        return harmonics(pitch, 6, 1.5) * struck(onsets[0], rng.uniform(0, 4))
    if kind == "tune":
        return sum(harmonics(low * 2 ** (rng.integers(0, 36) / 12), 6, 1.2) * struck(o, rng.uniform(1, 9)) for o in onsets)
    if kind == "glide":
        return harmonics(np.geomspace(low, high, n), 3, 1.0)
    if kind == "vibrato":
        return harmonics(pitch * 2 ** (rng.uniform(0.2, 1) / 12 * np.sin(2 * np.pi * rng.uniform(3, 8) * t)), 5, 1.0)
    if kind == "drums":
        hits = sum(struck(o, rng.uniform(8, 40)) * rng.standard_normal(n) for o in onsets[::2])
        return hits + 3 * sum(struck(o, 10) * tone(55 + 80 * np.exp(-30 * np.maximum(t - o, 0))) for o in onsets)
    if kind == "voice":
        source = harmonics(110 + 40 * np.sin(2 * np.pi * rng.uniform(0.3, 1) * t) + 3 * np.sin(33 * t), 20, 0.8)
        return source * np.convolve(np.sin(2 * np.pi * rng.uniform(1, 4) * t) > -0.4, np.hanning(1500) / 750, "same") + 0.02 * rng.standard_normal(n)
    if kind == "dense":
        return sum(harmonics(np.exp(rng.uniform(np.log(60), np.log(900))), 8, 0.8) for _ in range(8)) + 0.3 * rng.standard_normal(n)
    if kind == "silence":
        return struck(onsets[0], 15) * rng.standard_normal(n)
    return np.sign(tone(pitch))  # a buzz


KINDS = ("noise", "clicks", "one note", "tune", "glide", "vibrato", "drums", "voice", "dense", "silence", "buzz")
GALLERY = {}


def sounds_of_gallery(folder):
    return {path.parent.name: librosa.load(path, sr=RATE)[0] for path in sorted(pathlib.Path(folder).glob("*/truth22k.wav"))}


# What is no constant-Q spectrogram


def foreign(kind, rng, y):
    n = int(rng.integers(12, 80))
    field = lambda rows, columns, fall: np.real(np.fft.ifft2(np.fft.fft2(rng.standard_normal((rows, columns))) / (1e-2 + np.hypot(*np.meshgrid(np.fft.fftfreq(columns), np.fft.fftfreq(rows)))) ** fall))
    if kind == "mel":
        size = int(rng.choice([512, 1024, 2048]))
        return "amplitude", np.sqrt(librosa.feature.melspectrogram(y=y, sr=RATE, n_mels=int(rng.choice([40, 64, 80])), n_fft=size, hop_length=int(rng.choice([256, 512]))))
    if kind == "stft":
        size = int(rng.choice([64, 128, 160]))
        return "amplitude", np.abs(librosa.stft(y, n_fft=size, hop_length=size))
    if kind == "low stft":
        return "amplitude", np.abs(librosa.stft(y, n_fft=2048, hop_length=512))[: rng.integers(60, 90)]
    if kind == "mfcc":
        return "level", librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=int(rng.integers(13, 41)))
    if kind == "chroma":
        return "level", librosa.feature.chroma_stft(y=y, sr=RATE)
    if kind == "checkerboard":
        size = int(rng.integers(1, 7))
        return "level", ((np.indices((n, n)) // size).sum(0) % 2).astype(float)
    if kind == "code":
        return "level", rng.integers(0, 2, (n, n)).astype(float)
    if kind == "confusion":
        size = int(rng.integers(6, 25))
        return "level", np.eye(size) * 8 + rng.exponential(0.6, (size, size))
    if kind == "correlation":
        return "level", np.corrcoef(rng.standard_normal((n, 2)) @ rng.standard_normal((2, 40)) + rng.standard_normal((n, 40)))
    if kind == "self-similarity":
        path = np.cumsum(rng.standard_normal((n, 3)), 0)
        return "level", -np.linalg.norm(path[:, None] - path[None], axis=-1)
    if kind == "heat map":
        x, y = np.meshgrid(np.linspace(0, rng.uniform(2, 20), 2 * n), np.linspace(0, rng.uniform(2, 12), n))
        return "level", np.sin(x + rng.uniform(0, 6)) * np.cos(y) + 0.3 * x / x.max()
    if kind == "histogram":
        return "level", np.histogram2d(*rng.standard_normal((2, 4000)), bins=n)[0]
    if kind == "random":
        return "level", rng.random((n, 2 * n))
    return "level", field(n, 2 * n, rng.uniform(0.8, 2.2))  # as bright as a photograph is


FOREIGN = ("mel", "mel", "stft", "low stft", "mfcc", "chroma", "checkerboard", "code", "confusion", "correlation", "self-similarity", "heat map", "histogram", "random", "photograph")


# Pictures


def levels_of(magnitudes, scale):
    relative = magnitudes / max(magnitudes.max(), 1e-30)
    if scale == "linear":
        return relative
    low = float(scale.split(":")[1])
    return np.clip(20 * np.log10(np.maximum(relative, 1e-9)) / -low + 1, 0, 1)


def drawn(levels, tool, palette, rng):
    """The picture as RGB pixels, and its data box where that is known: x, y, width, height."""
    rows, frames = levels.shape
    if tool in ("imsave", "pillow"):
        width, height = (1, 1) if tool == "imsave" else rng.integers(1, 7, 2)
        pixels = matplotlib.colormaps[palette](levels[::-1], bytes=True)[..., :3]
        return np.kron(pixels, np.ones((height, width, 1), np.uint8)), (0, 0, frames * width, rows * height)
    dpi = int(rng.choice([72, 100]))
    out, box = io.BytesIO(), None
    if tool in ("specshow", "axes"):
        figure, axes = plt.subplots(figsize=rng.uniform([4, 3], [9, 5]) if rng.random() < 0.5 else (6.4, 4.8), dpi=dpi)
        image = axes.pcolormesh(levels, cmap=palette, vmin=0, vmax=1)
        if tool == "axes":
            figure.colorbar(image)
            figure.savefig(out, dpi=dpi)
        else:
            axes.axis("off")
            figure.savefig(out, dpi=dpi, bbox_inches="tight", pad_inches=0)
    else:
        figure = plt.figure(figsize=(rng.uniform(1.3, 6) * frames / dpi, rng.uniform(1.3, 6) * rows / dpi), dpi=dpi)
        axes = figure.add_axes([0, 0, 1, 1] if tool == "imshow" else [*rng.uniform(0.02, 0.1, 2), 0.85, 0.85])
        axes.axis("off")
        if tool == "imshow":
            axes.imshow(levels, cmap=palette, vmin=0, vmax=1, aspect="auto", origin="lower", interpolation="nearest")
        else:
            axes.pcolormesh(levels, cmap=palette, vmin=0, vmax=1)
        figure.savefig(out, dpi=dpi)
    if tool != "specshow":
        width, height = figure.canvas.get_width_height()
        extent = axes.get_window_extent()
        box = (extent.x0, height - extent.y1, extent.width, extent.height)
    plt.close(figure)
    return np.asarray(Image.open(out).convert("RGB")), box


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
    """Picture `number` in the folder, and its truth."""
    rng = np.random.default_rng(number)
    names = list(KINDS) * 3 + list(GALLERY)
    kind, seed = names[rng.integers(len(names))], int(rng.integers(1 << 20))
    secs = rng.uniform(1.2, 4)
    if kind in GALLERY:
        start = rng.integers(0, max(1, len(GALLERY[kind]) - int(secs * RATE)))
        y, held_out = GALLERY[kind][start : start + int(secs * RATE)], True
    else:
        y, held_out = sound(kind, np.random.default_rng(seed), secs), seed % 2 == 0
    truth = {"sound": kind, "held_out": held_out, "flags": []}
    scale = str(rng.choice(LEVELS))
    hop, per_octave = 512, 12
    if rng.random() < 0.25:
        truth["foreign"] = str(rng.choice(FOREIGN))
        what, values = foreign(truth["foreign"], rng, y)
        if what == "amplitude":
            levels = levels_of(values, scale)
        else:
            levels = (values - values.min()) / max(values.max() - values.min(), 1e-9)
    else:
        if rng.random() < 0.3:
            hop, per_octave = int(rng.choice([256, 1024])), int(rng.choice([12, 24]))
        bins = int(rng.integers(60, 85)) * per_octave // 12
        levels = levels_of(np.abs(librosa.cqt(y, sr=RATE, hop_length=hop, n_bins=bins, bins_per_octave=per_octave)), scale)
    if (hop, per_octave) != (512, 12) or rng.random() < 0.5:
        truth["flags"] = ["--sr", str(RATE), "--hop", str(hop), "--bins-per-octave", str(per_octave)]
    tool, palette, damage = (str(rng.choice(names)) for names in (TOOLS, PALETTES, DAMAGE))
    if not palette.endswith("_r") and rng.random() < REVERSED:
        palette += "_r"
    # What saves matrices puts row 0 on top, unless it is told otherwise.
    truth["from the top"] = tool in ("imsave", "pillow") and bool(rng.random() < FROM_THE_TOP)
    pixels, box = drawn(levels[::-1] if truth["from the top"] else levels, tool, palette, rng)
    path, stretch = damaged(pixels, damage, folder / f"{number:05}")
    truth |= {"path": str(path), "tool": tool, "damage": damage, "palette": palette, "levels": scale, "cells": levels.shape, "box": None if box is None else [stretch * edge for edge in box]}
    return truth


# Judging


def numbers(text):
    return [float(part) for part in "".join(c if c.isdigit() or c == "." else " " for c in text).split()]


def same_palette(said, truth):
    tables = [matplotlib.colormaps[name](np.arange(256) / 255)[:, :3] for name in (said, truth) if name in matplotlib.colormaps]
    return len(tables) == 2 and np.abs(tables[0] - tables[1]).max() < 0.02


def judged(truth, report):
    """(finding, score, right) of what the truth can judge; of `kind`, whether it is a constant-Q spectrogram read rightly."""
    entries = {line["name"]: line for line in report["findings"] if line["section"] == "picture" and "score" in line}
    rights = {}
    if "foreign" not in truth:
        rows, frames = truth["cells"]
        if "cells" in entries and "missing" in entries:
            seen = tuple(map(int, numbers(entries["cells"]["value"])[:2]))
            before, after, below, above = numbers(entries["missing"]["value"])
            # An edge cell may have no pixel.
            rights["cells"] = seen[0] == rows and seen[1] in (frames, frames - 1)
            rights["missing"] = (seen[0] + below + above, seen[1] + before + after) == (rows, frames)
        if "palette" in entries:
            rights["palette"] = same_palette(entries["palette"]["value"], truth["palette"])
        if "levels" in entries:
            rights["levels"] = entries["levels"]["value"] == truth["levels"]
    if "orientation" in entries and truth.get("foreign") in (None, *WITH_FREQUENCIES):
        # The score speaks for upright rows, whichever are said to be likelier.
        rights["orientation"] = not truth["from the top"]
    if "kind" in entries:
        # What was read backwards or cut wrongly is of no sound either.
        findings = {line["name"]: line for line in report["findings"] if line["section"] == "picture"}
        is_flip_right = findings["orientation"]["value"].endswith("vertical") == truth["from the top"]
        is_palette_right = same_palette(findings["palette"]["value"], truth["palette"])
        right = "foreign" not in truth and rights.get("cells", True) and is_palette_right and is_flip_right
        name = "kind, turned" if is_turned(findings) else "kind"
        entries[name] = entries["kind"]
        rights[name] = right
    if truth["box"] is not None and "box" in entries:
        x, y, width, height = truth["box"]
        values = numbers(entries["box"]["value"])
        rights["box"] = box_right(values, (x, y, width, height))
    return [(name, entries[name]["score"], bool(right)) for name, right in rights.items()]


def is_turned(findings):
    """Whether the reading is another than the usual one, as `kind.rs` has it."""
    by_levels = {name: line for name, line in findings.items() if line["source"] == "read"}
    is_reversed = "palette" in by_levels and by_levels["palette"]["value"].endswith("_r")
    return "orientation" in by_levels or is_reversed or ("levels" in by_levels and "score" not in by_levels["levels"])


def box_right(said, truth):
    """Whether all four edges lie within a pixel and a half outside and two and a half inside, where a frame line is."""
    width, height, x, y = said if len(said) == 4 else (0, 0, 0, 0)
    edges = lambda x, y, width, height: np.array([x, y, x + width, y + height])
    inside = (edges(x, y, width, height) - edges(*truth)) * (1, 1, -1, -1)
    return bool(inside.min() >= -1.5 and inside.max() <= 2.5)


def read(job):
    number, folder, photophone = job
    truth = made(number, folder)
    command = [photophone, "inspect", truth["path"], "--json", *truth["flags"]]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    os.remove(truth["path"])
    return truth, judged(truth, json.loads(result.stdout)) if result.returncode == 0 else None


def recovered(job):
    """What the phase tells of coefficients in a picture: tuning, pad mode, length and levels."""
    number, folder, photophone = job
    rng = np.random.default_rng(1_000_000 + number)
    kind, seed = str(rng.choice(KINDS)), int(rng.integers(1 << 20))
    y = sound(kind, np.random.default_rng(seed), rng.uniform(1.0, 2.0))
    tuning = float(rng.choice([0.0, rng.uniform(-0.5, 0.5)]))
    mode, scale = str(rng.choice(["constant", "reflect"])), str(rng.choice(LEVELS))
    c = librosa.cqt(y, sr=RATE, hop_length=256, n_bins=60, tuning=tuning, pad_mode=mode)
    magnitudes = np.abs(c)
    stem = folder / f"phase{number:05}"
    Image.fromarray((levels_of(magnitudes, scale)[::-1] * 255.99).astype(np.uint8)).save(f"{stem}.png")
    np.save(f"{stem}.npy", (c / np.maximum(magnitudes, 1e-30)).astype(np.complex64))
    command = [photophone, "recover", f"{stem}.png", "--phase", f"{stem}.npy", "--hop", "256", "--sr", str(RATE), "--tuning", "auto", "--palette", "gray", "--cells", f"60x{c.shape[1]}"]
    command += ["--iterations", "3", "--inverse", "linear", "-o", f"{stem}.wav", "--report", f"{stem}.json", "--despite-doubt"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = []
    if result.returncode == 0:
        report = json.loads(pathlib.Path(f"{stem}.json").read_text())
        rights = {"tuning": lambda v: abs(v - tuning) < 0.02, "pad-mode": lambda v: v == mode, "length": lambda v: abs(v - len(y)) <= 8, "levels": lambda v: v == scale}
        for line in report["findings"]:
            if "score" in line and line["source"] == "read" and line["name"] in rights:
                rows.append((f"{line['name']} by the phase", line["score"], bool(rights[line["name"]](line["value"]))))
    for path in folder.glob(f"phase{number:05}*"):
        path.unlink()
    return {"sound": kind, "tool": "pillow", "damage": "none", "held_out": seed % 2 == 0, "path": ""}, rows


# Fitting

FEWEST = 10
# Standard errors by which the shares of neighbouring blocks differ, or they are one.
APART = 2.0
# Pictures for each one that is read with its phase too.
PHASES = 16


def fitted(samples):
    """Points (score, share right): isotonic regression by pooling adjacent violators, blocks of at least FEWEST that differ."""
    blocks = []
    for _, same in itertools.groupby(sorted(samples), key=lambda sample: sample[0]):
        # Findings with one score stay together: sorted, the wrong ones would come first.
        if blocks and len(blocks[-1]) < FEWEST:
            blocks[-1] += same
        else:
            blocks.append(list(same))
    if len(blocks) > 1 and len(blocks[-1]) < FEWEST:
        blocks[-2:] = [blocks[-2] + blocks[-1]]
    share = lambda block: (sum(right for _, right in block) + 0.5) / (len(block) + 1)
    i = 0
    while i + 1 < len(blocks):
        if share(blocks[i]) >= share(blocks[i + 1]):
            blocks[i : i + 2] = [blocks[i] + blocks[i + 1]]
            i = max(0, i - 1)
        else:
            i += 1
    while len(blocks) > 1:
        gaps = [apart(share(low), len(low), share(high), len(high)) for low, high in itertools.pairwise(blocks)]
        i = int(np.argmin(gaps))
        if gaps[i] >= APART:
            break
        blocks[i : i + 2] = [blocks[i] + blocks[i + 1]]
    points = []
    for block in blocks:
        for score in (block[0][0], block[-1][0]):
            if not points or score > points[-1][0]:
                points.append((score, most_shown(share(block), len(block))))
    return points


def most_shown(share, count):
    """The share, but no more than so many can show: none wrong of n may be 3 of n (the rule of three)."""
    return min(share, max(0.5, 1 - 3 / count))


def apart(low, m, high, n):
    """Difference of two shares, in standard errors of it were they one."""
    both = (m * low + n * high) / (m + n)
    return (high - low) / np.sqrt(both * (1 - both) * (1 / m + 1 / n))


def confidence(points, score):
    return float(np.interp(score, *zip(*points, strict=True))) if points else float(np.clip(score, 0, 1))


# Findings of two values, whose score speaks for one of them.
TWO_VALUED = ("kind", "kind, turned", "orientation")
BANDS = ((0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01))


def said(name, points, score, right):
    """How sure a finding is said to be, and whether it is right: of what has two values the likelier is said."""
    sure = confidence(points, score)
    return (1 - sure, not right) if name in TWO_VALUED and sure < 0.5 else (sure, right)


def percent(values):
    return f"{100 * np.mean(values):.0f} %"


def reliability(rows, points):
    """What is said of the held-out findings beside what is right, in bands of what is said."""
    lines = ["| finding | said | on average | right | of |", "|---|---|---|---|---|"]
    for name, found in sorted(rows.items()):
        mine = [said(name, points[name], row.score, row.right) for row in found if row.held_out]
        for low, high in BANDS:
            if band := [pair for pair in mine if low <= pair[0] < high]:
                sure, right = zip(*band, strict=True)
                lines.append(f"| {name} | {100 * low:.0f} to {min(100 * high, 100):.0f} % | {percent(sure)} | {percent(right)} | {len(band)} |")
    return lines


def by_tool(rows):
    """The same over all that is said, for points that were fitted without the tool's pictures."""
    lines = ["| finding | tool | said | right | of |", "|---|---|---|---|---|"]
    for name, found in sorted(rows.items()):
        for tool in sorted({row.tool for row in found}):
            points = fitted([(row.score, row.right) for row in found if not row.held_out and row.tool != tool])
            if mine := [said(name, points, row.score, row.right) for row in found if row.held_out and row.tool == tool]:
                sure, right = zip(*mine, strict=True)
                lines.append(f"| {name} | {tool} | {percent(sure)} | {percent(right)} | {len(mine)} |")
    return lines


RUST = {
    "picture.rs": ("pub(crate)", {"BOX": "box", "CELLS": "cells", "MISSING": "missing", "PALETTE": "palette", "LEVELS": "levels", "UPRIGHT": "orientation"}),
    "recover.rs": ("pub(super)", {"KIND": "kind", "KIND_TURNED": "kind, turned", "LEVELS": "levels by the phase", "TUNING": "tuning by the phase", "PAD_MODE": "pad-mode by the phase", "LENGTH": "length by the phase"}),
}


def rust(visible, names, points):
    lines = ["//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.", "", "use photophone_spectrum::Calibration;", ""]
    for constant, name in names.items():
        text = ", ".join(f"({score:.4}, {share:.3})" for score, share in thinned(points.get(name, [])))
        lines += [f"{visible} const {constant}: Calibration = Calibration {{ points: &[{text}] }};"]
    return "\n".join(lines) + "\n"


def thinned(points):
    """Scores as they are printed, each once."""
    out = []
    for score, share in points:
        if not out or float(f"{score:.4}") > float(f"{out[-1][0]:.4}"):
            out.append((score, share))
    return out


Row = collections.namedtuple("Row", "score right held_out tool")


def main():
    photophone, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    GALLERY.update(sounds_of_gallery(sys.argv[4]) if len(sys.argv) > 4 else {})
    rows, refused = collections.defaultdict(list), collections.Counter()
    log = open(folder / "readings.jsonl", "w")
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        jobs = [(number, folder, photophone) for number in range(count)]
        for task, some in ((read, jobs), (recovered, jobs[: count // PHASES])):
            for truth, found in pool.map(task, some, chunksize=8):
                refused["no spectrogram" if "foreign" in truth else truth["damage"]] += found is None
                for name, score, right in found or ():
                    rows[name].append(Row(score, bool(right), truth["held_out"], truth["tool"]))
                print(json.dumps([truth, found]), file=log)
    write(folder, rows, refused, count)


def write(folder, rows, refused, count):
    """The tables of points and the page."""
    points = {name: fitted([(row.score, row.right) for row in found if not row.held_out]) for name, found in rows.items()}
    for file, (visible, names) in RUST.items():
        (folder / file).write_text(rust(visible, names, points))
    told = ", ".join(f"{count} ({why})" for why, count in sorted(refused.items()) if count)
    page = [f"Pictures: {count}, and {count // PHASES} with their phase. Refused: {told}.", "", *reliability(rows, points), "", "Points fitted without the tool:", "", *by_tool(rows)]
    (folder / "calibration.md").write_text("\n".join([*page, ""]))


if __name__ == "__main__":
    main()
