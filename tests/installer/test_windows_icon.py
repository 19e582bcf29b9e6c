"""The icon of the Windows programs: installer/windows/make_icon.py."""

import importlib.util
import struct
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = [16, 24, 32, 48, 64, 128, 256]


def load_maker():
    spec = importlib.util.spec_from_file_location("make_icon", ROOT / "installer/windows/make_icon.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class IconTest(unittest.TestCase):
    def setUp(self):
        self.maker = load_maker()
        self.pictures = [
            (f"lares-{size}.png", (ROOT / f"resources/icons/lares-{size}.png").read_bytes()) for size in SIZES
        ]

    def test_every_picture_is_where_the_directory_says(self):
        data = self.maker.icon(self.pictures)
        self.assertEqual(struct.unpack("<HHH", data[:6]), (0, 1, len(SIZES)))
        for i, (size, (_, png)) in enumerate(zip(SIZES, self.pictures)):
            width, height, _, _, planes, bits, length, offset = struct.unpack("<BBBBHHII", data[6 + 16 * i : 22 + 16 * i])
            self.assertEqual((width or 256, height or 256), (size, size))
            self.assertEqual((planes, bits), (1, 32))
            self.assertEqual(data[offset : offset + length], png)
        self.assertEqual(offset + length, len(data))

    def test_refuses_what_no_icon_can_hold(self):
        large = (ROOT / "resources/icons/lares-512.png").read_bytes()
        with self.assertRaisesRegex(ValueError, "512 x 512"):
            self.maker.icon([("lares-512.png", large)])
        with self.assertRaisesRegex(ValueError, "no PNG"):
            self.maker.icon([("lares.svg", b"<svg/>")])


if __name__ == "__main__":
    unittest.main()
