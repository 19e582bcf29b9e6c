"""Train Lares Mini. Dialogues are made on the fly; the schedule runs in wall time, so the run ends when it should.

    python train.py --out DIR --minutes 100 [--threads 1] [--resume] [--rewarm]
    python train.py --out DIR --minutes 8 --device cuda --workers 14 --rows 32768 --candidates 2

On a card products are TF32, without autocast: launches bound a step there, so rows are many, and casts would be launches
more. `torchrun` is for the cores of a CPU: a card is trained on by one process, with workers that make its dialogues.

Writes DIR/last.pt every few minutes (resumable), DIR/log.csv, and DIR/eN.pt at the token counts in KEEP.
"""
import argparse
import csv
import math
import multiprocessing
import os
import pathlib
import random
import signal
import time

import torch
import torch.distributed as dist
import torch.utils.data

from generate import dialogue
from model import CHUNK, SHAPE, Attention, Model
import prompt_format
from tokenizer import Tokenizer

ROW_TOKENS = 3072                     # what --rows is unless it says otherwise
WARM, DECAY_FROM = 0.02, 0.4
CHAT = 0.15                            # share of dialogues (a tenth of the tokens) that are small talk and refusals alone
DECISIVE = 3.0                        # weight of the first tokens of a turn: there the model chooses what to do
KEEP = (2_000_000, 4_000_000, 8_000_000)


