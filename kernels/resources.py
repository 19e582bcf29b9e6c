#!/usr/bin/env python3
"""Writes the table of registers and spills in kernels/README.md.

Usage: kernels/resources.py build/kernels/kernels_all.fatbin.txt

The file is what ptxas said when `./dev build --cuda-all` compiled the kernels.
With --check it only says whether the table is the one in the README.
"""
import pathlib
import re
import sys

BEGIN = "<!-- resources: written by resources.py -->"
END = "<!-- /resources -->"
README = pathlib.Path(__file__).with_name("README.md")


def read(text):
    """{kernel: {architecture: (registers, stack bytes, spilled bytes, static shared bytes)}}"""
    found = {}
    kernel = architecture = None
    spills = stack = 0
    for line in text.splitlines():
        if match := re.search(r"Compiling entry function '(\w+)' for 'sm_(\d+)a?'", line):
            kernel, architecture = match.group(1), int(match.group(2))
        elif match := re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", line):
            stack = int(match.group(1))
            spills = int(match.group(2)) + int(match.group(3))
        elif match := re.search(r"Used (\d+) registers", line):
            shared = re.search(r"(\d+) bytes smem", line)
            found.setdefault(kernel, {})[architecture] = (
                int(match.group(1)), stack, spills, int(shared.group(1)) if shared else 0)
    return found


def table(found):
    architectures = sorted({a for per in found.values() for a in per})
    lines = ["Registers of a thread on each architecture (a number after + is bytes spilled), and bytes of static shared",
             "memory of a block.", "",
             "| kernel | " + " | ".join(f"sm_{a}" for a in architectures) + " | shared |",
             "| --- |" + " ---: |" * (len(architectures) + 1)]
    for kernel in sorted(found):
        per = found[kernel]
        cells = []
        for architecture in architectures:
            registers, _, spills, _ = per[architecture]
            cells.append(f"{registers}+{spills}" if spills else str(registers))
        shared = max(row[3] for row in per.values())
        lines.append(f"| `{kernel}` | " + " | ".join(cells) + f" | {shared} |")
    return "\n".join(lines)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    found = read(pathlib.Path(arguments[0]).read_text())
    if not found:
        sys.exit(f"{arguments[0]} names no kernel")
    text = README.read_text()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    new = text[:start] + "\n" + table(found) + "\n" + text[end:]
    if "--check" in sys.argv:
        sys.exit(0 if new == text else "the table in kernels/README.md is an older one")
    README.write_text(new)


if __name__ == "__main__":
    main()
