"""How far llama.cpp is from tests/data/golden/logits.json: writes llamacpp_distance.json beside it.

    python3 tests/peers/measure_distance.py          # needs: numpy xllamacpp

Calls the C functions inside the xllamacpp package by ctypes, because its own interface gives no logits. Parameter
structs are passed as opaque blocks; only the fields below are touched, at offsets that are checked against their defaults.
"""
import ctypes
import importlib.util
import json
import pathlib
import sys

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "data" / "golden"
N_CTX, TYPE_K, TYPE_V = 0, 26, 27  # in llama_context_params, as 32-bit words
F16, F32 = 1, 0                    # ggml types


class Block(ctypes.Structure):
    """Room for any of llama.cpp's parameter structs; larger is harmless, they are passed in memory."""
    _fields_ = [("words", ctypes.c_uint32 * 128)]


def library():
    spec = importlib.util.find_spec("xllamacpp")
    if spec is None:
        sys.exit("skipped: the package xllamacpp is not installed (pip install numpy xllamacpp)")
    return ctypes.CDLL(next(str(p) for p in pathlib.Path(spec.origin).parent.glob("xllamacpp*.so")))


class Peer:
    def __init__(self, lib):
        self.lib = lib
        self.quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
        lib.llama_log_set(self.quiet, None)
        lib.llama_backend_init()

    def call(self, name, result, *arguments):
        function = getattr(self.lib, name)
        function.restype, function.argtypes = result, [kind for kind, _ in arguments]
        return function(*(value for _, value in arguments))

    def open(self, path):
        model = self.call("llama_model_load_from_file", ctypes.c_void_p, (ctypes.c_char_p, str(path).encode()),
                          (Block, self.call("llama_model_default_params", Block)))
        params = self.call("llama_context_default_params", Block)
        assert [params.words[i] for i in (N_CTX, TYPE_K, TYPE_V)] == [512, F16, F16], "another version: check the offsets"
        params.words[TYPE_K] = params.words[TYPE_V] = F32
        self.context = self.call("llama_init_from_model", ctypes.c_void_p, (ctypes.c_void_p, model), (Block, params))

    def logits(self, tokens, n_vocab):
        import numpy
        memory = self.call("llama_get_memory", ctypes.c_void_p, (ctypes.c_void_p, self.context))
        self.call("llama_memory_clear", None, (ctypes.c_void_p, memory), (ctypes.c_bool, True))
        ids = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = self.call("llama_batch_get_one", Block, (ctypes.POINTER(ctypes.c_int32), ids), (ctypes.c_int32, len(tokens)))
        if self.call("llama_decode", ctypes.c_int32, (ctypes.c_void_p, self.context), (Block, batch)):
            raise RuntimeError("llama_decode failed")
        found = self.call("llama_get_logits_ith", ctypes.POINTER(ctypes.c_float), (ctypes.c_void_p, self.context), (ctypes.c_int32, -1))
        return numpy.ctypeslib.as_array(found, (n_vocab,)).astype(float)


def main():
    peer = Peer(library())
    import numpy
    import xllamacpp
    cases = [c for c in json.loads((GOLDEN / "logits.json").read_text())["logits"] if c["file"].endswith(".gguf")]
    rows = []
    for file in sorted({c["file"] for c in cases}):
        peer.open(GOLDEN / file)
        for case in (c for c in cases if c["file"] == file):
            want = numpy.array(case["logits"])
            distance = numpy.linalg.norm(peer.logits(case["tokens"], len(want)) - want) / numpy.linalg.norm(want)
            rows.append({"file": file, "n_tokens": len(case["tokens"]), "relative_l2": float(f"{distance:.4g}")})
    note = ["How far llama.cpp is from logits.json on these files: |got - want| / |want| of the logits after the last token.",
            f"Written by tests/peers/measure_distance.py with xllamacpp {xllamacpp.__version__}: CPU, f32 keys and values, one batch.",
            "It rounds activations to 8 bits (BF16: to bfloat16), which small random models show more than large trained ones do."]
    text = ",\n".join("    " + json.dumps(line) for line in note)
    table = ",\n".join("    " + json.dumps(row) for row in rows)
    (GOLDEN / "llamacpp_distance.json").write_text(f'{{\n  "note": [\n{text}\n  ],\n  "distances": [\n{table}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
