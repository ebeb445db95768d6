"""The account of what was read, given and assumed."""

from __future__ import annotations

import html
import json
from typing import Any


class Report(dict[str, Any]):
    """What was read, given and assumed, and how the solve went: the JSON of the command line's ``--report``.

    Printing it gives the text that the command line prints.
    """

    def __init__(self, data: str, text: str) -> None:
        super().__init__(json.loads(data))
        self._text = text

    def __str__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._text)}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Report, (json.dumps(dict(self)), self._text))
