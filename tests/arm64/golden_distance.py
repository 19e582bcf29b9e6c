#!/usr/bin/env python3
"""How far `lares-cli logits --exact` is from the golden logits, with every set of loops; `./dev test --arm64` runs it.

    tests/arm64/golden_distance.py [--cpu MODEL:ISA …] COMMAND…

COMMAND… starts lares-cli, through an emulator where that is needed. Each --cpu is a column of the table: the processor that
qemu is to be, and the loops (LARES_CPU_ISA), either may be empty. A figure is the largest relative L2 distance of a file's
prompts. Exit status 1 when one is 1e-5 or more. Only Python's standard library.
"""
import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import subprocess
import sys

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "data" / "golden"
LIMIT = 1e-5


def cases_by_file():
    """{file: [(tokens, logits)]}; t-F32.gguf holds the weights of the BF16 folder, too."""
    files = {}
    for entry in json.loads((GOLDEN / "logits.json").read_text())["logits"]:
        for file in [entry["file"]] + (["t-F32.gguf"] if entry["file"] == "t-bf16" else []):
            files.setdefault(file, []).append((entry["tokens"], entry["logits"]))
    return files


def distance(got, want):
    if len(got) != len(want):
        return math.inf
    square = sum((g - w) ** 2 for g, w in zip(got, want))
    return math.sqrt(square / sum(w * w for w in want))


def worst_distance(command, file, cases, environment):
    lines = "".join(json.dumps({"tokens": tokens}) + "\n" for tokens, _ in cases)
    # One thread: threads that wait for each other are what an emulator is slowest at.
    options = ["--exact", "--threads", "1", "--jsonl", "--model", str(GOLDEN / file)]
    run = subprocess.run(command + ["logits"] + options, input=lines, capture_output=True, text=True, env=environment)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != 0 or len(answers) != len(cases):
        sys.exit(f"{file}: status {run.returncode}, {len(answers)} answers of {len(cases)}: {run.stderr.strip()}")
    # A NaN must not get lost: max() would drop it.
    distances = [distance(answer["logits"], want) for answer, (_, want) in zip(answers, cases)]
    return math.inf if any(math.isnan(d) for d in distances) else max(distances)


def environment_of(cpu):
    environment = dict(os.environ)
    for name, value in zip(("QEMU_CPU", "LARES_CPU_ISA"), cpu.split(":")):
        if value:
            environment[name] = value
    return environment


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cpu", action="append", metavar="MODEL:ISA")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    cpus = arguments.cpu or [":"]
    print(f"{'file':<14}" + "".join(f"{cpu:>20}" for cpu in cpus))
    worst = 0.0
    pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
    for file, cases in cases_by_file().items():
        row = list(pool.map(lambda cpu: worst_distance(arguments.command, file, cases, environment_of(cpu)), cpus))
        print(f"{file:<14}" + "".join(f"{d:>20.2e}" for d in row), flush=True)
        worst = max([worst] + row)
    print(f"largest {worst:.2e}, allowed {LIMIT:.0e}")
    return 0 if worst < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
