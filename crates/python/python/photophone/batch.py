"""One of many files in a function that any engine can call: `draw_file` and `recover_file`.

They work on a file's name or bytes, write its outputs whole or not at all, and give back a small row. Called again on the
same file with the same settings they find what they made and do nothing, so an engine may repeat what a lost worker was
doing. Each call takes one processor.

For `datasets.Dataset.map`, processes of one machine, and `photophone.dask`, which has the same two. `photophone.ray` has
them for batches.
"""

from __future__ import annotations

import os
import pickle
from typing import Any

from ._batch import Files, Row, draw_work, recover_work

__all__ = ["draw_file", "recover_file"]


def draw_file(row: Any, output: str | os.PathLike[str], **settings: Any) -> Row:
    """Draws the constant-Q picture of a sound, its phase and recipe beside it.

    Parameters
    ----------
    row : str, path or dict
        A file, or a dict with its ``"path"``, its ``"bytes"`` or both.
    output : str or path
        The folder that the outputs go below. It has a folder ``.photophone`` of records, by which files are known again.
    on_error : {"row", "raise"}
        What a file that cannot be drawn gives: a row with ``status`` "failed" and ``error``, or an exception.
    resume : bool
        Skips what was made of the same bytes with the same settings, and makes again what was made of others. True unless
        told; an output that was changed since is never replaced so.
    force : bool
        Replaces whatever has an output's name.
    base : str or path, optional
        The outputs keep the folders that files have below this one. Without it they are named by the file's name and a digest
        of its path, ``song-0f343b0931126.png``, so that no two paths have one output; bytes without a path, by their digest.
    max_decoded_bytes : int, optional
        Most bytes that a file may take decoded: 4 a sample or pixel.
    **settings
        As in `photophone.draw`: `palette`, `cell`, `hop_length` ...

    Returns
    -------
    dict
        ``path``, ``output``, ``status`` ("done", "skipped" or "failed"), ``error``, ``work_secs``, ``sound_secs``,
        ``sample_rate_hz``, ``residual_db``, ``warnings``, ``input_digest`` and ``settings_digest``.

    Raises
    ------
    PhotophoneError
        If the settings are of no use, whatever `on_error` says.

    Examples
    --------
    >>> import photophone.batch
    >>> photophone.batch.draw_file("no such file", "pictures")["status"]
    'failed'
    """
    return _files("draw", output, settings).one(row)


def recover_file(row: Any, output: str | os.PathLike[str], **settings: Any) -> Row:
    """Recovers the sound of a picture or array.

    Parameters
    ----------
    row, output, on_error, resume, force, base, max_decoded_bytes
        As in `draw_file`.
    phase, original, mask : str, optional
        Where each file's phase, original picture or mask is: a path from the file's folder on, with ``{}`` in place of its
        name without the ending, such as ``"{}.phase.npy"``. Without `phase`, where the recipe says.
    format : {"wav", "flac"}
        Format of the sounds.
    bits : {16, 24, "float", None}
        Bits of a sample; None is "float" in WAV and 24 in FLAC.
    overlay : bool
        Draws what was read over each picture, beside the sound.
    **settings
        As in `photophone.recover`.

    Returns
    -------
    dict
        As in `draw_file`.

    Raises
    ------
    PhotophoneError
        As in `draw_file`.
    """
    return _files("recover", output, settings).one(row)


# The works that this process has been asked for, by what they were told.
_made: dict[tuple[str, str, bytes], Files] = {}
_MOST_MADE = 16


def _files(kind: str, output: str | os.PathLike[str], settings: dict[str, Any]) -> Files:
    """The work, made once in a process for the same settings."""
    key = (kind, os.fspath(output), pickle.dumps(sorted(settings.items())))
    if key not in _made:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        _made[key] = Files(draw_work if kind == "draw" else recover_work, output, **settings)
    return _made[key]