class Muon(torch.optim.Optimizer):
    """Momentum, then the update matrix made orthogonal by five Newton-Schulz steps (Jordan 2024), in products of `dtype`."""

    def __init__(self, params, lr, momentum=0.95, rank=0, ranks=1, dtype=torch.float32):
        self.rank, self.ranks, self.dtype = rank, ranks, dtype
        super().__init__(list(params), dict(lr=lr, momentum=momentum, weight_decay=0.01))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            share = torch.zeros(sum(p.numel() for p in group["params"]), device=group["params"][0].device)
            at = 0
            for i, p in enumerate(group["params"]):
                state = self.state[p]
                buf = state.setdefault("m", torch.zeros_like(p))
                buf.mul_(group["momentum"]).add_(p.grad)
                if i % self.ranks != self.rank:                  # each process does its share of the matrices
                    at += p.numel()
                    continue
                x = p.grad.add(buf, alpha=group["momentum"]).to(self.dtype)
                wide = x.shape[0] < x.shape[1]
                x = x if wide else x.T
                x = x / (x.norm() + 1e-7)
                for _ in range(5):
                    a = x @ x.T
                    x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
                x = x if wide else x.T
                share[at:at + p.numel()] = x.float().flatten()
                at += p.numel()
            if self.ranks > 1:
                dist.all_reduce(share)
            for p, x in zip(group["params"], share.split([p.numel() for p in group["params"]])):
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(x.view_as(p), alpha=-group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


def half_is_faster(device):
    """Whether products of bfloat16 are quicker here than those of float: on processors without them they are emulated."""
    took = []
    for dtype in (torch.float32, torch.bfloat16):
        a = torch.ones(3072, 192, dtype=dtype, device=device), torch.ones(192, 768, dtype=dtype, device=device)
        a[0] @ a[1]
        begun = time.perf_counter()
        for _ in range(10):
            (a[0] @ a[1]).sum().item()
        took.append(time.perf_counter() - begun)
    return took[1] < took[0]


def encode(messages, tools, tok):
    """(ids, weights) of a dialogue; weights are 0 on everything that the assistant did not write."""
    ids, weights = [], []
    for text, trained in prompt_format.segments(messages, tools):
        part = tok.encode(text)
        ids += part
        weights += [float(trained) * (DECISIVE if i < 12 else 1.0) for i in range(len(part))]
    return ids, weights


class Feed:
    """(prefix, ids, weights): dialogues of about the same length under one system prompt, which is computed only once.
    A few system prompts are in use at a time; their dialogues are made together, sorted and cut, so that little is padding."""
    READY, EACH = 120, 240          # groups that wait to be drawn; dialogues made under one system prompt

    def __init__(self, seed, tok, row_tokens=ROW_TOKENS):
        larger = max(1, row_tokens // 6144)         # of larger groups fewer wait, and a prompt gets dialogues for several still
        self.READY, self.EACH = max(1, self.READY // larger), self.EACH * larger
        self.row_tokens, self.seed, self.tok, self.rng, self.made, self.ready = row_tokens, seed, tok, random.Random(f"feed {seed}"), 0, []

    def next(self, progress):
        if len(self.ready) < self.READY:
            for _ in range(2 if not self.ready else 1):
                self.ready += self.groups(f"{self.seed}.{self.made}", progress)
                self.made += 1
        return self.ready.pop(self.rng.randrange(len(self.ready)))

    def groups(self, seed, progress):
        rng, tok = random.Random(f"rows-{seed}"), self.tok
        head = dialogue.start(seed, small=progress < 0.06)
        count = lambda text: len(tok.encode(text))
        system = next(prompt_format.segments([{"role": "system", "content": head.system}], [dialogue.TOOLS[n] for n in head.tools]))[0]
        shared = tok.encode(system)
        shared = shared[:len(shared) // CHUNK * CHUNK]
        made = []
        for i in range(self.EACH):
            chat, single = rng.random() < CHAT, rng.random() < 0.85
            if chat:
                single = rng.random() < 0.9          # one row of many short turns costs as much as ten of one
            longest = rng.choice([256, 384, 448]) if single or progress < 0.06 else rng.choice([512, 512, 640, 896])
            talk = dialogue.branch(head, f"{seed}/{i}", longest - 40, count, single, chat)
            if talk is not None:
                ids, weights = encode(*talk, tok)
                made.append((ids[len(shared):], weights[len(shared):]))
        made.sort(key=lambda m: len(m[0]))
        out, group = [], []
        for m in made:
            group.append(m)
            if len(group) * (-(-len(m[0]) // CHUNK) * CHUNK) > self.row_tokens - len(m[0]) // 2:
                out.append(self.pack(shared, group))
                group = []
        return out

    @staticmethod
    def pack(shared, group):
        length = -(-len(group[-1][0]) // CHUNK) * CHUNK
        pad = lambda v, zero: torch.tensor([x + [zero] * (length - len(x)) for x in v])
        return torch.tensor([shared]), pad([m[0] for m in group], 0), pad([m[1] for m in group], 0.0)


class Feeds(torch.utils.data.IterableDataset):
    """What a Feed gives, without end: in each worker of a DataLoader, from other dialogues."""

    def __init__(self, seed, tok, row_tokens):
        self.seed, self.tok, self.row_tokens, self.progress = seed, tok, row_tokens, multiprocessing.Value("d", 0.0)

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        feed = Feed(f"{self.seed}, worker {worker.id}" if worker else self.seed, self.tok, self.row_tokens)
        while True:
            yield feed.next(self.progress.value)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--minutes", type=float, required=True, help="wall time of the whole schedule, earlier runs included")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cpu", help="cpu (default) or cuda; a card takes one process")
    p.add_argument("--workers", type=int, default=0, help="processes that make dialogues beside the training; with 0 (default) it makes them itself; a card needs several")
    p.add_argument("--rows", type=int, default=ROW_TOKENS, help="about so many tokens of rows that share a prompt are trained on at a time, in each process (default %(default)s)")
    p.add_argument("--prompts", type=int, default=1, help="prompts, each with its rows, in a step of a process (default %(default)s)")
    p.add_argument("--muon", type=float, default=0.015)
    p.add_argument("--adamw", type=float, default=3e-3)
    p.add_argument("--words", type=float, default=0.03, help="rate of the embeddings: they start at a spread of 1, so they need large steps")
    p.add_argument("--candidates", type=int, default=1, help="read so many times the rows of a step and train on those with the worst tokens")
    p.add_argument("--data", default="", help="a word that changes the random dialogues")
    p.add_argument("--resume", action="store_true")
    p.add_argument("--start-from", metavar="GGUF", help="begin with the weights of this file, such as the committed lares-mini.gguf")
    p.add_argument("--rewarm", action="store_true", help="with --resume: begin a new schedule on the old weights")
    a = p.parse_args()
    rank, ranks = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if ranks > 1:
        if a.device != "cpu":
            p.error("--device: several processes train on a CPU only")
        dist.init_process_group("gloo")
    a.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(a.threads)
    torch.manual_seed(5)
    if a.device == "cpu":
        import fused
        Attention.attend = staticmethod(fused.attend) if fused.attend else None
    tok, model = Tokenizer(), Model(SHAPE)
    if a.start_from:
        from restore import restore
        restore(a.start_from, model)
    model.to(a.device)
    named = dict(model.named_parameters())
    matrices = [q for n, q in named.items() if q.ndim == 2 and "embeddings" not in n and "lm_head" not in n]
    is_matrix = {id(q) for q in matrices}
    words = model.backbone.embeddings.weight
    rest = [q for q in named.values() if id(q) not in is_matrix and q is not words]
    adamw = torch.optim.AdamW([{"params": [words]}, {"params": rest}], a.adamw, betas=(0.9, 0.98), weight_decay=0.0)
    half = a.device == "cpu" and half_is_faster(a.device)
    torch.set_float32_matmul_precision("highest" if a.device == "cpu" else "high")
    optimisers = [Muon(matrices, a.muon, rank=rank, ranks=ranks, dtype=torch.bfloat16 if half else torch.float32), adamw]
    base = [[a.muon], [a.words, a.adamw]]
    step, tokens, spent = 0, 0, 0.0
    if a.resume:
        state = torch.load(a.out / "last.pt", map_location=a.device)
        model.load_state_dict(state["model"])
        for o, s in zip(optimisers, state["optimisers"]):
            old = s["param_groups"]
            if len(old) == 1 and len(o.param_groups) == 2:
                s["param_groups"] = [{**old[0], "params": old[0]["params"][:1]}, {**old[0], "params": old[0]["params"][1:]}]
            o.load_state_dict(s)
        step, tokens, spent = state["step"], state["tokens"], 0.0 if a.rewarm else state["spent"]

    def save(path):
        torch.save(dict(model=model.state_dict(), optimisers=[o.state_dict() for o in optimisers], step=step, tokens=tokens, spent=spent, shape=SHAPE), str(path) + ".part")
        os.replace(str(path) + ".part", path)

    feeds = Feeds(f"{a.data}{step}" + f"/{rank}" * (rank > 0), tok, a.rows * a.candidates)
    feed = iter(torch.utils.data.DataLoader(feeds, batch_size=None, num_workers=a.workers, prefetch_factor=8 if a.workers else None))
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    log = open(a.out / "log.csv", "a", newline="")
    write = csv.writer(log).writerow
    mean, saved, begun = None, time.time(), time.time()
    while not stop:
        now = time.time()
        progress = min(1.0, spent / (60 * a.minutes))
        if progress >= 1:
            break
        rate = min(progress / WARM if not a.resume or a.rewarm else 1, 1, max(0.0, (1 - progress) / (1 - DECAY_FROM)))
        rate = max(rate, 0.01)
        for o, b in zip(optimisers, base):
            for g, lr in zip(o.param_groups, b):
                g["lr"] = lr * rate
        feeds.progress.value = progress
        total, seen = 0.0, 0
        for _ in range(a.prompts):
            prefix, ids, weights = (t.to(a.device) for t in next(feed))
            with torch.autocast(a.device.split(":")[0], torch.bfloat16, enabled=half):
                if a.candidates > 1 and len(ids) > 1:
                    chosen = model.hardest(ids, weights, prefix, -(-len(ids) // a.candidates))
                    ids, weights = ids[chosen], weights[chosen]
                loss = model.loss(ids, weights, prefix) / a.prompts
            loss.backward()
            total, seen = total + loss.detach(), seen + ids.numel() + prefix.numel()
        total = total.item()
        if ranks > 1:
            flat = torch.cat([q.grad.flatten() for q in named.values()] + [torch.tensor([total, float(seen), float(bool(stop)), spent])])
            dist.all_reduce(flat)
            flat[:-3] /= ranks
            for q, g in zip(named.values(), flat[:-4].split([q.numel() for q in named.values()])):
                q.grad.copy_(g.view_as(q))
            total, seen = flat[-4].item(), int(flat[-3].item())
            if flat[-2].item():
                break
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        if math.isfinite(norm.item()):
            for o in optimisers:
                o.step()
        model.zero_grad(set_to_none=True)
        step, tokens = step + 1, tokens + seen
        spent = (flat[-1].item() / ranks if ranks > 1 else spent) + time.time() - now
        mean = total if mean is None else 0.97 * mean + 0.03 * total
        if step % 20 == 0 and rank == 0:
            write([step, tokens, round(spent), round(total, 4), round(mean, 4), round(rate, 4), round(norm.item(), 3), round(seen / (time.time() - now))])
            log.flush()
        if rank == 0 and any(tokens - seen < k <= tokens for k in KEEP):
            save(a.out / f"e{tokens // 1_000_000}.pt")
        if rank == 0 and time.time() - saved > 120:
            save(a.out / "last.pt")
            saved = time.time()
    if rank == 0:
        save(a.out / "last.pt")
    print("step", step, "tokens", tokens, "loss", mean, "minutes", (time.time() - begun) / 60)


if __name__ == "__main__":
    main()
