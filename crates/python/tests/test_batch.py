"""Many files: one at a time in a function, on a Dask cluster and on Ray, with a worker killed in mid-work."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import photophone
import photophone.batch
import photophone.dask
import photophone.ray
import pytest

FILES = 24

# Files that take a worker long enough to be killed in the middle of one.
SLOW = {"hop_length": 64, "cell": (1, 1)}


def write_wav(path: Path, samples: np.ndarray, sr: int = 22050) -> None:
    """A WAV of 16 bits."""
    data = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    head = b"RIFF" + np.uint32(36 + len(data)).tobytes() + b"WAVEfmt \x10\0\0\0\1\0\1\0"
    rates = np.array([sr, 2 * sr], "<u4").tobytes() + b"\2\0\x10\0data" + np.uint32(len(data)).tobytes()
    path.write_bytes(head + rates + data)


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Sounds in two folders with the same names, and one that is cut off."""
    folder = tmp_path / "songs"
    for number in range(FILES):
        path = folder / str(number % 2) / f"{number // 2:02}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        n = np.arange(120_000 + 100 * number)
        write_wav(path, 0.5 * np.sin(2 * np.pi * (200 + 20 * number) * n / 22050))
    cut = folder / "1" / "cut.wav"
    cut.write_bytes((folder / "1" / "00.wav").read_bytes()[:5000])
    return folder


def paths_of(songs: Path) -> list[str]:
    return sorted(str(path) for path in songs.glob("*/*.wav"))


