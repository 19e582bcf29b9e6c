"""Nemotron-H in PyTorch, for training: Mamba-2 (chunked SSD), attention without positions, relu-squared MLP.

Parameter names are those of the Hugging Face checkpoints (`backbone.layers.N.mixer...`).
Shapes: B batch, T time, H width, d inner width, G groups, N state, nh Mamba heads, P head width, Q chunk.
"""
import math
import torch
import torch.nn.functional as F
from torch import nn

SHAPE = dict(pattern="M*-M*-M*-M-", H=192, F=768, V=2208, nh=6, P=64, N=64, G=2, heads=4, kv=2, hd=64)
CHUNK = 32


class RMSNorm(nn.Module):
    def __init__(self, width, groups=1):
        super().__init__()
        self.weight, self.groups = nn.Parameter(torch.ones(width)), groups

    def forward(self, x):
        x = x.float()
        g = x.unflatten(-1, (self.groups, -1))
        return (g * torch.rsqrt(g.pow(2).mean(-1, keepdim=True) + 1e-5)).flatten(-2) * self.weight


def ssd(x, dt, A, B, C, S):
    """Chunked scan (Dao & Gu 2024): x [b,T,nh,P], dt [b,T,nh], A [nh], B and C [b,T,G,N], state S [b,nh,P,N] before
    -> (y as x, state after). T divides by CHUNK."""
    b, T, nh, P = x.shape
    G, N = B.shape[2:]
    c, Q, r = T // CHUNK, CHUNK, nh // G
    x = x.reshape(b, c, Q, nh, P)
    B, C, dt = B.reshape(b, c, Q, G, N), C.reshape(b, c, Q, G, N), dt.reshape(b, c, Q, nh)
    cum = (dt * A).cumsum(2).permute(0, 1, 3, 2)                                     # [b,c,nh,Q]
    decay = fading(cum, cum).view(b, c, G, r, Q, Q)
    xdt = (x * dt.unsqueeze(-1)).permute(0, 1, 3, 2, 4).to(B.dtype)                  # [b,c,nh,Q,P]
    Bg, Cg = B.permute(0, 1, 3, 2, 4), C.permute(0, 1, 3, 2, 4)                      # [b,c,G,Q,N]
    scores = (Cg @ Bg.transpose(-1, -2)).unsqueeze(3) * decay.to(B.dtype)
    y = scores.flatten(2, 3) @ xdt                                                   # within the chunk
    tail = (cum[..., -1:] - cum).exp().to(B.dtype)                                   # decay from j to the chunk's end
    late = (xdt * tail.unsqueeze(-1)).view(b, c, G, r, Q, P).permute(0, 1, 2, 3, 5, 4).reshape(b, c, G, r * P, Q)
    local = (late @ Bg).view(b, c, nh, P * N)
    # The states before every chunk at once: what came in and each chunk's own, faded.
    ends = F.pad(cum[..., -1], (0, 0, 1, 0)).cumsum(1).transpose(1, 2)               # [b,nh,c+1]
    parts = torch.cat([S.reshape(b, 1, nh, P * N).to(local.dtype), local], 1).transpose(1, 2)   # [b,nh,c+1,P*N]
    states = fading(ends, ends).to(local.dtype) @ parts
    before = states[:, :, :-1].transpose(1, 2).reshape(b, c, G, r * P, N)
    carried = (Cg @ before.transpose(-1, -2)).view(b, c, G, Q, r, P).permute(0, 1, 2, 4, 3, 5).reshape(b, c, nh, Q, P)
    y = y + carried * cum.exp().unsqueeze(-1).to(B.dtype)
    return y.permute(0, 1, 3, 2, 4).reshape(b, T, nh, P), states[:, :, -1].reshape(b, nh, P, N)


def fading(to, since):
    """exp(to[i] - since[j]) for j <= i, else 0."""
    gap = to.unsqueeze(-1) - since.unsqueeze(-2)
    i = torch.arange(gap.shape[-1], device=gap.device)
    return torch.where(i[:, None] >= i[None], gap, -1e9).exp()


