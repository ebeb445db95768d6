"""Pictures: read, drawn, saved, recovered."""

from __future__ import annotations

import inspect
import io
import json
import pickle
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from conftest import snr_db
from PIL import Image

import photophone
from photophone import _native

matplotlib.use("Agg")


@pytest.fixture(scope="module")
def drawn(sound: np.ndarray) -> photophone.Picture:
    return photophone.draw(sound, 22050, hop_length=256)


def test_a_picture_tells_what_it_is(drawn: photophone.Picture) -> None:
    bins, frames = drawn.levels.shape
    assert (bins, frames) == (84, 173)
    assert drawn.lattice["box"] == (0, 0, 2 * frames, 4 * bins) and drawn.lattice["cell"] == (2.0, 4.0)
    assert (drawn.low <= drawn.levels).all() and (drawn.levels <= drawn.high).all()
    assert drawn.recipe["hop_length"] == 256 and drawn.palette == "magma" and drawn.level_scale == "db:-80:0"
    assert drawn.pixels.shape == (4 * bins, 2 * frames, 4) and drawn.overlay.shape[2] == 4
    assert "column changes" in photophone.read_picture(drawn.pixels).evidence["picture cells"]
    html = drawn._repr_html_()
    assert html.count("data:image/png;base64,") == 2 and "recipe" in html
    assert "84 x 173 cells" in repr(drawn)


def test_a_window_with_parameters_is_in_the_recipe(sound: np.ndarray, tmp_path: Path) -> None:
    drawn = photophone.draw(sound, 22050, window=("kaiser", 6))
    assert drawn.recipe["window"] == "kaiser:6"
    drawn.save(tmp_path / "a.png")
    assert photophone.read_picture(tmp_path / "a.png").recipe["window"] == "kaiser:6"
    assert snr_db(sound, photophone.recover(tmp_path / "a.png")[0]) > 10


def test_pixels_in_every_layout_are_read_alike(drawn: photophone.Picture, tmp_path: Path) -> None:
    rgba = drawn.pixels
    rgb = np.ascontiguousarray(rgba[:, :, :3])
    png = tmp_path / "a.png"
    Image.fromarray(rgb).save(png)
    layouts = [
        rgba,
        rgb,
        rgb[:, :, ::-1],  # OpenCV's order
        rgb.astype(np.float32) / 255,  # matplotlib.pyplot.imread's values
        Image.fromarray(rgb),
        str(png),
        png,
        png.read_bytes(),
        drawn,
    ]
    for pixels in layouts:
        picture = photophone.read_picture(pixels, drawn.phase)
        assert np.array_equal(picture.levels, drawn.levels)


def test_a_recipe_inside_survives_pillow(drawn: photophone.Picture, tmp_path: Path) -> None:
    drawn.save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert photophone.read_picture(image).recipe["hop_length"] == 256
    assert photophone.read_picture(tmp_path / "a.png").phase is not None


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("cell", [(1, 1), (3, 2)])
def test_saved_coefficients_come_back(sound: np.ndarray, tmp_path: Path, bits: int, cell: tuple[int, int]) -> None:
    C = photophone.cqt(sound, hop_length=128)
    path = tmp_path / "saved.png"
    phase = photophone.save_picture(path, C, sr=22050, hop_length=128, length=len(sound), bits=bits, cell=cell)
    assert phase == str(tmp_path / "saved.phase.npy")
    with Image.open(path) as image:
        assert image.size == (C.shape[1] * cell[0], C.shape[0] * cell[1])
    y, rate, report = photophone.recover(path)
    assert rate == 22050 and report["warnings"] == []
    assert snr_db(sound, y) > {8: 40, 16: 55}[bits]


def test_magnitudes_are_saved_without_a_phase(sound: np.ndarray, tmp_path: Path) -> None:
    M = np.abs(photophone.cqt(sound))
    assert photophone.save_picture(tmp_path / "m.png", M, sr=22050, levels="linear", palette="viridis") is None
    picture = photophone.read_picture(tmp_path / "m.png")
    assert picture.phase is None and picture.palette == "viridis" and picture.level_scale == "linear"
    assert np.abs(picture.magnitudes - M).max() <= M.max() / 256


def test_magnitudes_and_a_phase_of_their_own_are_drawn_as_coefficients(sound: np.ndarray) -> None:
    C = photophone.cqt(sound)
    whole = photophone.draw_coefficients(C, sr=22050)
    for phase in (np.angle(C), np.exp(1j * np.angle(C))):
        parts = photophone.draw_coefficients(np.abs(C), phase=phase, sr=22050)
        assert np.array_equal(parts.pixels, whole.pixels)
        assert np.abs(parts.phase - whole.phase).max() < 1e-5
    with pytest.raises(photophone.PhotophoneError, match="phase has shape"):
        photophone.draw_coefficients(np.abs(C), phase=np.angle(C)[:3])
    with pytest.raises(photophone.PhotophoneError, match="complex"):
        photophone.draw_coefficients(C, phase=np.angle(C))


