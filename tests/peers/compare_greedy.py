"""Greedy tokens of Lares Mini in lares-cli and in llama.cpp: 50 prompts, 64 tokens each, of the file as it is and of a
copy in F32.

The copy is the strict comparison: neither engine rounds activations then. With the Q8_0 file both do, each in its own
way. A position where they part is a tie when the two tokens' logits, computed with exact arithmetic, differ by less than
the noise; after it the texts differ, so the comparison of that prompt ends there. --ignore-eos goes on behind the end of
an answer, where the model was never trained and its logits are close together.
"""
import argparse
import json
import pathlib
import sys
import tempfile

import lares
import llamacpp

try:
    import gguf
except ImportError:
    sys.exit("skipped: the package gguf is not installed (pip install gguf)")

PROMPTS = 50
TOKENS = 64
STOPS = {2, 11}  # </s> and <|im_end|>
# Logits. Q8_0: the most that 8-bit activations moved the distance between the two largest logits, 300 positions of this model:
# 0.50 in Lares, 0.46 in llama.cpp (95 of 100: 0.20 and 0.21). F32: keys and values are f16 in both engines.
TIES = {"Q8_0": 0.5, "F32": 0.02}

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


def write_f32(source, target):
    """The same model with every tensor in F32."""
    file = gguf.GGUFReader(str(source))
    out = gguf.GGUFWriter(str(target), file.fields["general.architecture"].contents())
    for field in file.fields.values():
        if not field.name.startswith("GGUF.") and field.name not in ("general.architecture", "general.file_type"):
            is_array = field.types[0] == gguf.GGUFValueType.ARRAY
            out.add_key_value(field.name, field.contents(), field.types[0], field.types[-1] if is_array else None)
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    for tensor in file.tensors:
        out.add_tensor(tensor.name, gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype("float32"))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def gap(model, tokens, a, b):
    """How far apart tokens a and b are after `tokens`, in exact arithmetic."""
    logits = lares.run_json("logits", "-m", model, "--exact", "--tokens", ",".join(map(str, tokens)))["logits"]
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


def compare(name, model):
    """Prints how many prompts agree; returns how many differ by more than noise."""
    server = llamacpp.load(model, threads=1, n_ctx=4096)
    same = ties = different = 0
    for request, tokens in prompts():
        ours = lares.run_json("generate", "-m", model, "--greedy", "--ignore-eos", "-n", TOKENS, "--tokens", ",".join(map(str, tokens)))["tokens"]
        theirs = theirs_like(server, tokens, ours)
        at = next((i for i in range(TOKENS) if ours[i:i + 1] != theirs[i:i + 1]), None)
        if at is None:
            same += 1
            continue
        distance = gap(model, tokens + ours[:at], ours[at], theirs[at])
        ties += distance < TIES[name]
        different += distance >= TIES[name]
        behind = ", behind the end of the answer" if STOPS & set(ours[:at]) else ""
        print(f"{name}: {'tie' if distance < TIES[name] else 'DIFFERENT'} at token {at} of {request!r}{behind}: {ours[at]} here, {theirs[at]} there, logits {distance:.4f} apart")
    print(f"{name}: {same} of {PROMPTS} prompts equal over {TOKENS} tokens, {ties} end in a tie, {different} differ")
    return different


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "lares-mini-f32.gguf"
        write_f32(lares.MINI, copy)
        different = compare("F32", copy) + compare("Q8_0", lares.MINI)
    raise SystemExit(1 if different else 0)


if __name__ == "__main__":
    main()
