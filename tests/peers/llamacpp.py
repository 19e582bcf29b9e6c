"""llama.cpp through the xllamacpp package: one model, raw token prompts in, tokens and timings out."""
import json
import sys


def load(path, threads, n_ctx, warmup=True):
    """A llama.cpp server object for one sequence on the CPU; ends the script when the package is missing."""
    try:
        import xllamacpp
    except ImportError:
        sys.exit("skipped: the package xllamacpp is not installed (pip install xllamacpp)")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_gpu_layers = 0
    params.n_ctx = n_ctx
    params.n_batch = params.n_ubatch = 512
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.warmup = warmup
    params.verbosity = -1
    return xllamacpp.Server(params)


def complete(server, tokens, n_predict):
    """Greedy continuation of a list of token ids without the prompt cache -> (ids, has_ended, timings). `has_ended`: the
    next token would have been one that ends an answer; which one, llama.cpp does not say."""
    request = {"prompt": tokens, "max_tokens": n_predict, "temperature": 0, "cache_prompt": False, "samplers": ["temperature"], "logprobs": 1}
    answer = server.handle_completions(request)
    answer = json.loads(answer) if isinstance(answer, (str, bytes)) else answer
    if "error" in answer:
        raise RuntimeError(f"llama.cpp: {answer['error']}")
    choice = answer["choices"][0]
    ids = [token["id"] for token in (choice["logprobs"] or {"content": []})["content"]]
    return ids, choice["finish_reason"] == "stop", answer["timings"]
