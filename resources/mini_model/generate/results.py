"""Tool results as ../../../tools/registry/README.md fixes them, and what to say to each error."""
from . import words

# error -> answer; {p} is the path.
ERRORS = {
    "no such file": "There is no file {p}.",
    "no such folder": "There is no folder {p}.",
    "not a folder": "{p} is not a folder.",
    "not a text file": "{p} is not a text file.",
    "already exists": "{p} already exists.",
    "permission denied": "I am not allowed to use {p}.",
}
PLAIN = {
    "refused by the user": "You refused, so I did nothing.",
    "timed out": "It took too long, so I stopped.",
    "disk full": "The disk is full.",
    "division by zero": "I cannot divide by zero.",
}


def failure(ctx, kinds, path):
    """(result, answer, facts) of a random error among `kinds` for `path`."""
    kind = ctx.rng.choice(kinds)
    if kind in PLAIN:
        return f"error: {kind}", PLAIN[kind], [PLAIN[kind]]
    return f"error: {kind}: {path}", ERRORS[kind].format(p=path), [ERRORS[kind].format(p=path)]


def entries(ctx, low=0, high=7, must=None, text=False):
    """[(name, size or None)], folders first, each group by name. `must` is a file that has to be there."""
    rng = ctx.rng
    names = {}
    if not ctx.held and rng.random() < 0.5:
        high = min(high, 3)                # short lists teach the same in fewer tokens
    for _ in range(min(rng.randint(low, high), rng.randint(low, high + 2))):
        if rng.random() < 0.38:
            names[words.dir_name(rng, ctx.held)] = None
        else:
            names[words.file_name(rng, ctx.held, text)] = words.size(rng)
    if must:
        names[must] = words.size(rng)
    return sorted(names.items(), key=lambda e: (e[1] is not None, e[0].lower()))


def with_alike(ctx, found, file):
    """The entries and one more, whose name differs from `file` in its beginning or its end only."""
    stem, dot, ext = file.rpartition(".")
    other = words.file_name(ctx.rng, ctx.held)
    if not dot:
        name = file + ctx.rng.choice(["s", "2", "-old"])
    else:
        name = stem + "." + other.rpartition(".")[2] if ctx.chance(0.5) else other.rpartition(".")[0] + "." + ext
    names = dict(found)
    if name != file:
        names.setdefault(name, words.size(ctx.rng))
    return sorted(names.items(), key=lambda e: (e[1] is not None, e[0].lower()))


def listing(found, more=0):
    lines = [n + "/" if s is None else f"{n} ({s})" for n, s in found]
    if more:
        lines.append(f"... {more} more")
    return "\n".join(lines) or "(empty folder)"


def file_text(ctx):
    """A small text file: notes, a list, or key and value lines. Returns (text, {key: value})."""
    rng = ctx.rng
    r = rng.random()
    if r < 0.5:
        pairs = {}
        for key in rng.sample(words.KEYS[ctx.held and rng.random() < 0.6], rng.randint(1, 4)):
            pairs[key] = words.value(rng, ctx.held)
        sep = rng.choice([": ", ": ", " = ", "="])
        return "\n".join(k + sep + v for k, v in pairs.items()), pairs
    if r < 0.75:
        return words.phrase(rng, ctx.held, 2, 10), {}
    dash = rng.choice(["- ", "", "* "])
    return "\n".join(dash + words.phrase(rng, ctx.held, 1, 4) for _ in range(rng.randint(2, 5))), {}
