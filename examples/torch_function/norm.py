"""Root mean square norm, as kernels of language models have it: x * r * weight with r = 1 / sqrt(mean(x**2) + eps)."""

import torch


class RMSNorm(torch.autograd.Function):
    """The backward follows from r = (mean(x**2) + eps)**(-1/2), so that dr = -r**3 * mean(x * dx)."""

    @staticmethod
    def forward(ctx, x, weight, eps=1e-6):
        r = torch.rsqrt(x.square().mean(-1, keepdim=True) + eps)
        ctx.save_for_backward(x, weight, r)
        return x * r * weight

    @staticmethod
    def backward(ctx, dy):
        x, weight, r = ctx.saved_tensors
        dz = dy * weight
        dx = r * (dz - x * r**2 * (dz * x).mean(-1, keepdim=True))
        dweight = (dy * x * r).flatten(0, -2).sum(0)
        return dx, dweight, None
