"""One block of a transformer, attention and a perceptron with normalisation before each, and its backward pass."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, integer_at_least
from ..activations.gelu import gelu
from ..attention.scaled_dot_product_attention import scaled_dot_product_attention
from ..layers.layer_norm import layer_norm
from ..layers.linear import linear
from .structure import entries

PARTS = ("norm1", "attend", "project", "norm2", "expand", "shrink")


def transformer_block(
    parameters: dict[str, Any], x: FloatArray, *, num_heads: int, is_causal: bool = True
) -> tuple[FloatArray, Callable[[Cotangent], tuple[Any, FloatArray]]]:
    """Pre-norm transformer block: x + attention(norm(x)), and to that its own perceptron(norm(...)).

    `x` and `y` are (n, t, d). `parameters` is a dict of six dicts with `weight` and `bias` each: `norm1` and `norm2`
    (d,) of two layer norms; `attend` (3 d, d), (3 d,), which makes queries, keys and values; `project` (d, d), (d,)
    behind the heads; `expand` (e, d), (e,) and `shrink` (d, e), (d,) of the perceptron, with the tanh form of gelu
    between. Each of the `num_heads` heads attends with its own d / num_heads entries; with `is_causal` to places up to
    its own alone.

    Source: Radford et al., Language models are unsupervised multitask learners, 2019, section 2.3.

    Derivation. Each link is an op whose derivation stands there. Two kinds of link are not:

    - a sum x + f(x) changes by the change of x on both ways, so its backward adds: dx = dy + f_vjp(dy)
    - splitting into heads only arranges entries anew; its backward arranges the gradient the other way

    Raises TypeError or ValueError when the parameters are not built like that, `num_heads` does not divide d, shapes do
    not fit or dtypes differ; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> from manual_bp import gpt_parameters
    >>> parameters = gpt_parameters(vocabulary=5, context=4, width=6, depth=1, seed=0)["blocks"][0]
    >>> y, vjp = transformer_block(parameters, np.ones((2, 3, 6)), num_heads=2)
    >>> y.shape
    (2, 3, 6)
    >>> dparameters, dx = vjp(np.ones((2, 3, 6)))
    >>> dparameters["attend"]["weight"].shape, dx.shape
    ((18, 6), (2, 3, 6))
    """
    layers = entries(transformer_block, "parameters", parameters, PARTS)
    norm1, attend, project, norm2, expand, shrink = (
        entries(transformer_block, f"parameters[{name!r}]", layer, ("weight", "bias"))
        for name, layer in zip(PARTS, layers, strict=True)
    )
    x = float_array(transformer_block, x)
    num_heads = integer_at_least(transformer_block, "num_heads", num_heads, 1)
    if x.ndim != 3 or x.shape[-1] % num_heads:
        raise ValueError(
            f"transformer_block: x must be (n, t, d) with d a multiple of num_heads={num_heads}, but its shape is "
            f"{x.shape}"
        )

    normed1, norm1_vjp = layer_norm(x, *norm1)
    packed, attend_vjp = linear(normed1, *attend)
    if packed.shape[-1] != 3 * x.shape[-1]:
        raise ValueError(
            f"transformer_block: parameters['attend'] must make 3 d = {3 * x.shape[-1]} entries, but its weight is "
            f"{np.shape(attend[0])}"
        )
    query, key, value = _split(packed, num_heads)
    heads, attention_vjp = scaled_dot_product_attention(query, key, value, is_causal=is_causal)
    attended, project_vjp = linear(_merged(heads), *project)
    middle = x + attended

    normed2, norm2_vjp = layer_norm(middle, *norm2)
    wide, expand_vjp = linear(normed2, *expand)
    activated, gelu_vjp = gelu(wide, approximate="tanh")
    narrow, shrink_vjp = linear(activated, *shrink)
    y = middle + narrow
    shape, dtype = y.shape, y.dtype

    def transformer_block_vjp(dy: Cotangent) -> tuple[Any, FloatArray]:
        dy = cotangent(transformer_block, dy, shape, dtype)
        dactivated, *dshrink = shrink_vjp(dy)
        (dwide,) = gelu_vjp(dactivated)
        dnormed2, *dexpand = expand_vjp(dwide)
        dmiddle, *dnorm2 = norm2_vjp(dnormed2)
        dmiddle = cast(FloatArray, dmiddle) + dy

        dmerged, *dproject = project_vjp(dmiddle)
        dquery, dkey, dvalue = attention_vjp(_split(dmerged, num_heads, 1)[0])
        dnormed1, *dattend = attend_vjp(np.concatenate([_merged(dquery), _merged(dkey), _merged(dvalue)], axis=-1))
        dx, *dnorm1 = norm1_vjp(dnormed1)
        dx = cast(FloatArray, dx) + dmiddle

        dlayers: tuple[Any, ...] = dnorm1, dattend, dproject, dnorm2, dexpand, dshrink
        dparameters = {
            name: {"weight": dweight, "bias": dbias} for name, (dweight, dbias) in zip(PARTS, dlayers, strict=True)
        }
        return dparameters, dx

    return y, transformer_block_vjp


def _split(packed: FloatArray, heads: int, count: int = 3) -> Any:
    """From (n, t, count d) to (count, n, heads, t, d / heads)."""
    n, t, width = packed.shape
    return packed.reshape(n, t, count, heads, width // count // heads).transpose(2, 0, 3, 1, 4)


def _merged(heads: Any) -> FloatArray:
    """From (n, heads, t, d / heads) to (n, t, d)."""
    n, count, t, width = heads.shape
    merged: FloatArray = heads.transpose(0, 2, 1, 3).reshape(n, t, count * width)
    return merged
