from norm import RMSNorm

from gradcheck import Case
from gradcheck.adapters import from_torch


def rms_norm(x, weight):
    return RMSNorm.apply(x, weight)


CASES = [
    Case(from_torch(rms_norm), "(n,d),(d)->(n,d)", name="rms_norm", sizes={"d": (1, None)}),
    Case(from_torch(rms_norm), "(b,n,d),(d)->(b,n,d)", name="rms_norm of a batch", sizes={"d": (1, None)}),
]
