"""Score the model in free-running conversations with held-out wording and names.

    python evaluate.py --cli ../../build/bin/lares-cli --model lares-mini.gguf        through the program (one model step a line)
    python evaluate.py --engine torch --model CHECKPOINT.pt [--limit 100] [--show 20]  through PyTorch, before there is a file

A wrong call gets an error as its result and the conversation goes on. Three bars:
calls    the right tool with exactly the right arguments, of all calls that a task needs      95 %
answers  every fact asked for is there, nothing that is in no result, after right calls        95 %
no call  no tool is called where none fits                                                    97 %
"""
import argparse
import collections
import itertools
import json
import pathlib
import re

from engines import LaresCli, Torch
from generate.context import TOOLS
from generate.dialogue import READING
from generate.sums import value

HERE = pathlib.Path(__file__).parent
BARS = {"calls": 0.95, "answers": 0.95, "no call": 0.97}
ERRORS = {"list_folder": ("no such folder", "path"), "read_file": ("no such file", "path"), "find_files": ("no such folder", "folder"),
          "make_folder": ("permission denied", "path"), "move": ("no such file", "source"), "write_file": ("permission denied", "path")}
MARKED = re.compile(r"\S*[\d/\\.]\S*")
# sentence, the call it must make (or none), words that its answer must hold
ACCEPTANCE = [("hi", None, "Hello"), ("who are you?", None, "Lares"), ("what can you do?", None, "list folders"), ("What time is it?", ("get_time", {}), ""),
              ("What is in /home/anna/Documents?", ("list_folder", {"path": "/home/anna/Documents"}), ""),
              ("What is in /srv/kemal?", ("list_folder", {"path": "/srv/kemal"}), ""),
              ("What is in /tmp/lares-test-x1/Documents?", ("list_folder", {"path": "/tmp/lares-test-x1/Documents"}), ""),
              ("What is in /tmp/tst_window-aBcDeF/Papers?", ("list_folder", {"path": "/tmp/tst_window-aBcDeF/Papers"}), ""),
              ("Read /tmp/x/notes.txt", ("read_file", {"path": "/tmp/x/notes.txt"}), ""),
              ("content of the folder ~/Pictures/Oslo", ("list_folder", {"path": "~/Pictures/Oslo"}), ""),
              ("add 5 and 7", ("calculate", {"expression": "5 + 7"}), ""), ("what is 17 * 23?", ("calculate", {"expression": "17 * 23"}), ""),
              ("What is the weather in Oslo?", None, "cannot check the weather"), ("thanks", None, "welcome")]


def invented(answer, known):
    """Words with a digit, a slash or a dot inside that stand in nothing the model was given."""
    words = (w.strip(".,:;!?()\"'`") for w in MARKED.findall(answer))
    return [w for w in words if MARKED.fullmatch(w) and w not in known]      # a full stop at the end marks no word


class Conversation:
    """Plays the user and the tools of one held-out dialogue."""

    def __init__(self, dialogue):
        self.d, self.turn, self.calls = dialogue, 0, []
        self.messages = [{"role": "system", "content": dialogue["system"]}] if dialogue["system"] else []
        self.known, self.scores = json.dumps(dialogue["system"], ensure_ascii=False), []
        self.ask()

    def ask(self):
        self.now = self.d["turns"][self.turn]
        self.calls, self.right = [], True
        self.messages.append({"role": "user", "content": self.now["user"]})
        self.known += "\n" + self.now["user"]

    def request(self):
        return {"messages": self.messages, "tools": [TOOLS[n] for n in self.d["tools"]], "kwargs": {"enable_thinking": self.d["thinking"]}}

    def take(self, reply):
        """Use one model step; False when the dialogue is over."""
        message = {"role": "assistant", "content": reply["text"]}
        if self.d["thinking"] and reply["thinking"]:
            message["reasoning_content"] = reply["thinking"]
        calls = reply["tool_calls"]
        if calls:
            message["tool_calls"] = [{"type": "function", "function": {"name": c["name"], "arguments": c["arguments"]}} for c in calls]
        self.messages.append(message)
        for c in calls:
            k = len(self.calls)
            expected = self.now["steps"][k] if k < len(self.now["steps"]) else None
            self.calls.append(c)
            given = {n: str(v) for n, v in c["arguments"].items()}
            if self.right and expected and c["name"] == expected["name"] and given == expected["arguments"]:
                result = expected["result"]
            else:
                self.right, result = False, self.refuse(c["name"], given)
            self.messages.append({"role": "tool", "content": result})
            self.known += "\n" + result + "\n" + "\n".join(given.values())
        if calls and len(self.calls) < 5:
            return True
        self.score(reply["text"])
        self.turn += 1
        if self.turn == len(self.d["turns"]):
            return False
        self.ask()
        return True

    def refuse(self, name, given):
        if name == "calculate":
            expression = given.get("expression", "")
            return value(expression) if re.fullmatch(r"[\d.+\-*/() ]+", expression) and "**" not in expression else "error: not an expression: " + expression
        if name == "get_time":
            return "Sunday 22 November 2026, 15:58"
        if name not in ERRORS or name not in self.d["tools"]:
            return f"error: no such tool: {name}"
        kind, key = ERRORS[name]
        return f"error: {kind}: {given[key]}" if key in given else f"error: missing argument: {key}"

    def score(self, text):
        t, steps = self.now, self.now["steps"]
        right = self.right and len(self.calls) == len(steps)
        s = {"topic": t["topic"], "user": t["user"], "said": text, "wanted": t["answer"], "made": self.calls, "expected": [(e["name"], e["arguments"]) for e in steps]}
        if steps:
            s["calls"] = right
            if right:
                s["answers"] = all(f in text for f in t["facts"]) and not any(a in text for a in t["absent"]) and not invented(text, self.known)
        else:
            s["no call"] = not self.calls
            s["words"] = text == t["answer"]
        self.scores.append(s)


