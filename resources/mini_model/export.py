"""Write a checkpoint as GGUF: matrices in Q8_0, everything small in F32.

    python export.py CHECKPOINT.pt [OUT.gguf]
"""
import pathlib
import sys

import gguf
import numpy as np
import torch

from tokenizer import Tokenizer

HERE = pathlib.Path(__file__).parent
CONTEXT = 4096
NAMES = {"norm.weight": "attn_norm.weight", "mixer.in_proj.weight": "ssm_in.weight", "mixer.conv1d.weight": "ssm_conv1d.weight",
         "mixer.conv1d.bias": "ssm_conv1d.bias", "mixer.dt_bias": "ssm_dt.bias", "mixer.A_log": "ssm_a", "mixer.D": "ssm_d",
         "mixer.norm.weight": "ssm_norm.weight", "mixer.out_proj.weight": "ssm_out.weight", "mixer.q_proj.weight": "attn_q.weight",
         "mixer.k_proj.weight": "attn_k.weight", "mixer.v_proj.weight": "attn_v.weight", "mixer.o_proj.weight": "attn_output.weight",
         "mixer.up_proj.weight": "ffn_up.weight", "mixer.down_proj.weight": "ffn_down.weight"}
WHOLE = {"backbone.embeddings.weight": "token_embd.weight", "backbone.norm_f.weight": "output_norm.weight", "lm_head.weight": "output.weight"}


def tensors(weights, shape):
    """(name, array, is it a matrix) of every tensor, in the file's form."""
    for key, value in weights.items():
        v = value.float().numpy()
        if key in WHOLE:
            yield WHOLE[key], v, v.ndim == 2
            continue
        _, _, layer, rest = key.split(".", 3)
        matrix = v.ndim == 2
        if rest == "mixer.conv1d.weight":
            v = v[:, 0]
        elif rest == "mixer.A_log":
            v = -np.exp(v)[:, None]
        elif rest == "mixer.D":
            v = v[:, None]
        elif rest == "mixer.norm.weight":
            v = v.reshape(shape["G"], -1)
        yield f"blk.{layer}.{NAMES[rest]}", v, matrix


def add_tokenizer(out):
    tokens, types, merges = Tokenizer().stored()
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("pixtral")
    out.add_token_list(tokens)
    out.add_token_types(types)
    out.add_token_merges(merges)
    out.add_bos_token_id(1)
    out.add_eos_token_id(11)
    out.add_unk_token_id(0)
    out.add_pad_token_id(0)
    out.add_add_bos_token(False)
    out.add_chat_template((HERE / "chat_template.jinja").read_text())


def export(checkpoint, path):
    state = torch.load(checkpoint, map_location="cpu")
    s, pattern = state["shape"], state["shape"]["pattern"]
    out = gguf.GGUFWriter(str(path), "nemotron_h")
    out.add_type("model")
    out.add_name("Lares Mini")
    out.add_description("A small demo model, trained on synthetic dialogues")
    out.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    out.add_quantization_version(2)
    out.add_block_count(len(pattern))
    out.add_context_length(CONTEXT)
    out.add_embedding_length(s["H"])
    out.add_vocab_size(s["V"])
    out.add_head_count(s["heads"])
    out.add_head_count_kv([s["kv"] if k == "*" else 0 for k in pattern])
    out.add_feed_forward_length([s["F"] if k == "-" else 0 for k in pattern])
    out.add_key_length(s["hd"])
    out.add_value_length(s["hd"])
    out.add_layer_norm_rms_eps(1e-5)
    out.add_layer_norm_eps(1e-5)
    out.add_ssm_conv_kernel(4)
    out.add_ssm_state_size(s["N"])
    out.add_ssm_group_count(s["G"])
    out.add_ssm_inner_size(s["nh"] * s["P"])
    out.add_ssm_time_step_rank(s["nh"])
    out.add_rope_dimension_count(s["hd"])
    add_tokenizer(out)
    for name, v, matrix in tensors(state["model"], s):
        v = np.ascontiguousarray(v, np.float32)
        if matrix:
            out.add_tensor(name, gguf.quants.quantize(v, gguf.GGMLQuantizationType.Q8_0), raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        else:
            out.add_tensor(name, v)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    print(path, pathlib.Path(path).stat().st_size, "bytes,", state["tokens"], "tokens,", sum(v.numel() for v in state["model"].values()), "parameters")


if __name__ == "__main__":
    export(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else HERE / "lares-mini.gguf")
