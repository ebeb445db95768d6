"""Whether what was read of a picture is right."""
import matplotlib
import numpy as np

from foreign import WITH_FREQUENCIES

# Findings that are said to be no surer than the box and the cells that they were found in (`kind.rs`, `on_cells`).
ON_CELLS = ("kind", "kind, turned", "range")


def numbers(text):
    return [float(part) for part in "".join(c if c.isdigit() or c == "." else " " for c in text).split()]


def same_palette(said, truth):
    tables = [matplotlib.colormaps[name](np.arange(256) / 255)[:, :3] for name in (said, truth) if name in matplotlib.colormaps]
    return len(tables) == 2 and np.abs(tables[0] - tables[1]).max() < 0.02


def judged(truth, findings):
    """(finding, score, right, the scores of what it rests on) of what has a score and what the truth can judge."""
    if "phase" in truth:
        return by_the_phase(truth["phase"], findings)
    all_lines = {line["name"]: line for line in findings if line["section"] == "picture"}
    lines = {name: line for name, line in all_lines.items() if "score" in line}
    rights = of_cells(truth, lines) if "foreign" not in truth else {}
    if "orientation" in lines and truth.get("foreign") in (None, *WITH_FREQUENCIES):
        # The score speaks for upright rows, whichever are said to be likelier.
        rights["orientation"] = not truth["from the top"]
    if truth["box"] is not None and "box" in lines:
        rights["box"] = box_right(numbers(lines["box"]["value"]), truth)
    if "kind" in lines:
        # What was read backwards or cut wrongly is of no sound either.
        is_flip_right = all_lines["orientation"]["value"].endswith("vertical") == truth["from the top"]
        is_palette_right = same_palette(all_lines["palette"]["value"], truth["palette"])
        right = "foreign" not in truth and rights.get("cells", True) and is_palette_right and is_flip_right
        name = "kind, turned" if is_turned(all_lines) else "kind"
        lines[name], rights[name] = lines["kind"], right
    cells = {name: lines[name]["score"] for name in ("box", "cells") if name in lines}
    rests = lambda name: cells if name in ON_CELLS else {}
    return [(name, lines[name]["score"], bool(right), rests(name)) for name, right in rights.items()]


def by_the_phase(truth, findings):
    """The same of what a phase tells."""
    rights = {
        "tuning": lambda v: abs(v - truth["tuning"]) < 0.02,
        "pad-mode": lambda v: v == truth["pad-mode"],
        "length": lambda v: abs(v - truth["length"]) <= 8,
        "levels": lambda v: v == truth["levels"],
    }
    lines = [line for line in findings if "score" in line and line["source"] == "read" and line["name"] in rights]
    return [(f"{line['name']} by the phase", line["score"], bool(rights[line["name"]](line["value"])), {}) for line in lines]


def of_cells(truth, lines):
    rows, frames = truth["cells"]
    rights = {}
    if "cells" in lines:
        rights["cells"] = cells_right(numbers(lines["cells"]["value"]), truth)
    if "cells" in lines and "missing" in lines:
        seen = numbers(lines["cells"]["value"])
        before, after, below, above = numbers(lines["missing"]["value"])
        rights["missing"] = (seen[0] + below + above, seen[1] + before + after) == (rows, frames)
    if "palette" in lines:
        rights["palette"] = same_palette(lines["palette"]["value"], truth["palette"])
    if "levels" in lines:
        said, is_read = lines["levels"]["value"], lines["levels"]["source"] == "read"
        if is_read and said != "linear":
            lines["range"], rights["range"] = lines["levels"], said == truth["levels"]
        else:
            # Of decibels that were only assumed, the score speaks for their being decibels.
            rights["levels"] = (said == "linear") == (truth["levels"] == "linear")
    return rights


def cells_right(said, truth):
    """Whether cells are of the size drawn, to half a cell over all of them, and no more are unseen than an edge can hide."""
    (rows, frames), (width, height) = truth["cells"], truth["cell"]
    said_rows, said_frames, said_width, said_height = said[:4]
    hidden = 5 * max(1, truth["stretch"])
    fits = lambda said, true, said_px, px: abs(said_px / px - 1) * true < 0.5 and true - max(1, hidden / px) <= said <= true
    return fits(said_rows, rows, said_height, height) and fits(said_frames, frames, said_width, width)


def box_right(said, truth):
    """Whether all four edges lie within a pixel and a half outside and two and a half inside, where a frame line is."""
    width, height, x, y = said if len(said) == 4 else (0, 0, 0, 0)
    edges = lambda x, y, width, height: np.array([x, y, x + width, y + height])
    inside = (edges(x, y, width, height) - edges(*truth["box"])) * (1, 1, -1, -1)
    # What was enlarged has a wider line.
    wider = max(1, truth["stretch"])
    return bool(inside.min() >= -1.5 * wider and inside.max() <= 2.5 * wider)


def is_turned(lines):
    """Whether the reading is another than the usual one, as `kind.rs` has it."""
    by_levels = {name: line for name, line in lines.items() if line["source"] == "read"}
    is_reversed = "palette" in by_levels and by_levels["palette"]["value"].endswith("_r")
    levels = by_levels.get("levels")
    is_rescaled = levels is not None and ("score" not in levels or levels["value"] not in ("linear", "db:-80:0"))
    return "orientation" in by_levels or is_reversed or is_rescaled
