"""Many files on a Ray cluster: `Draw` and `Recover`, for `ray.data.Dataset.map_batches`.

    import ray, photophone.ray
    files = ray.data.from_items([{"path": path} for path in paths])
    rows = files.map_batches(
        photophone.ray.Draw, fn_constructor_kwargs={"output": "pictures", "base": "songs"},
        batch_size=16, num_cpus=1, compute=ray.data.ActorPoolStrategy(size=8),
    )
    print(rows.to_pandas()["status"].value_counts())

Install with ``pip install photophone[ray]``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._batch import COLUMNS, Files, Row, draw_work, recover_work

__all__ = ["Draw", "Recover"]

_NUMBERS = {"work_secs", "sound_secs", "sample_rate_hz", "residual_db"}


class Draw:
    """Draws the sounds of each batch; see `photophone.batch.draw_file` for the settings.

    A batch has a column ``path``, a column ``bytes`` or both. What is given back is a row for each file, and no sounds or
    pictures: these are in the folder `output`, which all workers have to see. Numbers that are not known are nan, texts "".
    """

    def __init__(self, output: str | os.PathLike[str], **settings: Any) -> None:
        self._files = Files(draw_work, output, **settings)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        """The rows of a batch."""
        return _columns(self._files.one(row) for row in _rows(batch))


class Recover:
    """Recovers the sounds of each batch of pictures or arrays; see `photophone.batch.recover_file` for the settings.

    Batches and rows are as in `Draw`.
    """

    def __init__(self, output: str | os.PathLike[str], **settings: Any) -> None:
        self._files = Files(recover_work, output, **settings)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        """The rows of a batch."""
        return _columns(self._files.one(row) for row in _rows(batch))


def _rows(batch: Mapping[str, Any]) -> Iterable[Row]:
    """The rows of a batch in columns."""
    columns = {name: batch[name] for name in ("path", "bytes") if name in batch}
    count = len(next(iter(columns.values()), ()))
    if not columns:
        # Let the first row say what is missing.
        return [dict.fromkeys(batch)]
    return ({name: column[index] for name, column in columns.items()} for index in range(count))


def _columns(rows: Iterable[Row]) -> dict[str, NDArray[Any]]:
    """Rows in columns of one type each, so that batches can be put together."""
    rows = list(rows)

    def column(name: str) -> NDArray[Any]:
        values = [row[name] for row in rows]
        if name in _NUMBERS:
            return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        return np.array(["" if value is None else value for value in values], dtype=object)

    return {name: column(name) for name in COLUMNS}