class ConvSilu(torch.autograd.Function):
    """silu of the causal depthwise convolution: past [b,T+3,ch] with the three columns before, w [4,ch], bias [ch]."""

    @staticmethod
    def forward(ctx, past, w, bias):
        T = past.shape[1] - 3
        a = torch.addcmul(bias, past[:, :T], w[0])
        for k in range(1, 4):
            a.addcmul_(past[:, k:k + T], w[k])
        ctx.save_for_backward(past, w, a)
        return F.silu(a)

    @staticmethod
    def backward(ctx, dy):
        past, w, a = ctx.saved_tensors
        T = a.shape[1]
        da = torch.ops.aten.silu_backward(dy.contiguous(), a)
        dpast = torch.zeros_like(past)
        for k in range(4):
            dpast[:, k:k + T].addcmul_(da, w[k])
        dw = torch.stack([(da * past[:, k:k + T]).sum((0, 1)) for k in range(4)])
        return dpast, dw, da.sum((0, 1))


class Mamba(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.s, self.d, self.gn = s, s["nh"] * s["P"], s["G"] * s["N"]
        channels = self.d + 2 * self.gn
        self.in_proj = nn.Linear(s["H"], self.d + channels + s["nh"], bias=False)
        self.conv1d = nn.Conv1d(channels, channels, 4, groups=channels)
        self.dt_bias = nn.Parameter(torch.empty(s["nh"]))
        self.A_log = nn.Parameter(torch.empty(s["nh"]))
        self.D = nn.Parameter(torch.ones(s["nh"]))
        self.norm = RMSNorm(self.d, s["G"])
        self.out_proj = nn.Linear(self.d, s["H"], bias=False)

    def forward(self, h, before=None):
        s, d, gn = self.s, self.d, self.gn
        b, T, _ = h.shape
        past, S = before or (h.new_zeros(1, 3, d + 2 * gn), h.new_zeros(1, s["nh"], s["P"], s["N"]))
        z, xbc, dt = self.in_proj(h).split([d, d + 2 * gn, s["nh"]], -1)
        w = self.conv1d.weight[:, 0].to(xbc.dtype).T.contiguous()
        past = torch.cat([past.to(xbc.dtype).expand(b, -1, -1), xbc], 1)
        x, B, C = ConvSilu.apply(past, w, self.conv1d.bias.to(xbc.dtype)).split([d, gn, gn], -1)
        dt = F.softplus(dt.float() + self.dt_bias)
        x = x.view(b, T, s["nh"], s["P"])
        y, S = ssd(x, dt, -self.A_log.exp(), B.view(b, T, s["G"], s["N"]), C.view(b, T, s["G"], s["N"]), S.expand(b, -1, -1, -1))
        y = (y + self.D[:, None].to(x.dtype) * x).flatten(2)
        return self.out_proj(self.norm(y * F.silu(z))), (past[:, -3:], S)


class Attention(nn.Module):
    attend = None          # train.py sets the faster form of fused.py

    def __init__(self, s):
        super().__init__()
        self.s = s
        self.q_proj = nn.Linear(s["H"], s["heads"] * s["hd"], bias=False)
        self.k_proj = nn.Linear(s["H"], s["kv"] * s["hd"], bias=False)
        self.v_proj = nn.Linear(s["H"], s["kv"] * s["hd"], bias=False)
        self.o_proj = nn.Linear(s["heads"] * s["hd"], s["H"], bias=False)

    def forward(self, h, before=None):
        """`before`: keys and values [1,kv,L,hd] of the prompt that all rows share; they are not copied for each row."""
        s, (b, T, _), r = self.s, h.shape, self.s["heads"] // self.s["kv"]
        split = lambda t, n: t.view(b, T, n, s["hd"]).transpose(1, 2)
        q, k, v = split(self.q_proj(h), s["heads"]) * s["hd"] ** -0.5, split(self.k_proj(h), s["kv"]), split(self.v_proj(h), s["kv"])
        if Attention.attend:
            old = before or (k.new_zeros(1, s["kv"], 0, s["hd"]),) * 2
            return self.o_proj(Attention.attend(q, k, v, *old).transpose(1, 2).flatten(2)), (k, v)
        i = torch.arange(T, device=h.device)
        own = q.reshape(b, s["kv"], r * T, s["hd"]) @ k.transpose(-1, -2)
        own = torch.where(i[:, None] >= i[None], own.view(b, s["heads"], T, T), -1e9)
        if before is None:
            o = torch.softmax(own, -1, dtype=q.dtype).view(b, s["kv"], r * T, T) @ v
            return self.o_proj(o.view(b, s["heads"], T, -1).transpose(1, 2).flatten(2)), (k, v)
        old_k, old_v = before
        L = old_k.shape[2]
        shared = q.transpose(0, 1).reshape(s["kv"], r * b * T, s["hd"]) @ old_k[0].transpose(-1, -2)
        shared = shared.view(s["heads"], b, T, L).transpose(0, 1)
        p = torch.softmax(torch.cat([shared, own], -1), -1, dtype=q.dtype)
        o = p[..., L:].reshape(b, s["kv"], r * T, T) @ v
        o = o.view(b, s["heads"], T, -1) + (p[..., :L].transpose(0, 1).reshape(s["kv"], r * b * T, L) @ old_v[0]).view(s["heads"], b, T, -1).transpose(0, 1)
        return self.o_proj(o.transpose(1, 2).flatten(2)), (k, v)


class MLP(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.up_proj = nn.Linear(s["H"], s["F"], bias=False)
        self.down_proj = nn.Linear(s["F"], s["H"], bias=False)

    def forward(self, h, before=None):
        return self.down_proj(F.relu(self.up_proj(h)).square()), None


class Layer(nn.Module):
    def __init__(self, kind, s):
        super().__init__()
        self.norm = RMSNorm(s["H"])
        self.mixer = {"M": Mamba, "*": Attention, "-": MLP}[kind](s)

    def forward(self, x, before=None):
        out, after = self.mixer(self.norm(x), before)
        return x + out.float(), after


class Model(nn.Module):
    def __init__(self, s=SHAPE):
        super().__init__()
        self.s = s
        self.backbone = nn.Module()
        self.backbone.embeddings = nn.Embedding(s["V"], s["H"])
        self.backbone.layers = nn.ModuleList(Layer(k, s) for k in s["pattern"])
        self.backbone.norm_f = RMSNorm(s["H"])
        self.lm_head = nn.Linear(s["H"], s["V"], bias=False)
        self.start()

    @torch.no_grad()
    def start(self):
        """Random start. Convolution taps begin as pure delays, which makes copying appear earlier."""
        depth = len(self.s["pattern"])
        for name, p in self.named_parameters():
            if p.ndim == 2:
                p.normal_(0, 1 / math.sqrt(p.shape[1]))
            if name.endswith(("out_proj.weight", "o_proj.weight", "down_proj.weight")):
                p.mul_(1 / math.sqrt(depth))
        self.backbone.embeddings.weight.normal_(0, 1)
        self.lm_head.weight.normal_(0, 0.02)
        for layer in self.backbone.layers:
            m = layer.mixer
            if isinstance(m, Mamba):
                m.conv1d.weight.normal_(0, 0.1)
                channels = torch.arange(m.conv1d.weight.shape[0])
                m.conv1d.weight[channels, 0, channels % 4] += 1.0
                m.conv1d.bias.zero_()
                dt = torch.exp(torch.empty(self.s["nh"]).uniform_(math.log(1e-3), math.log(0.1)))
                m.dt_bias.copy_(dt + torch.log(-torch.expm1(-dt)))
                m.A_log.copy_(torch.log(torch.empty(self.s["nh"]).uniform_(1, 16)))

    def hidden(self, ids, before=None):
        """ids [B,T], T a multiple of CHUNK, after the states `before` (of one row, shared by all)
        -> (normalised hidden states [B,T,H], the states of every layer after)."""
        x, after = self.backbone.embeddings(ids), []
        for i, layer in enumerate(self.backbone.layers):
            x, state = layer(x, before[i] if before else None)
            after.append(state)
        return self.backbone.norm_f(x), after

    def forward(self, ids):
        T = ids.shape[1]
        return self.lm_head(self.hidden(F.pad(ids, (0, -T % CHUNK)))[0])[:, :T]

    def token_losses(self, ids, weights, prefix):
        """(cross entropy of every next token where weights[:, 1:] is not zero, their weights, the mask of those tokens)."""
        keep = weights[:, 1:] > 0
        before = self.hidden(prefix)[1] if prefix is not None and prefix.shape[1] else None
        h = self.hidden(ids, before)[0][:, :-1][keep]
        return F.cross_entropy(self.lm_head(h).float(), ids[:, 1:][keep], reduction="none"), weights[:, 1:][keep], keep

    def loss(self, ids, weights, prefix=None):
        """Mean cross entropy of the next token where weights[:, 1:] is not zero. `prefix` [1, a multiple of CHUNK] is
        what every row begins with: it is computed once, and not trained to be predicted."""
        each, w, _ = self.token_losses(ids, weights, prefix)
        return (each * w).sum() / w.sum()

    @torch.no_grad()
    def hardest(self, ids, weights, prefix, count):
        """The indices of the `count` rows that hold the worst predicted tokens."""
        each, _, keep = self.token_losses(ids, weights, prefix)
        worst = each.new_zeros(keep.shape).masked_scatter_(keep, each).amax(1)
        return worst.topk(count).indices