def outputs_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but for records, with its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    kept = (path for path in files if ".photophone" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def check_rows(rows: list[dict[str, Any]], songs: Path, output: Path, alone: Path, settings: dict[str, Any]) -> None:
    """Every file has one row and one set of outputs, as if it had been drawn alone; the cut one is a row that says so."""
    assert sorted(row["path"] for row in rows) == paths_of(songs)
    failed = [row for row in rows if row["status"] == "failed"]
    assert [Path(row["path"]).name for row in failed] == ["cut.wav"]
    assert "damaged" in failed[0]["error"]
    assert {row["status"] for row in rows} <= {"done", "skipped", "failed"}
    for path in paths_of(songs):
        photophone.batch.draw_file(path, alone, base=songs, **settings)
    made, wanted = outputs_of(output), outputs_of(alone)
    assert made.keys() == wanted.keys() and len(made) == 3 * FILES, "something is missing, left over or half"
    assert made == wanted


def kill_one(pids: Path, output: Path, killed: list[int]) -> None:
    """Kills the first of the processes that told their number, once some files are done and not all."""
    for _ in range(6000):
        numbers = sorted(int(path.name) for path in pids.iterdir())
        done = len(list(output.glob("*/*.png")))
        if len(numbers) >= 2 and done >= 4:
            assert done < FILES
            os.kill(numbers[0], signal.SIGKILL)
            killed.append(numbers[0])
            return
        time.sleep(0.005)


def test_a_file_is_drawn_recovered_skipped_and_made_again(songs: Path, tmp_path: Path) -> None:
    output, heard = tmp_path / "pictures", tmp_path / "heard"
    path = songs / "0" / "03.wav"
    row = photophone.batch.draw_file(path, output, base=songs, cell=(1, 1))
    assert (row["status"], row["error"], row["sample_rate_hz"]) == ("done", None, 22050)
    assert row["output"] == str(output / "0" / "03.png") and Path(row["output"]).exists()
    assert photophone.batch.draw_file({"path": str(path)}, output, base=songs, cell=(1, 1))["status"] == "skipped"
    assert photophone.batch.draw_file(path, output, base=songs, cell=(2, 1))["status"] == "done"
    row = photophone.batch.recover_file(row["output"], heard, base=output, format="flac", bits=16, overlay=True)
    assert row["status"] == "done" and row["residual_db"] < -20 and row["output"].endswith("0/03.flac")
    assert sorted(outputs_of(heard)) == ["0/03.flac", "0/03.overlay.png"]
    assert json.dumps(row), "a row is plain"


def test_bytes_and_paths_without_a_base_have_outputs_of_their_own(songs: Path, tmp_path: Path) -> None:
    one, other = songs / "0" / "00.wav", songs / "1" / "00.wav"
    rows = [photophone.batch.draw_file(path, tmp_path / "out") for path in (one, other)]
    rows += [photophone.batch.draw_file({"bytes": path.read_bytes()}, tmp_path / "out") for path in (one, other)]
    named = photophone.batch.draw_file({"path": "s3://bucket/x.wav", "bytes": one.read_bytes()}, tmp_path / "out")
    assert [row["status"] for row in [*rows, named]] == ["done"] * 5
    assert len({row["output"] for row in [*rows, named]}) == 5
    assert Path(rows[0]["output"]).name.startswith("00-") and Path(named["output"]).name.startswith("x-")
    assert Path(rows[0]["output"]).read_bytes() != Path(rows[1]["output"]).read_bytes()
    phases = [Path(row["output"]).with_suffix(".phase.npy").read_bytes() for row in (rows[0], rows[2], named)]
    assert phases[0] == phases[1] == phases[2]


def test_errors_are_rows_or_raised_and_settings_are_refused_at_once(songs: Path, tmp_path: Path) -> None:
    cut = songs / "1" / "cut.wav"
    row = photophone.batch.draw_file(cut, tmp_path / "out")
    assert row["status"] == "failed" and "damaged" in row["error"] and not outputs_of(tmp_path / "out")
    with pytest.raises(photophone.PhotophoneError, match="damaged"):
        photophone.batch.draw_file(cut, tmp_path / "out", on_error="raise")
    with pytest.raises(FileNotFoundError):
        photophone.batch.draw_file(songs / "none.wav", tmp_path / "out", on_error="raise")
    whole = songs / "0" / "00.wav"
    assert "samples over all channels" in photophone.batch.draw_file(whole, tmp_path / "out", max_decoded_bytes=1000)["error"]
    assert "below" in photophone.batch.draw_file(whole, tmp_path / "out", base=songs / "1")["error"]
    for wrong in ({"on_error": "no"}, {"hop": 3, "no_such": 1}, {"cell": 3}, {"max_decoded_bytes": 0}):
        with pytest.raises(photophone.PhotophoneError):
            photophone.batch.draw_file(whole, tmp_path / "out", **wrong)
    with pytest.raises(photophone.PhotophoneError, match="'path' or 'bytes'"):
        photophone.batch.draw_file({"text": "x"}, tmp_path / "out")


def test_an_output_of_another_file_or_hand_is_not_replaced(songs: Path, tmp_path: Path) -> None:
    path, output = songs / "0" / "00.wav", tmp_path / "out"
    picture = Path(photophone.batch.draw_file(path, output, base=songs)["output"])
    picture.write_bytes(picture.read_bytes() + b"painted")
    row = photophone.batch.draw_file(path, output, base=songs, palette="gray")
    assert row["status"] == "failed" and "exists already" in row["error"]
    assert photophone.batch.draw_file(path, output, base=songs, palette="gray", force=True)["status"] == "done"
    other = path.with_suffix(".wave")
    other.write_bytes((songs / "1" / "00.wav").read_bytes())
    row = photophone.batch.draw_file(other, output, base=songs, palette="gray")
    assert row["status"] == "failed" and "exists already" in row["error"], "two files of one name"


def test_workers_are_pickled_and_give_columns(songs: Path, tmp_path: Path) -> None:
    draw = photophone.ray.Draw(tmp_path / "out", base=songs, hop_length=256)
    same = pickle.loads(pickle.dumps(draw))
    batch = {"path": np.array(paths_of(songs)[-3:], dtype=object)}
    columns = same(batch)
    assert list(columns["status"]) == ["done", "done", "failed"]
    assert columns["error"][0] == "" and np.isnan(columns["sound_secs"][2])
    assert list(draw(batch)["status"]) == ["skipped", "skipped", "failed"]
    assert sum(column.nbytes for column in columns.values()) < 2000, "rows are small"
    pictures = {"path": columns["output"][:1], "bytes": [Path(columns["output"][0]).read_bytes()]}
    heard = photophone.ray.Recover(tmp_path / "heard", base=tmp_path / "out")(pictures)
    assert list(heard["status"]) == ["done"]


def test_a_worker_takes_one_processor(songs: Path, tmp_path: Path) -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("needs Linux's /proc")
    program = f"""
    import os, time, photophone.batch
    before = len(os.listdir("/proc/self/task"))
    photophone.batch.draw_file({str(songs / "0" / "00.wav")!r}, {str(tmp_path / "out")!r})
    time.sleep(0.2)
    print(len(os.listdir("/proc/self/task")) - before)
    """
    environment = {**os.environ, "RAYON_NUM_THREADS": "3"}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, env=environment)
    assert done.stdout == "0\n", done.stderr


