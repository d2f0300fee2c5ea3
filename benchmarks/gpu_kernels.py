"""The kernels that are judged on a GPU: PyTorch's own, liger-kernel's, a Triton kernel of our own, JAX's.

Whatever touches a device, or asks for one when it is imported, is imported where the case is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it

from gradcheck import Case, Integers
from gradcheck.adapters import from_torch
from gradcheck.protocol.dtypes import as_dtype

from . import kernels_right

LOW = ("bfloat16", "float16")
BOTH = ("bfloat16", "float32")
ALL = ("bfloat16", "float16", "float32")
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Kernel:
    """``case(dtype, device)`` makes the case; ``should_be`` is what we know of it, empty where nothing is."""

    name: str
    case: Callable[[str, str], Case]
    dtypes: Sequence[str] = ALL
    should_be: str = "correct"


@dataclass(frozen=True)
class Told:
    """A function and its plain twin, both on tensors of one device."""

    function: Callable[..., Any]
    twin: Callable[..., Any]
    signature: str | None
    more: Mapping[str, Any] = field(default_factory=dict)
    compile: str | None = None

    def __call__(self, dtype: str, device: str) -> Case:
        """The case; what the twin makes of its inputs it makes on that device too."""
        op = from_torch(self.function, device=device, dtype=getattr(torch, dtype), compile=self.compile)
        return Case(op, self.signature, reference=self.twin, dtype=dtype, **self._rest(dtype))

    def _rest(self, dtype: str) -> dict[str, Any]:
        rest = {"borders": {}, **self.more}
        if self.signature is None:
            rest["inputs"] = partial(self.more["inputs"], dtype)
        return rest


# --- attention -------------------------------------------------------------------------------------------------------


def _attention(backend: str, causal: bool) -> Kernel:
    from torch.nn.attention import SDPBackend, sdpa_kernel

    def attention(q: Any, k: Any, v: Any) -> Any:
        chosen = [getattr(SDPBackend, backend)]
        with sdpa_kernel(chosen):
            return F.scaled_dot_product_attention(q.contiguous(), k.contiguous(), v.contiguous(), is_causal=causal)

    def twin(q: Any, k: Any, v: Any) -> Any:
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        if causal:
            hidden = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).tril().logical_not()
            scores = scores.masked_fill(hidden, float("-inf"))
        return torch.softmax(scores, -1) @ v

    length = "n" if causal else "m"
    signature = f"(b,h,n,64),(b,h,{length},64),(b,h,{length},64)->(b,h,n,64)"
    sizes = {"b": (1, 2), "h": (1, 2), "n": (1, 200), "m": (1, 200)}
    told = Told(attention, twin, signature, {"sizes": {name: sizes[name] for name in ("b", "h", "n", length)}})
    name = f"attention, {backend.removesuffix('_ATTENTION').lower()}{', causal' if causal else ''}"
    return Kernel(name, told, LOW)


# --- liger-kernel ----------------------------------------------------------------------------------------------------

SHAPES = ((2, 96), (17, 128), (33, 250))  # rows and columns: a compilation each, so that there are three


def _normal(rng: np.random.Generator, dtype: str, *shape: int) -> Any:
    return rng.normal(size=shape).astype(as_dtype(dtype))


def _rows(dtype: str, rng: np.random.Generator, *, weights: int = 0, twice: bool = False) -> tuple[Any, ...]:
    m, n = SHAPES[int(rng.integers(len(SHAPES)))]
    x = _normal(rng, dtype, m, n)
    return (x, *([_normal(rng, dtype, m, n)] if twice else []), *(_normal(rng, dtype, n) for _ in range(weights)))


def _labelled(dtype: str, rng: np.random.Generator) -> tuple[Any, ...]:
    m, n = SHAPES[int(rng.integers(len(SHAPES)))]
    return _normal(rng, dtype, m, n), rng.integers(0, n, size=m)


def _linear_labelled(dtype: str, rng: np.random.Generator) -> tuple[Any, ...]:
    m, n = SHAPES[int(rng.integers(len(SHAPES)))]
    return _normal(rng, dtype, m, 64), _normal(rng, dtype, n, 64), rng.integers(0, n, size=m)


def _rotary(dtype: str, rng: np.random.Generator) -> tuple[Any, ...]:
    length, width = 24, 64
    angles = np.outer(np.arange(length), 100.0 ** (-np.arange(width // 2) / (width // 2)))
    angles = np.concatenate([angles, angles], -1)[None]
    cos, sin = (f(angles).astype(as_dtype(dtype)) for f in (np.cos, np.sin))
    return _normal(rng, dtype, 2, 4, length, width), _normal(rng, dtype, 2, 2, length, width), cos, sin


def _liger(module: str, name: str, twin: Callable[..., Any], inputs: Any, **more: Any) -> Callable[[str, str], Case]:
    def case(dtype: str, device: str) -> Case:
        from importlib import import_module

        function = getattr(import_module(f"liger_kernel.ops.{module}"), name)
        return Told(function, twin, None, {"inputs": inputs, **more})(dtype, device)

    return case


def _rms_norm(x: Any, w: Any, **_: Any) -> Any:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w


def _turned(x: Any) -> Any:
    a, b = x.chunk(2, -1)
    return torch.cat([-b, a], -1)


def _rope(q: Any, k: Any, cos: Any, sin: Any) -> Any:
    return q * cos[:, None] + _turned(q) * sin[:, None], k * cos[:, None] + _turned(k) * sin[:, None]


def _cross_entropy(x: Any, target: Any, **_: Any) -> Any:
    return F.cross_entropy(x, target)


def _linear_cross_entropy(x: Any, w: Any, target: Any) -> Any:
    return F.cross_entropy(x @ w.T, target)


def _layer_norm(x: Any, w: Any, b: Any, **_: Any) -> Any:
    return F.layer_norm(x, w.shape, w, b, 1e-6)


LIGER = (
    Kernel(
        "liger RMSNorm",
        _liger(
            "rms_norm",
            "LigerRMSNormFunction",
            _rms_norm,
            partial(_rows, weights=1),
            options={"eps": 1e-6, "offset": 0.0, "casting_mode": "llama", "in_place": False},
        ),
        BOTH,
    ),
    Kernel(
        "liger RMSNorm in place",
        _liger(
            "rms_norm", "LigerRMSNormFunction", _rms_norm, partial(_rows, weights=1), options={"eps": 1e-6}, once=True
        ),
        BOTH,
    ),
    Kernel(
        "liger SwiGLU",
        _liger("swiglu", "LigerSiLUMulFunction", lambda a, b: F.silu(a) * b, partial(_rows, twice=True), once=True),
        BOTH,
    ),
    Kernel(
        "liger GEGLU",
        _liger(
            "geglu",
            "LigerGELUMulFunction",
            lambda a, b: F.gelu(a, approximate="tanh") * b,
            partial(_rows, twice=True),
            once=True,
        ),
        BOTH,
    ),
    Kernel(
        "liger cross entropy",
        _liger(
            "cross_entropy", "LigerCrossEntropyFunction", _cross_entropy, _labelled, options={"weight": None}, once=True
        ),
        BOTH,
        "wrong (layouts)",
    ),
    Kernel(
        "liger fused linear cross entropy",
        _liger(
            "fused_linear_cross_entropy",
            "LigerFusedLinearCrossEntropyFunction",
            _linear_cross_entropy,
            _linear_labelled,
            once=True,
        ),
        BOTH,
        "wrong (needs the gradient of the input)",
    ),
    Kernel(
        "liger RoPE", _liger("rope", "LigerRopeFunction", _rope, _rotary, once=True, constants=("cos", "sin")), BOTH
    ),
    Kernel(
        "liger LayerNorm",
        _liger("layer_norm", "LigerLayerNormFunction", _layer_norm, partial(_rows, weights=2), options={"eps": 1e-6}),
        BOTH,
    ),
)


# --- our own ---------------------------------------------------------------------------------------------------------


def _own(how: str) -> Callable[[str, str], Case]:
    def case(dtype: str, device: str) -> Case:
        from . import gpu_triton

        sizes = {"m": (0, 2048 if device == "cuda" else 24), "n": (0, gpu_triton.BLOCK)}
        return Told(gpu_triton.rms_norm(how), gpu_triton.plain_rms_norm, "(m,n),(n)->(m,n)", {"sizes": sizes})(
            dtype, device
        )

    return case


OWN = (
    Kernel("Triton RMS norm", _own("parts"), ALL),
    Kernel("Triton RMS norm, atomics", _own("atomics"), ALL),
    *(
        Kernel(f"Triton RMS norm, {how}", _own(how), BOTH, "wrong")
        for how in ("bfloat16 sum", "no mask at the tail", "no 1/n", "dirty buffer", "race")
    ),
)


# --- PyTorch's own ---------------------------------------------------------------------------------------------------

SAME_ON_ANY_DEVICE = (
    "gelu", "silu", "softplus", "swiglu", "layer_norm", "rms_norm", "group_norm", "softmax", "log_softmax",
    "cross_entropy", "embedding", "linear", "matmul", "conv1d", "logsumexp",
)  # fmt: skip


def _torchs(kernel: kernels_right.Kernel) -> Kernel:
    more = {"domains": dict(kernel.domains)}
    return Kernel(f"torch {kernel.name}", Told(kernel.function, kernel.twin, kernel.signature, more))


def _chosen(w: Any, tokens: Any) -> Any:
    return F.one_hot(tokens, len(w)).to(w.dtype) @ w


def _added(x: Any, source: Any, tokens: Any) -> Any:
    return x + F.one_hot(tokens, len(x)).to(x.dtype).T @ source


TOKENS = {"domains": {"tokens": Integers(0, "v")}, "sizes": {"v": (1, None)}}
GATHERED = (
    Kernel(
        "torch index_select (atomics)",
        Told(lambda w, tokens: torch.index_select(w, 0, tokens), _chosen, "(v,d),(n)->(n,d)", TOKENS),
    ),
    Kernel(
        "torch embedding beside a product",
        Told(lambda w, tokens: F.embedding(tokens, w), _chosen, "(v,d),(n)->(n,d)", TOKENS),
    ),
    Kernel(
        "torch index_add (atomics in the forward)",
        Told(lambda x, source, tokens: x.index_add(0, tokens, source), _added, "(v,d),(n,d),(n)->(v,d)", TOKENS),
    ),
)
COMPILED = Kernel(
    "torch swiglu, compiled by inductor",
    Told(lambda a, b: F.silu(a) * b, lambda a, b: a * torch.sigmoid(a) * b, "(m,n),(m,n)->(m,n)", compile="inductor"),
    ("float32",),
)


# --- JAX -------------------------------------------------------------------------------------------------------------


def _jax(of: Callable[[], Callable[..., Any]], twin: Callable[..., Any], *shapes: Shape) -> Callable[[str, str], Case]:
    """At these shapes only, as JAX compiles every operation for each."""

    def case(dtype: str, device: str) -> Case:
        import os

        os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # else the first process has three quarters of the memory
        if device == "cpu":
            os.environ["JAX_PLATFORMS"] = "cpu"
        from gradcheck.adapters import from_jax

        def inputs(rng: np.random.Generator) -> tuple[Any, ...]:
            return tuple(_normal(rng, dtype, *shape) for shape in shapes)

        return Case(from_jax(of()), inputs=inputs, reference=twin, borders={})

    return case


def _jax_softmax() -> Callable[..., Any]:
    import jax

    def softmax(x: Any) -> Any:
        return jax.nn.softmax(x, -1)

    return softmax


def _jax_matmul() -> Callable[..., Any]:
    import jax.numpy as jnp

    def matmul(x: Any, y: Any) -> Any:
        return jnp.matmul(x, y)

    return matmul


JAX = (
    Kernel("jax softmax", _jax(_jax_softmax, lambda x: torch.softmax(x, -1), (16, 48)), BOTH),
    Kernel("jax matmul", _jax(_jax_matmul, lambda x, y: x @ y, (16, 48), (48, 32)), BOTH, "float32: wrong (TF32)"),
)

KERNELS = (
    *(
        _attention(backend, causal)
        for backend in ("MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION", "CUDNN_ATTENTION")
        for causal in (False, True)
    ),
    *LIGER,
    *OWN,
    COMPILED,
    *JAX,
    *GATHERED,
    *(_torchs(kernel) for kernel in kernels_right.KERNELS if kernel.name in SAME_ON_ANY_DEVICE),
)
