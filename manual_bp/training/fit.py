"""The loop that fits a network: batches, an optimiser, clipping, early stop, and a file from which it goes on."""

import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray, FloatScalar
from .._validation import integer_at_least
from .clipping import clip_by_norm, clip_by_value
from .gradient_descent import NonFiniteCostError
from .optimizer import Optimizer
from .run import Run
from .trees import Tree, leaves, leaves_like, rebuilt

Batches = Callable[[int], tuple[npt.NDArray[Any], ...]]
"""The batch of the step with this number, of which the first is 0; `MiniBatches` is such."""


@dataclass(frozen=True, eq=False)  # holds arrays, whose comparison is not one truth value
class Training:
    """What a training run arrived at, and how.

    `parameters` are those after the last step, or where there was a score those with the best. `costs` holds the cost
    of each step's batch before the step; `scores` the pairs (steps made, score). `stopped_early` says that the score
    had not improved for the whole patience.
    """

    parameters: Tree
    costs: tuple[float, ...]
    scores: tuple[tuple[int, float], ...]
    stopped_early: bool


def fit(
    cost: Callable[..., tuple[FloatScalar, Callable[[float], tuple[Any, ...]]]],
    parameters: Tree,
    batches: Batches,
    optimizer: Optimizer,
    *,
    steps: int,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    score: Callable[[Tree], float] | None = None,
    score_every: int = 100,
    patience: int | None = None,
    on_step: Callable[[int, float], None] | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    save_every: int = 100,
) -> Training:
    """Fit `parameters`, a tree of arrays, by `steps` steps of `optimizer` on `cost(parameters, *batches(step))`.

    `cost` is an op of this package's convention whose first input is the tree: it returns (J, vjp), and the first entry
    of vjp(1.0) is the gradient, a tree of the same structure. Gradients are cut to `clip_value` entry by entry, then to
    `clip_norm` over all of them. `on_step(step, J)` is called with the cost of every batch.

    `score(parameters)`, the lower the better, is asked after every `score_every` steps and after the last, such as the
    cost on samples that are held out; the parameters with the best score are returned. With `patience` the run ends
    when that many scores in a row have brought no better one.

    With `checkpoint`, a file, the run is kept there after every `save_every` steps and at its end, and one that finds
    the file goes on from it: killed at any moment and called again, it arrives at bitwise the same parameters. The file
    is whole at every moment. `cost`, `score` and `batches` must depend on nothing but what they are given.

    Raises NonFiniteCostError as soon as a cost or gradient is nan or infinite; CheckpointError when the file is cut
    short, of another model, optimiser or data, or of a later version; TypeError or ValueError when an argument, or what
    `cost` returns, is not as described.

    >>> import numpy as np
    >>> from manual_bp import Adam, MiniBatches, mlp, mlp_parameters, mse, with_cost
    >>> x = np.linspace(-1, 1, 40)[:, None]
    >>> batches = MiniBatches((x, x**2), size=10, seed=0)
    >>> start = mlp_parameters((1, 8, 1), seed=0)
    >>> parabola = with_cost(mlp, mse, activation="tanh", data_gradients=False)
    >>> run = fit(parabola, start, batches, Adam(0.01), steps=300)
    >>> len(run.costs), run.costs[-1] < 0.1 * run.costs[0]
    (300, True)
    """
    steps = integer_at_least(fit, "steps", steps, 0)
    score_every = integer_at_least(fit, "score_every", score_every, 1)
    save_every = integer_at_least(fit, "save_every", save_every, 1)
    if patience is not None:
        patience = integer_at_least(fit, "patience", patience, 1)
        if score is None:
            raise TypeError("fit: patience counts scores, so score must be given too")
    leaves(fit, "parameters", parameters)

    settings = _without_addresses(f"{optimizer!r}, clip_norm={clip_norm}, clip_value={clip_value}, {batches!r}")
    run = Run.begun(parameters, optimizer.start(parameters), settings)
    kept = None
    if checkpoint is not None and os.path.exists(checkpoint):
        run = run.read(checkpoint)
        kept = run.step

    while run.step < steps and not _out_of_patience(run, patience):
        J, gradients = _asked(cost, run, batches(run.step))
        if on_step is not None:
            on_step(run.step, J)
        if clip_value is not None:
            gradients = clip_by_value(gradients, clip_value)
        if clip_norm is not None:
            gradients, _ = clip_by_norm(gradients, clip_norm)
        run.advance(J, *optimizer.step(run.parameters, gradients, run.state))

        if score is not None and (run.step % score_every == 0 or run.step == steps):
            run.scored(_number(score(run.parameters)))
        if checkpoint is not None and run.step % save_every == 0:
            run.write(checkpoint)
            kept = run.step
    if checkpoint is not None and kept != run.step:
        run.write(checkpoint)
    return Training(
        parameters=run.parameters if run.best is None else run.best,
        costs=tuple(run.costs),
        scores=tuple(run.scores),
        stopped_early=run.step < steps,
    )


def _asked(
    cost: Callable[..., tuple[FloatScalar, Callable[[float], tuple[Any, ...]]]],
    run: Run,
    batch: tuple[npt.NDArray[Any], ...],
) -> tuple[float, Tree]:
    """The cost of a batch and the gradient of the parameters, both finite."""
    # A run that diverges overflows first; the error below says so in one sentence.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        result = cost(run.parameters, *batch)
        if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
            raise TypeError("fit: cost must return a pair, its value and its vjp")
        if np.shape(result[0]) != ():
            raise ValueError(f"fit: cost must return a scalar, but got shape {np.shape(result[0])}")
        J = float(result[0])
        if not math.isfinite(J):
            raise NonFiniteCostError(_non_finite("the cost", J, run))
        gradients = result[1](1.0)[0]
        in_order = leaves_like(fit, "gradients", gradients, "parameters", run.parameters)
        if not all(math.isfinite(array.sum()) for array in in_order):  # a sum may overflow though no entry has
            _look_closer(in_order, run)
    return J, rebuilt(run.parameters, iter(in_order))


def _look_closer(gradients: list[FloatArray], run: Run) -> None:
    names = leaves(fit, "the gradient of parameters", run.parameters)
    for name, gradient in zip(names, gradients, strict=True):
        bad = gradient[~np.isfinite(gradient)]
        if bad.size:
            raise NonFiniteCostError(_non_finite(name, float(bad[0]), run))


def _non_finite(what: str, value: float, run: Run) -> str:
    found = f"fit: {what} is {value} at step {run.step}"
    if not run.costs:
        return f"{found} and nothing has moved yet, so look for nan or inf in the inputs"
    return f"{found}; the cost before is {run.costs[-1]}, so try a smaller learning rate, or clip_norm"


def _out_of_patience(run: Run, patience: int | None) -> bool:
    if patience is None or len(run.scores) <= patience:
        return False
    values = [value for _, value in run.scores]
    return min(values[-patience:]) >= min(values[:-patience])


def _number(value: float) -> float:
    number = float(value)
    if math.isnan(number):
        raise NonFiniteCostError("fit: the score is nan")
    return number


def _without_addresses(text: str) -> str:
    """What a value says of itself, and of the functions in it, without where they lie in this process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)
