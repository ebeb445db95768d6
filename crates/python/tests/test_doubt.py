"""What is read with doubt gives no sound unasked."""

from __future__ import annotations

import numpy as np
import pytest

import photophone


def test_what_is_no_spectrogram_gives_no_sound_unasked() -> None:
    code = np.random.default_rng(3).integers(0, 2, (29, 29))
    pixels = np.kron(255 * code, np.ones((6, 6))).astype(np.uint8)
    with pytest.raises(photophone.PhotophoneError, match="less than half sure"):
        photophone.recover(pixels)
    y, _, report = photophone.recover(pixels, despite_doubt=True, iterations=1)
    assert y.size > 0
    assert any("no constant-Q" in warning for warning in report["warnings"])


def test_numbers_of_no_sound_give_none_unasked() -> None:
    numbers = np.random.default_rng(3).uniform(size=(84, 130))
    with pytest.raises(photophone.PhotophoneError, match="no constant-Q array.*despite_doubt="):
        photophone.recover(numbers, sr=22050)
    y, _, report = photophone.recover(numbers, sr=22050, despite_doubt=True, iterations=1)
    assert y.size > 0
    assert any("no constant-Q" in warning for warning in report["warnings"])
