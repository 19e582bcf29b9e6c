#!/usr/bin/env python3
"""Renders random conversations with Jinja and records what came out.

    record_random_renders.py                       writes tests/data/chat/random_renders.json
    record_random_renders.py --count 3000 --seed 9 --out FILE
    LARES_RANDOM_RENDERS=FILE tst_prompt_format    compares the engine with such a file

The templates are the models' own (tests/data/chat/templates), the settings are those of the
transformers library: sandboxed, trim_blocks, lstrip_blocks, tojson = json.dumps without ASCII
escapes. What the engine decides otherwise on purpose is not generated: null content of users, tools
that are no objects, calls without arguments.
Needs jinja2.
"""
import argparse
import json
import pathlib
import random

import jinja2.ext
import jinja2.sandbox

DATA = pathlib.Path(__file__).parents[1] / "data" / "chat"
TEMPLATES = {
    "n3": "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16.jinja",
    "v2card": "NVIDIA-Nemotron-Nano-9B-v2.model-card.jinja",
    "v2llamacpp": "NVIDIA-Nemotron-Nano-v2.jinja",
}
PIECES = [
    "Hello", "Oslo", " and ", "é", "🙂", "日本", "\n", "\n\n", " ", "\t", "\r\n", "\u00a0", "\u3000", "\u2028", "\x1f",
    "\x00", "\u200b", "<think>", "</think>", "<think>\n", "\n</think>\n", "<tool_call>", "</tool_call>", "<|im_end|>",
    "<|im_start|>system\n", "<SPECIAL_12>", "/think", "/no_think", "/th/thinkink", "<TOOLCALL>[", "</parameter>",
    "\"", "'", "\\", "{{", "{%", "%}", "&amp;", "<b>", "a<b>c", "1.5", "null",
]
NAMES = ["f", "get_weather", "Größe", "a b", "x<y", "\"q\"", "", "type", "name", "items"]
FLOATS = [0.5, -0.0, 1.0, 1e16, 1e-5, 3.14159, 1e300, 123456789.125, 5e-324]
INTEGERS = [0, 1, -1, 42, 2**63 - 1, -2**63, 2**64 - 1]


class Generator:
    def __init__(self, seed):
        self.rng = random.Random(seed)

    def chance(self, p):
        return self.rng.random() < p

    def text(self, most=5):
        return "".join(self.rng.choice(PIECES) for _ in range(self.rng.randint(0, most)))

    def name(self):
        return self.rng.choice(NAMES) if self.chance(0.8) else self.text(2)

    def value(self, depth=0):
        kind = self.rng.randrange(8 if depth < 3 else 5)
        if kind == 0:
            return self.rng.choice([None, True, False])
        if kind == 1:
            return self.rng.choice(INTEGERS)
        if kind == 2:
            return self.rng.choice(FLOATS)
        if kind in (3, 4):
            return self.text(3)
        if kind == 5:
            return [self.value(depth + 1) for _ in range(self.rng.randint(0, 3))]
        return self.mapping(3, depth + 1)

    def mapping(self, most, depth=1):
        return {self.name(): self.value(depth) for _ in range(self.rng.randint(0, most))}

    def arguments(self, family):
        if self.chance(0.05 if family == "n3" else 0.2):
            return self.rng.choice(["{}", '{"a": 1}', self.text()])
        return self.mapping(4, 0)

    def call(self, family):
        call = {"name": self.name(), "arguments": self.arguments(family)}
        return call if self.chance(0.3) else {"id": "c1", "type": "function", "function": call}

    def message(self, family):
        role = self.rng.choices(["user", "assistant", "tool", "system", "developer"], [4, 4, 3, 1, 1])[0]
        message = {"role": role, "content": self.text()}
        if role == "assistant":
            if self.chance(0.4):
                message["reasoning_content"] = self.text()
            if self.chance(0.4):
                message["tool_calls"] = [self.call(family) for _ in range(self.rng.randint(0, 3))]
            if family == "n3" and self.chance(0.2):
                message["content"] = None
        return message

    def property(self):
        if self.chance(0.1):
            return self.value()
        fields = {"type": self.rng.choice(["string", "integer", ["string", "null"], None, {"a": ["b'", 1.0]}])}
        for key, make in [("description", lambda: self.value() if self.chance(0.2) else self.text()),
                          ("enum", lambda: self.value() if self.chance(0.3) else ["C", "F"]),
                          ("minimum", self.value), ("default", self.value), ("items", lambda: {"type": "string"})]:
            if self.chance(0.4):
                fields[key] = make()
        entries = list(fields.items())
        self.rng.shuffle(entries)
        return dict(entries)

    def parameters(self):
        if self.chance(0.05):
            return self.value()
        parameters = {"type": "object"}
        if self.chance(0.9):
            parameters["properties"] = {self.name(): self.property() for _ in range(self.rng.randint(0, 3))}
        if self.chance(0.5):
            parameters["required"] = ["a", "é"] if self.chance(0.8) else self.value()
        if self.chance(0.3):
            parameters["additionalProperties"] = self.value()
        return parameters

    def tool(self):
        function = {"name": self.name() if self.chance(0.9) else self.value()}
        if self.chance(0.8):
            function["description"] = self.text() if self.chance(0.8) else self.value()
        if self.chance(0.9):
            function["parameters"] = self.parameters()
        if self.chance(0.2):
            function["strict"] = self.value()
        return function if self.chance(0.2) else {"type": "function", "function": function}

    def case(self, family):
        messages = [self.message(family) for _ in range(self.rng.randint(0, 6))]
        if self.chance(0.4):
            messages.insert(0, {"role": "system", "content": self.text()})
        kwargs = {"add_generation_prompt": self.chance(0.7)}
        if self.chance(0.3):
            kwargs["enable_thinking"] = self.chance(0.5)
        if self.chance(0.3):
            kwargs["truncate_history_thinking"] = self.chance(0.5)
        if self.chance(0.2):
            kwargs["continue_final_message"] = self.chance(0.5)
        tools = [self.tool() for _ in range(self.rng.randint(1, 2))] if self.chance(0.3) else None
        return {"messages": messages, "tools": tools, "kwargs": kwargs}


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
    env.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return env


def render(template, case):
    variables = dict(case["kwargs"], messages=case["messages"])
    if case["tools"] is not None:
        variables["tools"] = case["tools"]
    try:
        return {"expected": template.render(**variables)}
    except (jinja2.TemplateError, TypeError, AttributeError) as error:
        return {"error": type(error).__name__}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=DATA / "random_renders.json")
    options = parser.parse_args()

    env = environment()
    templates = {family: env.from_string((DATA / "templates" / name).read_text(encoding="utf-8"))
                 for family, name in TEMPLATES.items()}
    generator = Generator(options.seed)
    rows = []
    for i in range(options.count):
        family = list(templates)[i % len(templates)]
        case = generator.case(family)
        rows.append({"name": f"{family}-{i}", **case, **render(templates[family], case)})
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    options.out.write_text("[\n" + lines + "\n]\n", encoding="utf-8")
    print(sum("error" in row for row in rows), "of", len(rows), "cases are refused")


if __name__ == "__main__":
    main()
