"""What is known of differentiating a hand-written backward once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .pytorch_heard import Applied
from .pytorch_place import Place
from .pytorch_tensors import differentiable, flatten

UNASKED = (
    "the backward can be differentiated itself, and its second derivatives were not asked for: say order=2 in the "
    "case, or mark it once_differentiable"
)
UNMARKED = (
    "the backward leaves autograd (NumPy, .data, a kernel), so that differentiating it again gives nothing, and it is "
    "not marked once_differentiable, by which PyTorch would say so"
)


def of_twice(applied: Applied, place: Place, hear: Callable[[], list[Any]]) -> str | None:
    """What to say of the second order that nobody asked for, from the backward run as if it were.

    ``hear`` gives what it returned last.
    """
    with place.apart(grad=True, state=applied.state):
        outputs = [y for y in applied.outputs if y.requires_grad]
        if not outputs:
            return None
        ones = [torch.ones_like(y).requires_grad_() for y in outputs]
        torch.autograd.grad(outputs, applied.anchor, ones, create_graph=True, retain_graph=True, allow_unused=True)
        found = [leaf for leaf in flatten(hear())[0] if differentiable(leaf)]
    given = {leaf.grad_fn for leaf in flatten(list(applied.arguments))[0] if isinstance(leaf, torch.Tensor)}
    if any(leaf.grad_fn is not None and leaf.grad_fn not in given for leaf in found):
        return UNASKED
    # a tensor of the caller's own says nothing: a kernel may have written into it
    return UNMARKED if any(not leaf.requires_grad for leaf in found) else None
