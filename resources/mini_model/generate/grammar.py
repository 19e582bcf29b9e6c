"""Sentence forms: `[a|b|]` is a choice (nestable), `{slot}` is filled in. Forms stand in ../forms/*.txt:

    == topic            starts a topic
    > text              an answer of that topic (small talk and refusals)
    # text              a comment
    ! form              a held-out form: only for evaluation, training never sees it
    form                a training form
"""
import pathlib
import re

FOLDER = pathlib.Path(__file__).parent.parent / "forms"


def expand(form, rng):
    """One random reading of the choices in `form`."""
    out, i = [], 0
    while i < len(form):
        if form[i] == "[":
            depth, start, options = 1, i + 1, []
            i += 1
            while depth:
                ch = form[i]
                depth += (ch == "[") - (ch == "]")
                if (ch == "|" and depth == 1) or depth == 0:
                    options.append(form[start:i])
                    start = i + 1
                i += 1
            out.append(expand(rng.choice(options), rng))
        else:
            out.append(form[i])
            i += 1
    return "".join(out)


def load():
    topics = {}
    for path in sorted(FOLDER.glob("*.txt")):
        topic = None
        for line in path.read_text().splitlines():
            if line.startswith("== "):
                topic = topics.setdefault(line[3:].strip(), {"train": [], "held": [], "answers": []})
            elif line.startswith("> "):
                topic["answers"].append(line[2:])
            elif line.startswith("! "):
                topic["held"].append(line[2:])
            elif line and not line.startswith("#"):
                topic["train"].append(line)
    return topics


TOPICS = load()
SLOT = re.compile(r"(\{\w+\})")


def typo(text, rng):
    """One slip of the fingers in a word of five letters or more."""
    words = [m for m in re.finditer(r"[a-z]{5,}", text)]
    if not words:
        return text
    m = rng.choice(words)
    i = rng.randrange(m.start() + 1, m.end() - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    return text[:i] + text[i + 1:] if kind == 1 else text[:i] + text[i] + text[i:]


OPENERS = ["hey, ", "ok, ", "hi, ", "so, ", "hello, ", "Lares, ", "well, ", "now ", "alright, ", "good, ", "great, ", "and now ", "quick question: ", "one more thing: ",
           "hmm, ", "then ", "next, ", "could you please tell me, ", "tell me, ", "I was wondering, ", "sorry, ", "oh, "]
CLOSERS = [" please", ", please", " thanks", ", thank you", " for me", " now", ", ok?", " if you can", " quickly", ", will you?", " right now", " pls", " thx"]


def dress(text, rng, polite=True):
    """The ways people type: lower case, no full stop, an opener, a typing error. Slots stay whole."""
    parts = SLOT.split(text)
    roll = rng.random()
    if roll < 0.22:
        parts = [p if SLOT.fullmatch(p) else p.lower() for p in parts]
    elif roll > 0.3 and parts[0]:
        parts[0] = parts[0][0].upper() + parts[0][1:]
    if polite and rng.random() < 0.12 and parts[0]:
        opener = rng.choice(OPENERS)
        parts[0] = opener + parts[0][0].lower() + parts[0][1:] if not parts[0].startswith(("I ", "I'")) else opener + parts[0]
        if rng.random() < 0.5:
            parts[0] = parts[0][0].upper() + parts[0][1:]
    last = parts[-1]
    end = last[-1:] if last[-1:] in ".?!" else ""
    if polite and rng.random() < 0.08 and end != "!":
        parts[-1] = (last[:-1] if end else last) + rng.choice(CLOSERS) + end
        last = parts[-1]
        end = last[-1:] if last[-1:] in ".?!" else ""
    if end and rng.random() < 0.3:
        parts[-1] = last[:-1]
    elif not end and rng.random() < 0.3:
        parts[-1] = last + "."
    if rng.random() < 0.05:
        k = rng.randrange(len(parts))
        if not SLOT.fullmatch(parts[k]):
            parts[k] = typo(parts[k], rng)
    return "".join(parts)


def fill(text, slots):
    return SLOT.sub(lambda m: str(slots[m.group(1)[1:-1]]), text)


def pick_form(topic, rng, held=False):
    forms = TOPICS[topic]["held" if held else "train"]
    # A form with many readings is drawn more often, but not in proportion.
    weights = [1 + form.count("|") ** 0.5 for form in forms]
    return rng.choices(forms, weights)[0]


def say(topic, rng, held=False, polite=True, **slots):
    """A user's sentence of the topic. Slots that the form does not have are ignored."""
    return fill(dress(expand(pick_form(topic, rng, held), rng), rng, polite), slots)
