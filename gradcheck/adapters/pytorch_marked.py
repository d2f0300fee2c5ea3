"""Memory that PyTorch hands out without writing into it, filled with a number that tells it from anything computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_EMPTY = frozenset(["empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided"])


class Marked(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Writes the mark into every floating tensor that is made empty; what a kernel allocates inside is its own."""

    def __init__(self, mark: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._mark = mark

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ in _EMPTY and isinstance(result, torch.Tensor) and result.is_floating_point():
            result.fill_(self._mark)
        return result
