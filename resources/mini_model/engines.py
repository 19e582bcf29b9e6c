"""Two ways to run the model for evaluate.py. Both take requests as `lares-cli run --jsonl` does, and answer in its form:
{"messages", "tools", "kwargs": {"enable_thinking"}} -> {"text", "thinking", "tool_calls": [{"name", "arguments"}], "finish_reason"}.
"""
import json
import re
import subprocess

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
    def __init__(self, program, model, max_tokens=600, threads=None):
        self.command = [program, "run", "--jsonl", "-m", str(model), "--greedy", "--max-tokens", str(max_tokens)] + (["-t", str(threads)] if threads else [])

    def answer(self, requests):
        lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in requests)
        done = subprocess.run(self.command, input=lines, capture_output=True, text=True, encoding="utf-8")
        out = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        if len(out) != len(requests):
            raise SystemExit(f"{len(out)} answers to {len(requests)} requests; {done.stderr[-500:]}")
        return out


class Torch:
    """Greedy decoding of many requests in step: the recurrence, one token of every row at a time."""

    def __init__(self, checkpoint, max_tokens=600, rows=48, threads=1):
        import torch
        from model import Model
        from tokenizer import Tokenizer
        torch.set_num_threads(threads)
        state = torch.load(checkpoint, map_location="cpu")
        self.torch, self.tok, self.model = torch, Tokenizer(), Model(state["shape"]).eval()
        self.model.load_state_dict(state["model"])
        self.max_tokens, self.rows, self.tokens = max_tokens, rows, state["tokens"]

    def step(self, ids, state, t):
        """One token of each row -> logits [B,V]; `state` is changed in place."""
        torch, F, s = self.torch, self.torch.nn.functional, self.model.s
        x = self.model.backbone.embeddings(ids)
        for i, layer in enumerate(self.model.backbone.layers):
            h, m = layer.norm(x), layer.mixer
            if s["pattern"][i] == "M":
                d, gn, nh, P, G, N = m.d, m.gn, s["nh"], s["P"], s["G"], s["N"]
                z, xbc, dt = m.in_proj(h).split([d, d + 2 * gn, nh], -1)
                conv, S = state[i]
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
                K, V = state[i]
                q = m.q_proj(h).view(-1, s["kv"], s["heads"] // s["kv"], s["hd"])
                K[:, :, t] = m.k_proj(h).view(-1, s["kv"], s["hd"])
                V[:, :, t] = m.v_proj(h).view(-1, s["kv"], s["hd"])
                p = torch.softmax(q @ K[:, :, :t + 1].transpose(-1, -2) * s["hd"] ** -0.5, -1)
                out = m.o_proj((p @ V[:, :, :t + 1]).flatten(1))
            else:
                out = m(h)[0]
            x = x + out
        return self.model.lm_head(self.model.backbone.norm_f(x))

    def run(self, prompts):
        """Greedy continuations of token lists that share their first `shared` tokens."""
        torch, s, B = self.torch, self.model.s, len(prompts)
        room = max(map(len, prompts)) + self.max_tokens
        shared = 0
        while shared < min(map(len, prompts)) and len({p[shared] for p in prompts}) == 1:
            shared += 1
        shared = max(0, min(shared, min(map(len, prompts)) - 1) // 64 * 64)
        state = []
        before = self.model.hidden(torch.tensor([prompts[0][:shared]]))[1] if shared else [None] * len(s["pattern"])
        for kind, old in zip(s["pattern"], before):
            if kind == "M":
                d = s["nh"] * s["P"] + 2 * s["G"] * s["N"]
                conv, S = old if old else (torch.zeros(1, 3, d), torch.zeros(1, s["nh"], s["P"], s["N"]))
                state.append((conv.expand(B, -1, -1).clone(), S.expand(B, -1, -1, -1).clone()))
            elif kind == "*":
                pair = []
                for part in old or (None, None):
                    full = torch.zeros(B, s["kv"], room, s["hd"])
                    if part is not None:
                        full[:, :, :shared] = part
                    pair.append(full)
                state.append(tuple(pair))
            else:
                state.append(None)
        made, done, t = [[] for _ in prompts], [False] * B, shared
        now = [p[shared] for p in prompts]
        while not all(done) and t < room - 1:
            best = self.step(torch.tensor(now), state, t).argmax(-1).tolist()
            t += 1
            for b, p in enumerate(prompts):
                if t < len(p):
                    now[b] = p[t]
                elif not done[b]:
                    now[b] = best[b]
                    if best[b] in (2, 11) or len(made[b]) >= self.max_tokens:
                        done[b] = True
                    else:
                        made[b].append(best[b])
        return made

    def answer(self, requests):
        with self.torch.no_grad():
            prompts = [self.tok.encode(prompt_format.render(r["messages"], r.get("tools"), add_generation_prompt=True, **r.get("kwargs", {}))) for r in requests]
            order = sorted(range(len(requests)), key=lambda i: (prompts[i][:700], len(prompts[i])))
            out = [None] * len(requests)
            groups, last = [], None
            for i in order:                       # rows of one system prompt together: they share its state
                head = json.dumps([requests[i]["messages"][0] if requests[i]["messages"][0]["role"] == "system" else "", requests[i].get("tools")])
                if head != last or len(groups[-1]) >= self.rows:
                    groups.append([])
                groups[-1].append(i)
                last = head
            for group in groups:
                for i, made in zip(group, self.run([prompts[i] for i in group])):
                    out[i] = parse(self.tok.decode(made), requests[i].get("kwargs", {}).get("enable_thinking", True))
            return out
