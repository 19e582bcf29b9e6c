"""What `cmake --install` copies is complete, is nothing else, and runs where it lies.

    ctest --preset dev -R installer        (LARES_BUILD and LARES_VERSION name the build and its version)
"""
import configparser
import gzip
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

BUILD = pathlib.Path(os.environ["LARES_BUILD"])
VERSION = os.environ["LARES_VERSION"]

ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)

EXPECTED = {
    "bin/lares",
    "bin/lares-cli",
    "bin/lares-download",
    "bin/lares-reader",
    "bin/lares-toolhost",
    "share/applications/lares.desktop",
    "share/doc/lares/changelog.gz",
    "share/doc/lares/copyright",
    "share/icons/hicolor/scalable/apps/lares.svg",
    *(f"share/icons/hicolor/{size}x{size}/apps/lares.png" for size in ICON_SIZES),
    "share/lares/mini_model/lares-mini.gguf",
    "share/lares/eval/basics.jsonl",
    "share/lares/personas/clerk.json",
    "share/lares/personas/lares.json",
    "share/lares/personas/robin.json",
    "share/man/man1/lares-cli.1.gz",
    "share/man/man1/lares-download.1.gz",
    "share/man/man1/lares-reader.1.gz",
    "share/man/man1/lares-toolhost.1.gz",
    "share/man/man1/lares.1.gz",
    "share/metainfo/lares.metainfo.xml",
}


