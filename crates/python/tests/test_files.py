"""Open files and bytes in memory, in and out; pictures as arrays."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from PIL import Image

import photophone

matplotlib.use("Agg")


GRID = dict(hop_length=128, fmin=110.0)


@pytest.fixture(scope="module")
def drawn(sound: np.ndarray) -> photophone.Picture:
    return photophone.draw(sound[:6000], 22050, n_bins=24, **GRID)


@pytest.fixture(scope="module")
def cells(sound: np.ndarray) -> np.ndarray:
    return photophone.cqt(sound[:6000], n_bins=24, **GRID)


def saved(value: Any) -> io.BytesIO:
    """An array as `numpy.save` writes it."""
    file = io.BytesIO()
    np.save(file, value)
    file.seek(0)
    return file


def test_a_picture_and_its_phase_go_through_memory(drawn: photophone.Picture, tmp_path: Path) -> None:
    picture, phase = io.BytesIO(), io.BytesIO()
    assert drawn.save(picture, phase_file=phase) is None
    drawn.save(tmp_path / "a.png")
    assert phase.getvalue() == (tmp_path / "a.phase.npy").read_bytes()
    wanted = photophone.recover(tmp_path / "a.png")[0]
    for kept in (io.BytesIO(phase.getvalue()), phase.getvalue(), memoryview(phase.getvalue())):
        assert np.array_equal(photophone.recover(io.BytesIO(picture.getvalue()), kept)[0], wanted)
    with open(tmp_path / "a.png", "rb") as file, open(tmp_path / "a.phase.npy", "rb") as kept_file:
        read = photophone.read_picture(file, kept_file)
    assert np.array_equal(read.levels, drawn.levels) and np.array_equal(read.phase, drawn.phase)


def test_coefficients_go_into_open_files(cells: np.ndarray, tmp_path: Path) -> None:
    with open(tmp_path / "c.png", "wb") as picture, open(tmp_path / "c.npy", "wb") as phase:
        assert photophone.save_picture(picture, cells, sr=22050, phase_file=phase) is None
    photophone.save_picture(tmp_path / "d.png", cells, sr=22050)
    assert (tmp_path / "c.npy").read_bytes() == (tmp_path / "d.phase.npy").read_bytes()
    assert np.array_equal(photophone.read_picture(tmp_path / "c.png").pixels, photophone.read_picture(tmp_path / "d.png").pixels)


def test_arrays_masks_and_originals_are_read_from_memory(drawn: photophone.Picture, cells: np.ndarray) -> None:
    told = dict(sr=22050, pad_mode="constant", **GRID)
    wanted = photophone.recover(cells, **told)[0]
    assert np.array_equal(photophone.recover(saved(cells), **told)[0], wanted)
    assert np.array_equal(photophone.recover(saved(cells).getvalue(), **told)[0], wanted)
    edited = drawn.pixels.copy()
    edited[:40, 20:50] = edited[0, 0]
    changed = 255 * (edited != drawn.pixels).any(axis=2).astype(np.uint8)
    png = io.BytesIO()
    Image.fromarray(changed).save(png, format="png")
    told = dict(recipe=drawn.recipe, iterations=1)
    by_array = photophone.recover(edited, drawn.phase, mask=changed, **told)[0]
    assert np.array_equal(photophone.recover(edited, drawn.phase, mask=io.BytesIO(png.getvalue()), **told)[0], by_array)
    before = io.BytesIO()
    with pytest.warns(photophone.PhotophoneWarning, match="phase_file="):
        drawn.save(before)
    before.seek(0)
    report = photophone.recover(edited, drawn.phase, original=before, **told)[2]
    assert any(line["name"] == "edited" for line in report["findings"])


def test_files_of_no_use_are_refused_with_the_cure(drawn: photophone.Picture, tmp_path: Path) -> None:
    read_already = io.BytesIO(b"x")
    read_already.read()
    for call, words in [
        (lambda: photophone.read_picture(read_already), r"seek\(0\)"),
        (lambda: photophone.read_picture(io.StringIO("x")), "'rb'"),
        (lambda: drawn.save(io.StringIO(), phase_file=io.BytesIO()), "'wb'"),
        (lambda: drawn.save(3), "expected a file's name or an open file"),
        (lambda: drawn.save(tmp_path / "a.png", phase_file=io.BytesIO()), "beside"),
        (lambda: photophone.read_picture(io.BytesIO(b"no picture")), "the picture"),
    ]:
        with pytest.raises(photophone.PhotophoneError, match=words):
            call()
    assert list(tmp_path.iterdir()) == []


def test_a_named_path_is_replaced(drawn: photophone.Picture, tmp_path: Path) -> None:
    names = ["a.phase.npy", "a.png", "a.recipe.toml"]
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    drawn.save(tmp_path / "a.png")
    assert photophone.read_picture(tmp_path / "a.png").phase is not None
    assert sorted(os.listdir(tmp_path)) == names and all((tmp_path / name).read_bytes() != b"old" for name in names)


def test_a_picture_is_an_array_of_its_levels(drawn: photophone.Picture) -> None:
    assert np.array_equal(np.asarray(drawn), drawn.levels) and np.asarray(drawn).dtype == np.float64
    single = np.asarray(drawn, dtype=np.float32)
    assert single.dtype == np.float32 and np.array_equal(single, drawn.levels.astype(np.float32))
    copied = np.array(drawn)
    copied[0, 0] = 7
    assert drawn.levels[0, 0] != 7
    assert drawn.__array__(copy=False) is drawn.levels
    with pytest.raises(ValueError, match="copy"):
        drawn.__array__(np.float32, copy=False)
    assert np.mean(drawn) == drawn.levels.mean()


def test_matplotlib_shows_a_picture(drawn: photophone.Picture) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    image = axes.imshow(drawn, origin="lower")
    assert np.array_equal(np.asarray(image.get_array()), drawn.levels)
    plt.close(figure)


@pytest.mark.parametrize("shape", [(22050, 2), (22050, 1), (500, 8)])
def test_samples_by_channels_are_refused_with_the_cure(shape: tuple[int, int]) -> None:
    y = np.random.default_rng(0).standard_normal(shape)
    for call in (lambda y: photophone.cqt(y), lambda y: photophone.vqt(y), lambda y: photophone.draw(y, 22050)):
        with pytest.raises(photophone.PhotophoneError, match=r"y\.T .* y\.mean\(axis=1\)"):
            call(y)
    assert photophone.cqt(y.T[:1, :9000], n_bins=12, fmin=440.0).shape[:2] == (1, 12)
    assert photophone.cqt(y.mean(axis=1), n_bins=12, fmin=440.0).shape[0] == 12
