"""Cases of the composed networks, each judged whole: the article's with their data held fixed, and those in PyTorch's
layout, whose parameters are a tree.

``gradcheck run tests/library_cases/networks.py`` judges all of them.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np

import manual_bp
from gradcheck import Case

# Public names that are no op: what they do is tested in tests/library, beside torch.optim where that does the same.
NO_OPS = frozenset(
    {
        *("Descent", "NonFiniteCostError", "gradient_descent", "gradient_step"),
        *("SGD", "RMSprop", "Adam", "AdamW", "OptimizerState", "clip_by_norm", "clip_by_value"),
        *("StepDecay", "ExponentialDecay", "CosineDecay", "WarmUp", "MiniBatches", "Training", "fit"),
        *("CheckpointError", "load_parameters", "save_parameters"),
        *("initial_parameters", "mlp_parameters", "conv_net_parameters", "lstm_classifier_parameters"),
        *("gpt_parameters", "with_cost", "running_statistics"),
    }
)


FEW = (
    15  # examples that suffice where a machine is too slow for a hundred in a minute: thirty arrays are judged in each
)
MANY = 33, 50  # samples, from the least to the most and one: the gradient of a bias adds so many in blocks


def reference(name):
    """What `reference` has by this name, or None where torch is absent."""
    return getattr(import_module("reference"), name) if find_spec("torch") else None


def classifier(with_cost, mlp, cross_entropy, smoothing, **options):
    """An `mlp` with the cross entropy behind it, of manual_bp or of its witness."""
    return with_cost(mlp, partial(cross_entropy, label_smoothing=smoothing), activation="tanh", **options)


def classifier_cases(name, smoothing, *, fixed=False):
    """Judged in both dtypes, with the data held fixed or not; the twin is None where torch is absent."""
    options = {"data_gradients": False} if fixed else {}
    parts = [reference(part) for part in ("with_cost", "mlp", "cross_entropy")]
    twin = classifier(*parts, smoothing) if all(parts) else None
    ours = classifier(manual_bp.with_cost, manual_bp.mlp, manual_bp.cross_entropy, smoothing, **options)
    return in_both_dtypes(ours, name, classifier_inputs, twin, constants=("x",) if fixed else None)


def spread(tree, random):
    """The same tree with every leaf drawn anew, so that no bias is zero and no weight of a norm is one."""
    if isinstance(tree, dict):
        return {key: spread(part, random) for key, part in tree.items()}
    if isinstance(tree, tuple):
        return tuple(spread(part, random) for part in tree)
    return (0.5 * random.standard_normal(tree.shape)).astype(tree.dtype)


def mlp_inputs(random, dtype, depth=3):
    """Any depth from one layer on, any sizes."""
    sizes = random.integers(1, 6, size=random.integers(2, depth + 2))
    layers = manual_bp.mlp_parameters([int(size) for size in sizes], seed=0, dtype=dtype)
    samples = random.integers(*random.choice([(1, 6), (1, 6), MANY]))
    return spread(layers, random), random.standard_normal((samples, sizes[0])).astype(dtype)


def mlp_series(random, dtype):
    """Samples along two axes."""
    layers, x = mlp_inputs(random, dtype)
    return layers, random.standard_normal((random.integers(1, 4), *x.shape)).astype(dtype)


def classifier_inputs(random, dtype):
    layers, x = mlp_inputs(random, dtype)
    while len(layers[-1]["bias"]) == 1:  # of one class, whose cost is 0 whatever it is asked
        layers, x = mlp_inputs(random, dtype)
    return layers, x, random.integers(0, len(layers[-1]["bias"]), size=len(x))


def conv_net_inputs(random, dtype):
    channels = [int(size) for size in random.integers(1, 4, size=random.integers(2, 4))]
    height, width = (int(size) for size in random.integers(4, 8, size=2))
    parameters = manual_bp.conv_net_parameters(
        channels=channels, classes=3, image=(height, width), kernel_size=int(random.choice([1, 3])), seed=0, dtype=dtype
    )
    x = random.standard_normal((random.integers(1, 4), channels[0], height, width)).astype(dtype)
    return spread(parameters, random), x


def lstm_inputs(random, dtype):
    inputs, hidden, layers = (int(size) for size in random.integers(1, 4, size=3))
    parameters = manual_bp.lstm_classifier_parameters(
        inputs=inputs, hidden=hidden, classes=3, layers=layers, seed=0, dtype=dtype
    )
    shape = (random.integers(1, 5), random.integers(1, 4), inputs)
    return spread(parameters, random), random.standard_normal(shape).astype(dtype)


def gpt_parameters(random, dtype, depth):
    parameters = manual_bp.gpt_parameters(vocabulary=7, context=5, width=6, depth=depth, seed=0, dtype=dtype)
    return spread(parameters, random)


def block_inputs(random, dtype):
    x = random.standard_normal((random.integers(1, 3), random.integers(1, 6), 6)).astype(dtype)
    return gpt_parameters(random, dtype, 1)["blocks"][0], x


def logits_inputs(random, dtype, depth):
    shape = random.integers(1, 3), random.integers(1, 6)
    return gpt_parameters(random, dtype, depth), random.integers(0, 7, size=shape)


def gpt_inputs(random, dtype):
    parameters, tokens = logits_inputs(random, dtype, depth=2)
    return parameters, tokens, random.integers(0, 7, size=tokens.shape)


def in_both_dtypes(op, name, inputs, twin, **rest):
    """The case in float64 and in float32, at inputs that a function of a generator and a dtype draws."""
    return [
        Case(
            op,
            name=name + suffix,
            reference=twin,
            dtype=dtype,
            inputs=lambda random, dtype=dtype: inputs(random, np.dtype(dtype)),
            **rest,
        )
        for dtype, suffix in (("float64", ""), ("float32", " float32"))
    ]


def data_held_fixed(name, dtype, suffix):
    """An op of the article that is asked for no gradient of its data."""
    return Case(
        getattr(manual_bp, name),
        name=f"{name} of fixed data{suffix}",
        reference=reference(name),
        dtype=dtype,
        options={"data_gradients": False},
        constants=("X", "Y"),
    )


ARTICLE = [
    data_held_fixed(name, dtype, suffix)
    for name in ("perceptron", "two_layer")
    for dtype, suffix in (("float64", ""), ("float32", " float32"))
]
ACTIVATIONS = ["relu", "tanh", "sigmoid", "elu", "softplus", "silu", "gelu"]
PERCEPTRONS = [
    *in_both_dtypes(manual_bp.mlp, "mlp", mlp_inputs, reference("mlp"), options={"activation": ACTIVATIONS}),
    *in_both_dtypes(
        manual_bp.mlp,
        "mlp of fixed data",
        mlp_inputs,
        reference("mlp"),
        options={"activation": "tanh", "data_gradients": False},
        constants=("x",),
    ),
    *in_both_dtypes(
        manual_bp.mlp,
        "mlp of series",
        mlp_series,
        reference("mlp"),
        options={"activation": ["sigmoid", "tanh"]},
    ),
    *classifier_cases("mlp with cross entropy", 0.0),
    *classifier_cases("mlp with cross entropy of smoothed labels", 0.2),
    *classifier_cases("mlp with cross entropy of fixed data", 0.0, fixed=True),
]
OTHERS = [
    *in_both_dtypes(
        manual_bp.conv_net,
        "conv_net",
        conv_net_inputs,
        reference("conv_net"),
        options={"activation": ["relu", "tanh"]},
    ),
    *in_both_dtypes(manual_bp.lstm_classifier, "lstm_classifier", lstm_inputs, reference("lstm_classifier")),
    *in_both_dtypes(
        manual_bp.transformer_block,
        "transformer_block",
        block_inputs,
        reference("transformer_block"),
        options={"num_heads": [2, 1, 3], "is_causal": [True, False]},
        least_examples=FEW,
    ),
    *in_both_dtypes(
        manual_bp.gpt,
        "gpt",
        gpt_inputs,
        reference("gpt"),
        options={"num_heads": [2, 3]},
        least_examples=FEW,
    ),
    Case(
        manual_bp.gpt_logits,
        name="gpt_logits",
        reference=reference("gpt_logits"),
        inputs=lambda random: logits_inputs(random, np.dtype("float64"), depth=1),
        options={"num_heads": [2, 3]},
        least_examples=FEW,
    ),
]
CASES = [*ARTICLE, *PERCEPTRONS, *OTHERS]
