"""The table of `./dev gpu` on recorded reports, the steps' time limits, and what it does with and without a card.

    cd tests/bench && python3 -m unittest test_gpu_table
"""
import copy
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import types
import unittest

import gpu_table
import measure_gpu

ROOT = pathlib.Path(__file__).resolve().parents[2]


def row(prompt, generate, depth, rate, share, depth_seconds=0.0):
    return {"prompt": prompt, "generate": generate, "depth": depth, "depth_seconds": depth_seconds, "threads": 2,
            "tokens_per_second": {"median": rate, "min": rate, "max": rate}, "share_of_limit": share}


# As `lares-cli bench --json` prints it; the numbers are made up.
REPORT = {
    "machine": {"card": "Card of the test", "bandwidth_gb_s": 1000.0, "int8_gops": 200000.0, "f16_gflops": 100000.0,
                "memory_bytes": {"total": 8000000000, "used": 3500000000, "weights": 2500000000, "state": 1, "kv": 1,
                                 "work": 1}},
    "model": {"name": "m", "file_bytes": 1, "weight_bytes_per_token": 2.5e9, "operations_per_prompt_token": 6e9},
    "results": [row(512, 0, 0, 4000.0, 0.25), row(0, 64, 0, 200.0, 0.5)],
    "load_seconds": 1.25,
    "peak_rss_bytes": 1,
}
DEEP = {**REPORT, "load_seconds": 9.0,
        "results": [row(0, 64, 1024, 190.0, 0.48, 0.3), row(0, 64, 8192, 150.0, 0.4, 4.096)]}
LLAMA_BENCH = [
    {"n_prompt": 512, "n_gen": 0, "n_depth": 0, "avg_ts": 2000.0},
    {"n_prompt": 0, "n_gen": 64, "n_depth": 0, "avg_ts": 160.0},
    {"n_prompt": 0, "n_gen": 64, "n_depth": 8192, "avg_ts": 100.0},
]

# Stands for lares-cli and for llama-bench: writes what synth would, prints what was recorded.
FAKE_CLI = f"""#!{sys.executable}
import json, os, pathlib, sys
arguments = sys.argv[1:]
if os.environ.get("FAIL_AT") and os.environ["FAIL_AT"] in " ".join(arguments):
    sys.exit("error: made to fail")
if arguments[0] == "synth":
    pathlib.Path(arguments[-1]).write_text("weights")
    with open(os.environ["WRITTEN"], "a") as log: print(arguments[-1], file=log)
elif arguments[0] == "generate":
    print(json.dumps({{"stats": {{"first_token_ms": 77.0}}}}))
elif arguments[1:] == ["0", "3"]:
    print("| kernels of |\\n| --- |\\n|", pathlib.Path(arguments[0]).name, "|")
elif arguments[0] == "bench":
    assert arguments[arguments.index("--device") + 1] == "cuda:3"
    print(os.environ["DEEP" if "1024,8192" in arguments else "REPORT"])
else:
    assert "-ngl" in arguments
    print(os.environ["LLAMA_BENCH"])
"""


class TableTest(unittest.TestCase):
    def figures(self):
        figures = {"vram_before_bytes": 500000000}
        gpu_table.add_bench(figures, REPORT)
        gpu_table.add_bench(figures, DEEP)
        gpu_table.share_prompts(figures)
        return figures

    def test_takes_rates_shares_load_and_memory(self):
        figures = self.figures()
        self.assertEqual(figures["decode"], {0: 200.0, 1024: 190.0, 8192: 150.0})
        self.assertEqual(figures["prefill"], {512: 4000.0, 8192: 2000.0})
        self.assertEqual(figures["prefill_share"], {512: 0.25, 8192: 0.125})
        self.assertEqual(figures["first_token_ms"], 128.0)
        self.assertEqual(figures["load_seconds"], 1.25)  # the first: later ones read the same file again
        self.assertEqual(figures["vram_bytes"], {512: 3000000000, 8256: 3000000000})

    def test_refuses_a_report_of_the_processor(self):
        report = copy.deepcopy(REPORT)
        del report["machine"]["card"]
        with self.assertRaises(ValueError):
            gpu_table.add_bench({}, report)

    def test_compares_what_both_have(self):
        peer = gpu_table.add_llama_bench({}, LLAMA_BENCH)
        self.assertEqual(gpu_table.ratios(self.figures(), peer),
                         [("decode at 0", 200.0, 160.0, 1.25), ("decode at 8,192", 150.0, 100.0, 1.5),
                          ("prefill 512", 4000.0, 2000.0, 2.0)])

    def test_prints_the_table(self):
        peer = gpu_table.add_llama_bench({"command": "llama-bench"}, LLAMA_BENCH)
        text = gpu_table.table({"card": REPORT["machine"], "models": {"Q4_K_M": self.figures(), "BF16": {}},
                                "peer": peer, "skipped": ["BF16: no time left"], "failed": ["FP8: status 1: full"]})
        for line in ("Card of the test: 1,000 GB/s of memory (a copy, read and written), 200.0 int8 Top/s and "
                     "100.0 f16 Tflop/s (mma.sync).",
                     "|  | Q4_K_M | BF16 |",
                     "| decode at 0, tokens/s | 200.0 (50 %) | – |",
                     "| decode at 49,152, tokens/s | – | – |",
                     "| prefill 8,192, tokens/s | 2,000 (12 %) | – |",
                     "| time to first token, 512 tokens, ms | 128.0 | – |",
                     "| load, file in the page cache, s | 1.25 | – |",
                     "| VRAM peak, context of 8,256, MB | 3,000 | – |",
                     "| decode at 0 | 200.0 | 160.0 | 1.25 |",
                     "Skipped: BF16: no time left",
                     "Failed: FP8: status 1: full"):
            self.assertIn(line, text.splitlines())

    def test_names_what_multiplied_long_prompts(self):
        def figures(library):
            report = copy.deepcopy(REPORT)
            report["machine"]["prompt_library"] = library
            return gpu_table.add_bench({}, report)

        text = gpu_table.table({"models": {"Q4_K_M": figures(None), "FP8": figures("cuBLAS 13.1.0 (there)"),
                                           "BF16": figures("cuBLAS 13.1.0 (there)")}})
        self.assertIn("Long prompts of FP8 and BF16: cuBLAS 13.1.0 (there)", text.splitlines())
        self.assertNotIn("Q4_K_M:", text)

    def test_prints_without_any_figure(self):
        text = gpu_table.table({"models": {}, "skipped": ["all"], "failed": []})
        self.assertIn("Skipped: all", text)


