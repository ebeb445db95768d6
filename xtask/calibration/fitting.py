"""From scores to words: which word is true of the findings with a score.

A word says of what share of such findings it is at least true that they are right. It has to be true of all that it is
said of, of the weakest of them alone, and of no tool, damage or sound may it be false beyond chance: who uses it has
other pictures than these.
"""
import collections
import itertools
import math

WORDS = (("sure", 0.95), ("likely", 0.75), ("doubtful", 0.5), ("a guess", 0.0))
# Findings of two values, whose score speaks for the first: a low one says the other.
TWO_VALUED = ("kind", "kind, turned", "orientation")
# Fewest findings that one step is made of, and of a group that can make a word false.
FEWEST = 15
FEWEST_OF_GROUP = 8
# How improbable so few right ones of a group may be, were the word true of it.
IMPROBABLE = 0.01

Row = collections.namedtuple("Row", "score right is_test groups")


def least(right, count):
    """Wilson's lower bound of a share, one standard error down."""
    if not count:
        return 0.0
    share = right / count
    middle, spread = share + 0.5 / count, math.sqrt(share * (1 - share) / count + 0.25 / count**2)
    return (middle - spread) / (1 + 1 / count)


def fitted(name, rows):
    """Steps (lowest score, share right at least), from the lowest score up."""
    steps = rising([(row.score, row.right, row.groups) for row in rows])
    if name not in TWO_VALUED:
        return steps
    # The same of the other value, with scores downwards.
    other = rising([(-row.score, not row.right, row.groups) for row in rows])
    upper = [(score, share) for score, share in steps if share >= 0.5]
    middle = upper[0][0] if upper else math.inf
    # A step of the other value reaches up to the negative of its own lowest score.
    lower = [(-score, 1 - share) for score, share in other if share > 0.5 and -score < middle]
    edges = [-math.inf, *(score for score, _ in reversed(lower))]
    below = [(edge, share) for edge, (_, share) in zip(edges, reversed(lower))]
    # Between both is what tells nothing.
    return [*below, *([(edges[-1], 0.49)] if edges[-1] < middle else []), *upper]


def rising(samples):
    """The steps of one value."""
    blocks = pooled(samples)
    steps, top = [], len(blocks)
    for _, floor in WORDS[:-1]:
        start = top
        for first in range(top - 1, -1, -1):
            if is_true(floor, blocks[first], list(itertools.chain(*blocks[first:top]))):
                start = first
        if start < top:
            inside = list(itertools.chain(*blocks[start:top]))
            steps.append((inside[0][0], max(floor, least(sum(right for _, right, _ in inside), len(inside)))))
            top = start
    below = list(itertools.chain(*blocks[:top]))
    if below or not steps:
        steps.append((-math.inf, min(0.45, least(sum(right for _, right, _ in below), len(below)))))
    return steps[::-1]


def pooled(samples):
    """Isotonic regression by pooling adjacent violators; findings with one score stay together, FEWEST at least."""
    blocks = []
    for _, same in itertools.groupby(sorted(samples, key=lambda sample: sample[0]), key=lambda sample: sample[0]):
        if blocks and len(blocks[-1]) < FEWEST:
            blocks[-1] += same
        else:
            blocks.append(list(same))
    if len(blocks) > 1 and len(blocks[-1]) < FEWEST:
        blocks[-2:] = [blocks[-2] + blocks[-1]]
    share = lambda block: sum(right for _, right, _ in block) / len(block)
    i = 0
    while i + 1 < len(blocks):
        if share(blocks[i]) >= share(blocks[i + 1]):
            blocks[i : i + 2] = [blocks[i] + blocks[i + 1]]
            i = max(0, i - 1)
        else:
            i += 1
    return blocks


def is_true(floor, weakest, findings):
    rights = [right for _, right, _ in findings]
    if sum(right for _, right, _ in weakest) < floor * len(weakest) or least(sum(rights), len(rights)) < floor:
        return False
    of_group = collections.defaultdict(list)
    for _, right, groups in findings:
        for group in groups:
            of_group[group].append(right)
    return all(so_few(sum(rights), len(rights), floor) >= IMPROBABLE for rights in of_group.values() if len(rights) >= FEWEST_OF_GROUP)


def so_few(right, count, share):
    """The chance of no more right ones, each right with the chance `share`."""
    return sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(right + 1))


def confidence(steps, score):
    """As `Calibration::confidence` has it."""
    below = [share for low, share in steps if low <= score]
    return below[-1] if below else steps[0][1]


def said(name, steps, row):
    """The word that is said of a finding, and whether it is right: of what has two values the likelier is said."""
    share, right = confidence(steps, row.score), row.right
    if name in TWO_VALUED and share < 0.5:
        share, right = 1 - share, not right
    return next(word for word, floor in WORDS if share >= floor - 1e-9), right
