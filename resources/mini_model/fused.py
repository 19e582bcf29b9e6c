"""Attention over a shared prompt and a row's own keys, with the softmax of fused.cpp: no copies, no masks. For training on a CPU
where a C++ compiler is at hand; `attend` is None elsewhere and model.py takes its plain form."""
import ctypes
import os
import pathlib
import subprocess
import tempfile

import torch


class Attend(torch.autograd.Function):
    """q [b,H,T,hd] (scaled), k and v [b,kv,T,hd], old_k and old_v [1,kv,L,hd] -> [b,H,T,hd], all of one type, float or bfloat16."""

    @staticmethod
    def forward(ctx, q, k, v, old_k, old_v):
        b, H, T, hd = q.shape
        kv, L = k.shape[1], old_k.shape[2]
        q1, q2 = q.reshape(b * kv, -1, hd).contiguous(), q.transpose(0, 1).reshape(kv, -1, hd)
        k, v = k.reshape(b * kv, T, hd), v.reshape(b * kv, T, hd)
        own = torch.bmm(q1, k.mT).view(b, H, T, T)
        shared = torch.bmm(q2, old_k[0].mT).view(H, b, T, L)
        call("lares_softmax", (shared, own), b, H, T, L)
        out = torch.bmm(own.view(b * kv, H // kv * T, T), v).view(b, H, T, hd)
        if L:
            out += torch.bmm(shared.view(kv, H // kv * b * T, L), old_v[0]).view(H, b, T, hd).transpose(0, 1)
        ctx.save_for_backward(q1, q2, k, v, old_k, old_v, own, shared)
        return out

    @staticmethod
    def backward(ctx, d):
        q1, q2, k, v, old_k, old_v, own, shared = ctx.saved_tensors
        b, H, T, hd = d.shape
        kv, L = old_k.shape[1], old_k.shape[2]
        d1, d2 = d.reshape(b * kv, -1, hd), d.transpose(0, 1).reshape(kv, -1, hd)
        p1, p2 = own.view(b * kv, H // kv * T, T), shared.view(kv, H // kv * b * T, L)
        s1, s2 = torch.bmm(d1, v.mT), torch.bmm(d2, old_v[0].mT)
        dv, dold_v = torch.bmm(p1.mT, d1), torch.bmm(p2.mT, d2)
        call("lares_softmax_backward", (shared, own, s2, s1), b, H, T, L)
        dq = torch.bmm(s1, k).view(b, H, T, hd)
        if L:
            dq += torch.bmm(s2, old_k[0]).view(H, b, T, hd).transpose(0, 1)
        dk, dold_k = torch.bmm(s1.mT, q1), torch.bmm(s2.mT, q2)
        return dq, dk.view(b, kv, T, hd), dv.view(b, kv, T, hd), dold_k[None], dold_v[None]


def load():
    library = pathlib.Path(tempfile.gettempdir()) / f"lares-mini-fused-{os.getuid()}-{os.getpid()}.so"
    try:
        subprocess.run(["g++", "-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC", str(pathlib.Path(__file__).parent / "fused.cpp"),
                        "-o", str(library), "-lmvec", "-lm"], check=True, capture_output=True, text=True)
        code = ctypes.CDLL(str(library))
        library.unlink()
        return code
    except (OSError, subprocess.CalledProcessError, AttributeError) as error:
        print("no fused attention, the plain one is slower:", error)
        return None


def call(name, tensors, *sizes):
    getattr(CODE, name + {torch.float32: "_f32", torch.bfloat16: "_bf16"}[tensors[0].dtype])(*(ctypes.c_void_p(t.data_ptr()) for t in tensors), *(ctypes.c_int64(n) for n in sizes))


CODE = load()
attend = Attend.apply if CODE else None
