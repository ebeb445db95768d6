"""Reads pictures whose truth is known and finds how often findings of each score are right.

usage: python xtask/calibration PHOTOPHONE FOLDER PICTURES [GALLERY]      FOLDER is for the pictures

Writes FOLDER/picture.rs, FOLDER/recover.rs (the steps) and FOLDER/calibration.md (the reliability tables). Pictures of odd
numbers are for fitting, those of even ones for testing: no sound, matrix, size of a figure or damage is drawn twice, and
four in ten tests have a kind of sound, of foreign matrix or of figure that was never fitted.
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

# Pictures for each one that is read with its phase too.
PHASES = 12


def read(job):
    number, folder, photophone = job
    truth = pictures.made(number, folder)
    command = [photophone, "inspect", truth["path"], "--json", *truth["flags"]]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    os.remove(truth["path"])
    return truth, judged(truth, json.loads(result.stdout)) if result.returncode == 0 else None


def main():
    photophone, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    sounds.GALLERY.update(sounds.of_gallery(sys.argv[4]) if len(sys.argv) > 4 else {})
    found = []
    with concurrent.futures.ProcessPoolExecutor(2) as pool, open(folder / "readings.jsonl", "w") as log:
        jobs = [(number, folder, photophone) for number in range(count)]
        for task, some in ((read, jobs), (recovered, jobs[: count // PHASES])):
            for truth, findings in pool.map(task, some, chunksize=8):
                found.append((truth, findings))
                print(json.dumps([truth, findings], default=float), file=log, flush=True)
    write(folder, found, count)


def write(folder, found, count):
    """The steps and the page."""
    rows, refused = collections.defaultdict(list), collections.Counter()
    for truth, findings in found:
        refused["no spectrogram" if "foreign" in truth else truth["damage"]] += findings is None
        groups = (truth["tool"], truth["damage"], truth["sound"])
        for name, score, right in findings or ():
            rows[name].append(Row(score, bool(right), truth["test"], groups))
    steps = {name: fitted(name, [row for row in some if not row.is_test]) for name, some in rows.items()}
    for file, (visible, names) in tables.RUST.items():
        (folder / file).write_text(tables.rust(visible, names, steps))
    told = ", ".join(f"{count} ({why})" for why, count in sorted(refused.items()) if count)
    head = f"Pictures: {count}, and {count // PHASES} with their phase. Refused: {told}."
    (folder / "calibration.md").write_text(tables.page(rows, steps, head))


if __name__ == "__main__":
    main()
