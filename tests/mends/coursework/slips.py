"""Slips in them: which line is written how instead. In each only that one line is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Slip:
    """``right`` stands once in ``file``; what was written is ``wrong``, nothing where a line is missing."""

    name: str
    files: tuple[str, ...]
    file: str
    right: str
    wrong: str

    def __str__(self) -> str:
        return self.name

    @property
    def target(self) -> str:
        """The file that holds the case."""
        return self.files[-1]

    def write(self, folder: Path) -> None:
        """Its files into a folder, the slip made in one of them."""
        for name in self.files:
            text = (HERE / self.folder / name).read_text()
            if name == self.file:
                assert text.count(self.right) == 1, self.name
                text = text.replace(self.right, self.wrong)
            (folder / name).write_text(text)

    @property
    def folder(self) -> str:
        """Where its files stand, right, below this one."""
        return "in_files" if len(self.files) > 1 else ""


_DICT = ("by_dict.py",)
_CLASS = ("by_class.py",)
_FILES = ("layers.py", "model.py", "cases.py")


def _by_dict(name: str, right: str, wrong: str) -> Slip:
    return Slip(name, _DICT, "by_dict.py", right, wrong)


def _by_class(name: str, right: str, wrong: str) -> Slip:
    return Slip(name, _CLASS, "by_class.py", right, wrong)


def _in(file: str, name: str, right: str, wrong: str) -> Slip:
    return Slip(name, _FILES, f"{file}.py", right, wrong)


SLIPS = (
    _by_dict(
        "the article's: a weight of the layer before",
        "dZ2 = dA2 * cache",
        'dZ2 = params["W1"].T.dot(dA2) * cache',
    ),
    _by_dict("the other layer's weight", 'np.dot(params["W2"].T, dZ2)', 'np.dot(params["W1"].T, dZ2)'),
    _by_dict("the cost is a mean", "dA2 = 2 / m * (", "dA2 = 2 * ("),
    _by_dict("slope of the argument", '(1 - cache["A1"] ** 2)', '(1 - cache["Z1"] ** 2)'),
    _by_dict("no slope", 'dA1 * (1 - cache["A1"] ** 2)', "dA1"),
    _by_dict("the sigmoid's slope for the tanh", '(1 - cache["A1"] ** 2)', 'cache["A1"] * (1 - cache["A1"])'),
    _by_dict("the value of the other layer", 'cache["A1"].T)', 'cache["Z1"].T)'),
    _by_dict(
        "a bias from the gradient of its value",
        'grads["db1"] = np.sum(dZ1, axis=1, keepdims=True)',
        'grads["db1"] = np.sum(dA1, axis=1, keepdims=True)',
    ),
    _by_class("not divided by the number of rows", "(self.P - T) / len(T)", "self.P - T"),
    _by_class("overwritten by the layer before", "dA1 = dZ2 @ self.W2.T", "dA1 = dZ2 @ self.W2.T / len(T)"),
    _by_class("mask of the value of the other layer", "dA1 * (self.Z1 > 0)", "dA1 * (self.A1 > 0.5)"),
    _by_class("no mask", "dA1 * (self.Z1 > 0)", "dA1"),
    _by_class("a bias that is averaged", 'self.grads["b1"] += dZ1.sum(axis=0)', 'self.grads["b1"] += dZ1.mean(axis=0)'),
    _by_class("the argument for the value", "self.A1.T @ dZ2", "self.Z1.T @ dZ2"),
    _by_class("taken away", 'self.grads["W1"] += self.X.T @ dZ1', 'self.grads["W1"] -= self.X.T @ dZ1'),
    _in("layers", "no weight", "dA = W.T @ dZ", "dA = W.T @ dZ / A.shape[1]"),
    _in("layers", "a mean in the layer, and in the cost", "dW = dZ @ A.T", "dW = dZ @ A.T / A.shape[1]"),
    _in("layers", "mask of the gradient", "dZ[Z <= 0] = 0", "dZ[dA <= 0] = 0"),
    _in("layers", "slope of the value twice", "return dA * s * (1 - s)", "return dA * s * (1 - s) * s"),
    _in("model", "the cost is a mean, in files", "(1 - AL)) / m\n    linear", "(1 - AL))\n    linear"),
    _in("model", "a sign in the cost", "-(Y / AL - (1 - Y)", "-(Y / AL + (1 - Y)"),
    _by_dict("a gradient that is missing", '    grads["db1"] = np.sum(dZ1, axis=1, keepdims=True)\n', ""),
)
