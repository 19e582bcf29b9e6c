"""The runtime of the AppImage on a small image, and what decides which libraries are bundled.

    ctest --preset dev -R installer        (LARES_BUILD names the build)
"""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ["LARES_BUILD"])
ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNTIME = BUILD / "installer/appimage-runtime"
sys.path.insert(0, str(ROOT / "installer/linux/appimage"))

from libraries import bundle_of, needed_names, newest_glibc  # noqa: E402
from system_libraries import SYSTEM_LIBRARIES  # noqa: E402

APP_RUN = """#!/bin/sh
printf '%s\\n' "$APPIMAGE" "$APPDIR" "$ARGV0" "$OWD" "$*"
cat "$(dirname "$0")/deep/er/words"
[ "${1:-}" != wait ] || { echo ready; sleep 60; }
[ "${1:-}" != fail ] || exit 7
"""

CAN_MOUNT = os.access("/dev/fuse", os.R_OK | os.W_OK) and shutil.which("fusermount3")


def wait_until(is_so):
    for _ in range(100):
        if is_so():
            return True
        time.sleep(0.02)
    return False


@unittest.skipUnless(RUNTIME.exists(), "the runtime was not built: it needs libsquashfuse-dev, libfuse3-dev, libzstd-dev, and no sanitizer")
@unittest.skipUnless(shutil.which("mksquashfs"), "there is no mksquashfs: squashfs-tools")
class Runtime(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name).resolve()
        tree = cls.folder / "tree"
        (tree / "deep/er").mkdir(parents=True)
        (tree / "AppRun").write_text(APP_RUN)
        (tree / "AppRun").chmod(0o755)
        (tree / "deep/er/words").write_text("words of the image\n")
        (tree / "deep/large").write_bytes(bytes(range(256)) * 2000 + b"end")
        (tree / "link").symlink_to("deep/large")
        subprocess.run(["mksquashfs", tree, cls.folder / "image", "-comp", "zstd", "-quiet", "-no-progress"],
                       check=True, stdout=subprocess.PIPE)
        cls.app = cls.folder / "Small.AppImage"
        cls.app.write_bytes(RUNTIME.read_bytes() + (cls.folder / "image").read_bytes())
        cls.app.chmod(0o755)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name).resolve()
        (self.here / "tmp").mkdir()

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "TMPDIR": str(self.here / "tmp"), **more}

    def run_app(self, *arguments, **variables):
        return subprocess.run([self.app, *arguments], cwd=self.here, env=self.environment(**variables), text=True,
                              capture_output=True, timeout=20)

    def assert_nothing_is_left(self):
        self.assertTrue(wait_until(lambda: not any((self.here / "tmp").iterdir())), list((self.here / "tmp").iterdir()))

    def assert_ran(self, done, arguments):
        file, folder, called, where, words, content = done.stdout.splitlines()
        self.assertEqual((file, called, where), (str(self.app), str(self.app), str(self.here)))
        self.assertTrue(folder.startswith(str(self.here / "tmp")), folder)
        self.assertEqual((words, content), (arguments, "words of the image"))

    def test_offset_is_where_the_image_begins(self):
        offset = int(self.run_app("--appimage-offset").stdout)
        self.assertEqual(offset, RUNTIME.stat().st_size)
        self.assertEqual(self.app.read_bytes()[offset:offset + 4], b"hsqs")

    def test_runs_from_a_temporary_folder(self):
        done = self.run_app("--appimage-extract-and-run", "one", "two words")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_ran(done, "one two words")
        self.assert_nothing_is_left()

    def test_status_is_the_programs(self):
        self.assertEqual(self.run_app("fail", APPIMAGE_EXTRACT_AND_RUN="1").returncode, 7)

    def test_without_fuse_it_extracts(self):
        # Nothing called fusermount3 is in this PATH.
        (self.here / "bin").mkdir()
        for name in ("sh", "cat", "dirname"):
            (self.here / "bin" / name).symlink_to(shutil.which(name))
        done = self.run_app("x", PATH=str(self.here / "bin"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_ran(done, "x")
        self.assert_nothing_is_left()

    def test_signal_reaches_the_program_and_the_folder_goes(self):
        with subprocess.Popen([self.app, "--appimage-extract-and-run", "wait"], cwd=self.here, text=True,
                              env=self.environment(), stdout=subprocess.PIPE, start_new_session=True) as process:
            for line in process.stdout:
                if line == "ready\n":
                    break
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(10), 128 + signal.SIGTERM)
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(process.pid, signal.SIGKILL)  # the `sleep` that the script has started
        self.assert_nothing_is_left()

    def test_extracts_all_or_what_matches(self):
        self.assertEqual(self.run_app("--appimage-extract").returncode, 0)
        root = self.here / "squashfs-root"
        self.assertEqual((root / "link").read_bytes(), (self.folder / "tree/deep/large").read_bytes())
        self.assertTrue(os.access(root / "AppRun", os.X_OK))
        shutil.rmtree(root)
        self.assertEqual(self.run_app("--appimage-extract", "deep/er").returncode, 0)
        self.assertEqual([path.name for path in root.rglob("*") if path.is_file()], ["words"])

    @unittest.skipUnless(CAN_MOUNT, "FUSE cannot be used here")
    def test_mounts_and_unmounts(self):
        done = self.run_app("one")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_ran(done, "one")
        self.assertIn("/.mount_", done.stdout)
        self.assert_nothing_is_left()

    @unittest.skipUnless(CAN_MOUNT, "FUSE cannot be used here")
    def test_mount_ends_with_its_process(self):
        with subprocess.Popen([self.app, "--appimage-mount"], env=self.environment(), text=True,
                              stdout=subprocess.PIPE) as process:
            folder = pathlib.Path(process.stdout.readline().strip())
            self.assertEqual((folder / "deep/er/words").read_text(), "words of the image\n")
            process.terminate()
        self.assert_nothing_is_left()

    def test_damaged_files_are_told(self):
        whole = self.app.read_bytes()
        offset = RUNTIME.stat().st_size
        damaged = self.here / "Damaged.AppImage"
        for data, words in ((whole[:offset], "no file system"), (whole[:offset + 300], "damaged|no file system"),
                            (whole[:offset + 96] + b"\xff" * 200 + whole[offset + 296:], "damaged|no file system")):
            damaged.write_bytes(data)
            damaged.chmod(0o755)
            done = subprocess.run([damaged, "--appimage-extract"], cwd=self.here, text=True, capture_output=True)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, words)

    def test_unknown_option_is_refused(self):
        done = self.run_app("--appimage-updateinformation")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--appimage-help", done.stderr)


