"""One line of a right backward, and what stands there instead; and how sure the report may be of it."""

import importlib.util
import linecache
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("right.py")


@dataclass(frozen=True)
class Slip:
    """A slip in the op of a name; ``certain`` is what the report must say, and ``among`` how many lines it may name."""

    op: str
    right: str
    wrong: str
    certain: bool = True
    among: int = 1

    def __str__(self):
        return f"{self.op}: {self.wrong}"

    @property
    def text(self):
        text = SOURCE.read_text()
        start = text.index(f"def {self.op}(") if f"def {self.op}(" in text else 0
        place = text.find(self.right, start)
        if place < 0:  # in a helper above it
            place = text.index(self.right)
        return text[:place] + self.wrong + text[place + len(self.right) :]

    @property
    def line(self):
        """Where the wrong text stands."""
        own, other = SOURCE.read_text().splitlines(), self.text.splitlines()
        return next(number for number, (a, b) in enumerate(zip(own, other, strict=False), 1) if a != b)


SLIPS = [
    Slip("closure", "dZ2 = dA2 * A2", "dZ2 = W1.T @ dA2 * A2"),
    Slip("closure", "dA1 = W2.T @ dZ2", "dA1 = W1.T @ dZ2"),
    Slip("closure", "d_sigmoid(Z1)", "d_sigmoid(A1)"),
    Slip("closure", "dW2 = dZ2 @ A1.T", "dW2 = dZ2 @ A2.T"),
    Slip("closure", "dZ2 = dA2 * A2", "dZ2 = -dA2 * A2"),
    Slip("closure", "return dW1, dW2, dX\n", "return dW2, dW1, dX\n"),
    Slip("closure", "dX = W1.T @ dZ1", "dX = W1.T @ dA1"),
    Slip("one_liners", "delta = dy * A2 * (1 - A2)", "delta = dy * A2 * (1 + A2)"),
    Slip("one_liners", "inner = W2.T @ delta", "inner = W1.T @ delta"),
    Slip("dicts", 'params["W2"].T @ dZ2', 'params["W1"].T @ dZ2'),
    Slip("dicts", '(1 - cache["A1"] ** 2)', '(1 - cache["Z1"] ** 2)'),
    Slip("helpers", "dZ[Z < 0] = 0", "dZ[Z < 0.3] = 0"),
    Slip("helpers", "dA = W.T @ dZ", "dA = W @ dZ"),
    Slip("classes", "(1 - self.out**2)", "(1 - self.out)"),
    Slip("classes", "self.dW = dy @ self.x.T", "self.dW = 2 * dy @ self.x.T", certain=False),
    Slip("value_and_grad", "(1 - A1**2)", "(1 - A1)"),
    Slip("value_and_grad", "dW2 = dZ2 @ A1.T / m", "dW2 = dZ2 @ A1.T"),
    Slip("both_at_once", "(1 - A1**2)", "(1 - A1)"),
    Slip("recurrent", "hs[t + 1]", "hs[t]", certain=False, among=2),
]

SQUARE = {name: np.random.default_rng(seed).normal(size=(3, 3)) for seed, name in enumerate(("W1", "W2"))}
X = np.random.default_rng(4).normal(size=(3, 4))


def inputs_of(op):
    rng = np.random.default_rng(5)
    if op == "dicts":
        return {**SQUARE, "b1": rng.normal(size=(3, 1))}, X
    if op in ("value_and_grad", "both_at_once"):
        return ({"W1": rng.normal(size=(3, 2)), "W2": rng.normal(size=(2, 3))},)
    if op == "recurrent":
        return rng.normal(size=(3, 3)), rng.normal(size=(3, 2)), rng.normal(size=(4, 2, 2))
    return SQUARE["W1"], SQUARE["W2"], X


def loaded(text, path):
    """A module made of a text, which is a file as far as anybody asks."""
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(f"slip_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    linecache.checkcache(str(path))
    return module
