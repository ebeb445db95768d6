"""Arrays of channels: what they share is found in all together, and each comes out as it would alone."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import photophone
import pytest

SR = 22050


@pytest.fixture(scope="module")
def stereo() -> np.ndarray:
    """Two voices, each louder on one side; the right side is quieter."""
    rng = np.random.default_rng(5)
    t = np.arange(24_123) / SR

    def voice(pitch: float) -> np.ndarray:
        tones = sum(np.sin(2 * np.pi * h * pitch * t) / h for h in range(1, 5))
        return 0.2 * tones * np.exp(-2 * (t % 0.4)) + 0.01 * rng.standard_normal(len(t))

    one, other = voice(220.0), voice(329.6)
    return np.stack([one + 0.3 * other, 0.1 * one + 0.33 * other])


def snr_db(truth: np.ndarray, found: np.ndarray) -> float:
    assert truth.shape == found.shape
    return float(10 * np.log10((truth**2).sum() / ((truth - found) ** 2).sum()))


def test_a_drawing_has_a_panel_a_channel_and_recover_gives_all(stereo: np.ndarray, tmp_path: Path) -> None:
    picture = photophone.draw(stereo, SR, hop_length=256)
    assert picture.levels.shape == picture.phase.shape == (2, 84, 95)
    assert picture.recipe["channels"] == 2 and repr(picture).startswith("<Picture 2 x 84 x 95 cells, 190 x 680 px")
    magnitudes = np.abs(librosa.cqt(stereo.astype(np.float32), sr=SR, hop_length=256))
    loudest = 20 * np.log10(magnitudes / magnitudes.max())
    assert np.abs(80 * (picture.levels - 1) - np.maximum(loudest, -80)).max() < 0.2
    y, sr, report = photophone.recover(picture)
    assert y.shape == stereo.shape and y.dtype == np.float32 and sr == SR
    assert min(snr_db(truth, found) for truth, found in zip(stereo, y)) > 15
    assert [channel["channel"] for channel in report["channels"]] == [1, 2]
    phase = picture.save(tmp_path / "s.png")
    assert np.load(phase).shape == (2, 84, 95)
    for given in (tmp_path / "s.png", (tmp_path / "s.png").read_bytes()):
        again, _, _ = photophone.recover(given, None if isinstance(given, Path) else picture.phase)
        assert np.array_equal(again, y)
    read = photophone.read_picture(tmp_path / "s.png")
    assert read.levels.shape == (2, 84, 95) and np.array_equal(read.phase, picture.phase)
    louder = read.with_levels(np.clip(read.levels + np.array([0.0, 0.05])[:, None, None], 0, 1))
    assert louder.levels.shape == (2, 84, 95)
    assert np.abs(louder.levels[0] - read.levels[0]).max() < 1e-4 < np.abs(louder.levels[1] - read.levels[1]).min() + 0.1


def test_mixing_is_asked_for(stereo: np.ndarray) -> None:
    mixed = photophone.draw(stereo, SR, mono=True)
    assert mixed.levels.ndim == 2
    assert np.array_equal(mixed.pixels, photophone.draw(stereo.mean(axis=0), SR).pixels)
    assert any("mixed to one" in note for note in mixed.report["notes"])


def test_one_tuning_is_estimated_of_all_channels() -> None:
    t = np.arange(SR) / SR
    y = np.sin(2 * np.pi * 452 * t) + 0.5 * np.sin(2 * np.pi * 904 * t)
    # Their mean is silence, of which nothing is told.
    opposite = photophone.draw(np.stack([y, -y]), SR, tuning=None)
    assert opposite.recipe["tuning"] == photophone.draw(y, SR, tuning=None).recipe["tuning"] != 0


@pytest.mark.parametrize("transform", ["cqt", "vqt"])
def test_coefficients_of_channels_are_librosas_and_invert_bit_for_bit(stereo: np.ndarray, transform: str) -> None:
    settings = dict(sr=SR, hop_length=256, n_bins=48, fmin=110.0)
    forward, inverse = getattr(photophone, transform), getattr(photophone, "i" + transform)
    cells = forward(stereo, **settings)
    assert cells.shape == (2, 48, 95)
    theirs = getattr(librosa, transform)(stereo, **settings)
    assert np.abs(cells - theirs).max() < 1e-5 * np.abs(theirs).max()
    told = dict(**{k: v for k, v in settings.items() if k != "n_bins"}, pad_mode="constant", length=stereo.shape[1])
    together = inverse(cells, **told)
    assert together.shape == stereo.shape
    for channel in range(2):
        assert np.array_equal(cells[channel], forward(stereo[channel], **settings))
        assert np.array_equal(together[channel], inverse(cells[channel], **told))


def test_what_is_shared_is_found_in_all_channels(stereo: np.ndarray) -> None:
    quiet_ends = stereo.copy()
    quiet_ends[0, :9000] = quiet_ends[0, -9000:] = 0
    cells = librosa.cqt(quiet_ends, sr=SR, hop_length=256, pad_mode="reflect")
    y = photophone.icqt(cells, sr=SR, hop_length=256)
    # Of the first channel alone nothing tells how long it is: the longest of its frames is taken.
    alone = photophone.icqt(cells[0], sr=SR, hop_length=256)
    assert len(alone) != stereo.shape[1]
    assert y.shape == stereo.shape


def test_arrays_and_files_of_channels_are_the_same(stereo: np.ndarray, tmp_path: Path) -> None:
    cells = photophone.cqt(stereo, sr=SR, hop_length=256, n_bins=48, fmin=110.0)
    told = dict(sr=SR, hop_length=256, fmin=110.0, length=stereo.shape[1], pad_mode="constant", tuning=0.0)
    y, _, _ = photophone.recover(cells, **told)
    assert y.shape == stereo.shape
    saved = [cells, np.asfortranarray(cells), cells[None], np.stack([cells.real, cells.imag], axis=-1)]
    for number, array in enumerate(saved):
        np.save(tmp_path / f"{number}.npy", array)
        again, _, _ = photophone.recover(tmp_path / f"{number}.npy", **told)
        assert np.array_equal(again, y), number
    split, _, _ = photophone.recover(saved[3], **told)
    assert np.array_equal(split, y)
    parts, _, _ = photophone.recover(np.abs(cells), np.angle(cells), **told)
    assert min(snr_db(truth, found) for truth, found in zip(y, parts)) > 60
    drawn = photophone.draw_coefficients(cells, **{k: v for k, v in told.items()})
    assert drawn.levels.shape == cells.shape


@pytest.mark.parametrize("axes", [(1, 2, 0), (1, 0, 2)])
def test_channels_on_another_axis_are_refused_with_the_cure(
    stereo: np.ndarray, tmp_path: Path, axes: tuple[int, int, int]
) -> None:
    cells = photophone.cqt(stereo, sr=SR).transpose(axes)
    np.save(tmp_path / "c.npy", cells)
    for given in (cells, tmp_path / "c.npy"):
        with pytest.raises(photophone.PhotophoneError, match=r"moveaxis|array\[0\]"):
            photophone.recover(given, sr=SR)
    magnitudes = np.abs(cells)
    np.save(tmp_path / "m.npy", magnitudes)
    with pytest.raises(photophone.PhotophoneError, match=r"moveaxis|array\[0\]"):
        photophone.recover(tmp_path / "m.npy", sr=SR)


def test_phases_of_other_channels_are_refused(stereo: np.ndarray) -> None:
    both, one = photophone.draw(stereo, SR), photophone.draw(stereo[0], SR)
    # Pillow keeps no texts: then the rows tell.
    for of_two, of_one in [(both, one), (both.to_pil(), one.to_pil())]:
        with pytest.raises(photophone.PhotophoneError, match="one channel"):
            photophone.recover(of_two, one.phase)
        with pytest.raises(photophone.PhotophoneError, match=r"phase\[0\]|84 x 48 cells"):
            photophone.recover(of_one, both.phase)
