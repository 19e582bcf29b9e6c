#!/usr/bin/env python3
"""Measures Lares on a graphics card with full-size random models; `./dev gpu` runs it.

    tests/bench/measure_gpu.py --cli build-gpu/bin/lares-cli --card 0 --seconds 240 [--json FILE] [--peer "llama-bench -fa 1"]

Prints the table of gpu_table.py. Every step has a limit of its own, and none begins that the seconds do not allow; what is
left out is named. Files lie in a temporary folder, one model at a time. Only Python's standard library.
Exit status: 0, also where steps were left out for time; 1 where one failed.
"""
import argparse
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time

import gpu_table

MODELS = [("Q4_K_M", "q4_k_m", "q4_k_m.gguf"), ("FP8", "fp8", "fp8"), ("BF16", "bf16", "bf16")]
# Name, arguments, limit in seconds. The short depth in the last one loads the kernels before the long prompt is timed.
BENCHES = [
    ("depth 0", "-p 512 -n 64 -d 0 -r 5", 60),
    ("depth 1,024 and 8,192", "-p 0 -n 64 -d 1024,8192 -r 2", 60),
    ("depth 49,152", "-p 0 -n 64 -d 256,49152 -r 1", 60),
]
PEER_BENCHES = [
    ("peer, depth 0", "-p 512,8192 -n 64 -d 0 -r 3", 60),
    ("peer, depth 1,024 and 8,192", "-p 0 -n 64 -d 1024,8192 -r 2", 60),
    ("peer, depth 49,152", "-p 0 -n 64 -d 49152 -r 1", 60),
    ("peer, prefill 49,152", "-p 49152 -n 0 -r 1", 60),
]
SYNTH_LIMIT = 90
FIRST_TOKEN_LIMIT = 30
KERNELS_LIMIT = 30
SHORTEST_STEP = 8  # seconds under which nothing is begun




class Steps:
    """Runs commands within a time for all of them; notes what was left out and what failed."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds
        self.skipped, self.failed = [], []

    def run(self, name, command, limit):
        """Its stdout, or None."""
        left = self.end - time.monotonic()
        if left < SHORTEST_STEP:
            self.skipped.append(f"{name}: no time left")
            return None
        allowed = min(limit, left)
        print(f"==> {name}", file=sys.stderr, flush=True)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=allowed, check=False)
        except subprocess.TimeoutExpired:
            self.skipped.append(f"{name}: not done after {allowed:.0f} s")
            return None
        except OSError as error:
            self.failed.append(f"{name}: {error}")
            return None
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            self.failed.append(f"{name}: status {done.returncode}: {last}")
            return None
        return done.stdout

    def run_json(self, name, command, limit, take):
        """Gives stdout's JSON to `take`; what cannot be taken is a failure of the step."""
        text = self.run(name, command, limit)
        if text is None:
            return
        try:
            take(json.loads(text))
        except (ValueError, KeyError, IndexError) as error:
            self.failed.append(f"{name}: not as expected: {error}")


def used_bytes(card):
    """What all programs hold of the card; None where nvidia-smi does not say."""
    command = ["nvidia-smi", "-i", str(card), "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
        return int(done.stdout.split()[0]) << 20
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


class PeakMemory:
    """The largest use of the card while a block runs, over that at its beginning; for a program that does not tell."""

    def __init__(self, card):
        self.card, self.bytes = card, None
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        before = used_bytes(self.card)
        while before is not None and not self.stop.wait(0.1):
            now = used_bytes(self.card)
            if now is not None:
                self.bytes = max(self.bytes or 0, now - before)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def measure_model(steps, options, name, file, result):
    figures = result["models"].setdefault(name, {})
    figures["vram_before_bytes"] = used_bytes(options.card) or 0
    device = ["--device", f"cuda:{options.card}", "-m", str(file)]

    def take_bench(report):
        gpu_table.add_bench(figures, report)
        known = result.get("card")
        if not known or known["bandwidth_gb_s"] < report["machine"]["bandwidth_gb_s"]:
            result["card"] = {k: v for k, v in report["machine"].items() if k not in ("memory_bytes", "prompt_library")}

    def take_first_token(answer):
        figures["cold_first_token_ms"] = answer["stats"]["first_token_ms"]

    for case, arguments, limit in BENCHES:
        steps.run_json(f"{name}, {case}", [options.cli, "bench", "--json", *arguments.split(), *device], limit, take_bench)
        if case == "depth 0":
            tokens = ",".join(str(1000 + i * 7919 % 100000) for i in range(512))
            begin = time.monotonic()
            steps.run_json(f"{name}, first token of a process",
                           [options.cli, "generate", "--json", "--greedy", "--ignore-eos", "-n", "1", "--tokens", tokens,
                            *device], FIRST_TOKEN_LIMIT, take_first_token)
            if "cold_first_token_ms" in figures:
                figures["cold_seconds"] = time.monotonic() - begin
    if options.kernels:
        figures["kernels"] = steps.run(f"{name}, kernels of a token",
                                       [options.kernels, str(file), "0", str(options.card)], KERNELS_LIMIT)
    gpu_table.share_prompts(figures)


def measure_peer(steps, options, file, result):
    figures = result["peer"] = {"command": options.peer}
    with PeakMemory(options.card) as peak:
        for case, arguments, limit in PEER_BENCHES:
            steps.run_json(case, [*shlex.split(options.peer), "-m", str(file), "-o", "json", "-ngl", "99",
                                  *arguments.split()],
                           limit, lambda rows: gpu_table.add_llama_bench(figures, rows))
    if peak.bytes:
        figures["vram_bytes"] = peak.bytes


def measure(options):
    steps = Steps(options.seconds)
    result = {"models": {}, "skipped": steps.skipped, "failed": steps.failed}
    for name, kind, file_name in MODELS:
        with tempfile.TemporaryDirectory(prefix="lares-gpu-") as folder:
            file = pathlib.Path(folder) / file_name
            written = steps.run(f"{name}, writing the file",
                                [options.cli, "synth", "--like", "4b", "--type", kind, str(file)], SYNTH_LIMIT)
            if written is None:
                continue
            measure_model(steps, options, name, file, result)
            if options.peer and name == "Q4_K_M":
                measure_peer(steps, options, file, result)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--card", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--kernels", metavar="PROGRAM", help="bench_gpu_kernels: where a token's time goes")
    parser.add_argument("--peer", metavar="COMMAND", help="llama.cpp's llama-bench, with options if it needs some")
    options = parser.parse_args()
    result = measure(options)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(gpu_table.table(result), end="")
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
