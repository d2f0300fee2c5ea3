"""A training run between two steps: all that the next step depends on, in memory and in a file."""

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from .checkpoint import CheckpointError, parameters_in, read_arrays, write_arrays
from .optimizer import OptimizerState
from .trees import Tree, leaves


class Run:
    """Parameters, the state of the optimiser, and what came before; `settings` says what must be the same to go on."""

    def __init__(
        self,
        parameters: Tree,
        state: OptimizerState,
        settings: str,
        costs: list[float],
        scores: list[tuple[int, float]],
        best: Tree | None,
    ) -> None:
        self.parameters = parameters
        self.state = state
        self.settings = settings
        self.costs = costs
        self.scores = scores
        self.best = best

    @classmethod
    def begun(cls, parameters: Tree, state: OptimizerState, settings: str) -> "Run":
        """Before the first step."""
        return cls(parameters, state, settings, [], [], None)

    @property
    def step(self) -> int:
        """How many steps were made."""
        return len(self.costs)

    def advance(self, cost: float, parameters: Tree, state: OptimizerState) -> None:
        """One step further."""
        self.costs.append(cost)
        self.parameters, self.state = parameters, state

    def scored(self, score: float) -> None:
        """The score of the parameters as they are now; the first of the best is kept."""
        if self.best is None or score < min(value for _, value in self.scores):
            self.best = self.parameters
        self.scores.append((self.step, score))

    def write(self, path: str | os.PathLike[str]) -> None:
        """Keep the run in a file, whole or not at all."""
        arrays: dict[str, npt.NDArray[Any]] = dict(leaves(Run, "parameters", self.parameters))
        names = list(arrays)
        if self.best is not None:
            arrays.update(leaves(Run, "best", self.best))
        for moment, values in self.state.moments.items():
            arrays.update({f"{moment} of {name}": value for name, value in zip(names, values, strict=True)})
        arrays["costs"] = np.array(self.costs, np.float64)
        arrays["scores"] = np.array(self.scores, np.float64).reshape(-1, 2)
        arrays["settings"] = np.array(self.settings)
        write_arrays(path, arrays)

    def read(self, path: str | os.PathLike[str]) -> "Run":
        """The run in a file; CheckpointError unless it is of this model and these settings."""
        arrays = read_arrays(path)
        where = os.fspath(path)
        for key in ("costs", "scores", "settings"):
            if key not in arrays:
                raise CheckpointError(f"{where}: holds parameters but no run that could go on; give another file")
        parameters = parameters_in(path, arrays, Run, "parameters", self.parameters)
        there = str(arrays["settings"])
        if there != self.settings:
            raise CheckpointError(
                f"{where}: was written by a run with {there}, this one has {self.settings}; give it the same, or "
                "another file"
            )
        best = None
        if any(key.startswith("best") for key in arrays):
            best = parameters_in(path, arrays, Run, "best", self.parameters)
        names = leaves(Run, "parameters", self.parameters)
        moments = {moment: tuple(arrays[f"{moment} of {name}"] for name in names) for moment in self.state.moments}
        costs = arrays["costs"].tolist()
        scores = [(int(step), float(score)) for step, score in arrays["scores"]]
        return Run(parameters, OptimizerState(len(costs), moments), self.settings, costs, scores, best)
