"""Decode and prefill speed of one GGUF file, lares-cli and llama.cpp in turn in the same run; prints medians and ratios.

The engines alternate, so a machine whose speed drifts slows both alike.
"""
import argparse
import json
import statistics

import lares
import llamacpp


def ours(model, prompt, generate, threads):
    result = lares.run_json("bench", "-m", model, "-p", prompt, "-n", generate, "-d", 0, "-t", threads, "-r", 1)["results"]
    by_kind = {("prefill" if row["prompt"] else "decode"): row["tokens_per_second"]["median"] for row in result}
    return by_kind["prefill"], by_kind["decode"]


def theirs(server, prompt, generate):
    tokens = [1000 + (i * 7919) % 100000 for i in range(prompt)]
    prefill = llamacpp.complete(server, tokens, 1)[2]["prompt_per_second"]
    decode = llamacpp.complete(server, tokens[:8], generate)[2]["predicted_per_second"]
    return prefill, decode


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--prompt", type=int, default=512)
    arguments.add_argument("--generate", type=int, default=32)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()

    server = llamacpp.load(options.model, options.threads, n_ctx=2048)
    rows = []
    for _ in range(options.rounds):
        rows.append((*ours(options.model, options.prompt, options.generate, options.threads), *theirs(server, options.prompt, options.generate)))
    for name, a, b in (("prefill", 0, 2), ("decode", 1, 3)):
        mine, peer = [r[a] for r in rows], [r[b] for r in rows]
        ratio = [x / y for x, y in zip(mine, peer)]
        print(json.dumps({"case": name, "threads": options.threads, "lares_tps": round(statistics.median(mine), 2), "llamacpp_tps": round(statistics.median(peer), 2),
                          "ratio": {"median": round(statistics.median(ratio), 3), "min": round(min(ratio), 3), "max": round(max(ratio), 3)}}))


if __name__ == "__main__":
    main()