def test_tuning_that_is_none_is_estimated(sound: np.ndarray) -> None:
    import librosa

    tuning = librosa.estimate_tuning(y=sound.astype(np.float32), sr=22050)
    assert photophone.draw(sound, 22050, tuning=None).recipe["tuning"] == pytest.approx(tuning)


def test_a_figure_of_matplotlib(sound: np.ndarray) -> None:
    import matplotlib.pyplot as plt

    C = photophone.cqt(sound, hop_length=256)
    levels = 20 * np.log10(np.maximum(np.abs(C), 1e-5 * np.abs(C).max()) / np.abs(C).max())
    figure, axes = plt.subplots(figsize=(8, 5))
    axes.pcolormesh(np.maximum(levels, -80), cmap="magma", vmin=-80, vmax=0)
    axes.axis("off")
    buffer = io.BytesIO()
    figure.savefig(buffer, bbox_inches="tight", pad_inches=0)
    plt.close(figure)
    y, _, report = photophone.recover(buffer.getvalue(), C / np.abs(C), sr=22050, hop_length=256, length=len(sound))
    gain = np.dot(y, sound) / np.dot(y, y)
    assert snr_db(sound, gain * y) > 30, str(report)


def test_numbers_are_recovered_by_their_scale(sound: np.ndarray) -> None:
    C = photophone.cqt(sound, hop_length=256)
    M, P = np.abs(C), C / np.abs(C)
    told = dict(sr=22050, hop_length=256, length=len(sound), tuning=0)
    exact, _, _ = photophone.recover(C, **told)
    assert snr_db(sound, exact) > 50
    by_scale = [(M, None), (20 * np.log10(M), "db"), (M**2, "power")]
    for values, levels in by_scale:
        y, _, _ = photophone.recover(values, P, levels=levels, **told)
        # Phases are kept in single precision: what that rounds off is less than the inverse's own error.
        assert snr_db(exact, y) > max(70, snr_db(sound, exact)), levels
    with pytest.raises(photophone.PhotophoneError, match="decibel"):
        photophone.recover(20 * np.log10(M), P, **told)


def test_real_and_imaginary_part_may_lie_in_the_last_axis(sound: np.ndarray) -> None:
    C = photophone.cqt(sound, hop_length=256)
    told = dict(sr=22050, hop_length=256, length=len(sound), tuning=0)
    split = np.stack([C.real, C.imag], axis=-1)
    wanted = photophone.recover(C, **told)[0]
    assert np.array_equal(photophone.recover(split, **told)[0], wanted)
    by_phase = photophone.recover(np.abs(C), C, **told)[0]
    assert np.array_equal(photophone.recover(np.abs(C), split, **told)[0], by_phase)
    # An axis of one channel changes nothing; what a fifth axis is, nobody knows.
    assert np.array_equal(photophone.recover(split[None], **told)[0], wanted)
    with pytest.raises(photophone.PhotophoneError, match="real and imaginary part"):
        photophone.recover(split[None, None], **told)


def test_other_levels_go_in_and_pickles_come_out(drawn: photophone.Picture, sound: np.ndarray) -> None:
    same = drawn.with_levels(drawn.levels)
    y, rate, _ = photophone.recover(same)
    z, _, _ = photophone.recover(drawn)
    assert rate == 22050 and snr_db(z, y) > 25
    quieter = photophone.recover(drawn.with_levels(drawn.levels * 0.9))[0]
    assert np.abs(quieter).max() < 0.6 * np.abs(z).max()
    again = pickle.loads(pickle.dumps(drawn))
    assert np.array_equal(again.levels, drawn.levels) and again.recipe == drawn.recipe
    assert np.allclose(again.phase, drawn.phase)
    with pytest.raises(photophone.PhotophoneError, match="with_levels"):
        photophone.recover(drawn.levels, drawn.phase, levels=drawn.level_scale)


def test_what_was_read_can_be_saved(drawn: photophone.Picture, tmp_path: Path) -> None:
    drawn.save(tmp_path / "a.png")
    read = photophone.read_picture((tmp_path / "a.png").read_bytes(), tmp_path / "a.phase.npy")
    assert read.save(tmp_path / "b.png") == str(tmp_path / "b.phase.npy")
    wanted = photophone.recover(tmp_path / "a.png")[0]
    for given in (read, photophone.read_picture(tmp_path / "a.png")):
        assert np.array_equal(photophone.recover(given)[0], wanted)
    # Phasors are read as of modulus 1 and kept in single precision, so their last bit may have changed.
    assert snr_db(wanted, photophone.recover(tmp_path / "b.png")[0]) > 50
    bare = photophone.recover((tmp_path / "a.png").read_bytes(), tmp_path / "a.phase.npy")[0]
    assert np.array_equal(bare, wanted)


