"""The account of what was read, given and assumed."""

from __future__ import annotations

import html
import json
from collections.abc import Collection
from typing import Any

from ._wording import in_python

# What the command line puts before a warning, which a list of warnings need not repeat.
_SHOUT = "WARNING: "


class Report(dict[str, Any]):
    """What was read, given and assumed, and how the solve went: the JSON of the command line's ``--report``.

    Printing it gives the text that the command line prints. ``report["warnings"]`` has the reasons not to trust the
    result, which were raised as `PhotophoneWarning` too.
    """

    def __init__(self, data: str, text: str, arguments: Collection[str] | None = None) -> None:
        super().__init__(json.loads(data))
        self._text = in_python(text, arguments)
        for finding in self.get("findings", []):
            finding["evidence"] = in_python(finding["evidence"], arguments)
        for kind in ("notes", "warnings"):
            self[kind] = [in_python(line, arguments).removeprefix(_SHOUT) for line in self.get(kind, [])]

    def __str__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._text)}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Report, (json.dumps(dict(self)), self._text))
