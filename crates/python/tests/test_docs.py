"""The documentation: examples run, the notebook runs, signatures are librosa's."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path

import librosa
import pytest
from conftest import REPOSITORY
from guide import run

import photophone


def test_examples_in_docstrings() -> None:
    tried = 0
    for module in pkgutil.iter_modules(photophone.__path__, "photophone."):
        if module.name.endswith("_native"):
            continue
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0, module.name
        tried += result.attempted
    assert tried > 20


@pytest.mark.parametrize("name", ["cqt", "vqt", "icqt", "griffinlim_cqt"])
def test_signatures_are_librosas(name: str) -> None:
    ours = inspect.signature(getattr(photophone, name)).parameters
    theirs = inspect.signature(getattr(librosa, name)).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    for key, parameter in theirs.items():
        assert ours[key].default == parameter.default and ours[key].kind == parameter.kind, key
    for key in list(ours)[len(theirs) :]:
        assert ours[key].kind is inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize("name", photophone.__all__)
def test_everything_public_is_documented(name: str) -> None:
    thing = getattr(photophone, name)
    if name == "__version__":
        return
    text = inspect.getdoc(thing) or ""
    assert text
    if inspect.isfunction(thing):
        for section in ("Parameters", "Returns", "Raises", "Examples"):
            assert f"{section}\n---" in text, section
        for parameter in inspect.signature(thing).parameters:
            assert parameter in text, parameter


def test_the_notebook_runs(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    path = REPOSITORY / "docs" / "photophone.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()


def test_the_guide_s_code_runs_and_prints_the_figures_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cv2")
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    lines = [line for line in run((REPOSITORY / "docs" / "python.md").read_text()) if line.comment]
    wrong = [f"{line.number}: {line.text}\n  printed {line.printed}" for line in lines if not line.is_right()]
    assert len(lines) > 20 and not wrong, "\n".join(wrong)
    words = "\n".join(line.printed for line in lines)
    for said in ("told.phase.npy", "after.phase.npy", "PhotophoneWarning", "float64"):
        assert said in words, said
