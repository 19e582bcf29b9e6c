"""The inverse of export.py: weights of a GGUF file as a checkpoint's, so that training can go on from a committed model.

What is lost is the rounding of Q8_0 and the optimisers' state; training starts a new schedule anyway.
"""
import gguf
import numpy as np
import torch

from export import NAMES, WHOLE


def restore(path, model):
    """Loads the file's tensors into `model`; refuses a file that lacks one or has another shape."""
    stored = {t.name: gguf.quants.dequantize(t.data, t.tensor_type).astype(np.float32) for t in gguf.GGUFReader(str(path)).tensors}
    weights = {}
    for key, value in model.state_dict().items():
        if key in WHOLE:
            name = WHOLE[key]
        else:
            _, _, layer, rest = key.split(".", 3)
            name = f"blk.{layer}.{NAMES[rest]}"
        v = stored[name]
        if key.endswith("A_log"):
            v = np.log(-v)
        weights[key] = torch.from_numpy(v.reshape(tuple(value.shape)).copy())
    model.load_state_dict(weights)
