"""Arithmetic of tensors whose every result is rounded anew: what another order of the same steps would come out at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from .pytorch_seen import Seeing
from .pytorch_tensors import flatten

# What rounds. Anything else is left as it is: a maximum is one of its inputs, and is compared with them.
_FORWARDS = """
    add sub rsub mul div reciprocal addcmul addcdiv addmm addmv baddbmm mm bmm mv dot linear sum mean var var_mean std
    norm linalg_vector_norm cumsum prod cumprod logsumexp sqrt rsqrt pow square exp exp2 expm1 log log1p log2 log10
    sigmoid tanh erf erfc sin cos tan asin acos atan atan2 sinh cosh softplus silu gelu mish elu hypot lerp _softmax
    _safe_softmax _log_softmax native_layer_norm native_group_norm native_batch_norm _fused_rms_norm convolution xlogy
    mse_loss smooth_l1_loss huber_loss soft_margin_loss nll_loss_forward binary_cross_entropy
    binary_cross_entropy_with_logits
"""
_BACKWARDS = """
    sigmoid_backward tanh_backward softplus_backward silu_backward gelu_backward mish_backward elu_backward
    _softmax_backward_data _log_softmax_backward_data native_layer_norm_backward native_group_norm_backward
    native_batch_norm_backward convolution_backward mse_loss_backward smooth_l1_loss_backward huber_loss_backward
    soft_margin_loss_backward nll_loss_backward binary_cross_entropy_backward
"""
_PRODUCTS = frozenset(["mm", "bmm", "mv", "dot", "addmm", "addmv", "baddbmm", "linear"])
_ROUNDING = frozenset(_FORWARDS.split()) | frozenset(_BACKWARDS.split())


@contextmanager
def rounded_anew(rng: np.random.Generator) -> Iterator[None]:
    """Where every step of a function of tensors is rounded anew, those inside a fused kernel among them.

    An LSTM or an attention in one kernel is one result: what it loses in its gates or in its softmax would stay the
    luck that it was. PyTorch has the same function as a composition of steps.
    """
    fused = torch.backends.mkldnn.enabled
    torch.backends.mkldnn.enabled = False  # type: ignore[assignment]
    try:
        with sdpa_kernel(SDPBackend.MATH), RoundedAnew(rng):
            yield
    finally:
        torch.backends.mkldnn.enabled = fused


class RoundedAnew(Seeing):  # type: ignore[no-untyped-call]
    """Moves each result of arithmetic by up to half a unit in its last place, and rounds it again; zeros stay.

    A sum of n terms moves by the root of n times as much, in the digits in which PyTorch adds up, which are at least
    those of float32: so far apart are two orders of adding.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        super().__init__()
        self._generator = torch.Generator().manual_seed(int(rng.integers(2**32)))

    def seen(self, func: Any, args: tuple[Any, ...], result: Any) -> None:
        """Round the result anew, where it was rounded."""
        name = func.overloadpacket.__name__.removesuffix("_")
        if name in _ROUNDING:
            for leaf in flatten(result)[0]:
                if isinstance(leaf, torch.Tensor) and leaf.is_floating_point():
                    leaf.copy_(self._moved(leaf, _terms(name, args, leaf)))

    def _moved(self, exact: torch.Tensor, terms: int = 1) -> torch.Tensor:
        wide = exact.double()
        noise = torch.rand(exact.shape, dtype=torch.float64, generator=self._generator).to(exact.device)
        units = torch.finfo(exact.dtype).eps
        if terms > 1:
            units += terms**0.5 * min(units, torch.finfo(torch.float32).eps)
        return wide + wide * (noise - 0.5) * units


def _terms(name: str, args: tuple[Any, ...], result: torch.Tensor) -> int:
    """Of how many terms an entry of a result is the sum."""
    tensors = [arg for arg in args if isinstance(arg, torch.Tensor)]
    if name in _PRODUCTS:
        return int(tensors[-2].shape[-1])
    return max((arg.numel() for arg in tensors), default=1) // max(result.numel(), 1)
