#!/usr/bin/env python3
"""Packs what `./dev gpu --built` needs of a build folder, for a machine with a card but without Qt or a network.

    tests/bench/pack_gpu.py build-gpu gpu.tar.xz

The archive holds the folder's `lares-cli` and `bench_gpu_kernels`, the tests labelled `gpu`, ctest's lists of tests, and the shared libraries that
the programs need beyond the C++ runtime (in libs/). Unpack it in the repository's root there. Tests know their data by
absolute paths: the repository has to lie at the same path, for which a symbolic link will do. Only Python's standard library.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

# Part of every system, and bound to it.
OF_THE_SYSTEM = {"libc", "libm", "libgcc_s", "libstdc++", "libpthread", "libdl", "librt", "ld-linux-x86-64"}


def output_of(*command, cwd=None):
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=cwd).stdout


def shared_libraries(program):
    """{name: path} of those that are not the system's."""
    found = re.findall(r"^\s*(\S+) => (/\S+)", output_of("ldd", str(program)), re.MULTILINE)
    return {name: path for name, path in found if name.split(".so")[0] not in OF_THE_SYSTEM}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build, archive = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    root = build.parent
    tests = json.loads(output_of("ctest", "-L", "gpu", "--show-only=json-v1", cwd=build))["tests"]
    programs = [pathlib.Path(test["command"][0]) for test in tests]
    programs += [build / "bin" / "lares-cli", build / "bench" / "bench_gpu_kernels"]
    folders = {p["value"] for test in tests for p in test["properties"] if p["name"] == "WORKING_DIRECTORY"}
    libraries = {}
    with tarfile.open(archive, "w:xz", preset=3) as tar, tempfile.TemporaryDirectory() as scratch:
        for program in programs:
            libraries |= shared_libraries(program)
            stripped = pathlib.Path(scratch) / program.name
            output_of("strip", "-o", str(stripped), str(program))
            tar.add(stripped, program.relative_to(root))
        for folder in sorted(folders):  # where a test runs: the folder alone
            tar.add(folder, pathlib.Path(folder).relative_to(root), recursive=False)
        for tests_of in build.rglob("CTestTestfile.cmake"):
            tar.add(tests_of, tests_of.relative_to(root))
        for name, path in sorted(libraries.items()):
            tar.add(os.path.realpath(path), pathlib.Path(build.name) / "libs" / name)
    print(f"{archive}: {len(programs)} programs, {len(libraries)} libraries, {os.path.getsize(archive) >> 20} MB; "
          f"for a repository at {root}", file=sys.stderr)


if __name__ == "__main__":
    main()