class FakeMachine(unittest.TestCase):
    """A machine whose nvidia-smi knows nothing, with programs that print what was recorded."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.cli = self.folder / "fake-cli"
        self.cli.write_text(FAKE_CLI)
        self.cli.chmod(self.cli.stat().st_mode | stat.S_IXUSR)
        self.set("WRITTEN", str(self.folder / "written"))
        for name, value in (("REPORT", REPORT), ("DEEP", DEEP), ("LLAMA_BENCH", LLAMA_BENCH)):
            self.set(name, json.dumps(value))
        self.command("nvidia-smi", "exit 9")
        self.set("PATH", f"{self.folder}{os.pathsep}{os.environ['PATH']}")

    def set(self, name, value):
        old = os.environ.get(name)
        os.environ[name] = value
        self.addCleanup(lambda: os.environ.update({name: old}) if old is not None else os.environ.pop(name))

    def command(self, name, text):
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)


class MeasureTest(FakeMachine):
    def measure(self, seconds=600, peer=None, kernels=None):
        return measure_gpu.measure(types.SimpleNamespace(cli=str(self.cli), card=3, seconds=seconds, peer=peer,
                                                         kernels=kernels))

    def test_measures_every_model_and_removes_its_file(self):
        result = self.measure(peer=f"{self.cli} -fa 1")
        self.assertEqual((result["skipped"], result["failed"]), ([], []))
        self.assertEqual(list(result["models"]), ["Q4_K_M", "FP8", "BF16"])
        for figures in result["models"].values():
            self.assertEqual(figures["decode"][8192], 150.0)
            self.assertEqual(figures["cold_first_token_ms"], 77.0)
        self.assertEqual(result["peer"]["decode"][0], 160.0)
        written = (self.folder / "written").read_text().split()
        self.assertEqual([pathlib.Path(w).name for w in written], ["q4_k_m.gguf", "fp8", "bf16"])
        self.assertFalse(any(pathlib.Path(w).exists() for w in written))
        json.dumps(result)

    def test_asks_where_a_tokens_time_goes(self):
        result = self.measure(kernels=str(self.cli))
        self.assertEqual(result["failed"], [])
        lines = gpu_table.table(result).splitlines()
        at = lines.index("Kernels of a token, FP8, at the beginning:")
        self.assertEqual(lines[at + 1:at + 5], ["", "| kernels of |", "| --- |", "| fp8 |"])

    def test_names_what_there_is_no_time_for(self):
        result = self.measure(seconds=1)
        self.assertEqual(result["models"], {})
        self.assertEqual(result["skipped"], [f"{m}, writing the file: no time left" for m in ("Q4_K_M", "FP8", "BF16")])

    def test_ends_a_step_that_takes_too_long(self):
        steps = measure_gpu.Steps(60)
        self.assertIsNone(steps.run("slow", [sys.executable, "-c", "import time; time.sleep(60)"], 0.2))
        self.assertEqual(steps.skipped, ["slow: not done after 0 s"])
        self.assertEqual(steps.failed, [])

    def test_goes_on_after_a_step_that_fails(self):
        self.set("FAIL_AT", "q4_k_m.gguf")
        result = self.measure()
        self.assertEqual(result["failed"], ["Q4_K_M, writing the file: status 1: error: made to fail"])
        self.assertEqual(list(result["models"]), ["FP8", "BF16"])

    def test_a_report_without_what_is_needed_is_a_failure(self):
        self.set("REPORT", json.dumps({"machine": {"card": "x"}}))
        result = self.measure()
        self.assertIn("Q4_K_M, depth 0: not as expected: 'results'", result["failed"])


class DevTest(FakeMachine):
    def dev(self, *arguments):
        return subprocess.run([self.folder / "dev", "gpu", *arguments], capture_output=True, text=True, check=False)

    def setUp(self):
        super().setUp()
        shutil.copy(ROOT / "dev", self.folder / "dev")

    def put_a_card(self):
        """A machine with one, whose build and tests only write down what they were asked for."""
        log = self.folder / "log"
        self.command("nvidia-smi", "echo 9.0")
        self.command("dpkg-query", "printf installed")
        self.command("cmake", f'echo "cmake $*" >> {log}\nmkdir -p build-gpu\n'
                              "echo LARES_NVCC:FILEPATH=/usr/bin/nvcc > build-gpu/CMakeCache.txt")
        self.command("ctest", f'echo "ctest on $LARES_TEST_DEVICE: $*" >> {log}\nexit $CTEST_STATUS')
        self.command("python3", f'echo "python3 $*" >> {log}')
        return log

    def test_builds_for_the_card_tests_and_measures(self):
        self.set("CTEST_STATUS", "0")
        log = self.put_a_card()
        done = self.dev("--card", "1", "--json", "out.json", "--peer", "llama-bench -fa 1")
        self.assertEqual(done.returncode, 0, done.stderr)
        configure, build, test, measure = log.read_text().splitlines()
        self.assertIn("-B build-gpu -DLARES_CUDA_ARCHITECTURES=90 ", configure)
        self.assertEqual(build, "cmake --build build-gpu --target lares-cli gpu_tests bench_gpu_kernels")
        self.assertTrue(test.startswith("ctest on cuda:1: --test-dir build-gpu -L gpu "))
        self.assertRegex(measure, "measure_gpu.py --cli build-gpu/bin/lares-cli "
                                  "--kernels build-gpu/bench/bench_gpu_kernels --card 1 --seconds 5[0-9][0-9] "
                                  "--json out.json --peer llama-bench -fa 1$")

    def test_built_checks_with_the_programs_that_are_there(self):
        self.set("CTEST_STATUS", "0")
        log = self.put_a_card()
        done = self.dev("--built")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no build-gpu/bin/lares-cli: unpack what ./dev gpu --pack made", done.stderr)
        (self.folder / "build-gpu/bin").mkdir(parents=True)
        (self.folder / "build-gpu/bin/lares-cli").touch(mode=0o755)
        self.command("ctest", f'echo "ctest with $LD_LIBRARY_PATH" >> {log}')
        done = self.dev("--built", "--card", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        test, measure = log.read_text().splitlines()
        self.assertTrue(test.startswith(f"ctest with {self.folder.resolve()}/build-gpu/libs"), test)
        self.assertIn("measure_gpu.py --cli build-gpu/bin/lares-cli --kernels build-gpu/bench/bench_gpu_kernels --card 0 ",
                      measure)

    def test_packs_for_another_machine(self):
        log = self.put_a_card()
        self.command("nvidia-smi", "exit 1")
        done = self.dev("--pack", "gpu.tar.xz", "--arch", "120")
        self.assertEqual(done.returncode, 0, done.stderr)
        configure, build, pack = log.read_text().splitlines()
        self.assertIn("-DLARES_CUDA_ARCHITECTURES=120 ", configure)
        self.assertEqual(build, "cmake --build build-gpu --target lares-cli gpu_tests bench_gpu_kernels")
        self.assertTrue(pack.endswith("tests/bench/pack_gpu.py build-gpu gpu.tar.xz"), pack)

    def test_measures_after_tests_that_fail_and_fails(self):
        self.set("CTEST_STATUS", "8")
        log = self.put_a_card()
        done = self.dev()
        self.assertEqual(done.returncode, 1)
        self.assertIn("the figures below do not count", done.stderr)
        self.assertIn("measure_gpu.py", log.read_text())

    def test_dev_says_so_and_builds_nothing(self):
        self.command("cmake", "echo cmake was called; exit 1")
        done = self.dev()
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.strip(),
                         "==> there is no NVIDIA card 0 that nvidia-smi finds here: nothing was checked on a card")

    def test_dev_refuses_an_architecture_without_pack(self):
        done = self.dev("--arch", "120")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--arch goes with --pack", done.stderr)

    def test_dev_refuses_unknown_options(self):
        done = self.dev("--fast")
        self.assertEqual(done.returncode, 1)
        self.assertIn("unknown option of gpu: --fast", done.stderr)


if __name__ == "__main__":
    unittest.main()
