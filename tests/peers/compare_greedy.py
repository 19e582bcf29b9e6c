"""Greedy tokens of Lares Mini in lares-cli and in llama.cpp: 50 prompts, 64 tokens each.

A position where they part is a tie when the two tokens' logits, computed with exact arithmetic, differ by less than
the noise of 8-bit activations; after it the texts differ, so the comparison of that prompt ends there.
"""
import argparse
import json

import lares
import llamacpp

PROMPTS = 50
TOKENS = 64
STOPS = {2, 11}  # </s> and <|im_end|>
TIE = 0.25  # logits: what 8-bit activations move a logit of this model by

REQUESTS = ["What time is it?", "hi", "who are you?", "what can you do?", "What is in /home/anna/Documents?", "add 5 and 7",
            "read /srv/notes/plan.txt", "make a folder /tmp/{0}", "tell me a joke", "what is {0} * {1}?", "find all pdf files in ~/work{0}",
            "what's the weather in Oslo?", "move /a/{0}.txt to /b/{1}.txt", "thanks!", "are you online?"]


def prompts():
    """The same 50 conversations every time, rendered and encoded by lares-cli."""
    tools = json.loads((lares.ROOT / "tools/registry/builtin_tools.json").read_text())
    system = json.loads((lares.ROOT / "resources/personas/lares.json").read_text())["system"]
    for i in range(PROMPTS):
        request = REQUESTS[i % len(REQUESTS)].format(17 + i, 3 + 2 * i)
        conversation = {"messages": [{"role": "system", "content": system}, {"role": "user", "content": request}],
                        "tools": tools if i % 3 else None, "kwargs": {"enable_thinking": i % 2 == 0}}
        text = lares.run("render", "--format", "nemotron3", text=json.dumps(conversation))
        yield request, lares.run_json("tokenize", "--special", "-m", lares.MINI, text=text)["ids"]


def gap(tokens, a, b):
    """How far apart tokens a and b are after `tokens`, in exact arithmetic."""
    logits = lares.run_json("logits", "-m", lares.MINI, "--exact", "--tokens", ",".join(map(str, tokens)))["logits"]
    return abs(logits[a] - logits[b])


def theirs_like(server, tokens, ours):
    """llama.cpp's tokens after `tokens`, as many as `ours`. Where it ends the answer it stops; the comparison then goes on
    behind our own end token, if that is where we ended it too."""
    ids = []
    while len(ids) < len(ours):
        more, has_ended, _ = llamacpp.complete(server, tokens + ids, len(ours) - len(ids))
        ids += [id for id in more if id not in STOPS]
        if not has_ended or len(ids) >= len(ours):
            break
        ids.append(ours[len(ids)] if ours[len(ids)] in STOPS else min(STOPS))
    return ids


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    server = llamacpp.load(lares.MINI, threads=1, n_ctx=4096)
    same = ties = different = 0
    for request, tokens in prompts():
        ours = lares.run_json("generate", "-m", lares.MINI, "--greedy", "--ignore-eos", "-n", TOKENS, "--tokens", ",".join(map(str, tokens)))["tokens"]
        theirs = theirs_like(server, tokens, ours)
        at = next((i for i in range(TOKENS) if ours[i:i + 1] != theirs[i:i + 1]), None)
        if at is None:
            same += 1
            continue
        distance = gap(tokens + ours[:at], ours[at], theirs[at])
        ties += distance < TIE
        different += distance >= TIE
        print(f"{'tie' if distance < TIE else 'DIFFERENT'} at token {at} of {request!r}: {ours[at]} here, {theirs[at]} there, logits {distance:.4f} apart")
    print(f"{same} of {PROMPTS} prompts equal over {TOKENS} tokens, {ties} end in a tie, {different} differ")
    raise SystemExit(1 if different else 0)


if __name__ == "__main__":
    main()
