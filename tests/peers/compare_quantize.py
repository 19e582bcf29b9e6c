"""How near quantised weights are to their own: lares-cli quantize beside ggml_quantize_chunk, the same tensors.

    pip install xllamacpp gguf numpy
    python3 tests/peers/compare_quantize.py [FOLDER or F32/BF16 .gguf]

Without an argument: a tiny model with normal numbers. Prints |quantised - own| / |own| over all matrices of a type.
"""
import ctypes
import importlib.util
import pathlib
import sys
import tempfile

import lares

TYPES = ["q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "q4_k_m", "q5_k_m", "q6_k", "iq4_nl", "iq4_xs", "q3_k_m", "q2_k"]

try:
    import gguf
    import numpy as np
except ImportError as error:
    sys.exit(f"skipped: {error.name} is missing (pip install xllamacpp gguf numpy)")


def ggml():
    spec = importlib.util.find_spec("xllamacpp")
    if not spec:
        sys.exit("skipped: xllamacpp is missing (pip install xllamacpp gguf numpy)")
    library = ctypes.CDLL(str(next(pathlib.Path(spec.origin).parent.glob("xllamacpp*.so"))))
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    return library


def own_values(tensors, name):
    tensor = tensors[name]
    return gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)


def main():
    library = ggml()
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(folder) / "source.gguf"
        if len(sys.argv) < 2:
            lares.run("synth", "--like", "tiny", "--type", "f32", source)
        plain = pathlib.Path(folder) / "plain.gguf"
        lares.run("quantize", source, plain, "--type", "f32")
        own = {tensor.name: tensor for tensor in gguf.GGUFReader(plain).tensors}
        print("| file | type | Lares | llama.cpp | ratio |\n| --- | --- | ---: | ---: | ---: |")
        for name in TYPES:
            out = pathlib.Path(folder) / f"{name}.gguf"
            lares.run("quantize", source, out, "--type", name)
            off = {}
            for tensor in gguf.GGUFReader(out).tensors:
                kind = tensor.tensor_type
                if kind in (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16):
                    continue
                values = np.ascontiguousarray(own_values(own, tensor.name))
                ours = gguf.dequantize(tensor.data, kind)
                theirs = np.zeros_like(tensor.data)
                library.ggml_quantize_chunk(int(kind), values.ctypes.data_as(ctypes.c_void_p),
                                            theirs.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(0),
                                            ctypes.c_int64(values.shape[0]), ctypes.c_int64(values.shape[1]), None)
                sums = off.setdefault(kind.name, [0.0, 0.0, 0.0])
                sums[0] += float(((ours - values) ** 2).sum())
                sums[1] += float(((gguf.dequantize(theirs, kind) - values) ** 2).sum())
                sums[2] += float((values ** 2).sum())
            for kind, (ours, theirs, all_of_it) in sorted(off.items()):
                print(f"| {name} | {kind} | {(ours / all_of_it) ** 0.5:.5f} | {(theirs / all_of_it) ** 0.5:.5f} "
                      f"| {(ours / theirs) ** 0.5:.3f} |")
            out.unlink()


main()
