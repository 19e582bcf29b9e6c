"""What one dialogue is made from: random numbers, granted tools, persona, and what happened so far."""
import json
import pathlib
from dataclasses import dataclass, field

from . import grammar, words

ROOT = pathlib.Path(__file__).parent.parent / "../.."
PERSONAS = [json.loads((ROOT / f"resources/personas/{p}.json").read_text()) for p in ("lares", "clerk", "robin")]

# "I can ..." and "I cannot ...", for each tool.
ABILITY = {"get_time": "tell the time", "calculate": "do sums", "list_folder": "list folders", "read_file": "read files", "find_files": "find files",
           "make_folder": "make folders", "move": "move files", "write_file": "write files"}
# Running commands is not among them: it is off until somebody turns it on, and a toy should not be trusted with it.
TOOLS = {t["function"]["name"]: t for t in json.loads((ROOT / "tools/registry/builtin_tools.json").read_text())
         if t["function"]["name"] in ABILITY}

# Share of the training dialogues whose names come from a few words only.
FEW_NAMES = 0.6


@dataclass
class Step:
    """One tool call of the assistant and what came back."""
    name: str
    arguments: dict
    result: str
    thought: str


@dataclass
class Turn:
    """What the user says and what the assistant does about it. `facts` must all stand in the answer."""
    topic: str
    user: str
    answer: str
    thought: str
    steps: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    absent: list = field(default_factory=list)


class Context:
    def __init__(self, seed, held=False):
        self.rng = words.Dice(seed)
        if not held and self.rng.random() < FEW_NAMES:
            self.rng.keep_few()
        self.held = held
        self.tools = []
        self.name, self.kind = "Lares", ""
        self.folders, self.files = [], []          # seen so far: follow-ups and distractors come from here

    def say(self, topic, polite=True, **slots):
        return grammar.say(topic, self.rng, self.held, polite, **slots)

    def quoted(self, path):
        return words.quoted(path, self.rng)

    def chance(self, p):
        return self.rng.random() < p

    def folder(self, **kw):
        """A folder path; sometimes one close to a path seen before, as a distractor."""
        r, rng = self.rng.random(), self.rng
        if self.folders and r < 0.06:
            return rng.choice(self.folders)
        if self.folders and r < 0.22:
            old = rng.choice(self.folders)
            if r < 0.12:
                return words.join(old, words.dir_name(rng, self.held))
            if r < 0.17 and words.parent(old) and len(words.parent(old)) > 2:
                return words.join(words.parent(old), words.dir_name(rng, self.held))
            return old + rng.choice(["2", "-old", "s", "_new", "1"])
        return words.folder(rng, self.held, **kw)

    def file(self, text=False):
        """A file path; sometimes in a folder seen before."""
        rng = self.rng
        if rng.random() < 0.07:
            return words.file_name(rng, self.held, text)
        return words.join(self.folder(), words.file_name(rng, self.held, text))
