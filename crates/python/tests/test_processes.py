"""Forked and spawned children, threads of all kinds, and none: results are the same and nothing hangs.

Each test runs a program of its own, so that one that hangs fails and does not hang the others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# The calls of a child: short ones on the caller's thread, long ones on a thread of their own.
WORK = """
import hashlib, multiprocessing, os, signal, sys, threading, time
import numpy as np
import photophone

GRID = dict(fmin=110.0, n_bins=36)

def work(seed):
    y = np.random.default_rng(seed).standard_normal(6000)
    C = photophone.cqt(y, **GRID)
    z = photophone.icqt(C, fmin=110.0, max_iterations=4, inverse="linear", length=len(y))
    return hashlib.sha256(C.tobytes() + z.tobytes()).hexdigest()

def long_work(seed):
    # More samples than what counts as short.
    y = np.random.default_rng(seed).standard_normal(2_200_000).astype(np.float32)
    return hashlib.sha256(photophone.cqt(y, fmin=880.0, n_bins=2, hop_length=4096).tobytes()).hexdigest()

def in_child(function, seed):
    # What a forked child gives, or nothing where it does not end.
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(into, function(seed).encode())
        finally:
            os._exit(0)
    os.close(into)
    signal.alarm(60)
    text = os.read(out, 1000).decode()
    os.waitpid(child, 0)
    signal.alarm(0)
    return text
"""


def run(tmp_path: Path, program: str, timeout: float = 240, **environment: str) -> str:
    """What a program prints that begins with `WORK`."""
    path = tmp_path / "program.py"
    path.write_text(WORK + program)
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(path)]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=timeout, cwd=tmp_path, env={**os.environ, **environment}
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@FORKS
def test_a_hundred_calls_in_four_forked_children_are_the_parents(tmp_path: Path) -> None:
    program = """
if __name__ == "__main__":
    wanted = [work(seed) for seed in range(100)]
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert pool.map(work, range(100), chunksize=1) == wanted
    print("same")
"""
    assert run(tmp_path, program) == "same\n"


@pytest.mark.parametrize("used_before", [False, True])
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_every_kind(tmp_path: Path, method: str, used_before: bool) -> None:
    program = f"""
if __name__ == "__main__":
    if "{method}" not in multiprocessing.get_all_start_methods():
        print("same")
        sys.exit()
    before = [work(seed) for seed in range(4)] if {used_before} else None
    with multiprocessing.get_context("{method}").Pool(2) as pool:
        theirs = pool.map(work, range(4))
    assert theirs == [work(seed) for seed in range(4)]
    print("same")
"""
    assert run(tmp_path, program) == "same\n"


@FORKS
def test_long_calls_and_grandchildren(tmp_path: Path) -> None:
    program = """
wanted = long_work(1), work(1)
assert in_child(lambda seed: long_work(seed), 1) == wanted[0]
assert in_child(lambda seed: in_child(work, seed), 1) == wanted[1]
assert work(1) == wanted[1]
print("same")
"""
    assert run(tmp_path, program) == "same\n"


@FORKS
def test_a_fork_while_another_thread_is_in_a_call(tmp_path: Path) -> None:
    program = """
wanted = work(1)
over = threading.Event()
def busy():
    while not over.is_set():
        work(2)
        photophone.cqt(np.ones(3000), fmin=220.0, n_bins=12)
threads = [threading.Thread(target=busy) for _ in range(3)]
for thread in threads:
    thread.start()
for _ in range(30):
    assert in_child(work, 1) == wanted
over.set()
for thread in threads:
    thread.join()
print("same")
"""
    assert run(tmp_path, program) == "same\n"


@FORKS
def test_a_fork_and_a_call_from_a_progress_callable(tmp_path: Path) -> None:
    program = """
wanted, seen = work(1), []
def told(done, most):
    if not seen:
        seen.append(None)
        seen[0] = in_child(work, 1), work(1)
photophone.icqt(photophone.cqt(np.ones(6000), **GRID), fmin=110.0, max_iterations=4, progress=told)
assert seen == [(wanted, wanted)], seen
print("same")
"""
    for threads in ("1", "2"):
        assert run(tmp_path, program, RAYON_NUM_THREADS=threads) == "same\n"


@FORKS
@pytest.mark.parametrize("backend", ["multiprocessing", "loky", "threading"])
def test_joblib(tmp_path: Path, backend: str) -> None:
    pytest.importorskip("joblib")
    program = f"""
import joblib
if __name__ == "__main__":
    wanted = [work(seed) for seed in range(6)]
    assert joblib.Parallel(n_jobs=2, backend="{backend}")(joblib.delayed(work)(seed) for seed in range(6)) == wanted
    print("same")
"""
    assert run(tmp_path, program) == "same\n"


@FORKS
def test_a_data_set_is_mapped_by_two_processes(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    program = """
import datasets
if __name__ == "__main__":
    datasets.disable_progress_bars()
    wanted = [work(seed) for seed in range(6)]
    rows = datasets.Dataset.from_dict({"seed": list(range(6))})
    mapped = rows.map(lambda row: {"bits": work(row["seed"])}, num_proc=2)
    assert list(mapped["bits"]) == wanted
    print("same")
"""
    assert run(tmp_path, program, HF_HOME=str(tmp_path / "cache"), HF_HUB_OFFLINE="1") == "same\n"


def test_where_no_thread_can_be_started_work_goes_on(tmp_path: Path) -> None:
    # No address space has room for a thread with such a stack: starting one fails as at a limit of processes.
    wanted = run(tmp_path, "print(work(1), long_work(1))")
    program = """
print(work(1), long_work(1))
rounds = []
def told(done, most):
    rounds.append(done)
    if len(rounds) == 3:
        os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    photophone.icqt(photophone.cqt(np.ones(6000), **GRID), fmin=110.0, progress=told)
    print("was not stopped")
except KeyboardInterrupt:
    pass
"""
    assert run(tmp_path, program, RUST_MIN_STACK=str(2**46)) == wanted


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(("told", "started"), [("1", 0), ("3", 3)])
def test_the_number_of_threads_can_be_told(tmp_path: Path, told: str, started: int) -> None:
    program = """
before = len(os.listdir("/proc/self/task"))
work(1)
work(2)
time.sleep(0.2)
print(len(os.listdir("/proc/self/task")) - before)
"""
    assert run(tmp_path, program, RAYON_NUM_THREADS=told) == f"{started}\n"
