"""What is refused, how, and that nothing leaks or hangs."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import photophone

BAD_CALLS = 10_000
Refusals = (ValueError, TypeError, OSError, OverflowError, MemoryError)


def test_errors_are_values_and_say_what_to_do(sound: np.ndarray, tmp_path: Path) -> None:
    assert issubclass(photophone.PhotophoneError, ValueError)
    with pytest.raises(photophone.PhotophoneError, match=r"n_bins|bins"):
        photophone.cqt(sound, n_bins=0)
    with pytest.raises(photophone.PhotophoneError, match="above half the sample rate"):
        photophone.cqt(sound, n_bins=120)
    with pytest.raises(photophone.PhotophoneError, match="griffinlim_cqt"):
        photophone.icqt(np.ones((84, 10)))
    with pytest.raises(photophone.PhotophoneError, match="floating-point"):
        photophone.cqt(np.arange(1000))
    with pytest.raises(FileNotFoundError) as missing:
        photophone.recover(tmp_path / "none.png")
    assert missing.value.filename == str(tmp_path / "none.png")
    assert "os error" not in str(missing.value)
    with pytest.raises(FileNotFoundError):
        photophone.draw(sound, 22050).save(tmp_path / "no folder" / "a.png")
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(photophone.PhotophoneError, match="text.png"):
        photophone.read_picture(tmp_path / "text.png")


def test_a_number_out_of_its_range_is_no_missing_number() -> None:
    cells = np.ones((84, 10), dtype=complex)
    with pytest.raises(photophone.PhotophoneError, match=r"mask=.*found 2 at index 0, expected 0 .* to 1"):
        photophone.icqt(cells, mask=2 * np.ones((84, 10)))
    with pytest.raises(photophone.PhotophoneError, match=r"mask=.*found -1 at index 0"):
        photophone.griffinlim_cqt(np.ones((84, 10)), phase=cells, mask=-np.ones((84, 10)))
    with pytest.raises(photophone.PhotophoneError, match="not a number"):
        photophone.icqt(cells, mask=np.full((84, 10), np.nan))


@pytest.mark.parametrize(
    ("argument", "value"), [("window", ("kaiser", "4")), ("window", np.hanning), ("hop_length", "a"), ("n_bins", 1.5), ("pad_mode", 3), ("scale", "yes")]
)
def test_a_value_of_no_use_is_named_as_it_was_given(sound: np.ndarray, argument: str, value: object) -> None:
    with pytest.raises(photophone.PhotophoneError, match=f"^{argument} is "):
        photophone.draw(sound, 22050, **{argument: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"iterations": -3}, "iterations is -3, expected a whole number, 1 or more, or None"),
        ({"seed": -1}, "seed is -1, expected a whole number, 0 or more"),
        ({"crop": (0, 0, 1)}, "crop is (0, 0, 1), expected (left, top, width, height)"),
        ({"cells": 84}, "cells is 84, expected (bins, frames)"),
        ({"hop_length": 1.5}, "hop_length is 1.5, expected a whole number, 0 or more"),
        ({"recipe": {"scale": 3}}, "scale is 3, expected true or false"),
        ({"recipe": {"sr": "fast"}}, 'sr is "fast", expected a number'),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_plain_words(sound: np.ndarray, given: dict[str, Any], words: str) -> None:
    with pytest.raises(photophone.PhotophoneError) as refused:
        photophone.recover(photophone.draw(sound, 22050).pixels, **given)
    assert words in str(refused.value)


def test_absurd_numbers_take_few_digits(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    for call in (
        lambda: photophone.icqt(C, fmin=1e-300),
        lambda: photophone.cqt(sound, sr=1e300),
        lambda: photophone.cqt(sound, filter_scale=1e300),
        lambda: photophone.recover(C, sr=22050, fmin=1e-300),
    ):
        with pytest.raises(photophone.PhotophoneError) as refused:
            call()
        assert len(str(refused.value)) < 400, refused.value


def test_memory_and_work_are_bounded_by_arguments(sound: np.ndarray) -> None:
    with pytest.raises(photophone.PhotophoneError, match="raise the limit with max_memory="):
        photophone.draw(sound, 22050, max_memory=1)
    picture = photophone.draw(sound, 22050)
    with pytest.raises(photophone.PhotophoneError, match="raise the limit with max_work="):
        photophone.recover(picture, max_work=1e-3)
    with pytest.raises(photophone.PhotophoneError, match="raise the limit with max_memory="):
        photophone.read_picture(picture, picture.phase, max_memory=1)
    # Drawing may take more than the recovery of so few cells.
    wide = photophone.draw(sound[:6000], 22050, filter_scale=1000.0, hop_length=4096, fmin=220.0, n_bins=12)
    with pytest.raises(photophone.PhotophoneError, match="filter_scale=.*max_work="):
        photophone.read_picture(wide, wide.phase)
    assert photophone.read_picture(wide, wide.phase, max_work=1e3).levels.shape[0] == 12
    for value in (0, -1, np.nan, np.inf, "much"):
        for name in ("max_memory", "max_work"):
            with pytest.raises(photophone.PhotophoneError, match=f"{name} is "):
                photophone.draw(sound, 22050, **{name: value})  # type: ignore[arg-type]


def test_what_is_echoed_is_cut_short(sound: np.ndarray) -> None:
    much = "x" * 1_000_000
    C = photophone.cqt(sound)
    for call in (
        lambda: photophone.cqt(sound, fmin=much),
        lambda: photophone.cqt(sound, window=much),
        lambda: photophone.cqt(sound, **{much: 1}),
        lambda: photophone.draw(sound, 22050, levels=much),
        lambda: photophone.recover(C, recipe={much: 1}),
        lambda: photophone.recover(C, phase_method=much),
        lambda: photophone.vqt(sound, intervals=much),
    ):
        with pytest.raises(photophone.PhotophoneError) as refused:
            call()
        assert len(str(refused.value)) < 2000 and "xxx" in str(refused.value)


def test_progress_is_told_and_can_stop(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    seen: list[tuple[int, int]] = []
    photophone.icqt(C, progress=lambda done, most: seen.append((done, most)))
    assert len(seen) > 3 and all(done <= most for done, most in seen)

    class Enough(Exception):
        pass

    def stop(done: int, most: int) -> None:
        raise Enough

    for function in (photophone.icqt, lambda C, progress: photophone.griffinlim_cqt(np.abs(C), progress=progress)):
        with pytest.raises(Enough):
            function(C, progress=stop)


def test_a_line_of_progress_goes_to_stderr(sound: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    photophone.icqt(photophone.cqt(sound), progress=True, max_iterations=5)
    out, err = capsys.readouterr()
    assert out == "" and "round" in err
    photophone.icqt(photophone.cqt(sound), progress=0, max_iterations=5)
    assert capsys.readouterr().err == ""


INTERRUPTED = """
import sys, threading, time, os, signal
import numpy as np, photophone
# A shell starts what runs in the background with the signal ignored, and Python leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)
minutes = 44100 * 60
y = np.random.default_rng(0).standard_normal(minutes)
C = photophone.cqt(y, sr=44100)
work = {
    "icqt": lambda: photophone.icqt(C, sr=44100),
    "griffinlim_cqt": lambda: photophone.griffinlim_cqt(np.abs(C), sr=44100),
    "recover": lambda: photophone.recover(C, sr=44100),
}[sys.argv[1]]
pressed = []
def press():
    time.sleep(float(sys.argv[2]))
    pressed.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=press, daemon=True).start()
