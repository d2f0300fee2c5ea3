"""Every operation of PyTorch inside a `with`, shown as it is made."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class _Dispatch:
    """The method of `Seeing`, in a class of its own.

    PyTorch wraps a method that stands in a mode's own class, so that its compiler leaves it alone, and imports that
    compiler at the first operation: a second, in a process where nothing is compiled.
    """

    def seen(self, func: Any, args: tuple[Any, ...], result: Any) -> None:
        """An operation with its result, which may be written to."""
        raise NotImplementedError

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        self.seen(func, args, result)
        return result


class Seeing(_Dispatch, TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Hands every operation to its own `seen`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if "torch._dynamo" in sys.modules and "__torch_dispatch__" not in vars(Seeing):
            hidden = torch.compiler.disable(_Dispatch.__torch_dispatch__)  # type: ignore[no-untyped-call]
            Seeing.__torch_dispatch__ = hidden  # type: ignore[method-assign]
