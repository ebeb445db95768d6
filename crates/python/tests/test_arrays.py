"""Arrays: types, channels, layouts, and the same results as the command line's to the last bit."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import REPOSITORY, snr_db

import photophone

REAL = [(np.float32, np.complex64), (np.float64, np.complex128)]


@pytest.mark.parametrize(("real", "complex_"), REAL)
def test_precision_is_preserved(sound: np.ndarray, real: type, complex_: type) -> None:
    y = sound.astype(real)
    C = photophone.cqt(y)
    assert C.dtype == complex_
    assert photophone.vqt(y).dtype == complex_
    assert photophone.icqt(C, inverse="linear", max_iterations=5).dtype == real
    M = np.abs(C)
    assert photophone.griffinlim_cqt(M, n_iter=1).dtype == real
    assert photophone.phase_from_magnitude(M, method="heap").dtype == complex_
    assert photophone.cqt(y, dtype=np.complex64).dtype == np.complex64
    assert photophone.icqt(C, dtype=np.float64, max_iterations=1).dtype == np.float64


def test_single_precision_is_double_to_its_rounding(sound: np.ndarray) -> None:
    y = sound.astype(np.float32)
    for transform in (photophone.cqt, photophone.vqt):
        for hop in (512, 441):
            single, double = transform(y, hop_length=hop), transform(y, hop_length=hop, dtype=np.complex128)
            assert snr_db(double, single) > 118
            assert np.array_equal(double, transform(y.astype(np.float64), hop_length=hop))


def test_leading_axes_are_channels(sound: np.ndarray) -> None:
    y = np.stack([sound, sound[::-1], 0.5 * sound, 0 * sound]).reshape(2, 2, -1)
    C = photophone.cqt(y)
    assert C.shape[:2] == (2, 2)
    for index in np.ndindex(2, 2):
        assert np.array_equal(C[index], photophone.cqt(np.ascontiguousarray(y[index])))
    z = photophone.icqt(C, length=y.shape[-1], inverse="linear")
    assert z.shape == y.shape and snr_db(y[0, 0], z[0, 0]) > 20 and not z[1, 1].any()
    assert photophone.griffinlim_cqt(np.abs(C), n_iter=1, length=100).shape == (2, 2, 100)
    assert photophone.phase_from_magnitude(np.abs(C), method="heap").shape == C.shape
    assert photophone.cqt(np.empty((0, 5000))).shape == (0, 84, 10)


def test_layout_does_not_matter(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    every_other = np.repeat(sound, 2)[::2]
    read_only = sound.copy()
    read_only.flags.writeable = False
    swapped = sound.astype(sound.dtype.newbyteorder())
    for y in (every_other, read_only, swapped, sound[::-1][::-1]):
        assert np.array_equal(photophone.cqt(y), C)
    z = photophone.icqt(C, length=len(sound))
    for cells in (np.asfortranarray(C), C.astype(C.dtype.newbyteorder()), np.repeat(C, 2, axis=1)[:, ::2]):
        assert np.array_equal(photophone.icqt(cells, length=len(sound)), z)


def test_samples_in_double_precision_are_not_copied() -> None:
    # The working memory of ten minutes is more than a copy would be, so watch what Python itself holds.
    import tracemalloc

    y = np.zeros(1_000_000)
    photophone.cqt(y, n_bins=12, fmin=440.0)
    tracemalloc.start()
    C = photophone.cqt(y, n_bins=12, fmin=440.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < y.nbytes / 2 + C.nbytes


def test_other_threads_run_meanwhile(sound: np.ndarray) -> None:
    y = np.tile(sound, 60)
    photophone.cqt(y)
    ticks = 0
    worker = threading.Thread(target=lambda: photophone.cqt(y))
    worker.start()
    while worker.is_alive():
        time.sleep(0.001)
        ticks += 1
    assert ticks > 5


def test_icqt_undoes_cqt(sound: np.ndarray) -> None:
    for pad_mode in ("constant", "reflect", "edge"):
        C = photophone.cqt(sound, hop_length=128, pad_mode=pad_mode)
        z = photophone.icqt(C, hop_length=128, length=len(sound))
        assert snr_db(sound, z) > 45, pad_mode
    V = photophone.vqt(sound, hop_length=128, gamma=12)
    assert snr_db(sound, photophone.icqt(V, hop_length=128, gamma=12, length=len(sound))) > 45


def test_cells_that_are_not_trusted_do_not_count(sound: np.ndarray) -> None:
    C = photophone.cqt(sound, hop_length=128)
    mask = np.ones(C.shape, dtype=bool)
    mask[:, 100:110] = False
    spoilt = np.where(mask, C, 7.0)
    arguments = dict(hop_length=128, length=len(sound), pad_mode="constant")
    assert snr_db(sound, photophone.icqt(spoilt, mask=mask, **arguments)) > 30
    assert snr_db(sound, photophone.icqt(spoilt, **arguments)) < 0


def test_lengths_are_cut_and_padded(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    for length in (1000, len(sound), len(sound) + 5000):
        z = photophone.icqt(C, length=length, max_iterations=20)
        assert z.shape == (length,)


def test_magnitudes_alone(sound: np.ndarray) -> None:
    M = np.abs(photophone.cqt(sound))

    def off_db(y: np.ndarray) -> float:
        return -snr_db(M, np.abs(photophone.cqt(y)))

    y = photophone.griffinlim_cqt(M, length=len(sound))
    assert off_db(y) < -25
    assert np.array_equal(y, photophone.griffinlim_cqt(M, length=len(sound)))
    P = photophone.phase_from_magnitude(M, length=len(sound))
    assert np.allclose(np.abs(P), 1)
    assert off_db(photophone.icqt(M * P, length=len(sound), inverse="linear", pad_mode="constant")) < -25


def test_an_earlier_phase_is_taken_up_again(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    arguments = dict(length=len(sound), n_iter=4, method="griffin-lim")
    truth = photophone.griffinlim_cqt(C, init=None, **arguments)
    random = photophone.griffinlim_cqt(np.abs(C), random_state=3, **arguments)
    M = np.abs(C)
    assert snr_db(M, np.abs(photophone.cqt(truth))) > 10 + snr_db(M, np.abs(photophone.cqt(random)))


def test_known_phase_is_kept(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    known = np.zeros(C.shape, dtype=bool)
    known[:, ::2] = True
    for phase in (C, np.angle(C)):
        P = photophone.phase_from_magnitude(np.abs(C), phase=phase, mask=known, n_iter=2, length=len(sound))
        loud = known & (np.abs(C) > 1e-6)
        assert np.allclose((P * np.abs(C))[loud], C[loud])


@pytest.fixture(scope="session")
def command() -> Path:
    """The program `photophone`: what PHOTOPHONE_COMMAND names, else the last one built."""
    named = os.environ.get("PHOTOPHONE_COMMAND")
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    built = [target / profile / "photophone" for profile in ("debug", "release")]
    found = [Path(named)] if named else [path for path in built if path.exists()]
    if not found:
        pytest.skip("the command photophone is not built")
    return found[0]


def test_results_are_the_commands_to_the_last_bit(sound: np.ndarray, command: Path, tmp_path: Path) -> None:
    import soundfile

    def run(*arguments: object) -> None:
        subprocess.run([command, *map(str, arguments)], check=True, capture_output=True)

    y = sound.astype(np.float32)
    soundfile.write(tmp_path / "sound.wav", y, 22050, subtype="FLOAT")
    run("draw", tmp_path / "sound.wav", "-o", tmp_path / "drawn.png", "--hop", 256)
    picture = photophone.draw(y, 22050, hop_length=256)
    picture.save(tmp_path / "ours.png")
    assert np.array_equal(photophone.read_picture(tmp_path / "drawn.png").pixels, picture.pixels)
    assert (tmp_path / "drawn.phase.npy").read_bytes() == (tmp_path / "ours.phase.npy").read_bytes()

    run("recover", tmp_path / "drawn.png", "-o", tmp_path / "back.wav", "--report", tmp_path / "report.json")
    theirs, _ = soundfile.read(tmp_path / "back.wav", dtype="float32")
    for given in (tmp_path / "drawn.png", picture):
        ours, rate, report = photophone.recover(given)
        assert rate == 22050 and np.array_equal(ours, theirs)
    solved = json.loads((tmp_path / "report.json").read_text())["solve"]
    assert report["solve"] == solved

    C = photophone.cqt(y, hop_length=256)
    np.save(tmp_path / "C.npy", C)
    told = ["--sr", 22050, "--hop", 256, "--tuning", 0, "--length", len(y)]
    run("recover", tmp_path / "C.npy", *told, "-o", tmp_path / "cells.wav")
    theirs, _ = soundfile.read(tmp_path / "cells.wav", dtype="float32")
    assert np.array_equal(photophone.icqt(C, hop_length=256, length=len(y)), theirs)
