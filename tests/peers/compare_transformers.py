"""lares-cli --exact against transformers (nemotron_h in float32) on safetensors folders: logits and greedy tokens.

    python3 tests/peers/compare_transformers.py [FOLDER …]      # default: the golden BF16 and FP8 folders
                                                                # needs: torch transformers safetensors

FP8 weights are dequantised with their scales for transformers; activations are float32 on both sides.
"""
import json
import pathlib
import random
import sys

import lares

GOLDEN = lares.ROOT / "tests" / "data" / "golden"
GREEDY, PROMPTS = 200, [[5], [7, 8, 9], list(range(3, 131)), list(range(3, 132))]
LIMIT = 1e-5


def load(folder, torch, transformers, safetensors):
    config = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    tensors = {}
    for file in sorted(pathlib.Path(folder).glob("*.safetensors")):
        tensors |= safetensors.load_file(file)
    weights = {}
    for name, tensor in tensors.items():
        if name.endswith(("_scale", ".k_scale", ".v_scale")):
            continue
        scale = tensors.get(name + "_scale") if tensor.dtype == torch.float8_e4m3fn else None
        weights[name.replace("backbone.", "model.")] = tensor.to(torch.float32) * (1.0 if scale is None else scale.to(torch.float32))
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if missing or unexpected:
        sys.exit(f"{folder}: missing {missing[:3]}, unexpected {unexpected[:3]}")
    return model.eval()


def logits(model, torch, tokens):
    with torch.no_grad():
        return model(torch.tensor([tokens]), use_cache=False).logits[0, -1].double()


def main():
    try:
        import safetensors.torch
        import torch
        import transformers
    except ImportError as error:
        sys.exit(f"skipped: {error.name} is not installed (pip install torch transformers safetensors)")
    transformers.utils.logging.set_verbosity_error()
    failed = False
    for folder in sys.argv[1:] or [GOLDEN / "t-bf16", GOLDEN / "t-fp8"]:
        model = load(folder, torch, transformers, safetensors.torch)
        rng = random.Random(3)
        vocabulary = model.config.vocab_size
        worst = 0.0
        for prompt in [*PROMPTS, [rng.randrange(3, vocabulary) for _ in range(300)]]:
            want = logits(model, torch, prompt)
            text = lares.run_json("logits", "-m", folder, "--exact", "--tokens", ",".join(map(str, prompt)))
            got = torch.tensor(text["logits"], dtype=torch.float64)
            worst = max(worst, ((got - want).norm() / want.norm()).item())
        tokens = list(PROMPTS[1])
        for _ in range(GREEDY):
            tokens.append(int(logits(model, torch, tokens).argmax()))
        ours = lares.run_json("generate", "-m", folder, "--exact", "--greedy", "--ignore-eos", "-n", GREEDY, "--tokens", ",".join(map(str, PROMPTS[1])))["tokens"]
        same = next((i for i, (a, b) in enumerate(zip(ours, tokens[len(PROMPTS[1]):])) if a != b), GREEDY)
        print(json.dumps({"folder": pathlib.Path(folder).name, "relative_l2": float(f"{worst:.2g}"), "greedy_equal": same, "of": GREEDY}), flush=True)
        failed |= worst >= LIMIT or same < GREEDY
    sys.exit(failed)


if __name__ == "__main__":
    main()
