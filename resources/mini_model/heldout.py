"""Write heldout.jsonl: dialogues for evaluation, in sentence forms and names that training never draws.

    python heldout.py [COUNT]
"""
import json
import pathlib
import random
import sys

from generate import dialogue
from generate.context import Context

FILE = pathlib.Path(__file__).parent / "heldout.jsonl"
HEADS = 24
DRAW = "tenth"


def dialogues(count):
    makers = [m for m, _ in dialogue.WEIGHTS]
    heads = [dialogue.start(f"{DRAW} held-out head {i}", held=True) for i in range(HEADS)]
    everything = dialogue.start(f"{DRAW} held-out", held=True)
    everything.tools, everything.system = list(dialogue.TOOLS), dialogue.PERSONAS[0]["system"]
    everything.name, everything.kind = "Lares", dialogue.talk.LARES
    for i in range(count):
        rng = random.Random(f"{DRAW} held-out {i}")
        head = everything if rng.random() < 0.45 else rng.choice(heads)
        ctx = Context(f"{DRAW} held-out dialogue {i}", held=True)
        ctx.tools, ctx.name, ctx.kind = head.tools, head.name, head.kind
        # One topic in turn, so that every topic is tested; then more turns by weight.
        maker = makers[2 + i // 3 % (len(makers) - 2)] if i % 3 else dialogue.talk.small_talk if i % 2 else dialogue.talk.refusal
        turns = dialogue.next_turns(ctx, maker)
        for _ in range(rng.choice([0, 0, 1, 2])):
            turns += dialogue.next_turns(ctx)
        yield {"id": i, "system": head.system, "tools": head.tools, "thinking": rng.random() < 0.5,
               "turns": [{"topic": t.topic, "user": t.user, "steps": [{"name": s.name, "arguments": s.arguments, "result": s.result} for s in t.steps],
                          "answer": t.answer, "facts": t.facts, "absent": t.absent} for t in turns]}


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    text = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in dialogues(count))
    FILE.write_text(text)
    print(count, "dialogues,", text.count('"topic"'), "turns,", len(text.encode()), "bytes")
