"""Does the default precision choose the tokens that exact arithmetic chooses? One full-size file with random weights.

    lares-cli synth --like 4b --type q4_k_m FILE.gguf
    python3 tests/peers/compare_top1.py FILE.gguf [--positions 1000]

`logits --exact` (dequantised weights times f32 activations) is within 1e-5 of f64 on every golden file, so it stands for the
truth here. Random weights give flat logits: the best two are often closer than what 8-bit activations can tell apart. So the
noise is measured (the root mean square of the differences of the exact top tokens' logits, once the mean difference of a
position is taken off, which changes no choice), and positions whose exact margin is below twice the noise are counted apart.
"""
import argparse
import json
import random
import statistics

import lares

TOP = 12


def top(model, tokens, threads, *more):
    rows = lares.run_json("logits", "-m", model, "--tokens", ",".join(map(str, tokens)), "--all", "--top", TOP, "-t", threads, *more)
    return [[(entry["id"], entry["logit"]) for entry in row] for row in (rows["logits"] if isinstance(rows, dict) else rows)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model")
    arguments.add_argument("--positions", type=int, default=1000)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    rng = random.Random(7)
    exact, fast = [], []
    for begin in range(0, options.positions, 250):       # several short texts: other states, not one long drift
        tokens = [rng.randrange(1000, 130000) for _ in range(min(250, options.positions - begin))]
        exact += top(options.model, tokens, options.threads, "--exact")
        fast += top(options.model, tokens, options.threads)

    squares = []
    for want, got in zip(exact, fast):
        found = dict(got)
        differences = [found[token] - logit for token, logit in want if token in found]
        if len(differences) > 1:
            mean = statistics.fmean(differences)
            squares += [(d - mean) ** 2 for d in differences]
    noise = statistics.fmean(squares) ** 0.5
    equal = [want[0][0] == got[0][0] for want, got in zip(exact, fast)]
    clear = [same for same, want in zip(equal, exact) if want[0][1] - want[1][1] > 2 * noise]
    print(json.dumps({"positions": len(equal), "equal": round(sum(equal) / len(equal), 4), "noise": round(noise, 4),
                      "clear_positions": len(clear), "clear_equal": round(sum(clear) / max(1, len(clear)), 4)}))


if __name__ == "__main__":
    main()