def play(engine, dialogues):
    open_now = [Conversation(d) for d in dialogues]
    every = list(open_now)
    while open_now:
        replies = engine.answer([c.request() for c in open_now])
        open_now = [c for c, r in zip(open_now, replies) if c.take(r)]
    return every


def accept(engine):
    """The sentences that the program's first screen and its documentation show."""
    from generate.context import PERSONAS
    rows = []
    for thinking, tools in itertools.product((True, False), (list(TOOLS), READING)):
        ask = [{"messages": [{"role": "system", "content": PERSONAS[0]["system"]}, {"role": "user", "content": u}], "tools": [TOOLS[t] for t in tools],
                "kwargs": {"enable_thinking": thinking}} for u, _, _ in ACCEPTANCE]
        for (user, want, words), got in zip(ACCEPTANCE, engine.answer(ask)):
            call = (got["tool_calls"][0]["name"], got["tool_calls"][0]["arguments"]) if got["tool_calls"] else None
            rows.append((user, thinking, len(tools), call == want and words in got["text"], call or got["text"]))
    return rows


def report(every):
    table = collections.defaultdict(lambda: collections.defaultdict(list))
    for c in every:
        for s in c.scores:
            for kind in ("calls", "answers", "no call", "words"):
                if kind in s:
                    for row in ("all", s["topic"], "thinking on" if c.d["thinking"] else "thinking off"):
                        table[row][kind].append(s[kind])
    return {row: {k: [sum(v), len(v)] for k, v in kinds.items()} for row, kinds in table.items()}


def markdown(scores, about, acceptance):
    share = lambda row, k: f"{100 * row[k][0] / row[k][1]:.1f} % ({row[k][0]}/{row[k][1]})" if k in row else ""
    out = ["# Scores of Lares Mini", "", about, "", "Free-running conversations; wording and names that training never drew. \"words\": the expected sentence, word for word (no bar).", "",
           "| bar | wanted | reached |", "| --- | --- | --- |"]
    out += [f"| {k} | {100 * b:.0f} % | {share(scores['all'], k)} |" for k, b in BARS.items()]
    out += ["", "| topic | calls | answers | no call | words |", "| --- | --- | --- | --- | --- |"]
    for topic in sorted(scores, key=lambda t: (t != "all", not t.startswith("thinking"), t)):
        out.append(f"| {topic} | " + " | ".join(share(scores[topic], k) for k in ("calls", "answers", "no call", "words")) + " |")
    out += ["", "Sentences that the documentation shows:", "", "| sentence | thinking | tools | right | what it did |", "| --- | --- | --- | --- | --- |"]
    for user, thinking, tools, right, did in acceptance:
        shown = f"`{did[0]} {json.dumps(did[1], ensure_ascii=False)}`" if isinstance(did, tuple) else did.replace("\n", " ")[:200]
        out.append(f"| {user} | {'on' if thinking else 'off'} | {tools} | {'yes' if right else 'NO'} | {shown} |")
    return "\n".join(out) + "\n"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--engine", choices=["lares", "torch"], default="lares")
    p.add_argument("--cli", default=str(HERE / "../../build/bin/lares-cli"))
    p.add_argument("--model", default=str(HERE / "lares-mini.gguf"))
    p.add_argument("--heldout", default=str(HERE / "heldout.jsonl"))
    p.add_argument("--limit", type=int)
    p.add_argument("--show", type=int, default=0, help="print so many failures")
    p.add_argument("--out", type=pathlib.Path, help="write SCORES.md and scores.json into this folder")
    a = p.parse_args()
    dialogues = [json.loads(line) for line in open(a.heldout, encoding="utf-8")][:a.limit]
    engine = Torch(a.model) if a.engine == "torch" else LaresCli(a.cli, a.model)
    every, acceptance = play(engine, dialogues), accept(engine)
    scores = report(every)
    about = f"{len(dialogues)} held-out dialogues, {sum(len(d['turns']) for d in dialogues)} user turns, " + ("run by PyTorch." if a.engine == "torch" else "run by `lares-cli run --jsonl --greedy`.")
    text = markdown(scores, about, acceptance)
    if a.out:
        (a.out / "SCORES.md").write_text(text)
        (a.out / "scores.json").write_text(json.dumps({"about": about, "bars": BARS, "scores": scores}, indent=1) + "\n")
    print(text)
    shown = 0
    for c in every:
        for s in c.scores:
            if shown < a.show and not all(s.get(k, True) for k in ("calls", "answers", "no call", "words")):
                shown += 1
                print(json.dumps({k: s[k] for k in ("topic", "user", "made", "expected", "said", "wanted")}, ensure_ascii=False))


if __name__ == "__main__":
    main()
