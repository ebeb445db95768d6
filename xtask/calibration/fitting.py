"""From scores to words: which word is true of the findings with a score.

A word says of what share of such findings it is at least true that they are right. It has to be true of all that it is
said of, of the weakest of them alone, and of no tool, damage or sound may it be false beyond chance. Who uses it has
other pictures than these: so it has to be true by the lower end of what is known of the share, and how much that share
would change with other tools, damages and sounds is told by leaving out each in turn (the jackknife).
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
# Standard errors from a share to its lower end: 19 in 20 are above it.
ERRORS = 1.645

# `rests` are the scores of the findings that this one is no surer than.
Row = collections.namedtuple("Row", "score right is_test groups rests")
# The same while it is fitted; `ceiling` is the share that what it rests on is said to be right at least.
Sample = collections.namedtuple("Sample", "score right groups ceiling")


def fitted(rows):
    """Steps (lowest score, share right at least) of each finding, from the lowest score up."""
    steps = {}
    # What others rest on comes first.
    for name in sorted(rows, key=lambda name: any(row.rests for row in rows[name])):
        steps[name] = fitted_alone(name, [Sample(row.score, row.right, row.groups, ceiling(steps, row)) for row in rows[name]])
    return steps


def ceiling(steps, row):
    return min((confidence(steps[name], score) for name, score in row.rests.items()), default=1.0)


def fitted_alone(name, samples):
    steps = rising(samples)
    if name not in TWO_VALUED:
        return steps
    # The same of the other value, with scores downwards.
    other = rising([sample._replace(score=-sample.score, right=not sample.right) for sample in samples])
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
    steps, left, top = [], samples, math.inf
    for _, floor in WORDS[:-1]:
        # What has a lower ceiling gets a lower word, whatever its score.
        able = [sample for sample in left if sample.ceiling >= floor - 1e-9]
        above = [sample for sample in able if sample.score >= top]
        blocks = pooled([sample for sample in able if sample.score < top])
        sets = [(blocks[first], [*itertools.chain(*blocks[first:]), *above]) for first in range(len(blocks))]
        said = next((said for weakest, said in sets if is_true(floor, weakest, said)), None)
        if said:
            low = min(sample.score for sample in said)
            steps.append((low, max(floor, least_of(said))))
            left, top = [sample for sample in left if sample not in set(said)], low
    below = [sample for sample in left if sample.score < top]
    if below or not steps:
        steps.append((-math.inf, min(0.45, least_of(below))))
    return steps[::-1]


def pooled(samples):
    """Isotonic regression by pooling adjacent violators; findings with one score stay together, FEWEST at least."""
    blocks = []
    for _, same in itertools.groupby(sorted(samples, key=lambda sample: sample.score), key=lambda sample: sample.score):
        if blocks and len(blocks[-1]) < FEWEST:
            blocks[-1] += same
        else:
            blocks.append(list(same))
    if len(blocks) > 1 and len(blocks[-1]) < FEWEST:
        blocks[-2:] = [blocks[-2] + blocks[-1]]
    i = 0
    while i + 1 < len(blocks):
        if share_of(blocks[i]) >= share_of(blocks[i + 1]):
            blocks[i : i + 2] = [blocks[i] + blocks[i + 1]]
            i = max(0, i - 1)
        else:
            i += 1
    return blocks


def share_of(samples):
    return sum(sample.right for sample in samples) / len(samples)


def is_true(floor, weakest, samples):
    # What is doubtful is promised nothing: there the likelier side counts, by which it is decided what to do.
    least = least_of(samples) if floor > 0.5 else share_of(samples)
    if share_of(weakest) < floor or least < floor:
        return False
    groups = [rights for family in families(samples) for rights in family.values()]
    return all(so_few(sum(rights), len(rights), floor) >= IMPROBABLE for rights in groups if len(rights) >= FEWEST_OF_GROUP)


def families(samples):
    """By tool, by damage and by sound: whether findings of each are right."""
    found = [collections.defaultdict(list) for _ in samples[0].groups]
    for sample in samples:
        for family, group in zip(found, sample.groups):
            family[group].append(sample.right)
    return found


def least_of(samples):
    """The lower end of the share that is right, of these findings and of those of other tools, damages and sounds."""
    if not samples:
        return 0.0
    right, count = sum(sample.right for sample in samples), len(samples)
    return max(0.0, min([wilson(right, count), *(jackknifed(right, count, family) for family in families(samples) if len(family) > 1)]))


def wilson(right, count):
    """Wilson's lower bound of a share."""
    share, z = right / count, ERRORS
    middle, spread = share + z**2 / 2 / count, z * math.sqrt(share * (1 - share) / count + z**2 / 4 / count**2)
    return (middle - spread) / (1 + z**2 / count)


def jackknifed(right, count, family):
    """The lower bound by the jackknife that leaves out one group at a time (Quenouille 1956, Tukey 1958)."""
    without = [(right - sum(rights)) / (count - len(rights)) for rights in family.values()]
    mean = sum(without) / len(without)
    variance = (len(without) - 1) / len(without) * sum((share - mean) ** 2 for share in without)
    return right / count - ERRORS * math.sqrt(variance)


def so_few(right, count, share):
    """The chance of no more right ones, each right with the chance `share`."""
    return sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(right + 1))


def confidence(steps, score):
    """As `Calibration::confidence` has it."""
    below = [share for low, share in steps if low <= score]
    return below[-1] if below else steps[0][1]


def said(name, steps, row):
    """The word that is said of a finding, and whether it is right: of what has two values the likelier is said."""
    share, right = confidence(steps[name], row.score), row.right
    if name in TWO_VALUED and share < 0.5:
        share, right = 1 - share, not right
    share = min(share, ceiling(steps, row))
    return next(word for word, floor in WORDS if share >= floor - 1e-9), right
