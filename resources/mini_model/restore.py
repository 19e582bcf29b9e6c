"""The inverse of export.py: weights of a GGUF file as a checkpoint's, so that training can go on from a committed model.

What is lost is the rounding of Q8_0 and the optimisers' state; training starts a new schedule anyway. A file with another
vocabulary gives its rows to the tokens that both have; the others keep what `model` began with.
"""
import gguf
import numpy as np
import torch

from export import NAMES, WHOLE
from tokenizer import Tokenizer


def restore(path, model):
    """Loads the file's tensors into `model`; refuses a file that lacks one or has another shape."""
    file = gguf.GGUFReader(str(path))
    stored = {t.name: gguf.quants.dequantize(t.data, t.tensor_type).astype(np.float32) for t in file.tensors}
    words = file.fields["tokenizer.ggml.tokens"]
    theirs = {bytes(words.parts[at]).decode(): row for row, at in enumerate(words.data)}
    shared = [(ours, theirs[w]) for ours, w in enumerate(Tokenizer().stored()[0]) if w in theirs and not w.startswith("<SPECIAL_")]
    weights = {}
    for key, value in model.state_dict().items():
        if key in WHOLE:
            name = WHOLE[key]
        else:
            _, _, layer, rest = key.split(".", 3)
            name = f"blk.{layer}.{NAMES[rest]}"
        v = stored[name]
        if name in ("token_embd.weight", "output.weight"):
            rows, v = v, value.numpy().copy()
            v[[ours for ours, _ in shared]] = rows[[their for _, their in shared]]
        if key.endswith("A_log"):
            v = np.log(-v)
        weights[key] = torch.from_numpy(v.reshape(tuple(value.shape)).copy())
    model.load_state_dict(weights)
