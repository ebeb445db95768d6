"""The guide's code is run, and the figures that stand behind it in comments are compared with what it prints.

``python guide.py`` writes them anew, and the outputs of the notebook; see ``cargo xtask guide``.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[3] / "docs"
PIECE = re.compile(r"```python\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

#: Decibels by which a figure may be off: processors round differently, and iterations may end a step apart.
TOLERANCE_DB = 0.2


class Line:
    """A line of the guide that prints, what it printed and the comment behind it."""

    def __init__(self, number: int, text: str, printed: list[str]) -> None:
        self.number, self.text, self.printed = number, text, ", ".join(printed)

    @property
    def comment(self) -> str:
        """What the guide says is printed; empty where it says nothing."""
        return self.text.rpartition("  # ")[2] if "  # " in self.text else ""

    def is_right(self) -> bool:
        """Whether all figures are those that were printed, decibels but for `TOLERANCE_DB`."""
        said, found = NUMBER.findall(self.comment), NUMBER.findall(self.printed)
        # A whole number is a count, a shape or a rate.
        return len(said) == len(found) and all(
            a == b or "." in a and abs(float(a) - float(b)) <= TOLERANCE_DB + 1e-9 for a, b in zip(said, found)
        )

    def mended(self) -> str:
        """The line with the figures that were printed."""
        found = iter(NUMBER.findall(self.printed))
        code, mark, comment = self.text.rpartition("  # ")
        return code + mark + NUMBER.sub(lambda match: next(found, match.group()), comment)


def run(guide: str) -> Iterator[Line]:
    """Runs the guide's pieces one after the other, in the current folder; yields the lines that print figures."""
    names: dict[str, Any] = {"__name__": "guide"}
    lines = guide.split("\n")
    for piece in PIECE.finditer(guide):
        printed: dict[int, list[str]] = defaultdict(list)

        def record(*values: object, **_: object) -> None:
            printed[sys._getframe(1).f_lineno].append(" ".join(map(str, values)))

        first = guide.count("\n", 0, piece.start(1))
        code = compile("\n" * first + piece.group(1), "<guide>", "exec")
        names["print"] = record
        exec(code, names)
        yield from (Line(at, lines[at - 1], texts) for at, texts in sorted(printed.items()))


def rewrite_guide(path: Path) -> None:
    """Puts the figures that are printed into the guide."""
    lines = path.read_text().split("\n")
    for line in run("\n".join(lines)):
        if line.comment:
            lines[line.number - 1] = line.mended()
    path.write_text("\n".join(lines))


def rewrite_notebook(path: Path) -> None:
    """Runs the notebook and keeps what it shows."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": "."}}).execute()
    for cell in notebook.cells:
        # Times of execution differ from run to run and say nothing.
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            # Warnings of other packages name this machine's folders.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata = {key: notebook.metadata[key] for key in ("kernelspec",) if key in notebook.metadata}
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    import matplotlib

    matplotlib.use("Agg")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rewrite_guide(DOCS / "python.md")
        # The notebook's kernel shows pictures by itself.
        matplotlib.use("agg", force=True)
        rewrite_notebook(DOCS / "photophone.ipynb")
