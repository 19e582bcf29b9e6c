#!/usr/bin/env python3
"""Writes unicode_class_table.inc: which class each code point has for the pre-tokenizers.

    python3.13 generate_unicode_classes.py > unicode_class_table.inc

The classes come from the general categories of Python's unicodedata. Python 3.13 carries Unicode 15.1, which is
also what the tables of llama.cpp hold: its ids are the truth of our test cases. Another version is refused, so
that nobody changes the tables by changing Python.
"""
import sys
import unicodedata

UNICODE_VERSION = "15.1.0"

# The order of CharClass in unicode_class.h.
OTHER, UPPER, LOWER, CASELESS, MARK, NUMBER, SPACE, ALTERNATING = range(8)

# Property White_Space of PropList.txt, which unicodedata does not have (str.isspace adds U+001C to U+001F).
WHITE_SPACE = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}


def char_class(code_point):
    if code_point in WHITE_SPACE:
        return SPACE
    category = unicodedata.category(chr(code_point))
    if category in ("Lu", "Lt"):
        return UPPER
    if category == "Ll":
        return LOWER
    return {"L": CASELESS, "M": MARK, "N": NUMBER}.get(category[0], OTHER)


def ranges():
    """(first code point, class) of each run; a run of Upper, Lower, Upper, Lower … becomes one ALTERNATING run."""
    classes = [char_class(c) for c in range(0x110000)]
    result = []
    start = 0
    while start < len(classes):
        end = start + 1
        while end < len(classes) and classes[end] == classes[start]:
            end += 1
        kind = classes[start]
        if kind == UPPER and end == start + 1:
            pair_end = start
            while classes[pair_end:pair_end + 2] == [UPPER, LOWER]:
                pair_end += 2
            if pair_end >= start + 4:
                kind, end = ALTERNATING, pair_end
        result.append((start, kind))
        start = end
    return result


def main():
    if unicodedata.unidata_version != UNICODE_VERSION:
        sys.exit(f"needs unicodedata {UNICODE_VERSION}, this Python has {unicodedata.unidata_version}")
    entries = [f"0x{first << 3 | kind:x}," for first, kind in ranges()]
    print(f"// Written by generate_unicode_classes.py from Unicode {UNICODE_VERSION}; {len(entries)} runs.")
    line = ""
    for entry in entries:
        if len(line) + len(entry) > 100:
            print(line)
            line = ""
        line += entry
    print(line)


if __name__ == "__main__":
    main()
