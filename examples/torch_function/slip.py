"""The same norm with one slip: a sum where the forward takes a mean. Rows of length 1 do not show it."""

from norm import RMSNorm

from gradcheck import Case
from gradcheck.adapters import from_torch


class Slip(RMSNorm):
    @staticmethod
    def backward(ctx, dy):
        x, weight, r = ctx.saved_tensors
        dz = dy * weight
        dx = r * (dz - x * r**2 * (dz * x).sum(-1, keepdim=True))
        dweight = (dy * x * r).flatten(0, -2).sum(0)
        return dx, dweight, None


def rms_norm(x, weight):
    return Slip.apply(x, weight)


CASES = [Case(from_torch(rms_norm), "(n,d),(d)->(n,d)", sizes={"d": (1, None)})]
