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


STRANGE = ("actually basically somehow maybe perhaps certainly surely honestly really simply kindly gently indeed somewhat currently still already again here there "
           "wonderful boring ancient precious mighty funny curious secret famous gloomy bright heavy plain sober useful handy proper former entire actual "
           "this that some such which whatever anything everything whole present certain given said").split()


def strange_word(rng):
    """A word the model has not met as a whole: it must understand the rest of the sentence."""
    if rng.random() < 0.5:
        return rng.choice(STRANGE)
    return "".join(rng.choice("bcdfghklmnprstvw") + rng.choice("aeiou") + rng.choice(["", "", "n", "r", "st", "l"]) for _ in range(rng.randint(1, 4)))


def disturb(part, rng):
    """Put a strange word into a piece of a sentence, or in place of one of its words."""
    words = part.split(" ")
    k = rng.randrange(len(words))
    if rng.random() < 0.2 and words[k].isalpha() and len(words) > 2:
        words[k] = strange_word(rng)
    elif words[k]:
        words.insert(k + (rng.random() < 0.5 and bool(words[-1] or k < len(words) - 1)), strange_word(rng))
    return " ".join(words)


def dress(text, rng, polite=True, strange=True):
    """The ways people type: lower case, no full stop, an opener, a typing error. Slots stay whole."""
    parts = SLOT.split(re.sub(" +", " ", text.strip()))
    if strange and polite and rng.random() < 0.03:
        k = rng.randrange(len(parts))
        if not SLOT.fullmatch(parts[k]) and " " in parts[k]:
            parts[k] = disturb(parts[k], rng)
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
    if rng.random() < 0.02:
        k = rng.randrange(len(parts))
        if not SLOT.fullmatch(parts[k]):
            parts[k] = typo(parts[k], rng)
    return "".join(parts)


# What a slot holds, in the topics where people may say it or leave it out.
HOLDS = {
    "list_folder": {"path": "folder"}, "list_check": {"path": "folder"}, "list_size": {"path": "folder"}, "list_folders_only": {"path": "folder"}, "list_two": {"path": "folder"},
    "read_file": {"path": "file"}, "read_key": {"path": "file"}, "find_ext": {"folder": "folder"}, "find_name": {"file": "file", "folder": "folder"},
    "find_part": {"folder": "folder"}, "find_home": {"file": "file"}, "move": {"path": "file", "folder": "folder"}, "move_to": {"path": "file"}, "rename": {"path": "file"},
    "write_file": {"path": "file"}, "find_then_move": {"file": "file", "folder": "folder", "target": "folder"}, "find_then_read": {"file": "file", "folder": "folder"},
    "list_then_read": {"folder": "folder"}, "read_then_sum": {"path": "file"}, "read_then_write": {"path": "file", "target": "file"},
}
NOUNS = {"file": ["the file ", "the file ", "my file ", "file "], "folder": ["the folder ", "the folder ", "my folder ", "folder "]}
TAKES_NOUN = re.compile(r"(?:^|\b(?:in|into|inside|to|from|of|under|below|for|and|then|find|read|open|move|put|take|list|rename|is|has|where|through|search)) $", re.I)


def name_slots(topic, form, rng):
    """Puts a noun before some slots of a training form: "read {path}", "read the file {path}"."""
    holds = HOLDS.get(topic, {})
    parts = SLOT.split(form)
    for i in range(1, len(parts), 2):
        noun = holds.get(parts[i][1:-1])
        if noun and TAKES_NOUN.search(parts[i - 1]) and rng.random() < 0.12:
            parts[i - 1] += rng.choice(NOUNS[noun])
    return "".join(parts)


def readings(form):
    """Every reading of the choices in `form`."""
    start = form.find("[")
    if start < 0:
        return [form]
    depth, cuts, i = 1, [start], start
    while depth:
        i += 1
        depth += (form[i] == "[") - (form[i] == "]")
        if depth == 0 or (form[i] == "|" and depth == 1):
            cuts.append(i)
    middle = [r for a, b in zip(cuts, cuts[1:]) for r in readings(form[a + 1:b])]
    return [form[:start] + m + r for m in middle for r in readings(form[i + 1:])]


def plain(text):
    """What is said, without capitals and marks."""
    return re.sub(" +", " ", re.sub(r"[^a-z{}\d ]", "", text.lower())).strip()


KEPT = {plain(r) for t, v in TOPICS.items() if t != "nonsense" for f in v["held"] for r in readings(f)}


def fill(text, slots):
    return SLOT.sub(lambda m: str(slots[m.group(1)[1:-1]]), text)


def pick_form(topic, rng, held=False):
    forms = TOPICS[topic]["held" if held else "train"]
    # A form with many readings is drawn more often, but not in proportion.
    weights = [1 + form.count("|") ** 0.5 for form in forms]
    return rng.choices(forms, weights)[0]


def say(topic, rng, held=False, polite=True, **slots):
    """A user's sentence of the topic. Slots that the form does not have are ignored."""
    while True:
        form = expand(pick_form(topic, rng, held), rng)
        form = dress(form if held else name_slots(topic, form, rng), rng, polite, not held)
        if held or plain(form) not in KEPT:            # whatever the choices give, training never says a held-out sentence
            return fill(form, slots)
