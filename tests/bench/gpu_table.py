"""Figures of one card out of what `lares-cli bench --json` and llama-bench print, and the table of them."""

DEPTHS = [0, 1024, 8192, 49152]
PROMPTS = [512, 8192, 49152]


def add_bench(figures, report):
    """Takes one report of `lares-cli bench` into a model's figures."""
    machine = report["machine"]
    if "card" not in machine:
        raise ValueError("the bench ran on the processor: " + machine.get("cpu", "unknown"))
    for row in report["results"]:
        rate = row["tokens_per_second"]["median"]
        if row["prompt"]:
            figures.setdefault("prefill", {})[row["prompt"]] = rate
            figures.setdefault("prefill_share", {})[row["prompt"]] = row["share_of_limit"]
            figures["first_token_ms"] = row["prompt"] / rate * 1000
        else:
            figures.setdefault("decode", {})[row["depth"]] = rate
            figures.setdefault("decode_share", {})[row["depth"]] = row["share_of_limit"]
        # What was read to get to a depth is a prompt of that length, read once.
        if row["depth"] in PROMPTS and row.get("depth_seconds"):
            figures.setdefault("prefill", {})[row["depth"]] = row["depth"] / row["depth_seconds"]
    figures.setdefault("load_seconds", report["load_seconds"])
    if machine.get("prompt_library"):
        figures["prompt_library"] = machine["prompt_library"]
    memory = machine["memory_bytes"]
    position = max(row["depth"] + row["prompt"] + row["generate"] for row in report["results"])
    figures.setdefault("vram_bytes", {})[position] = memory["used"] - figures.get("vram_before_bytes", 0)
    return figures


def share_prompts(figures):
    """The shares of the prompts that were read once: the limit of a token does not depend on their number."""
    rates, shares = figures.get("prefill", {}), figures.get("prefill_share", {})
    known = next((n for n in rates if shares.get(n)), None)
    if known is None:
        return
    limit = rates[known] / shares[known]
    for n, rate in rates.items():
        shares.setdefault(n, rate / limit)


def add_llama_bench(figures, rows):
    """Takes the rows of `llama-bench -o json`."""
    for row in rows:
        if row["n_prompt"] and not row["n_gen"] and not row.get("n_depth", 0):
            figures.setdefault("prefill", {})[row["n_prompt"]] = row["avg_ts"]
        elif row["n_gen"] and not row["n_prompt"]:
            figures.setdefault("decode", {})[row.get("n_depth", 0)] = row["avg_ts"]
    return figures


def ratios(ours, peer):
    """[(case, ours, peer, ratio)] of what both have."""
    found = []
    for kind, keys, name in (("decode", DEPTHS, "decode at {:,}"), ("prefill", PROMPTS, "prefill {:,}")):
        for key in keys:
            mine, other = ours.get(kind, {}).get(key), peer.get(kind, {}).get(key)
            if mine and other:
                found.append((name.format(key), mine, other, mine / other))
    return found


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


def shared(rate, share, digits):
    return number(rate, digits) + (f" ({share * 100:.0f} %)" if rate is not None and share else "")


def lines_of(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def table(result):
    """The whole result as text, in Markdown."""
    models = result["models"]
    lines = []
    card = result.get("card")
    if card:
        lines += [
            f"{card['card']}: {card['bandwidth_gb_s']:,.0f} GB/s of memory (a copy, read and written), "
            f"{card['int8_gops'] / 1000:,.1f} int8 Top/s and {card['f16_gflops'] / 1000:,.1f} f16 Tflop/s (mma.sync).",
            "In brackets the share of the limit: decode of that bandwidth, over weights, state, and keys and values at that",
            "depth; prefill of the int8 peak (Q4_K_M) or of the f16 peak, over the layers' matrices alone.", ""]

    def row(name, cell):
        return [name] + [cell(models[m]) for m in models]

    rows = [row(f"decode at {d:,}, tokens/s",
                lambda f, d=d: shared(f.get("decode", {}).get(d), f.get("decode_share", {}).get(d), 1)) for d in DEPTHS]
    rows += [row(f"prefill {n:,}, tokens/s",
                 lambda f, n=n: shared(f.get("prefill", {}).get(n), f.get("prefill_share", {}).get(n), 0))
             for n in PROMPTS]
    rows.append(row("time to first token, 512 tokens, ms", lambda f: number(f.get("first_token_ms"), 1)))
    rows.append(row("the same, first prompt of a process, ms", lambda f: number(f.get("cold_first_token_ms"), 1)))
    rows.append(row("from process start to its end after one token, s", lambda f: number(f.get("cold_seconds"), 2)))
    rows.append(row("load, file in the page cache, s", lambda f: number(f.get("load_seconds"), 2)))
    contexts = sorted({n for m in models.values() for n in m.get("vram_bytes", {})})
    for n in contexts:
        def megabytes(f, n=n):
            used = f.get("vram_bytes", {}).get(n)
            return number(None if used is None else used / 1e6)
        rows.append(row(f"VRAM peak, context of {n:,}, MB", megabytes))
    lines += lines_of(["", *models], rows)

    libraries = {}
    for name, figures in models.items():
        if figures.get("prompt_library"):
            libraries.setdefault(figures["prompt_library"], []).append(name)
    for library, names in libraries.items():
        lines += ["", f"Long prompts of {' and '.join(names)}: {library}"]

    for name, figures in models.items():
        if figures.get("kernels"):
            lines += ["", f"Kernels of a token, {name}, at the beginning:", "", *figures["kernels"].rstrip().splitlines()]

    peer = result.get("peer")
    if peer:
        lines += ["", f"Beside `{peer['command']}`, the same Q4_K_M file:", ""]
        lines += lines_of(["tokens/s", "Lares", "peer", "ratio"],
                          [[name, number(a, 1), number(b, 1), number(r, 2)]
                           for name, a, b, r in ratios(models.get("Q4_K_M", {}), peer)])
        if peer.get("vram_bytes"):
            lines.append(f"VRAM peak of the peer: {number(peer['vram_bytes'] / 1e6)} MB")
    for what in result.get("skipped", []):
        lines.append(f"Skipped: {what}")
    for what in result.get("failed", []):
        lines.append(f"Failed: {what}")
    return "\n".join(lines) + "\n"
