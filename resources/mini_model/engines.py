"""Two ways to run the model for evaluate.py. Both take requests as `lares-cli run --jsonl` does, and answer in its form:
{"messages", "tools", "kwargs": {"enable_thinking"}} -> {"text", "thinking", "tool_calls": [{"name", "arguments"}], "finish_reason"}.
"""
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import prompt_format

CALL = re.compile(r"<tool_call>\s*<function=([^>\n]*)>(.*?)</function>\s*</tool_call>", re.S)
ARGUMENT = re.compile(r"<parameter=([^>\n]*)>\n?(.*?)\n?</parameter>", re.S)


def parse(output, thinking):
    """The assistant's raw output, split as the engine does it."""
    thought = ""
    if thinking:
        thought, found, rest = output.partition("</think>")
        output = rest if found else ""
    calls = [{"name": m[1], "arguments": {a[1]: a[2] for a in ARGUMENT.finditer(m[2])}} for m in CALL.finditer(output)]
    return {"text": output.split("<tool_call>")[0].strip(), "thinking": thought.strip(), "tool_calls": calls}


class LaresCli:
    """The program itself; several processes share the requests of one round."""

    def __init__(self, program, model, max_tokens=500, processes=2):
        self.command = [program, "run", "--jsonl", "-m", str(model), "--greedy", "--max-tokens", str(max_tokens), "-t", "1"]
        self.processes = processes

    def part(self, requests):
        lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in requests)
        done = subprocess.run(self.command, input=lines, capture_output=True, text=True, encoding="utf-8")
        out = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        if len(out) != len(requests):
            raise SystemExit(f"{len(out)} answers to {len(requests)} requests; {done.stderr[-500:]}")
        return out

    def answer(self, requests):
        # One system prompt after the other: the program keeps what it has read.
        order = sorted(range(len(requests)), key=lambda i: json.dumps([requests[i]["messages"][0], requests[i].get("tools")]))
        size = -(-len(order) // self.processes)
        parts = [order[k:k + size] for k in range(0, len(order), size)]
        out = [None] * len(requests)
        with ThreadPoolExecutor(self.processes) as pool:
            for part, answers in zip(parts, pool.map(lambda p: self.part([requests[i] for i in p]), parts)):
                for i, a in zip(part, answers):
                    out[i] = a
        return out


class Torch:
    """Greedy decoding. Prompts are read in chunks; then the rows of a batch go one token at a time, each at its own position,
    and a row that is done makes room for the next request."""

    ROOM = 3072

    def __init__(self, checkpoint, max_tokens=400, rows=32, threads=1):
        import torch
        from model import Model
        from tokenizer import Tokenizer
        torch.set_num_threads(threads)
        state = torch.load(checkpoint, map_location="cpu")
        self.torch, self.tok, self.model = torch, Tokenizer(), Model(state["shape"]).eval()
        self.model.load_state_dict(state["model"])
        self.max_tokens, self.rows, self.tokens, self.heads = max_tokens, rows, state["tokens"], {}
        s = self.model.s
        channels = s["nh"] * s["P"] + 2 * s["G"] * s["N"]
        empty = {"M": lambda: (torch.zeros(rows, 3, channels), torch.zeros(rows, s["nh"], s["P"], s["N"])),
                 "*": lambda: (torch.zeros(rows, s["kv"], self.ROOM, s["hd"]), torch.zeros(rows, s["kv"], self.ROOM, s["hd"])), "-": lambda: None}
        self.state = [empty[k]() for k in s["pattern"]]

    def read(self, ids):
        """The states after the whole chunks of a prompt, and how many tokens that is. The system turn is read once."""
        torch, n = self.torch, (len(ids) - 1) // 64 * 64
        head = min(n, (ids.index(11) if 11 in ids else 0) // 64 * 64)
        key = tuple(ids[:head])
        if key not in self.heads:
            self.heads[key] = self.model.hidden(torch.tensor([ids[:head]]))[1] if head else None
        before = self.heads[key]
        if n == head:
            return before, n
        after = self.model.hidden(torch.tensor([ids[head:n]]), before)[1]
        if before:                               # an attention layer gives its new keys and values only
            after = [tuple(torch.cat([o, a], 2) for o, a in zip(old, new)) if kind == "*" else new
                     for old, new, kind in zip(before, after, self.model.s["pattern"])]
        return after, n

    def place(self, row, ids):
        """Put a prompt into a row; returns the tokens that are still to be fed."""
        states, n = self.read(ids)
        for mine, other, kind in zip(self.state, states or [None] * len(self.state), self.model.s["pattern"]):
            for k in range(2 if mine else 0):
                if other is None:
                    mine[k][row] = 0
                elif kind == "M":
                    mine[k][row] = other[k][0]
                else:
                    mine[k][row, :, :n] = other[k][0]
        return n, ids[n:]

    def step(self, ids, at):
        """One token of each row, at positions `at` -> logits [B,V]."""
        torch, F, s = self.torch, self.torch.nn.functional, self.model.s
        x, every, top = self.model.backbone.embeddings(ids), torch.arange(len(ids)), int(at.max()) + 1
        hidden = torch.arange(top)[None] > at[:, None]
        for i, layer in enumerate(self.model.backbone.layers):
            h, m = layer.norm(x), layer.mixer
            if s["pattern"][i] == "M":
                d, gn, nh, P, G, N = m.d, m.gn, s["nh"], s["P"], s["G"], s["N"]
                z, xbc, dt = m.in_proj(h).split([d, d + 2 * gn, nh], -1)
                conv, S = self.state[i]
                window = torch.cat([conv, xbc.unsqueeze(1)], 1)
                conv.copy_(window[:, 1:])
                c = F.silu((window * m.conv1d.weight[:, 0].T).sum(1) + m.conv1d.bias)
                xs, B, C = c.split([d, gn, gn], -1)
                xs = xs.view(-1, nh, P)
                B, C = (v.view(-1, G, 1, N).expand(-1, G, nh // G, N).reshape(-1, nh, N) for v in (B, C))
                dt = F.softplus(dt + m.dt_bias)
                S.mul_(torch.exp(-dt * m.A_log.exp())[..., None, None]).add_((dt.unsqueeze(-1) * xs).unsqueeze(-1) * B.unsqueeze(-2))
                y = (S @ C.unsqueeze(-1)).squeeze(-1) + m.D[:, None] * xs
                out = m.out_proj(m.norm(y.flatten(1) * F.silu(z)))
            elif s["pattern"][i] == "*":
                K, V = self.state[i]
                q = m.q_proj(h).view(-1, s["kv"], s["heads"] // s["kv"], s["hd"])
                K[every, :, at] = m.k_proj(h).view(-1, s["kv"], s["hd"])
                V[every, :, at] = m.v_proj(h).view(-1, s["kv"], s["hd"])
                scores = (q @ K[:, :, :top].transpose(-1, -2) * s["hd"] ** -0.5).masked_fill(hidden[:, None, None], -1e30)
                out = m.o_proj((torch.softmax(scores, -1) @ V[:, :, :top]).flatten(1))
            else:
                out = m(h)[0]
            x = x + out
        return self.model.lm_head(self.model.backbone.norm_f(x))

    def run(self, prompts):
        torch, waiting = self.torch, sorted(range(len(prompts)), key=lambda i: -len(prompts[i]))
        made = [[] for _ in prompts]
        busy, feed = [None] * self.rows, [[] for _ in range(self.rows)]
        now, at = torch.zeros(self.rows, dtype=torch.long), torch.zeros(self.rows, dtype=torch.long)
        while True:
            for row in range(self.rows):
                if busy[row] is None and waiting:
                    busy[row] = waiting.pop()
                    at[row], feed[row] = self.place(row, prompts[busy[row]])
                    now[row] = feed[row].pop(0)
            if all(b is None for b in busy):
                return made
            best = self.step(now, at).argmax(-1).tolist()
            for row, which in enumerate(busy):
                if which is None:
                    at[row] = 0
                    continue
                at[row] += 1
                if feed[row]:
                    now[row] = feed[row].pop(0)
                elif best[row] in (2, 11) or len(made[which]) >= self.max_tokens or at[row] >= self.ROOM - 1:
                    busy[row] = None
                else:
                    made[which].append(best[row])
                    now[row] = best[row]

    def answer(self, requests):
        with self.torch.no_grad():
            prompts = [self.tok.encode(prompt_format.render(r["messages"], r.get("tools"), add_generation_prompt=True, **r.get("kwargs", {}))) for r in requests]
            return [parse(self.tok.decode(made), r.get("kwargs", {}).get("enable_thinking", True)) for made, r in zip(self.run(prompts), requests)]
