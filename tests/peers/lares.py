"""lares-cli as a program, for the scripts beside this one."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLI = ROOT / "build" / "bin" / "lares-cli"
MINI = ROOT / "resources" / "mini_model" / "lares-mini.gguf"


def run(*arguments, text=None):
    """stdout of one call; ends the script with the program's own words when it fails."""
    if not CLI.exists():
        sys.exit(f"skipped: {CLI.relative_to(ROOT)} is not built (./dev build)")
    done = subprocess.run([str(CLI), *map(str, arguments)], input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"lares-cli {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def run_json(*arguments, text=None):
    return json.loads(run(*arguments, "--json", text=text))
