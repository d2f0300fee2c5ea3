"""The digits of scikit-learn: 1797 images of 8 x 8 entries, written by 43 people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .._typing import FloatArray, IntegerArray
from ..losses.cross_entropy import cross_entropy
from ..networks.conv_net import conv_net, conv_net_parameters
from ..networks.mlp import mlp, mlp_parameters
from ..networks.with_cost import with_cost
from ..training.adam import AdamW
from ..training.batches import MiniBatches
from ..training.checkpoint import save_parameters
from ..training.fit import fit
from ..training.schedules import CosineDecay
from .result import AbsentError, Result

HELD_OUT = 360  # images, a fifth
STEPS = {"mlp": 1500, "conv_net": 1000}


def run_mlp(folder: Path, steps: int | None, progress: Callable[[int, float], None]) -> Result:
    """A perceptron of two hidden layers."""
    parameters = mlp_parameters((64, 64, 64, 10), seed=0, dtype=np.float32)
    return _trained("mlp", mlp, parameters, (-1, 64), 3e-3, (folder, steps, progress))


def run_conv_net(folder: Path, steps: int | None, progress: Callable[[int, float], None]) -> Result:
    """Two stages of convolution."""
    parameters = conv_net_parameters(channels=(1, 16, 32), classes=10, image=(8, 8), seed=0, dtype=np.float32)
    return _trained("conv_net", conv_net, parameters, (-1, 1, 8, 8), 5e-3, (folder, steps, progress))


def _trained(
    name: str,
    network: Callable[..., Any],
    parameters: Any,
    shape: tuple[int, ...],
    rate: float,
    asked: tuple[Path, int | None, Callable[[int, float], None]],
) -> Result:
    folder, steps, progress = asked
    steps = STEPS[name] if steps is None else steps
    images, labels = _loaded()
    images = images.reshape(shape)
    order = np.random.default_rng(0).permutation(len(labels))
    known, held_out = order[HELD_OUT:], order[:HELD_OUT]
    cost = with_cost(network, cross_entropy)
    training = fit(
        cost,
        parameters,
        MiniBatches((images[known], labels[known]), 64, seed=0),
        AdamW(CosineDecay(rate, max(1, steps)), weight_decay=0.01),
        steps=steps,
        on_step=progress,
        checkpoint=folder / "run.npz",
    )
    save_parameters(folder / "parameters.npz", training.parameters)
    logits, _ = network(training.parameters, images[held_out])
    right = int((logits.argmax(axis=1) == labels[held_out]).sum())
    return Result(
        f"digits by {name}: {right} of {HELD_OUT} images that were held out are named right, {right / HELD_OUT:.1%}",
        {"right": right, "held out": HELD_OUT, "accuracy": right / HELD_OUT},
        training.costs,
    )


def _loaded() -> tuple[FloatArray, IntegerArray]:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise AbsentError("digits are bundled with scikit-learn: pip install scikit-learn") from None
    data = load_digits()
    return (data.images / 16).astype(np.float32), data.target
