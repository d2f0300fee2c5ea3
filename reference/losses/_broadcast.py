"""Two tensors in the shape that they share, as PyTorch's losses want them: of others they warn."""

from torch import Tensor


def broadcast(x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Both expanded to the shape of their sum."""
    shape = (x + target).shape
    return x.expand(shape), target.expand(shape)
