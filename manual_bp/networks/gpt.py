"""A language model: embeddings, transformer blocks, a head tied to the embedding; its cost and the whole way back."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import float_arrays, integer_array, integer_at_least
from ..layers.embedding import embedding
from ..layers.layer_norm import layer_norm
from ..layers.linear import linear
from ..losses.cross_entropy import cross_entropy
from .drawing import random_of
from .structure import entries, parts
from .transformer_block import transformer_block

SPREAD = 0.02  # of the first weights, GPT-2's


def gpt_logits(
    parameters: dict[str, Any], tokens: IntegerArray, *, num_heads: int
) -> tuple[FloatArray, Callable[[Cotangent], tuple[Any, None]]]:
    """What a language model expects next at each place: logits y (n, t, v) of `tokens` (n, t), integers below v.

    `parameters`, as `gpt_parameters` makes them, is a dict of `token` (v, d) and `position` (context, d), the
    embeddings; `blocks`, a sequence of the parameters of `transformer_block`; `norm`, a dict with `weight` and `bias`
    (d,). In formulas x = token[tokens] + position[0..t-1], then the blocks, the norm, and y = x @ token.T.

    Source: Radford et al., Language models are unsupervised multitask learners, 2019; the tied head: Press and Wolf,
    Using the output embedding to improve language models, EACL 2017.

    Derivation. Each link is an op whose derivation stands there. The table `token` is met twice, where tokens are
    looked up and where logits are made, so its gradient is the sum of both; `position` is met by every sample, so its
    gradient sums over them, and is zero behind t. Tokens are integers, so theirs is None.

    Raises TypeError or ValueError when the parameters are not built like that, a token is no integer of the vocabulary,
    there are more places than the context has, `num_heads` does not divide d, shapes do not fit or dtypes differ; the
    vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> parameters = gpt_parameters(vocabulary=5, context=4, width=6, depth=2, seed=0)
    >>> y, vjp = gpt_logits(parameters, np.array([[0, 4, 1]]), num_heads=2)
    >>> y.shape
    (1, 3, 5)
    """
    token, position, blocks, norm = entries(
        gpt_logits, "parameters", parameters, ("token", "position", "blocks", "norm")
    )
    norm_weight, norm_bias = entries(gpt_logits, "parameters['norm']", norm, ("weight", "bias"))
    kind: Any = type(parts(gpt_logits, "parameters['blocks']", blocks))  # of which the gradient is too
    token, position = float_arrays(gpt_logits, **{"parameters['token']": token, "parameters['position']": position})
    tokens = integer_array(gpt_logits, "tokens", tokens)
    if tokens.ndim != 2 or tokens.shape[1] > len(position):
        raise ValueError(
            f"gpt_logits: tokens must be (n, t) with t at most {len(position)}, the rows of parameters['position'], "
            f"but its shape is {tokens.shape}"
        )
    t = tokens.shape[1]

    looked_up, token_vjp = embedding(tokens, token)
    placed, position_vjp = embedding(np.arange(t), position)
    x: FloatArray = looked_up + placed
    pulls = []
    for block in blocks:
        x, block_vjp = transformer_block(block, x, num_heads=num_heads)
        pulls.append(block_vjp)
    normed, norm_vjp = layer_norm(x, norm_weight, norm_bias)
    y, head_vjp = linear(normed, token)

    def gpt_logits_vjp(dy: Cotangent) -> tuple[Any, None]:
        dnormed, dtoken_of_head = head_vjp(dy)
        dx, *dnorm = norm_vjp(dnormed)
        dblocks = []
        for block_vjp in reversed(pulls):
            dblock, dx = block_vjp(cast(FloatArray, dx))
            dblocks.append(dblock)
        _, dposition = position_vjp(cast(FloatArray, dx).sum(axis=0))
        _, dtoken = token_vjp(cast(FloatArray, dx))
        dparameters = {
            "token": dtoken + dtoken_of_head,
            "position": dposition,
            "blocks": kind(reversed(dblocks)),
            "norm": dict(zip(("weight", "bias"), dnorm, strict=True)),
        }
        return dparameters, None

    return y, gpt_logits_vjp


def gpt(
    parameters: dict[str, Any], tokens: IntegerArray, targets: IntegerArray, *, num_heads: int
) -> tuple[FloatScalar, Callable[[Cotangent], tuple[Any, None, None]]]:
    """Cost of a language model: the mean over all places of -log p(target), p = softmax of `gpt_logits`.

    `tokens` and `targets` are (n, t), integers below v; `targets` are the tokens one place later. `parameters` are
    those of `gpt_logits`.

    Derivation. The cross entropy takes one row for each place, so the logits (n, t, v) are read as (n t, v), and the
    backward reads its gradient back.

    Raises what `gpt_logits` raises, and TypeError or ValueError when `targets` are no integers of the vocabulary or not
    shaped like `tokens`; the vjp raises ValueError when `dJ` is not a scalar.

    >>> import numpy as np
    >>> parameters = gpt_parameters(vocabulary=5, context=4, width=6, depth=2, seed=0)
    >>> J, vjp = gpt(parameters, np.array([[0, 4, 1]]), np.array([[4, 1, 2]]), num_heads=2)
    >>> J.round(1)  # log 5: nothing is known yet
    np.float64(1.6)
    >>> dparameters, dtokens, dtargets = vjp(1.0)
    >>> dparameters["token"].shape, dtokens, dtargets
    ((5, 6), None, None)
    """
    logits, logits_vjp = gpt_logits(parameters, tokens, num_heads=num_heads)
    targets = integer_array(gpt, "targets", targets)
    if targets.shape != logits.shape[:2]:
        raise ValueError(
            f"gpt: targets must be shaped like tokens, {logits.shape[:2]}, but its shape is {targets.shape}"
        )
    rows = logits.reshape(targets.size, logits.shape[2])
    J, cost_vjp = cross_entropy(rows, targets.ravel())

    def gpt_vjp(dJ: Cotangent) -> tuple[Any, None, None]:
        drows, _ = cost_vjp(dJ)
        dparameters, _ = logits_vjp(drows.reshape(logits.shape))
        return dparameters, None, None

    return cast(FloatScalar, J), gpt_vjp


def gpt_parameters(
    *, vocabulary: int, context: int, width: int, depth: int, seed: int, dtype: npt.DTypeLike = np.float64
) -> dict[str, Any]:
    """Parameters of a `gpt` with `depth` blocks of `width` entries, whose perceptrons are four times as wide.

    Weights are normal with standard deviation 0.02, those that lead back into the sum of a block divided by
    sqrt(2 depth), so that the sum does not grow with the depth; biases are zero, and weights of norms one.

    Source: Radford et al., Language models are unsupervised multitask learners, 2019, section 2.3.

    Raises TypeError or ValueError when a number is no integer of at least 1, or `dtype` is neither float32 nor float64.

    >>> parameters = gpt_parameters(vocabulary=5, context=4, width=6, depth=2, seed=0)
    >>> parameters["token"].shape, len(parameters["blocks"]), parameters["blocks"][0]["expand"]["weight"].shape
    ((5, 6), 2, (24, 6))
    """
    op = gpt_parameters
    random, kind = random_of(op, seed, dtype)
    vocabulary = integer_at_least(op, "vocabulary", vocabulary, 1)
    context = integer_at_least(op, "context", context, 1)
    d = integer_at_least(op, "width", width, 1)
    depth = integer_at_least(op, "depth", depth, 1)

    def drawn(*shape: int, spread: float = SPREAD) -> FloatArray:
        numbers: FloatArray = (spread * random.standard_normal(shape)).astype(kind)
        return numbers

    def layer(outputs: int, inputs: int, spread: float = SPREAD) -> dict[str, FloatArray]:
        return {"weight": drawn(outputs, inputs, spread=spread), "bias": np.zeros(outputs, kind)}

    def norm() -> dict[str, FloatArray]:
        return {"weight": np.ones(d, kind), "bias": np.zeros(d, kind)}

    back = SPREAD / (2 * depth) ** 0.5
    return {
        "token": drawn(vocabulary, d),
        "position": drawn(context, d),
        "blocks": tuple(
            {
                "norm1": norm(),
                "attend": layer(3 * d, d),
                "project": layer(d, d, back),
                "norm2": norm(),
                "expand": layer(4 * d, d),
                "shrink": layer(d, 4 * d, back),
            }
            for _ in range(depth)
        ),
        "norm": norm(),
    }
