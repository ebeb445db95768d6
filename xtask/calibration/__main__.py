"""Reads pictures whose truth is known and finds how often findings of each score are right.

usage: python xtask/calibration PHOTOPHONE FOLDER PICTURES [GALLERY]      FOLDER is for the pictures
       python xtask/calibration --refit FOLDER      from what was read before, without reading anything

Writes FOLDER/readings.jsonl (what was read of each picture), FOLDER/picture.rs, FOLDER/read.rs, FOLDER/identify.rs (the steps) and
FOLDER/calibration.md (the reliability tables). Pictures of odd numbers are for fitting, those of even ones for testing: no
sound, matrix, size of a figure or damage is drawn twice, and four in ten tests have a kind of sound, of foreign matrix or of
figure that was never fitted.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
import pictures
import sounds
import tables
from fitting import Row, fitted
from judging import judged
from phases import recovered

# Number of the first picture: those before were looked at while the reader was mended.
FIRST = 400_000
# Pictures for each one that is read with its phase too.
PHASES = 6
# What a finding that was judged may rest on.
KEPT = ("section", "name", "value", "source", "score")


def read(job):
    number, folder, photophone = job
    truth = pictures.made(number, folder)
    command = [photophone, "inspect", truth["path"], "--json", *truth["flags"]]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    os.remove(truth["path"])
    return truth, json.loads(result.stdout)["findings"] if result.returncode == 0 else None


def main():
    if sys.argv[1] == "--refit":
        folder = pathlib.Path(sys.argv[2])
        write(folder, [json.loads(line) for line in open(folder / "readings.jsonl")])
        return
    photophone, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    sounds.GALLERY.update(sounds.of_gallery(sys.argv[4]) if len(sys.argv) > 4 else {})
    found = []
    with concurrent.futures.ProcessPoolExecutor(2) as pool, open(folder / "readings.jsonl", "w") as log:
        jobs = [(FIRST + number, folder, photophone) for number in range(count)]
        for task, some in ((read, jobs), (recovered, jobs[: count // PHASES])):
            for truth, lines in pool.map(task, some, chunksize=8):
                lines = lines and [{key: line[key] for key in KEPT if key in line} for line in lines]
                found.append(json.loads(json.dumps([truth, lines], default=float)))
                print(json.dumps(found[-1]), file=log, flush=True)
    write(folder, found)


def write(folder, found):
    """The steps and the page."""
    rows, refused = collections.defaultdict(list), collections.Counter()
    for truth, lines in found:
        refused["no spectrogram" if "foreign" in truth else truth["damage"]] += lines is None
        # What is of no sound is a kind of its own.
        groups = (truth["tool"], truth["damage"], truth.get("foreign", truth["sound"]))
        for name, score, right, rests in judged(truth, lines) if lines is not None else ():
            rows[name].append(Row(score, bool(right), truth["test"], groups, rests))
    steps = fitted({name: [row for row in some if not row.is_test] for name, some in rows.items()})
    for file, (visible, names) in tables.RUST.items():
        (folder / file).write_text(tables.rust(visible, names, steps))
    told = ", ".join(f"{count} ({why})" for why, count in sorted(refused.items()) if count)
    phases = sum("phase" in truth for truth, _ in found)
    head = f"Pictures: {len(found) - phases}, and {phases} with their phase. Refused: {told}."
    (folder / "calibration.md").write_text(tables.page(rows, steps, head))


if __name__ == "__main__":
    main()