def manual(text):
    """A manual page's words, without the marks of its format."""
    return re.sub(r"\\(.)", r"\1", text)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.prefix = pathlib.Path(cls.folder.name, "usr")
        cls.home = pathlib.Path(cls.folder.name, "home")
        cls.home.mkdir()
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, stdout=subprocess.PIPE)

    def run_installed(self, program, *arguments, **variables):
        environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
                       "XDG_RUNTIME_DIR": str(self.home), **variables}
        return subprocess.run([self.prefix / "bin" / program, *arguments], env=environment, cwd=self.home,
                              text=True, capture_output=True, timeout=300)

    def read(self, name):
        data = (self.prefix / name).read_bytes()
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode()

    def test_every_file_is_expected_and_none_is_missing(self):
        found = {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if not path.is_dir()}
        self.assertEqual(sorted(EXPECTED), sorted(found))

    def test_programs_look_for_libraries_only_where_the_system_does(self):
        for name in ("lares", "lares-cli", "lares-download"):
            dynamic = subprocess.run(["readelf", "-d", self.prefix / "bin" / name], check=True, text=True,
                                     capture_output=True).stdout
            self.assertIn("NEEDED", dynamic)
            self.assertNotRegex(dynamic, "RPATH|RUNPATH", name)

    def test_what_runs_confined_needs_no_file_but_itself(self):
        for name in ("lares-toolhost", "lares-reader"):
            with self.subTest(name):
                self.check_that_it_stands_alone(name)

    def check_that_it_stands_alone(self, name):
        program = self.prefix / "bin" / name
        headers = subprocess.run(["readelf", "-d", "-l", program], check=True, text=True, capture_output=True).stdout
        if "libc.so" in headers:
            self.skipTest("this system has no static C library")
        self.assertNotRegex(headers, "NEEDED|INTERP|RPATH|RUNPATH")
        called = self.run_installed(name)
        self.assertEqual((called.returncode, called.stdout), (2, ""))
        self.assertIn("is started by Lares", called.stderr)

    def test_only_the_downloader_has_network_code(self):
        for name, expected in (("lares", False), ("lares-cli", False), ("lares-download", True)):
            libraries = subprocess.run(["ldd", self.prefix / "bin" / name], check=True, text=True,
                                       capture_output=True).stdout
            self.assertEqual("libQt6Network" in libraries, expected, name)

    def test_terminal_answers_from_what_was_installed(self):
        answer = self.run_installed("lares-cli", "run", "--seed", "1", "What can you do?")
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        self.assertIn("read", answer.stdout)

    def test_terminal_finds_nothing_elsewhere(self):
        resources = self.prefix / "share/lares"
        hidden = resources.rename(self.prefix / "share/hidden")
        try:
            answer = self.run_installed("lares-cli", "run", "What can you do?")
        finally:
            hidden.rename(resources)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn("resources folder was not found", answer.stderr)

    def test_programs_say_the_version_without_a_screen(self):
        for program in ("lares", "lares-cli", "lares-download"):
            self.assertIn(VERSION, self.run_installed(program, "--version").stdout.split())

    def test_window_paints_its_states(self):
        pictures = self.home / "pictures"
        taken = self.run_installed("lares", "--screenshots", str(pictures), QT_QPA_PLATFORM="offscreen")
        self.assertEqual(taken.returncode, 0, taken.stderr)
        names = {picture.name for picture in pictures.iterdir()}
        self.assertTrue(any("-light-" in name for name in names) and any("-dark-" in name for name in names), names)

    def test_desktop_file_starts_what_is_there(self):
        path = self.prefix / "share/applications/lares.desktop"
        self.assertTrue(path.read_text().startswith("[Desktop Entry]\n"))
        file = configparser.ConfigParser(interpolation=None)
        file.optionxform = str
        file.read(path, encoding="utf-8")
        entries = file["Desktop Entry"]
        for group in ["Desktop Entry"] + [f"Desktop Action {name}" for name in entries["Actions"].strip(";").split(";")]:
            program = file[group]["Exec"].split()[0]
            self.assertTrue((self.prefix / "bin" / program).exists(), group)
        self.assertTrue((self.prefix / f"share/icons/hicolor/48x48/apps/{entries['Icon']}.png").exists())
        self.assertEqual(entries["Type"], "Application")
        self.assertTrue(entries["Categories"].endswith(";"))
        if shutil.which("desktop-file-validate"):
            said = subprocess.run(["desktop-file-validate", path], text=True, capture_output=True)
            self.assertEqual((said.returncode, said.stdout), (0, ""))

    def test_icons_have_the_size_of_their_folder(self):
        for size in ICON_SIZES:
            data = (self.prefix / f"share/icons/hicolor/{size}x{size}/apps/lares.png").read_bytes()
            self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
            self.assertEqual(struct.unpack(">II", data[16:24]), (size, size))

    def test_metainfo_fits_what_is_installed(self):
        path = self.prefix / "share/metainfo/lares.metainfo.xml"
        component = xml.etree.ElementTree.parse(path).getroot()
        self.assertEqual(component.find("releases/release").get("version"), VERSION)
        self.assertRegex(component.find("releases/release").get("date"), r"^20\d\d-\d\d-\d\d$")
        self.assertTrue((self.prefix / "share/applications" / component.findtext("launchable")).exists())
        for binary in component.findall("provides/binary"):
            self.assertTrue((self.prefix / "bin" / binary.text).exists())
        if shutil.which("appstreamcli"):
            # The one warning that we know and mean: see the comment at the head of the file.
            said = subprocess.run(["appstreamcli", "validate", "--no-net", "--no-color",
                                   "--override=cid-desktopapp-is-not-rdns=info", path], text=True, capture_output=True)
            self.assertEqual(said.returncode, 0, said.stdout)

    def test_manual_tells_every_command_and_option(self):
        commands = re.findall(r"^  ([a-z]+)  ", self.run_installed("lares-cli", "--help").stdout, re.M)
        self.assertGreater(len(commands), 5)
        self.assertEqual(commands, re.findall(r"^\.TP\n\.B ([a-z]+)$", self.read("share/man/man1/lares-cli.1.gz"), re.M))
        page = manual(self.read("share/man/man1/lares.1.gz"))
        options = re.findall(r"--[a-z-]+", self.run_installed("lares", "--help").stdout)
        self.assertGreater(len(options), 3)
        for option in options:
            self.assertIn(option, page)

    def test_package_has_the_version(self):
        self.assertTrue(self.read("share/doc/lares/changelog.gz").startswith(f"lares ({VERSION}) "))
        for page in ("lares", "lares-cli"):
            self.assertIn(f'"Lares {VERSION}"', self.read(f"share/man/man1/{page}.1.gz"))
        config = (BUILD / "CPackConfig.cmake").read_text()
        self.assertIn(f'set(CPACK_PACKAGE_VERSION "{VERSION}")', config)
        self.assertIn('set(CPACK_PACKAGE_NAME "lares")', config)


if __name__ == "__main__":
    unittest.main()
