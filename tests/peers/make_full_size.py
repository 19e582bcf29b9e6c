"""Writes a full-size Nemotron 3 Nano 4B as GGUF with random weights: shapes, tensor types and bytes of the official
Q4_K_M file (spec: nemotron-h.md, sections 6 and 7), the real vocabulary. For speed, never for answers.

    python3 make_full_size.py OUT.gguf VOCAB.gguf      # VOCAB: a GGUF with the 4B's vocabulary and no tensors
"""
import sys

try:
    import gguf
    import numpy as np
except ImportError as missing:
    sys.exit(f"skipped: {missing} (pip install gguf numpy)")

PATTERN = "M-M-M-MM-M-M*-M-M*-M-M-M*-M-M-MM*-MMM-M-M-"
H, F, V, HEADS, KV, HEAD_DIM, NH, P, N, G = 3136, 12544, 131072, 40, 8, 128, 96, 80, 128, 8
D = NH * P
CHANNELS = D + 2 * G * N
Q6_K_DOWN = {1, 3, 5, 8, 10, 18, 25, 33, 41}
Q8_0_V = {24, 32}
SCALES_AT = {"Q5_0": (0,), "Q8_0": (0,), "Q4_K": (0, 2), "Q6_K": (208,)}  # where a block's f16 scales stand
LEVELS = {"Q5_0": 9.2, "Q8_0": 74.0, "Q4_K": 200.0, "Q6_K": 1200.0}       # spread of a random block's integers


def blocks(kind, rows, cols, std, rng):
    """Random valid blocks whose values have about the standard deviation `std`."""
    n, size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]]
    data = np.frombuffer(rng.bytes(rows * (cols // n) * size), np.uint8).reshape(rows, cols // n, size).copy()
    for i, at in enumerate(SCALES_AT[kind]):
        scale = np.float16(std / LEVELS[kind] * (7.5 if i else 1))
        data[:, :, at:at + 2] = np.frombuffer(scale.tobytes(), np.uint8)
    return data.reshape(rows, -1)


def tensors(rng):
    """(name, kind or None for F32, maker) in the official order of layers."""
    ones = lambda *shape: np.ones(shape, np.float32)
    matrix = lambda kind, rows, cols, gain=1.0: (lambda: blocks(kind, rows, cols, gain / cols ** 0.5, rng))
    yield "token_embd.weight", "Q5_0", matrix("Q5_0", V, H, H ** 0.5)
    for i, layer in enumerate(PATTERN):
        b = f"blk.{i}."
        yield b + "attn_norm.weight", None, lambda: ones(H)
        if layer == "M":
            yield b + "ssm_in.weight", "Q5_0", matrix("Q5_0", D + CHANNELS + NH, H)
            yield b + "ssm_conv1d.weight", None, lambda: rng.standard_normal((CHANNELS, 4), np.float32) * np.float32(0.5)
            yield b + "ssm_conv1d.bias", None, lambda: ones(CHANNELS) * np.float32(0.1)
            yield b + "ssm_dt.bias", None, lambda: ones(NH) * np.float32(-4.0)
            yield b + "ssm_a", None, lambda: -rng.uniform(0.3, 12, (NH, 1)).astype(np.float32)
            yield b + "ssm_d", None, lambda: ones(NH, 1)
            yield b + "ssm_norm.weight", None, lambda: ones(G, D // G)
            yield b + "ssm_out.weight", "Q4_K", matrix("Q4_K", H, D, 0.2)
        elif layer == "*":
            yield b + "attn_q.weight", "Q5_0", matrix("Q5_0", HEADS * HEAD_DIM, H)
            yield b + "attn_k.weight", "Q5_0", matrix("Q5_0", KV * HEAD_DIM, H)
            kind = "Q8_0" if i in Q8_0_V else "Q5_0"
            yield b + "attn_v.weight", kind, matrix(kind, KV * HEAD_DIM, H)
            yield b + "attn_output.weight", "Q4_K", matrix("Q4_K", H, HEADS * HEAD_DIM, 0.2)
        else:
            kind = "Q6_K" if i in Q6_K_DOWN else "Q4_K"
            yield b + "ffn_up.weight", "Q5_0", matrix("Q5_0", F, H)
            yield b + "ffn_down.weight", kind, matrix(kind, H, F, 0.2)
    yield "output_norm.weight", None, lambda: ones(H)
    yield "output.weight", "Q8_0", matrix("Q8_0", V, H)


def matrix_shape(name):
    """[rows, cols] of a matrix by its name."""
    return {"token_embd.weight": (V, H), "output.weight": (V, H), "ssm_in.weight": (D + CHANNELS + NH, H), "ssm_out.weight": (H, D),
            "attn_q.weight": (HEADS * HEAD_DIM, H), "attn_k.weight": (KV * HEAD_DIM, H), "attn_v.weight": (KV * HEAD_DIM, H),
            "attn_output.weight": (H, HEADS * HEAD_DIM), "ffn_up.weight": (F, H), "ffn_down.weight": (H, F)}[name.split(".", 2)[-1] if name.startswith("blk.") else name]


def write_metadata(out, vocabulary):
    per_layer = lambda kind, value: [value if k == kind else 0 for k in PATTERN]
    out.add_name("random weights, shape of Nemotron 3 Nano 4B Q4_K_M")
    out.add_block_count(len(PATTERN)); out.add_context_length(1 << 20); out.add_embedding_length(H); out.add_vocab_size(V)
    out.add_head_count(HEADS); out.add_head_count_kv(per_layer("*", KV)); out.add_feed_forward_length(per_layer("-", F))
    out.add_key_length(HEAD_DIM); out.add_value_length(HEAD_DIM); out.add_layer_norm_rms_eps(1e-5); out.add_layer_norm_eps(1e-5)
    out.add_ssm_conv_kernel(4); out.add_ssm_state_size(N); out.add_ssm_group_count(G); out.add_ssm_inner_size(D); out.add_ssm_time_step_rank(NH)
    out.add_rope_dimension_count(78)
    for field in gguf.GGUFReader(vocabulary).fields.values():
        if not field.name.startswith("tokenizer."):
            continue
        kind = field.types[0]
        value = field.contents()
        out.add_key_value(field.name, value, kind, *([field.types[1]] if kind == gguf.GGUFValueType.ARRAY else []))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    rng = np.random.Generator(np.random.PCG64(4))
    out = gguf.GGUFWriter(sys.argv[1], "nemotron_h")
    write_metadata(out, sys.argv[2])
    made = list(tensors(rng))
    for name, kind, make in made:  # first the records, then the data one tensor at a time: the file is larger than memory is cheap
        if kind is None:
            array = make()
            out.add_tensor_info(name, array.shape, array.dtype, array.nbytes)
        else:
            quant = gguf.GGMLQuantizationType[kind]
            rows, cols = matrix_shape(name)
            n, size = gguf.GGML_QUANT_SIZES[quant]
            out.add_tensor_info(name, (rows, cols // n * size), np.dtype(np.uint8), rows * (cols // n) * size, raw_dtype=quant)
    out.write_header_to_file(); out.write_kv_data_to_file(); out.write_ti_data_to_file()
    for i, (_, _, make) in enumerate(made):
        out.write_tensor_data(make())
        if sys.stderr.isatty():
            print(f"\r{i + 1} of {len(made)} tensors", end="", file=sys.stderr, flush=True)
    out.close()


if __name__ == "__main__":
    main()
