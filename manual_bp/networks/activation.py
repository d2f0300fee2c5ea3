"""The activations that a network may be asked for by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from .._typing import Cotangent, FloatArray
from ..activations.elu import elu
from ..activations.gelu import gelu
from ..activations.relu import relu
from ..activations.sigmoid import sigmoid, sigmoid_over
from ..activations.silu import silu
from ..activations.softplus import softplus
from ..activations.tanh import tanh

Activation = Callable[[FloatArray], tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]]

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {"sigmoid": sigmoid, "tanh": tanh, "relu": relu, "elu": elu, "softplus": softplus, "silu": silu, "gelu": gelu}
)

Owned = Callable[[FloatArray], tuple[FloatArray, Callable[[FloatArray], tuple[FloatArray]]]]

OVER_OWN: Mapping[str, Owned] = MappingProxyType({"sigmoid": sigmoid_over})
"""Those that are faster where they may write over what they and their vjps are given."""


def activation_named(op: Callable[..., object], name: Any, *, over_own: bool = False) -> Activation | Owned:
    """The op of this name, with `over_own` one that may write over its input; ValueError where there is none."""
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"{op.__name__}: activation must be one of {', '.join(ACTIVATIONS)}, but it is {name!r}")
    return OVER_OWN[name] if over_own and name in OVER_OWN else ACTIVATIONS[name]