try:
    work()
except KeyboardInterrupt:
    print(time.monotonic() - pressed[0])
"""


@pytest.mark.parametrize("after", [0.4, 2.5])
@pytest.mark.parametrize("work", ["icqt", "griffinlim_cqt", "recover"])
def test_ctrl_c_stops_long_work_within_a_second(work: str, after: float) -> None:
    command = [sys.executable, "-c", INTERRUPTED, work, str(after)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0 and ended.stdout, f"was not stopped: {ended.stderr[-500:]}"
    assert float(ended.stdout) < 1.0


def bad_value(rng: np.random.Generator) -> Any:
    """Something that somebody once gave a function."""
    values = [
        None, "", "hann", b"x", True, -1, 0, 1, 3, 2**31, 2**63, 2**64, 10**30, -(10**30), 0.0, -0.0, 1e-300, 1e300,
        np.nan, np.inf, -np.inf, 1j, [], [1, 2], (), {}, object(), np.float32(3), np.int8(-3), np.array(5), len,
    ]  # fmt: skip
    return values[rng.integers(len(values))]


def bad_array(rng: np.random.Generator) -> Any:
    """An array that is wrong in one way or another, or right."""
    shapes = [(), (0,), (1,), (7,), (300,), (0, 5), (5, 0), (84, 3), (3, 84), (1, 1), (2, 84, 3), (84, 3, 3), (2, 0, 4)]
    shape = shapes[rng.integers(len(shapes))]
    dtypes = ["f4", "f8", ">f8", "f2", "c8", "c16", ">c8", "i2", "u1", "u2", "?", "O", "U3", "M8[s]", "g"]
    dtype = np.dtype(dtypes[rng.integers(len(dtypes))])
    with np.errstate(all="ignore"):
        array = (100 * rng.standard_normal(shape)).astype("f8")
        if dtype.kind in "M":
            array = array.astype("i8").astype(dtype)
        else:
            array = np.asarray(array).astype(dtype)
    if array.size and array.dtype.kind in "fc":
        spoiler = [None, None, np.nan, np.inf, -1.0, 1e300, 1e-300][rng.integers(7)]
        if spoiler is not None:
            with np.errstate(all="ignore"):
                array.flat[rng.integers(array.size)] = spoiler
    if rng.random() < 0.2:
        array = np.asfortranarray(array)
    if array.ndim and rng.random() < 0.2:
        array = array[::-1]
    if array.ndim and rng.random() < 0.2:
        array = array.copy()
        array.flags.writeable = False
    return array if rng.random() < 0.9 else bad_value(rng)


FUNCTIONS = [
    photophone.cqt, photophone.vqt, photophone.icqt, photophone.griffinlim_cqt, photophone.phase_from_magnitude,
    photophone.ivqt, photophone.griffinlim_vqt, photophone.read_picture, photophone.recover, photophone.draw,
    photophone.draw_coefficients,
]  # fmt: skip
NAMES = [
    "sr", "hop_length", "fmin", "n_bins", "bins_per_octave", "tuning", "filter_scale", "norm", "sparsity", "window",
    "scale", "pad_mode", "res_type", "dtype", "length", "gamma", "intervals", "inverse", "mask", "max_iterations",
    "method", "phase", "n_iter", "momentum", "init", "random_state", "rng", "librosa_version", "progress", "crop",
    "cells", "palette", "flip", "levels", "cell", "bits", "recipe", "original", "seed", "iterations", "gain", "max_pixels",
    "max_memory", "max_work",
]  # fmt: skip


def bad_call(rng: np.random.Generator) -> None:
    """One call with an odd array and up to three odd arguments; any of Python's own refusals is right."""
    function = FUNCTIONS[rng.integers(len(FUNCTIONS))]
    names = rng.choice(NAMES, size=rng.integers(1, 4), replace=False)
    arguments = {
        name: bad_array(rng) if name in ("mask", "phase", "original") and rng.random() < 0.7 else bad_value(rng)
        for name in names
    }
    arguments.setdefault("fmin", 1000.0) if rng.random() < 0.5 else None
    try:
        function(good_array(function, rng) if rng.random() < 0.4 else bad_array(rng), **arguments)
    except Refusals:
        pass


