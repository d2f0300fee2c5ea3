"""The cross-entropy of logits against integer labels."""

import torch
from torch import Tensor


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean over n of -log softmax(logits)[n, labels[n]], with `logits` (n, c) and integer `labels` (n,).

    PyTorch wants labels of dtype int64; other integers are converted.

    >>> import torch
    >>> cross_entropy(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
    tensor(0.6931)
    """
    return torch.nn.functional.cross_entropy(logits, labels.long())
