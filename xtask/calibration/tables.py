"""The reliability tables of the findings that nothing was fitted to, and the steps as Rust."""
import collections
import math

from fitting import IMPROBABLE, WORDS, fitted, said, so_few

# How far the share of right findings may lie outside of what a word says.
CLOSE = 0.03
# Fewest findings of a word for which a share says anything.
FEWEST = 20
RUST = {
    "picture.rs": ("pub(crate)", {"BOX": "box", "CELLS": "cells", "MISSING": "missing", "PALETTE": "palette", "LEVELS": "levels", "UPRIGHT": "orientation"}),
    "read.rs": ("pub(super)", {"KIND": "kind", "KIND_TURNED": "kind, turned", "RANGE": "range", "LEVELS": "levels by the phase"}),
    "identify.rs": ("pub(super)", {"TUNING": "tuning by the phase", "PAD_MODE": "pad-mode by the phase", "LENGTH": "length by the phase"}),
}

Line = collections.namedtuple("Line", "finding group word right count off")


def lines(rows, steps, group_of=lambda row: ("",)):
    """A line for each finding, group and word: how many are right, and how far outside of what the word says."""
    found = collections.defaultdict(list)
    for name, some in sorted(rows.items()):
        for row in some:
            if row.is_test:
                word, right = said(name, steps, row)
                for group in group_of(row):
                    found[name, group, word].append(right)
    order = [word for word, _ in WORDS]
    keys = sorted(found, key=lambda key: (key[0], key[1], order.index(key[2])))
    return [Line(*key, sum(found[key]) / len(found[key]), len(found[key]), off(key[2], found[key])) for key in keys]


def off(word, rights):
    """How far the share lies outside of the word's: below is negative."""
    shares = dict(WORDS)
    above = [share for _, share in WORDS if share > shares[word]]
    share = sum(rights) / len(rights)
    return min(0.0, share - shares[word]) + max(0.0, share - min(above, default=1.0))


def reliability(found):
    out = ["| finding | said | means | right | of | holds |", "|---|---|---|---|---|---|"]
    means = {"sure": "95 % or more", "likely": "75 to 95 %", "doubtful": "50 to 75 %", "a guess": "less than 50 %"}
    out += [f"| {line.finding} | {line.word} | {means[line.word]} | {100 * line.right:.1f} % | {line.count} | {verdict(line)} |" for line in found]
    return out


def verdict(line):
    if abs(line.off) <= CLOSE:
        return "yes"
    few = ", of few" if line.count < FEWEST else ""
    return f"{abs(100 * line.off):.0f} points too {'much' if line.off < 0 else 'little'} said{few}"


def summary(found):
    """What holds, in a few sentences."""
    told = [line for line in found if line.count >= FEWEST]
    misses = [line for line in told if abs(line.off) > CLOSE]
    words = [f"{line.finding}, {line.word} ({100 * line.right:.0f} % of {line.count})" for line in misses]
    rest = f" Not: {'; '.join(words)}." if words else ""
    few = len(found) - len(told)
    return f"Of {len(told)} words with {FEWEST} findings or more, {len(told) - len(misses)} hold within 3 points.{rest} Of fewer findings are {few} more."


def overstated(rows, steps):
    """The groups of which a word promises too much by more than 3 points, worst first, and how many there are in all."""
    found = [line for line in lines(rows, steps, lambda row: row.groups) if line.count >= FEWEST and line.word != "a guess"]
    worst = sorted((line for line in found if line.off < -CLOSE), key=lambda line: line.off)
    out = ["| finding | of | said | right | of | chance of so few, were the word true |", "|---|---|---|---|---|---|"]
    out += [f"| {line.finding} | {line.group} | {line.word} | {100 * line.right:.0f} % | {line.count} | {100 * chance(line):.1f} % |" for line in worst]
    return len(found), worst, out


def chance(line):
    """The chance that no more are right, were the word just true."""
    return so_few(round(line.right * line.count), line.count, dict(WORDS)[line.word])


def without_its_tool(rows):
    """How many of each tool's words hold where the steps were fitted without any picture of that tool."""
    tools = sorted({row.groups[0] for some in rows.values() for row in some if not row.is_test})
    out = ["| tool | words | promise too much | worst |", "|---|---|---|---|"]
    for tool in tools:
        steps = fitted({name: [row for row in some if not row.is_test and row.groups[0] != tool] for name, some in rows.items()})
        own = {name: [row for row in some if row.groups[0] == tool] for name, some in rows.items()}
        found = [line for line in lines(own, steps) if line.count >= FEWEST and line.word != "a guess"]
        worst = min(found, key=lambda line: line.off, default=None)
        over = sum(line.off < -CLOSE for line in found)
        told = f"{worst.finding}, {worst.word}: {100 * worst.right:.0f} % of {worst.count}" if worst and over else ""
        out.append(f"| {tool} | {len(found)} | {over} | {told} |")
    return out


def page(rows, steps, head):
    """The tables, told in words first."""
    found = lines(rows, steps)
    count, worst, groups = overstated(rows, steps)
    by_group = f"By tool, damage and kind of sound there are {count} words with {FEWEST} findings or more; {len(worst)} promise too much by more than 3 points, {sum(chance(line) < IMPROBABLE for line in worst)} of them beyond chance (1 in 100)"
    parts = [summary(found) + " " + by_group + (":" if worst else "."), "", *(groups + [""] if worst else []), head, "", *reliability(found), ""]
    parts += ["The same where the steps are fitted without the tool that they are tested on:", "", *without_its_tool(rows)]
    return "\n".join([*parts, ""])


def rust(visible, names, steps):
    out = ["//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.", "", "use photophone_spectrum::Calibration;", ""]
    for constant, name in names.items():
        text = ", ".join(f"({score_text(score)}, {math.floor(1000 * share) / 1000:.3f})" for score, share in steps.get(name, []))
        out.append(f"{visible} const {constant}: Calibration = Calibration {{ steps: &[{text}] }};")
    return "\n".join(out) + "\n"


def score_text(score):
    # Rounded down, so that the lowest score of a step belongs to it.
    return "f64::NEG_INFINITY" if score == -math.inf else f"{math.floor(1e4 * score) / 1e4:.4f}"