def good_array(function: Any, rng: np.random.Generator) -> Any:
    """What the function takes, so that the arguments alone are odd."""
    if function in (photophone.cqt, photophone.vqt, photophone.draw):
        return rng.standard_normal(600)
    if function is photophone.read_picture or (function is photophone.recover and rng.random() < 0.5):
        return rng.integers(0, 255, (30, 20, 3)).astype(np.uint8)
    cells = rng.standard_normal((24, 5)) + 1j * rng.standard_normal((24, 5))
    return cells if function in (photophone.icqt, photophone.recover) else np.abs(cells)


@pytest.mark.filterwarnings("ignore")
def test_bad_calls_raise() -> None:
    slowest = 0.0
    for number in range(BAD_CALLS):
        start = time.monotonic()
        try:
            bad_call(np.random.default_rng(number))
        except BaseException as error:
            raise AssertionError(f"call {number}") from error
        slowest = max(slowest, time.monotonic() - start)
    assert slowest < 60, f"a call took {slowest:.1f} s"


def resident_mib() -> float:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
@pytest.mark.filterwarnings("ignore")
def test_memory_stays_flat() -> None:
    y = np.random.default_rng(1).standard_normal(3000)
    told = dict(fmin=220.0, n_bins=24)

    def good() -> None:
        C = photophone.cqt(y, **told)
        photophone.icqt(C, fmin=220.0, max_iterations=3, inverse="linear", length=3000)
        photophone.draw(y, 22050, **told)

    def bad() -> None:
        for call in (lambda: photophone.cqt(y, n_bins=-1), lambda: photophone.icqt(np.full((24, 5), np.nan + 0j))):
            with pytest.raises(photophone.PhotophoneError):
                call()

    for work in (good, bad):
        for _ in range(300):
            work()
        gc.collect()
        before = resident_mib()
        for _ in range(1000):
            work()
        gc.collect()
        assert resident_mib() - before < 8, f"{work.__name__}: {before:.0f} to {resident_mib():.0f} MiB"


def test_signals_are_python_s_again() -> None:
    # Nothing of ours replaces Python's own handler.
    assert signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN)