def test_a_data_set_is_mapped_by_two_processes(songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    datasets.disable_progress_bars()
    told = {"output": str(tmp_path / "out"), "base": str(songs), "hop_length": 256}
    mapped = datasets.Dataset.from_dict({"path": paths_of(songs)}).map(
        photophone.batch.draw_file, fn_kwargs=told, num_proc=2
    )
    check_rows(list(mapped), songs, tmp_path / "out", tmp_path / "alone", {"hop_length": 256})


def tell(pids: str) -> None:
    """Tells the number of this process, and waits for that of another: both workers are there then."""
    Path(pids, str(os.getpid())).touch()
    for _ in range(1200):
        if len(os.listdir(pids)) >= 2:
            return
        time.sleep(0.05)


def drawn(path: str, pids: str, **told: Any) -> dict[str, Any]:
    """Draws in a process that tells its number."""
    tell(pids)
    return photophone.dask.draw(path, **told)


def test_dask_loses_a_worker(songs: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    bag = pytest.importorskip("dask.bag")
    output, pids, killed = tmp_path / "out", tmp_path / "pids", []
    output.mkdir()
    pids.mkdir()
    local = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with local as cluster, distributed.Client(cluster):
        told = {"pids": str(pids), "output": str(output), "base": str(songs), **SLOW}
        killer = threading.Thread(target=kill_one, args=(pids, output, killed))
        killer.start()
        rows = bag.from_sequence(paths_of(songs), partition_size=1).map(drawn, **told).compute()
        killer.join()
    assert killed and len(list(pids.iterdir())) >= 3, "no worker was killed and replaced"
    check_rows(rows, songs, output, tmp_path / "alone", SLOW)


class Draws(photophone.ray.Draw):
    """Draws in a process that tells its number."""

    def __init__(self, pids: str, **told: Any) -> None:
        super().__init__(**told)
        self._pids = pids

    def __call__(self, batch: Any) -> Any:
        """The rows of a batch."""
        tell(self._pids)
        return super().__call__(batch)


def test_ray_loses_a_worker(songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray")
    data = pytest.importorskip("ray.data")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    output, pids, killed = tmp_path / "out", tmp_path / "pids", []
    output.mkdir()
    pids.mkdir()
    here = {"env_vars": {"PYTHONPATH": str(Path(__file__).parent)}}
    ray.init(
        address="local", num_cpus=2, include_dashboard=False, object_store_memory=100 * 2**20,
        _node_ip_address="127.0.0.1", runtime_env=here, log_to_driver=False,
    )  # fmt: skip
    try:
        killer = threading.Thread(target=kill_one, args=(pids, output, killed))
        killer.start()
        files = data.from_items([{"path": path} for path in paths_of(songs)], override_num_blocks=len(paths_of(songs)))
        told = {"pids": str(pids), "output": str(output), "base": str(songs), **SLOW}
        rows = files.map_batches(
            Draws, fn_constructor_kwargs=told, batch_size=1, num_cpus=1, compute=data.ActorPoolStrategy(size=2)
        ).take_all()
        killer.join()
    finally:
        ray.shutdown()
    assert killed and len(list(pids.iterdir())) >= 3, "no worker was killed and replaced"
    check_rows(rows, songs, output, tmp_path / "alone", SLOW)
