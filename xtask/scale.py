"""What many clips cost: rows of the table in docs/scale.md.

    python scale.py PHOTOPHONE FOLDER [CLIPS]

Makes clips of 3 s at 22 050 Hz, draws all of them with `photophone batch` and recovers some, and compares with the command
run once for each clip. Times are of this machine as it is: run it while nothing else does.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np

SECS, SR = 3, 22050
# A recovery takes some hundred times as long as a drawing; so many clips tell its rate, and a call's start.
RECOVERED, ALONE = 40, 100


def clip(seed: int) -> np.ndarray:
    """Six decaying notes with five harmonics each, and a little noise."""
    rng, t = np.random.default_rng(seed), np.arange(SECS * SR) / SR
    y = 1e-3 * rng.standard_normal(len(t))
    for _ in range(6):
        after = t - rng.uniform(0, SECS - 0.5)
        envelope = np.clip(after / 0.01, 0, 1) * np.exp(-3 * np.maximum(after, 0))
        hz = 110 * 2 ** (rng.integers(0, 36) / 12)
        y += sum(0.1 / k * envelope * np.sin(2 * np.pi * k * hz * after) for k in range(1, 6))
    return 0.8 * y / np.abs(y).max()


def write(path: Path, y: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SR)
        file.writeframes((y * 32767).astype("<i2").tobytes())


def run(*command: object) -> tuple[float, float, float]:
    """Seconds, seconds of the processor and most memory in MB that a command takes."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def row(what: str, clips: int, taken: tuple[float, float, float], processors: int) -> None:
    wall, processor, memory = taken
    hours = processor / clips * 1e6 / 3600
    print(
        f"| {what} | {clips} | {wall:.1f} s | {clips * SECS / wall:.0f} x | {1000 * processor / clips:.0f} ms "
        f"| {clips * SECS / processor:.0f} x | {memory:.0f} MB | {hours:.1f} |"
    )


def main() -> None:
    binary, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    shutil.rmtree(folder, ignore_errors=True)
    clips, pictures, heard = (folder / name for name in ("clips", "pictures", "heard"))
    clips.mkdir(parents=True)
    for number in range(count):
        write(clips / f"{number:05}.wav", clip(number))
    jobs = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    print(f"Clips of {SECS} s at {SR} Hz, {jobs} processors, {jobs} jobs; the machine's load was {load:.1f} at the start.\n")
    print("| work | clips | time | real time | of a processor, a clip | real time a processor | memory | processor hours a million |")
    print("|---|---|---|---|---|---|---|---|")
    few = [clips / f"{number:05}.wav" for number in range(min(ALONE, count))]
    row("`batch draw`", count, run(binary, "batch", "draw", clips, "-o", pictures, "--report", folder / "rows.jsonl"), jobs)
    row("the same, `--jobs 1`", len(few), run(binary, "batch", "draw", *few, "-o", folder / "one", "--jobs", 1), 1)
    alone = [run(binary, "draw", path, "-o", folder / "one" / f"{path.stem}.x.png") for path in few]
    row("`draw` for each clip", len(few), (sum(a[0] for a in alone), sum(a[1] for a in alone), max(a[2] for a in alone)), 1)
    row("`batch draw --resume`, all done", count, run(binary, "batch", "draw", clips, "-o", pictures, "--resume"), jobs)
    some = [pictures / f"{number:05}.png" for number in range(min(RECOVERED, count))]
    row("`batch recover`, with phase", len(some), run(binary, "batch", "recover", *some, "-o", heard), jobs)
    row("the same, `--jobs 1`", 10, run(binary, "batch", "recover", *some[:10], "-o", folder / "heard1", "--jobs", 1), 1)
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
    assert len(rows) == count and all(row["status"] == "done" for row in rows)
    size = sum(path.stat().st_size for path in pictures.rglob("*") if path.is_file())
    print(f"\nA drawn clip takes {size / count / 1000:.0f} kB on disk: picture, phase, recipe and record.")


main()
