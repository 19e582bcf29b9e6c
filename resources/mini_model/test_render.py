"""The hand-written prompt format against renders of the real chat template (jinja2, when it is installed)."""
import json, os, pathlib, unittest
import prompt_format

HERE = pathlib.Path(__file__).parent
TEMPLATE = HERE / "chat_template.jinja"


def cases():
    """Conversations that touch every branch; LARES_GOLDEN_RENDERS may name a file with more of them."""
    tools = json.loads((HERE / "../../tools/registry/builtin_tools.json").read_text())
    call = {"id": "1", "type": "function", "function": {"name": "read_file", "arguments": {"path": "/a b/c.txt", "n": 2, "x": [1, "ü"]}}}
    loop = [{"role": "user", "content": "Read it"}, {"role": "assistant", "reasoning_content": "Hm.", "content": "", "tool_calls": [call]},
            {"role": "tool", "content": "text\nmore"}, {"role": "assistant", "reasoning_content": "Done.", "content": "It says text."}]
    plain = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello! "}]
    two = [{"role": "user", "content": "Both"}, {"role": "assistant", "content": "Wait.", "tool_calls": [call, call]},
           {"role": "tool", "content": "1"}, {"role": "tool", "content": "2"}]
    for system in ([], [{"role": "system", "content": "Be brief."}], [{"role": "system", "content": ""}]):
        for body in (plain, loop, two, loop + plain, plain + loop, loop + loop, two + plain, loop + [{"role": "user", "content": "And?"}]):
            for given in (None, tools):
                for kwargs in ({"add_generation_prompt": True}, {"add_generation_prompt": True, "enable_thinking": False}, {"truncate_history_thinking": False}):
                    yield {"messages": system + body, "tools": given, "kwargs": kwargs}


class Render(unittest.TestCase):
    def test_like_the_template(self):
        try:
            from jinja2.sandbox import ImmutableSandboxedEnvironment
        except ImportError:
            self.skipTest("jinja2 is not installed")
        env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        env.filters["tojson"] = lambda v: json.dumps(v, ensure_ascii=False)
        template = env.from_string(TEMPLATE.read_text())
        for c in cases():
            given = {"tools": c["tools"]} if c["tools"] else {}
            self.assertEqual(template.render(messages=c["messages"], **given, **c["kwargs"]), prompt_format.render(c["messages"], c["tools"], **c["kwargs"]))

    def test_golden_renders(self):
        path = os.environ.get("LARES_GOLDEN_RENDERS") or HERE / "../../tests/data/chat-templates/golden-renders.json"
        if not pathlib.Path(path).exists():
            self.skipTest("no golden renders here")
        done = 0
        for c in json.loads(pathlib.Path(path).read_text()):
            if c["name"].startswith("n3-") and "expected" in c and "omni" not in c["template"]:
                self.assertEqual(c["expected"], prompt_format.render(c["messages"], c["tools"], **c["kwargs"]), c["name"])
                done += 1
        self.assertGreater(done, 8)


if __name__ == "__main__":
    unittest.main()
