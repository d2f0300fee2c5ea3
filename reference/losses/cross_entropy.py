"""The cross-entropy of logits against labels or probabilities."""

import torch
from torch import Tensor


def cross_entropy(
    logits: Tensor,
    labels: Tensor,
    *,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Mean over n of -log softmax(logits)[n, labels[n]], with `logits` (n, c) and integer `labels` (n,).

    PyTorch wants labels of dtype int64; other integers are converted.

    >>> import torch
    >>> cross_entropy(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
    tensor(0.6931)
    """
    return torch.nn.functional.cross_entropy(
        logits,
        labels if labels.is_floating_point() else labels.long(),
        None if weight is None else torch.as_tensor(weight, dtype=logits.dtype),
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )
