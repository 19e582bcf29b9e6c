"""The prompt format of Nemotron 3 Nano (ChatML with XML tool calls), written out by hand.

`segments` yields (text, trained) pairs whose joined text is what the model's own Jinja template renders;
`trained` marks what the assistant itself produces. tests: test_render.py compares with the template's output.
"""
import json

INSTRUCTIONS = """

If you choose to call a function ONLY reply in the following format with NO suffix:

<tool_call>
<function=example_function_name>
<parameter=example_parameter_1>
value_1
</parameter>
<parameter=example_parameter_2>
This is the value for the second parameter
that can span
multiple lines
</parameter>
</function>
</tool_call>

<IMPORTANT>
Reminder:
- Function calls MUST follow the specified format: an inner <function=...></function> block must be nested within <tool_call></tool_call> XML tags
- Required parameters MUST be specified
- You may provide optional reasoning for your function call in natural language BEFORE the function call, but NOT after
- If there is no function call available, answer the question like normal with your current knowledge and do not tell the user about function calls
</IMPORTANT>"""


def as_json(value):
    return json.dumps(value, ensure_ascii=False)


def extra_keys(fields, handled):
    """Every other key of a schema, as <key>value</key>."""
    out = ""
    for key, value in fields.items():
        if key not in handled:
            out += f"\n<{key}>{as_json(value) if isinstance(value, (dict, list)) else value}</{key}>"
    return out


def tool_block(tools):
    out = "# Tools\n\nYou have access to the following functions:\n\n<tools>"
    for tool in tools:
        tool = tool.get("function", tool)
        out += f"\n<function>\n<name>{tool['name']}</name>"
        if "description" in tool:
            out += f"\n<description>{tool['description'].strip()}</description>"
        out += "\n<parameters>"
        parameters = tool.get("parameters") or {}
        for name, fields in parameters.get("properties", {}).items():
            out += f"\n<parameter>\n<name>{name}</name>"
            if "type" in fields:
                out += f"\n<type>{fields['type']}</type>"
            if "description" in fields:
                out += f"\n<description>{fields['description'].strip()}</description>"
            if "enum" in fields:
                out += f"\n<enum>{as_json(fields['enum'])}</enum>"
            out += extra_keys(fields, ("name", "type", "description", "enum")) + "\n</parameter>"
        out += extra_keys(parameters, ("type", "properties", "required"))
        if "required" in parameters:
            out += f"\n<required>{as_json(parameters['required'])}</required>"
        out += "\n</parameters>" + extra_keys(tool, ("type", "name", "description", "parameters")) + "\n</function>"
    return out + "\n</tools>" + INSTRUCTIONS


def call_text(call):
    call = call.get("function", call)
    out = f"<tool_call>\n<function={call['name']}>\n"
    for name, value in call.get("arguments", {}).items():
        out += f"<parameter={name}>\n{as_json(value) if isinstance(value, (dict, list)) else value}\n</parameter>\n"
    return out + "</function>\n</tool_call>\n"


def assistant_text(message, truncate):
    """The body of one assistant turn, without its header and its end."""
    reasoning = message.get("reasoning_content")
    content = message.get("content") or ""
    if isinstance(reasoning, str) and reasoning.strip():
        content = f"<think>\n{reasoning}\n</think>\n{content}"
    elif "<think>" not in content and "</think>" not in content:
        content = "<think></think>" + content
    calls = message.get("tool_calls")
    if not calls:
        if truncate and "<think>" in content and "</think>" in content:
            content = "<think></think>" + content.split("</think>")[-1]
        return content.strip()
    if not truncate:
        content = content.strip()
    else:
        if "</think>" in content:
            content = content.split("</think>")[-1]
        elif "<think>" in content:
            content = content.split("<think>")[0]
        content = "<think></think>" + content.strip()
    return content + "\n" + "".join(call_text(c) for c in calls)


def segments(messages, tools=None, add_generation_prompt=False, enable_thinking=True, truncate_history_thinking=True):
    """Yield (text, trained). A turn that is rendered truncated is trained only if it was made without thinking."""
    system = ""
    if messages and messages[0]["role"] == "system":
        system, messages = messages[0]["content"], messages[1:]
    last_user = max((i for i, m in enumerate(messages) if m["role"] == "user"), default=-1)
    head = "<|im_start|>system\n" + system
    if tools:
        head += ("\n\n" if system else "") + tool_block(tools)
    yield head + "<|im_end|>\n", False
    for i, m in enumerate(messages):
        role = m["role"]
        if role == "assistant":
            truncate = truncate_history_thinking and i < last_user
            body = assistant_text(m, truncate)
            thought = bool((m.get("reasoning_content") or "").strip())
            opening = "<think></think>" if body.startswith("<think></think>") else "<think>\n" if body.startswith("<think>\n") else ""
            yield "<|im_start|>assistant\n" + opening, False
            yield body[len(opening):] + "<|im_end|>", not (truncate and thought) and m.get("train", True)
            yield "\n", False
        elif role == "tool":
            before = messages[i - 1]["role"] if i else None
            after = messages[i + 1]["role"] if i + 1 < len(messages) else None
            text = "<|im_start|>user\n" if before and before != "tool" else ""
            text += f"<tool_response>\n{m['content']}\n</tool_response>\n"
            yield text + ("" if after == "tool" else "<|im_end|>\n"), False
        else:
            yield f"<|im_start|>{role}\n{m['content']}<|im_end|>\n", False
    if add_generation_prompt:
        yield "<|im_start|>assistant\n" + ("<think>\n" if enable_thinking else "<think></think>"), False


def render(messages, tools=None, **kwargs):
    return "".join(text for text, _ in segments(messages, tools, **kwargs))
