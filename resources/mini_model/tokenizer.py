"""The vocabulary of Lares Mini: the 4B's special tokens, 256 bytes, and whole words of the templates.

A piece of the Llama-3 split that is in the vocabulary is one token; every other piece is spelt in bytes. So a name is the
same letters wherever it stands, which is what lets a small model copy it. Words of a user's text are whole only after a
space: `"Blue` is spelt, so `Blue` at the start of a line is spelt, too. There are no merges that could ever apply.

    python tokenizer.py build       writes vocabulary.txt from generated dialogues
"""
import json
import pathlib
import sys

import regex

FILE = pathlib.Path(__file__).parent / "vocabulary.txt"
SIZE = 2208
SPECIAL = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
           "[TOOL_CALLS]", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"]
SPLIT = regex.compile(r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIALS = regex.compile("(" + "|".join(regex.escape(s) for s in sorted(SPECIAL, key=len, reverse=True)) + ")")
DEAD_MERGE = ("a", "\n")        # a letter and a line break are never in one piece; its product is the last token of the list


def alphabet():
    """GPT-2's printable stand-ins for the 256 bytes."""
    keep = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    out, n = {}, 0
    for b in range(256):
        out[b] = chr(b) if b in keep else chr(256 + n)
        n += b not in keep
    return out


class Tokenizer:
    def __init__(self, words=None):
        self.words = words if words is not None else [json.loads(line) for line in FILE.read_text().splitlines()]
        self.bytes = [None] * len(SPECIAL) + [bytes([b]) for b in range(256)] + [w.encode() for w in self.words] + ["".join(DEAD_MERGE).encode()]
        self.index = {}
        for i, b in enumerate(self.bytes):
            if b is not None:
                self.index.setdefault(b, i)
        self.special = {s: i for i, s in enumerate(SPECIAL)}
        self.cache = {}

    def piece(self, text):
        ids = self.cache.get(text)
        if ids is None:
            b = text.encode()
            ids = self.cache[text] = [self.index[b]] if b in self.index else [len(SPECIAL) + x for x in b]
            if len(self.cache) > 200000:
                self.cache.clear()
        return ids

    def encode(self, text, special=True):
        out = []
        for part in SPECIALS.split(text) if special else [text]:
            if special and part in self.special:
                out.append(self.special[part])
            else:
                for piece in SPLIT.findall(part):
                    out += self.piece(piece)
        return out

    def decode(self, ids):
        return b"".join(SPECIAL[i].encode() if i < len(SPECIAL) else self.bytes[i] for i in ids).decode("utf-8", "replace")

    def stored(self):
        """(tokens, types, merges) as they stand in the GGUF file, padded to SIZE."""
        a = alphabet()
        text = lambda b: "".join(a[x] for x in b)
        tokens = SPECIAL + [text(b) if self.index[b] == i else f"<SPECIAL_{i}>" for i, b in enumerate(self.bytes) if b is not None]
        types = [3] * 12 + [4] * 6 + [3 if t.startswith("<SPECIAL_") else 1 for t in tokens[18:]]
        tokens += [f"<SPECIAL_{i}>" for i in range(len(tokens), SIZE)]
        return tokens, types + [3] * (SIZE - len(types)), [" ".join(text(x.encode()) for x in DEAD_MERGE)]


def leave_out_what_is_copied(words):
    """From here on the generator writes a mark for every name and text, so that no word is counted for standing in one."""
    for f in ("folder", "name", "dir_name", "file_name", "phrase", "value", "pseudo"):
        setattr(words, f, lambda *_, **__: "§")
    words.KEYS = {held: [f"§{i}" for i in range(9)] for held in words.KEYS}


def build():
    """Frequent pieces of generated dialogues, without names and numbers, and without marks that end a line."""
    from collections import Counter
    import prompt_format
    from generate import dialogue, grammar, words
    from generate.talk import CITIES
    banned = {w.lower() for lists in (words.FIRST, words.DIRS, words.STEMS, words.EXT) for l in lists.values() for w in l} - {"list", "read", "make", "photo", "files"} | set(words.COMMON)
    leave_out_what_is_copied(words)
    counts, fixed = Counter(), set()
    for i in range(30000):
        made = dialogue.conversation(f"vocabulary-{i}", 900, lambda t: len(t) // 4)
        if made is None:
            continue
        messages, tools = made
        if i < 300:
            fixed.update(p for part in SPECIALS.split(prompt_format.tool_block(tools) if tools else "") for p in SPLIT.findall(part))
        for m in messages:
            m = dict(m)
            if m["role"] in ("user", "assistant", "system"):
                for part in [m.get("content") or "", m.get("reasoning_content") or ""]:
                    counts.update(SPLIT.findall(part))
    for name in ("function", "parameter", "name", "path", "expression", "folder", "pattern", "source", "destination", "content"):
        fixed.update([name, "=" + name, "<" + name])
    fixed.update(["assistant", "user", "system", ">\n", "</", "<function", "<parameter", "="])
    fixed.update("=" + p for n in dialogue.TOOLS for p in SPLIT.findall(n)[:1])
    fixed.update(p for n in dialogue.TOOLS for p in SPLIT.findall("=" + n))
    fixed = {p for p in fixed if len(p.encode()) > 1 and not regex.search(r"\p{N}", p) and not set(p) <= set("\n")}
    word = regex.compile(r" ?[A-Za-z]+$|'[a-z]+$")
    good = [p for p, n in counts.most_common() if n >= 12 and len(p) > 1 and word.match(p) and p.strip().lower() not in banned]
    for forms in grammar.TOPICS.values():            # every word of the sentence forms, also the rare ones
        for w in regex.findall(r"[A-Za-z']+(?![\w}])", " ".join(regex.sub(r"\{\w+\}", "", " ".join(forms["train"])).split())):
            if w.lower() not in banned and len(w) > 1:
                good += [p for p in SPLIT.findall(" " + w) if len(p) > 1]
    good += [" " + w for w in words.TEXT_WORDS if w not in banned]        # free text: whole after a space
    ordered = sorted(fixed) + [p for p in dict.fromkeys(good) if p not in fixed]
    room = SIZE - len(SPECIAL) - 257
    if len(ordered) > room:
        sys.exit(f"{len(ordered)} words, but SIZE leaves room for {room}: set SIZE to {SIZE + len(ordered) - room} or more here, and V in model.py to the same")
    FILE.write_text("".join(json.dumps(w, ensure_ascii=False) + "\n" for w in ordered))
    print(len(ordered), "words;", len(fixed), "fixed; last", ordered[-5:])


if __name__ == "__main__":
    if sys.argv[1:] == ["build"]:
        build()
