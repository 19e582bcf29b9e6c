#!/usr/bin/env python3
"""Records what Python prints for JSON values: tests/data/chat/python_text.json.

A row is [text of the JSON value, str(value), json.dumps(value, ensure_ascii=False)].
Chat templates print with these two functions, so the engine must print the same.
"""
import json
import pathlib
import random
import struct

FIXED = [
    "null", "true", "false", "0", "-3", "18446744073709551615", "-9223372036854775808",
    "1.0", "-0.0", "0.1", "1e15", "1e16", "123456789012345680.0", "1.5e300", "0.0001", "0.00001",
    "123456.789", "5e-324", "1.7976931348623157e308", "100.0", "2.5e-7",
    r'''"a'b"''', r'''["a'b"]''', r'''["a'\"b"]''', r'''["\"b"]''', r'''["\\ \n\t\r\u0001\u001f\u007f"]''',
    r'''["\b\f/<>&"]''', r'''["é\u00a0\u00ad\u0085\u200b\u2028\u3000\ufeff\ue000🙂\udb40\udc01"]''',
    r'''{"b": [1, true, null], "a": {}, "": []}''', r'''{"it's": "\"", "k\n": [[], [{}], [1.0, "x"]]}''', "[]", "{}",
]


def random_floats(rng, count):
    while count:
        value = struct.unpack("<d", rng.randbytes(8))[0]
        if rng.random() < 0.5:
            value = round(rng.uniform(-1, 1) * 10 ** rng.randint(-6, 20), rng.randint(0, 8))
        if value == value and abs(value) != float("inf"):
            count -= 1
            yield repr(value)


def main():
    rng = random.Random(1)
    rows = []
    for text in FIXED + list(random_floats(rng, 300)):
        value = json.loads(text)
        rows.append([text, str(value), json.dumps(value, ensure_ascii=False)])
    path = pathlib.Path(__file__).parents[1] / "data" / "chat" / "python_text.json"
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("[\n" + lines + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
