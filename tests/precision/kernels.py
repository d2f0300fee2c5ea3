"""Hand-written backwards of torch that exist in few digits only, each with what makes it wrong."""

import torch


class Softmax(torch.autograd.Function):
    """Rows of a softmax, in float32 inside."""

    signature = "(m,n)->(m,n)"

    @staticmethod
    def forward(ctx, x):
        y = torch.softmax(x.float(), -1).to(x.dtype)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy):
        (y,) = ctx.saved_tensors
        y, dy = y.float(), dy.float()
        return (y * (dy - (y * dy).sum(-1, keepdim=True))).to(ctx.saved_tensors[0].dtype)


def only_low(function):
    """The same Function, which refuses float64 as a GPU kernel does."""

    class Low(function):
        signature = function.signature

        @staticmethod
        def forward(ctx, *inputs):
            if any(x.dtype == torch.float64 for x in inputs):
                raise RuntimeError("no kernel for Double")
            return function.forward(ctx, *inputs)

    return Low


class RmsNorm(torch.autograd.Function):
    """Rows over the root of their mean square, times a weight; dw is added up over the rows in float32."""

    signature = "(m,n),(n)->(m,n)"

    @staticmethod
    def forward(ctx, x, w):
        wide = x.float()
        scale = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)
        ctx.save_for_backward(x, w, scale)
        return (wide * scale * w.float()).to(x.dtype)

    @staticmethod
    def backward(ctx, dy):
        x, w, scale = ctx.saved_tensors
        wide, dy = x.float(), dy.float()
        g = dy * w.float()
        dx = scale * g - wide * scale**3 * (g * wide).mean(-1, keepdim=True)
        return dx.to(x.dtype), RmsNorm.add_up((dy * wide * scale), w.dtype)

    @staticmethod
    def add_up(rows, dtype):
        return rows.sum(0).to(dtype)


def rms_norm(x, w):
    """Plainly, as a twin."""
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w


class Accumulated(RmsNorm):
    """The same with dw added up row by row in the dtype of the weight."""

    @staticmethod
    def backward(ctx, dy):
        x, w, scale = ctx.saved_tensors
        dx, _ = RmsNorm.backward(ctx, dy)
        dw = torch.zeros_like(w)
        for row in (dy.float() * x.float() * scale).to(w.dtype):
            dw += row
        return dx, dw


class MissingTerm(RmsNorm):
    """The same without what the mean square takes off."""

    @staticmethod
    def backward(ctx, dy):
        x, w, scale = ctx.saved_tensors
        _, dw = RmsNorm.backward(ctx, dy)
        return (scale * dy.float() * w.float()).to(x.dtype), dw


def with_gradient(function, change):
    """The same Function, whose first gradient is changed: ``change(gradient, inputs)``."""

    class Changed(function):
        signature = function.signature

        @staticmethod
        def backward(ctx, dy):
            found = function.backward(ctx, dy)
            first, *rest = found if isinstance(found, tuple) else (found,)
            return (change(first), *rest)

    return Changed
