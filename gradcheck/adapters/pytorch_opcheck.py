"""PyTorch's own tests of an operator, ``torch.library.opcheck``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .pytorch_callable import tensors_of
from .pytorch_custom import CustomOp
from .pytorch_function import lined_up
from .pytorch_place import Place
from .pytorch_tensors import differentiable, flatten


def checked_by_torch(op: CustomOp, place: Place) -> Callable[..., dict[str, str]]:
    """A function of inputs and options: what each of the four tests says, an empty text where it passes.

    They compare what the operator declares (schema, fake tensors, registrations) with what it does, under a cotangent
    of ones: they cannot tell whether a gradient is right.
    """

    def opcheck(*inputs: Any, **options: Any) -> dict[str, str]:
        own, keywords = op.split(options)
        with place.apart(grad=True):
            trees = [tensors_of(place, tree) for tree in inputs]
            for leaf in flatten(trees)[0]:
                if differentiable(leaf):
                    leaf.requires_grad_()
            arguments, _ = lined_up(op.name, op.positional(), trees, place.with_tensors(own))
            said = torch.library.opcheck(
                op.overload, tuple(arguments), place.with_tensors(keywords), raise_exception=False
            )
        return {test: "" if answer == "SUCCESS" else " ".join(str(answer).split()) for test, answer in said.items()}

    return opcheck