class Libraries(unittest.TestCase):
    def test_window_brings_qt_and_no_driver(self):
        bundle = bundle_of([BUILD / "bin/lares"], SYSTEM_LIBRARIES)
        self.assertIn("libQt6Widgets.so.6", bundle)
        self.assertIn("libsqlite3.so.0", bundle)
        # Needed by a library that is bundled, not by the program.
        self.assertIn("libharfbuzz.so.0", bundle)
        self.assertFalse(SYSTEM_LIBRARIES & set(bundle))
        for path in bundle.values():
            self.assertTrue(path.is_file())

    def test_what_only_a_system_library_needs_is_left_out(self):
        loader = {"ld-linux-x86-64.so.2"}
        everything = bundle_of([BUILD / "bin/lares"], loader)
        without = bundle_of([BUILD / "bin/lares"], loader | {"libQt6Gui.so.6", "libQt6Widgets.so.6"})
        self.assertIn("libharfbuzz.so.0", everything)
        self.assertNotIn("libharfbuzz.so.0", without)

    def test_versions_compare_as_numbers(self):
        self.assertIn("libc.so.6", needed_names(BUILD / "bin/lares-cli"))
        major, minor = newest_glibc([BUILD / "bin/lares-cli"]).split(".")[:2]
        self.assertEqual(major, "2")
        self.assertGreater(int(minor), 30)


if __name__ == "__main__":
    unittest.main()
