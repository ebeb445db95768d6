"""Pictures that carry their sound: untouched, edited in memory, saved and read back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import photophone

SR = 22050


def noise(*shape: int) -> np.ndarray:
    """Noise in steps of 16 bits, which single precision holds."""
    samples = 0.3 * np.random.default_rng(0).uniform(-1, 1, shape)
    return np.rint(samples * 32768).astype(np.float32) / np.float32(32768)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("shape", [(30011,), (2, 20000), (1, 1), (2, 3, 5000)])
def test_untouched_every_sample_is_equal(shape: tuple[int, ...], bits: int, tmp_path: Path) -> None:
    y = noise(*shape)
    picture = photophone.draw(y, SR, editable=True, bits=bits)
    assert picture.levels.shape == (*shape[:-1], len(picture.frequencies), len(picture.times))
    z = picture.sound()
    assert z.dtype == np.float32 and np.array_equal(z, y)
    assert picture.save(tmp_path / "a.png") is None
    back, rate, report = photophone.recover(tmp_path / "a.png")
    assert rate == SR and np.array_equal(back.reshape(shape), y) and "own" in str(report)
    assert np.array_equal(photophone.recover(picture)[0].reshape(shape), y)


def test_levels_are_written_to_and_heard_and_a_file_says_the_same(tmp_path: Path) -> None:
    t = np.arange(4 * SR) / SR
    low, high = 0.3 * np.sin(2 * np.pi * 440 * t), 0.3 * np.sin(2 * np.pi * 3000 * t)
    y = (low + high).astype(np.float32)
    picture = photophone.draw(y, SR, editable=True)
    row = int(np.argmin(abs(picture.frequencies - 440)))
    assert abs(picture.levels[row, 100] - 20 * np.log10(0.3)) < 0.3
    rows, columns = (picture.frequencies > 2000) & (picture.frequencies < 4500), (picture.times > 1.0) & (picture.times < 2.0)
    picture.levels[np.ix_(rows, columns)] = -np.inf
    z = picture.sound()
    inside = slice(int(1.2 * SR), int(1.8 * SR))
    assert np.abs(z - low)[inside].max() < 0.01 * np.abs(high).max()
    assert np.array_equal(z[: int(0.7 * SR)], y[: int(0.7 * SR)]) and np.array_equal(z[int(2.3 * SR) :], y[int(2.3 * SR) :])
    assert picture.report is not None and "erased" in str(picture.report)
    picture.save(tmp_path / "a.png")
    back, _, report = photophone.recover(tmp_path / "a.png")
    assert np.array_equal(back, z) and "erased" in str(report)
    # What lies beside it is spared, or what was painted is wholly gone.
    outside = picture.sound(edge="outside")
    assert not np.array_equal(outside, z)
    assert np.array_equal(photophone.recover(tmp_path / "a.png", edge="outside")[0], outside)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), picture.pixels)


def test_steps_are_exact_and_assignment_is_in_place() -> None:
    y = noise(SR)
    picture = photophone.draw(y, SR, editable=True)
    before = picture.levels.copy()
    picture.levels += 6
    # 15 steps of 0.39 dB.
    gain = 10 ** (15 * (picture.white - picture.black) / 255 / 20)
    z = picture.sound()
    assert 20 * np.log10(np.linalg.norm(z - gain * y) / np.linalg.norm(gain * y)) < -60
    picture.levels = before
    assert np.array_equal(picture.sound(), y)
    contents = io.BytesIO()
    picture.save(contents)
    assert np.array_equal(photophone.recover(contents.getvalue())[0], y)


def test_settings() -> None:
    y = noise(2, 20000)
    picture = photophone.draw(y, SR, editable=True, hop_length=512, bins_per_octave=24, mono=True)
    assert picture.levels.shape == (len(picture.frequencies), 40) and picture.sample_rate == SR
    assert picture.sound().shape == (20000,)
    assert abs(picture.frequencies[-1] - SR / 2) < 1e-9 and abs(picture.times[1] - 1.5 * 512 / SR) < 1e-12
    assert "levels" in repr(picture) and "<img" in picture._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (dict(palette="magma"), "palette is given for an editable picture"),
        (dict(n_bins=84), "n_bins is given"),
        (dict(cell=(1, 1)), "cell is given"),
        (dict(bits=12), "bits is 12"),
        (dict(hop_length=300), "power of two"),
    ],
)
def test_what_does_not_fit_is_said(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(photophone.PhotophoneError, match=said):
        photophone.draw(noise(1000), SR, editable=True, **arguments)


def test_levels_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    picture = photophone.draw(noise(3000), SR, editable=True)
    picture.levels[3, 3] = np.nan
    for call in (picture.sound, lambda: picture.save(tmp_path / "a.png")):
        with pytest.raises(photophone.PhotophoneError, match="not numbers"):
            call()
    picture.levels[3, 3] = -np.inf
    with pytest.raises(photophone.PhotophoneError, match="edge"):
        picture.sound(edge="both")
    with pytest.raises(photophone.PhotophoneError, match="png"):
        picture.save(tmp_path / "a.gif")
