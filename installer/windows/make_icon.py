#!/usr/bin/env python3
"""Puts PNG pictures of one icon into an .ico file: make_icon.py OUT.ico PNG…

The format: a header of 6 bytes, 16 bytes for each picture, then the pictures as they are. Windows reads PNG
there since Vista.
"""

import struct
import sys
from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(png: bytes, name: str) -> tuple[int, int]:
    """Width and height of a PNG, from its first chunk."""
    if png[:8] != PNG or png[12:16] != b"IHDR":
        raise ValueError(f"{name} is no PNG")
    width, height = struct.unpack(">II", png[16:24])
    if width > 256 or height > 256:
        raise ValueError(f"{name} is {width} x {height}; an icon's pictures have at most 256")
    return width, height


def icon(pictures: list[tuple[str, bytes]]) -> bytes:
    """The .ico of (name, PNG) pictures."""
    offset = 6 + 16 * len(pictures)
    entries, bodies = b"", b""
    for name, png in pictures:
        width, height = size_of(png, name)
        # 256 is written as 0; one plane, 32 bits a pixel, no palette.
        entries += struct.pack("<BBBBHHII", width % 256, height % 256, 0, 0, 1, 32, len(png), offset + len(bodies))
        bodies += png
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + bodies


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        data = icon([(name, Path(name).read_bytes()) for name in sys.argv[2:]])
        Path(sys.argv[1]).write_bytes(data)
    except (OSError, ValueError) as error:
        print(f"make_icon.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
