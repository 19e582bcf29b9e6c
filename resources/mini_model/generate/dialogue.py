"""Whole dialogues: a system prompt, granted tools, a few turns, rendered and split into trained and given text.

    python -m generate.dialogue [--held] [SEED]        prints some
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import prompt_format
from generate import changes, chains, files, sums, talk, words
from generate.context import ABILITY, PERSONAS, TOOLS, Context, Turn

# topic -> weight. Small talk and refusals together are a good quarter.
WEIGHTS = [
    (talk.small_talk, 15), (talk.refusal, 10),
    (sums.time, 2), (sums.date, 1), (sums.weekday, 0.8), (sums.year, 0.6), (sums.month, 0.6), (sums.when, 0.6),
    (sums.sum_plain, 3.5), (sums.sum_add, 1.2), (sums.sum_sub, 1.2), (sums.sum_mul, 1.2), (sums.sum_div, 1.2), (sums.sum_pct, 1.1), (sums.sum_sqrt, 0.8),
    (sums.sum_square, 0.8), (sums.sum_power, 0.8), (sums.sum_double, 0.8), (sums.sum_half, 0.8),
    (files.list_folder, 7), (files.list_check, 2), (files.list_size, 1.5), (files.list_folders_only, 1.2), (files.list_two, 1.8),
    (files.read_file, 6), (files.read_key, 4), (files.find_ext, 3), (files.find_name, 2.5), (files.find_part, 2), (files.find_home, 1.5),
    (changes.make_folder, 3.5), (changes.move, 4), (changes.move_to, 2.5), (changes.rename, 3), (changes.write_file, 5),
    (files.read_missing, 0.3), (files.list_missing, 0.3), (changes.move_missing, 0.3), (changes.make_missing, 0.3), (changes.write_missing, 0.3), (sums.sum_missing, 0.2),
    (chains.find_then_move, 2), (chains.find_then_read, 2), (chains.list_then_read, 2), (chains.make_then_move, 2), (chains.read_then_sum, 1.5),
    (chains.read_then_write, 1.8), (chains.time_then_write, 1), (chains.sum_then_write, 1.2),
    (chains.follow_same, 2), (chains.follow_listed, 3), (chains.follow_found, 1),
]
# Weights in training where they differ: what is hard to learn (names put together, tasks of two steps, what came earlier)
# comes more often, what is known by now less often. Held-out dialogues keep the mix above.
TRAINED = {
    talk.small_talk: 4, talk.refusal: 5, sums.sum_pct: 3, sums.sum_square: 1.5, sums.sum_double: 4, sums.sum_half: 2,
    files.list_folder: 6, files.list_check: 6, files.list_size: 5, files.list_folders_only: 3, files.list_two: 5, files.read_file: 9, files.read_key: 9,
    files.find_ext: 5, files.find_name: 11, files.find_part: 3, files.find_home: 4, changes.make_folder: 3, changes.move: 12, changes.move_to: 5, changes.rename: 18,
    changes.write_file: 12, chains.find_then_move: 9, chains.find_then_read: 5, chains.list_then_read: 11, chains.make_then_move: 2, chains.read_then_sum: 7,
    chains.read_then_write: 9, chains.time_then_write: 4, chains.sum_then_write: 4, chains.follow_same: 7, chains.follow_listed: 22, chains.follow_found: 12,
}
MAKERS = [m for m, _ in WEIGHTS]
CHANCES = {True: [w for _, w in WEIGHTS], False: [TRAINED.get(m, w) for m, w in WEIGHTS]}       # by whether they are held out

STYLES = ["Be brief.", "Answer in one sentence.", "Be kind.", "You help with files.", "Keep answers short.", "Be polite and exact.", "Answer in English.", "Never guess.", "Use simple words.", "You are patient."]
KINDS = ["a friendly assistant", "a helpful assistant", "an old librarian", "a quiet butler", "a patient teacher", "a cheerful robot", "a strict secretary", "a private assistant", "a small helper", "a house spirit", "an office clerk", "a wise owl"]


def system_prompt(ctx):
    """The system text; sets the name and the kind that the persona answers with."""
    rng = ctx.rng
    ctx.name, ctx.kind = "Lares", talk.LARES
    r = rng.random()
    if r < 0.62:
        persona = PERSONAS[0 if r < 0.5 else rng.choice([1, 2])]
        first = persona["system"].split(". ")[0].removeprefix("You are ")
        ctx.name, ctx.kind = first.split(", ", 1)
        return persona["system"]
    if r < 0.74:
        return ""
    if r < 0.84:
        return " ".join(rng.sample(STYLES, rng.randint(1, 2)))
    ctx.name = rng.choice(words.FIRST[ctx.held]).capitalize() if rng.random() < 0.5 else words.pseudo(rng, ctx.held).capitalize()
    ctx.kind = rng.choice(KINDS)
    return f"You are {ctx.name}, {ctx.kind}." + ("" if rng.random() < 0.4 else " " + " ".join(rng.sample(STYLES, rng.randint(1, 2))))


READING = ["get_time", "calculate", "list_folder", "read_file"]        # what a first start grants


def grant_tools(ctx, small=False):
    rng, every = ctx.rng, list(TOOLS)
    r = rng.random()
    if r < 0.18:
        return []
    if r < (0.3 if small else 0.62):
        if rng.random() < 0.4:
            rng.shuffle(every)
        return every
    if r < 0.76:
        return list(READING)
    return rng.sample(every, rng.randint(1, 4 if small else 7))


def grantable(turn, granted):
    """The turn as it is with these tools: a plain refusal where one of its tools is missing."""
    needed = [s.name for s in turn.steps] or [turn.needs] if hasattr(turn, "needs") or turn.steps else []
    lacking = [n for n in needed if n not in granted]
    if not lacking:
        return turn
    answer = talk.refusal_text(ABILITY[lacking[0]])
    return Turn("without " + lacking[0], turn.user, answer, "No tool does this. I say so.", [], [answer])


def next_turns(ctx, maker=None):
    for _ in range(20):
        made = (maker or ctx.rng.choices(MAKERS, CHANCES[ctx.held])[0])(ctx)
        turns = made if isinstance(made, list) else [made]
        if all(s.name in ctx.tools for t in turns for s in t.steps) and all(not hasattr(t, "needs") or t.needs in ctx.tools for t in turns):
            return turns
        if maker or ctx.rng.random() < (0.5 if ctx.tools else 0.6):
            return [grantable(turns[0], ctx.tools)]
    return [talk.small_talk(ctx)]


# Without thinking, a task of two steps begins with its plan; after the first result the model finds there what is left to do.
PLANS = {"First find_files, then move.": "First I find it, then I move it.", "First find_files, then read_file.": "First I find it, then I read it.",
         "First list_folder, then read_file.": "First I list the folder, then I read the file.", "First make_folder, then move.": "First I make the folder, then I move it.",
         "First read_file, then calculate.": "First I read it, then I calculate.", "First read_file, then write_file.": "First I read it, then I write it.",
         "First get_time, then write_file.": "First I get the time, then I write it.", "First calculate, then write_file.": "First I calculate, then I write it.",
         "First list_folder, then list_folder again.": "First I list one, then the second."}


def messages_of(turn, thinking, weight=1.0):
    out = [{"role": "user", "content": turn.user}]
    extra = {"train": weight}
    for step in turn.steps:
        out.append({"role": "assistant", "content": "" if thinking else PLANS.get(step.thought, ""), **({"reasoning_content": step.thought} if thinking else {}), **extra,
                    "tool_calls": [{"type": "function", "function": {"name": step.name, "arguments": step.arguments}}]})
        out.append({"role": "tool", "content": step.result})
    out.append({"role": "assistant", "content": turn.answer, **({"reasoning_content": turn.thought} if thinking else {}), **extra})
    return out


def weight_of(turn):
    """Short answers decide with few tokens: they count more."""
    return 1.0 if turn.steps else 2.0


CUT = 0.55                              # share of the short training dialogues that end with a call
TALK = [talk.small_talk, talk.small_talk, talk.refusal, files.read_missing, files.list_missing]


def branch(head, seed, budget, count, single=False, chat=False):
    """(messages, tools) of a training conversation under the system prompt and tools of `head`, of at most `budget` tokens
    after the system turn, or None; `count(text)` counts tokens. The last turn may think. single: one or two turns;
    chat: small talk and refusals only, which are short, so that one row holds many of them."""
    ctx = Context(seed, head.held)
    ctx.tools, ctx.name, ctx.kind = head.tools, head.name, head.kind
    rng = ctx.rng
    limit = 1 if single and chat else rng.choice([1, 1, 2]) if single else rng.choice([2, 3, 30, 30, 30])
    turns, used, misses = [], 0, 0
    while len(turns) < limit and misses < 6:
        new = next_turns(ctx, rng.choices(TALK, [6, 6, 8, 0.3, 0.3])[0] if chat else None)
        cost = sum(count(prompt_format.render(messages_of(t, False))) - 5 for t in new)
        if used + cost > budget:
            misses += 1
            continue
        used += cost
        turns += new
    if not turns:
        return None
    last_thinks = rng.random() < (0.4 if single else 0.5)           # without a thought there is less to go by: it needs more of the examples
    messages = [{"role": "system", "content": head.system}] if head.system else []
    for t in turns[:-1]:
        messages += messages_of(t, last_thinks and rng.random() < 0.25, weight_of(t))
    messages += messages_of(turns[-1], last_thinks, weight_of(turns[-1]))
    if single and turns[-1].steps and rng.random() < CUT:
        # Only as far as a call: what to do is learnt from many short dialogues, what to say from the whole ones.
        while not messages[-1].get("tool_calls") or (len(messages) > 3 and messages[-3].get("tool_calls") and rng.random() < 0.4):
            messages.pop()
    return messages, [TOOLS[n] for n in ctx.tools]


def start(seed, held=False, small=False):
    """The part that several conversations share: granted tools, system prompt, name."""
    ctx = Context(seed, held)
    ctx.tools = grant_tools(ctx, small)
    ctx.system = system_prompt(ctx)
    return ctx


def conversation(seed, budget, count, held=False):
    head = start(seed, held)
    return branch(head, f"{seed}+", budget, count)


if __name__ == "__main__":
    seed = int(sys.argv[-1]) if sys.argv[-1].isdigit() else 0
    for i in range(8):
        made = conversation(f"{seed}-{i}", 3000, lambda t: len(t) // 4, "--held" in sys.argv)
        text = prompt_format.render(*made)
        print(text if i == 0 else text[text.index("<|im_end|>"):], "\n" + "=" * 60)