def test_what_was_told_is_remembered(drawn: photophone.Picture) -> None:
    told = photophone.read_picture(drawn.pixels, drawn.phase, sr=22050.0, hop_length=256.0)
    wanted = photophone.recover(drawn.pixels, drawn.phase, hop_length=256)[0]
    assert snr_db(wanted, photophone.recover(told)[0]) > 50
    with pytest.raises(ValueError, match="read-only"):
        told.levels[:] = 0


def test_none_means_what_it_means_to_librosa(sound: np.ndarray) -> None:
    picture = photophone.draw(sound, 22050, norm=None, hop_length=256)
    assert picture.recipe["norm"] == "none"
    assert snr_db(sound, photophone.recover(picture)[0]) > 30
    assert photophone.draw(sound, 22050, gamma=None, n_bins=60).recipe["gamma"] == "erb"


def test_edited_cells_lose_their_phase(drawn: photophone.Picture) -> None:
    edited = drawn.pixels.copy()
    edited[:40, 100:140] = edited[0, 0]
    changed = (edited != drawn.pixels).any(axis=2)
    y, _, report = photophone.recover(edited, drawn.phase, original=drawn, recipe=drawn.recipe)
    assert any(line["name"] == "edited" for line in report["findings"])
    z, _, _ = photophone.recover(edited, drawn.phase, mask=changed, recipe=drawn.recipe)
    assert snr_db(y, z) > 20


def test_recipes_come_from_files_and_arguments(drawn: photophone.Picture, tmp_path: Path) -> None:
    toml = tmp_path / "r.toml"
    toml.write_text('sr = 22050\nhop = 256\nfmin = "C1"\n')
    y, _, _ = photophone.recover(drawn.pixels, drawn.phase, recipe=toml)
    z, _, _ = photophone.recover(drawn.pixels, drawn.phase, sr=22050, hop_length=256)
    assert np.array_equal(y, z)
    with pytest.raises(photophone.PhotophoneError, match="hop_length is 512 in the arguments but 256 in the recipe: leave one out"):
        photophone.recover(drawn.pixels, drawn.phase, recipe=toml, hop_length=512)
    with pytest.raises(photophone.PhotophoneError, match="hops"):
        photophone.recover(drawn.pixels, drawn.phase, hops=512)


def test_an_old_librosas_picture_of_samples_at_half_the_rate(gallery: Path) -> None:
    folder = gallery / "asker_vibeace"
    told = dict(sr=44100, sample_rate=22050, hop_length=512, librosa_version="0.6")
    y, rate, report = photophone.recover(folder / "picture.png", folder / "phase.npy", **told)
    assert rate == 22050 and report["carried"]["bins_above"] == 18


def test_a_brightened_file_is_read_through_its_original(drawn: photophone.Picture, tmp_path: Path) -> None:
    drawn.save(tmp_path / "song.png")
    assert (tmp_path / "song.recipe.toml").exists()
    bright = np.minimum(np.rint(1.3 * np.asarray(Image.open(tmp_path / "song.png")).astype(float)), 255)
    Image.fromarray(bright.astype(np.uint8)).save(tmp_path / "bright.png")
    with pytest.raises(photophone.PhotophoneError, match="original"):
        photophone.recover(str(tmp_path / "bright.png"))
    y, sr, _ = photophone.recover(str(tmp_path / "bright.png"), original=str(tmp_path / "song.png"))
    z, _, _ = photophone.recover(drawn)
    assert sr == 22050 and np.array_equal(y, z)


def test_brightened_pixels_are_read_through_their_original(drawn: photophone.Picture) -> None:
    bright = np.minimum(np.rint(1.3 * drawn.pixels[:, :, :3]), 255).astype(np.uint8)
    with pytest.raises(photophone.PhotophoneError, match="original"):
        photophone.recover(bright)
    wanted, _, _ = photophone.recover(drawn)
    for pixels in (bright, bright[:, :, ::-1]):
        y, sr, _ = photophone.recover(pixels, original=drawn)
        assert sr == 22050 and snr_db(wanted, y) > 40


def test_every_parameter_of_a_recipe_is_a_keyword() -> None:
    keywords = {keyword for _, _, _, keyword, _ in _native.recipe_parameters()}
    # What only draw has to say, and where a tile belongs.
    drawn = {"frames", "channels", "gap", "cell_width", "cell_height", "phase_digest", "first_frame", "tile"}
    assert keywords - drawn <= set(inspect.signature(photophone.recover).parameters)


def test_sections_say_what_keywords_say(tmp_path: Path) -> None:
    V = photophone.cqt(np.random.default_rng(0).standard_normal(6000), sr=22050, hop_length=256)
    sections = {"sound": {"length": 6000}, "transform": {"hop": 256, "sr": 22050}, "inverse": {"method": "linear"}}
    (tmp_path / "r.json").write_text(json.dumps(sections))
    flat, _, _ = photophone.recover(V, sr=22050, hop_length=256, length=6000, inverse="linear")
    for recipe in (sections, str(tmp_path / "r.json")):
        assert np.array_equal(photophone.recover(V, recipe=recipe)[0], flat)
