"""lares-cli serve, asked by OpenAI's own Python client: an answer, a stream, stop strings, a tool call and its result, a
prompt that is too long, a key. Prints a line for each and fails at the first that is wrong.
"""
import json
import subprocess
import sys

import lares

try:
    import openai
except ImportError:
    sys.exit("skipped: the package openai is not installed (pip install openai)")

TOOLS = [{"type": "function", "function": {"name": "get_time", "description": "The current date and time.",
                                            "parameters": {"type": "object", "properties": {}}}}]
HELLO = [{"role": "user", "content": "Hello"}]


def check(what, holds):
    if not holds:
        sys.exit(f"wrong: {what}")
    print(f"ok: {what}")


def streamed(client, **options):
    """The chunks of a stream, and the texts of their deltas joined."""
    chunks = list(client.chat.completions.create(model="lares-mini", stream=True, **options))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    return chunks, "".join(delta.content or "" for delta in deltas)


def ask_for_the_time(client):
    question = [{"role": "user", "content": "What time is it?"}]
    answer = client.chat.completions.create(model="lares-mini", messages=question, tools=TOOLS, temperature=0)
    message = answer.choices[0].message
    check("a tool call", answer.choices[0].finish_reason == "tool_calls" and message.tool_calls[0].function.name == "get_time")
    call = message.tool_calls[0]
    json.loads(call.function.arguments)
    result = {"role": "tool", "tool_call_id": call.id, "content": "Friday, 2 January 2026, 03:04"}
    answer = client.chat.completions.create(model="lares-mini", messages=[*question, message, result], tools=TOOLS,
                                            temperature=0)
    check(f"its result is read: {answer.choices[0].message.content!r}", bool(answer.choices[0].message.content))
    chunks, _ = streamed(client, messages=question, tools=TOOLS, temperature=0)
    calls = [call for chunk in chunks for call in (chunk.choices[0].delta.tool_calls or [])]
    check("a tool call in a stream", len(calls) == 1 and calls[0].id.startswith("call_"))


def ask(client):
    check("the model is listed", [model.id for model in client.models.list()] == ["lares-mini"])
    check("the model is found", client.models.retrieve("lares-mini").id == "lares-mini")
    answer = client.chat.completions.create(model="lares-mini", messages=HELLO, seed=1)
    text = answer.choices[0].message.content
    check(f"an answer: {text!r}", text and answer.choices[0].finish_reason == "stop")
    check("its thinking", bool(answer.choices[0].message.reasoning_content))
    chunks, same = streamed(client, messages=HELLO, seed=1, stream_options={"include_usage": True})
    check("the same as a stream", same == text)
    going = client.completions.create(model="lares-mini", prompt="One, two, three", temperature=0, max_tokens=8)
    check(f"a text that goes on: {going.choices[0].text!r}", going.usage.completion_tokens == 8 and going.choices[0].text)
    check("its figures", chunks[-1].usage.completion_tokens == answer.usage.completion_tokens)
    stop = text[4:7]
    check(f"a stop string: {stop!r}", streamed(client, messages=HELLO, seed=1, stop=stop)[1] == text[:text.index(stop)])
    check("an answer without thinking", not hasattr(client.chat.completions.create(
        model="lares-mini", messages=HELLO, reasoning_effort="none").choices[0].message, "reasoning_content"))
    ask_for_the_time(client)
    try:
        client.chat.completions.create(model="lares-mini", messages=[{"role": "user", "content": "word " * 9000}])
        check("a prompt that is too long is refused", False)
    except openai.BadRequestError as error:
        check("a prompt that is too long is refused", error.code == "context_length_exceeded")


def main():
    command = [lares.CLI, "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = json.loads(server.stdout.readline())["url"]
            ask(openai.OpenAI(base_url=url + "/v1", api_key="none", max_retries=0))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
