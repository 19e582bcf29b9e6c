"""One GGUF file in lares-cli and in llama.cpp, in turn in the same run: prints medians, spreads and ratios, a JSON line a case.

    python3 tests/peers/bench_llamacpp.py FILE.gguf --threads 2 [--cases prefill,decode,load,depth,busy]

prefill, decode  tokens a second; the engines alternate, so a machine whose speed drifts slows both alike
load             seconds until the model can be used, and peak memory, each in a process of its own, the file in the page cache
depth            our decode behind 2,048 tokens ÷ at the beginning
busy             our decode with all threads while another program keeps one core busy ÷ with one thread on a quiet machine
"""
import argparse
import json
import multiprocessing
import statistics
import subprocess
import sys
import time

import lares
import llamacpp


def bench(model, prompt=0, generate=0, depth=0, threads=1):
    return lares.run_json("bench", "-m", model, "-p", prompt, "-n", generate, "-d", depth, "-t", threads, "-r", 1)


def rate(result, kind, depth=0):
    return next(row["tokens_per_second"]["median"] for row in result["results"] if row[kind] and row["depth"] == depth)


def say(case, **values):
    print(json.dumps({"case": case, **values}), flush=True)


def summary(values, digits=2):
    return {"median": round(statistics.median(values), digits), "min": round(min(values), digits), "max": round(max(values), digits)}


def compare(case, threads, mine, peer):
    say(case, threads=threads, lares_tps=summary(mine), llamacpp_tps=summary(peer), ratio=summary([a / b for a, b in zip(mine, peer)], 3))


def speeds(options):
    server = llamacpp.load(options.model, options.threads, n_ctx=2048)
    tokens = [1000 + (i * 7919) % 100000 for i in range(options.prompt)]
    mine, peer = {"prefill": [], "decode": []}, {"prefill": [], "decode": []}
    for _ in range(options.rounds):
        if "prefill" in options.cases:
            mine["prefill"].append(rate(bench(options.model, options.prompt, 0, threads=options.threads), "prompt"))
            peer["prefill"].append(llamacpp.complete(server, tokens, 1)[2]["prompt_per_second"])
        if "decode" in options.cases:
            mine["decode"].append(rate(bench(options.model, 0, options.generate, threads=options.threads), "generate"))
            peer["decode"].append(llamacpp.complete(server, tokens[:8], options.generate)[2]["predicted_per_second"])
    for case in mine:
        if mine[case]:
            compare(case, options.threads, mine[case], peer[case])


def load_llamacpp(model, threads):
    begin = time.monotonic()
    server = llamacpp.load(model, threads, n_ctx=2048, warmup=False)
    seconds = time.monotonic() - begin
    llamacpp.complete(server, list(range(1000, 1016)), 2)
    with open("/proc/self/status") as status:  # ru_maxrss would begin with what this process's parent has in memory
        peak = next(line for line in status if line.startswith("VmHWM"))
    print(json.dumps([seconds, int(peak.split()[1]) * 1024]))


def load(options):
    with open(options.model, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass
    mine, peer = [], []
    for _ in range(options.rounds):
        ours = bench(options.model, 16, 2, threads=options.threads)
        mine.append((ours["load_seconds"], ours["peak_rss_bytes"]))
        line = subprocess.run([sys.executable, __file__, options.model, "--threads", str(options.threads), "--cases", "load_llamacpp"],
                              capture_output=True, text=True, check=True).stdout.splitlines()[-1]
        peer.append(json.loads(line))
    seconds = [[row[0] for row in rows] for rows in (mine, peer)]
    say("load", threads=options.threads, lares_seconds=summary(seconds[0]), llamacpp_seconds=summary(seconds[1]),
        ratio=summary([a / b for a, b in zip(*seconds)], 3), lares_peak_mb=round(max(m[1] for m in mine) / 1e6), llamacpp_peak_mb=round(max(p[1] for p in peer) / 1e6))


def depth(options):
    """In one process, whose cases take short turns: the two are 80 seconds apart otherwise, and the machine another one."""
    ratios = []
    for _ in range(options.rounds):
        result = lares.run_json("bench", "-m", options.model, "-p", 0, "-n", 2, "-d", "0,2048", "-t", options.threads, "-r", 150)
        ratios.append(rate(result, "generate", 2048) / rate(result, "generate", 0))
    say("depth", threads=options.threads, ratio=summary(ratios, 3))


def spin():
    while True:
        pass


def busy(options):
    ratios = []
    for _ in range(options.rounds):
        alone = rate(bench(options.model, 0, options.generate, threads=1), "generate")
        other = multiprocessing.Process(target=spin, daemon=True)
        other.start()
        try:
            ratios.append(rate(bench(options.model, 0, options.generate, threads=options.threads), "generate") / alone)
        finally:
            other.terminate()
            other.join()
    say("busy", threads=options.threads, ratio=summary(ratios, 3))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--prompt", type=int, default=512)
    arguments.add_argument("--generate", type=int, default=32)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--cases", type=lambda text: text.split(","), default=["prefill", "decode", "load", "depth", "busy"])
    options = arguments.parse_args()
    if options.cases == ["load_llamacpp"]:
        return load_llamacpp(options.model, options.threads)
    if {"prefill", "decode"} & set(options.cases):
        speeds(options)
    for case in (load, depth, busy):
        if case.__name__ in options.cases:
            case(options)


if __name__ == "__main__":
    main()
