"""`docs/format.md`: a reader that knows no more than that page reads what the command draws."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile
from conftest import REPOSITORY, plucked
from PIL import Image


@pytest.fixture(scope="module")
def reader() -> ModuleType:
    spec = importlib.util.spec_from_file_location("format_reader", REPOSITORY / "docs" / "format_reader.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def command() -> str:
    built = [os.environ.get("PHOTOPHONE"), *(REPOSITORY / "target" / kind / "photophone" for kind in ("release", "debug"))]
    for path in built:
        if path and Path(path).is_file():
            return str(path)
    found = shutil.which("photophone")
    if found is None:
        pytest.skip("the command is not built")
    return found


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("bits", ["8", "16"])
def test_the_reader_reads_what_the_command_draws(
    reader: ModuleType, command: str, tmp_path: Path, subtype: str, bits: str
) -> None:
    rate = 44100
    left = 0.5 * plucked(rate, 7.0)
    sound = np.stack([left, left[::-1]], axis=1)
    soundfile.write(tmp_path / "a.wav", sound, rate, subtype)
    samples = soundfile.read(tmp_path / "a.wav", dtype="float32")[0]
    subprocess.run([command, "draw", "--editable", "--bits", bits, "a.wav"], cwd=tmp_path, check=True, capture_output=True)
    data = (tmp_path / "a.png").read_bytes()
    recipe = reader.recipe_of(data)
    assert np.array_equal(reader.sound_of(data, recipe), samples)
    db, untouched = reader.levels_of(tmp_path / "a.png", recipe)
    assert untouched and db.shape == (2, recipe["picture"]["rows"], (len(samples) - 1) // 256 + 1)
    assert abs(db.max() - (20 * np.log10(recipe["picture"]["reference"]) - 12)) < 0.25
    (place, record), = reader.strip_of(tmp_path / "a.png")
    assert place == 0 and record["rate"] == rate and record["channels"] == 2 and record["own"] == 0
    assert record["digest"].hex() == recipe["sound"]["digest"][:32]
    # Other samples are not taken for these.
    damaged = data.replace(b"phSd", b"phSx", 1)
    with pytest.raises(ValueError, match="parts"):
        reader.sound_of(damaged, recipe)
    pixels = np.asarray(Image.open(tmp_path / "a.png")).copy()
    pixels[5, 7] += 1
    Image.fromarray(pixels).save(tmp_path / "b.png")
    assert not reader.levels_of(tmp_path / "b.png", recipe)[1]
