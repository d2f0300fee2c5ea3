"""A class, or an instance, where a function belongs: one sentence says which adapter takes it."""

import numpy as np
import pytest

from gradcheck import Case, UsageError, report_vjp
from gradcheck.adapters import from_layer, from_objective, from_pair, from_residuals, from_steps, from_value_and_grad


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.ones((n_in, n_out))

    def forward(self, x):
        return x @ self.W

    def backward(self, dy):
        return dy @ self.W.T


class Scale:
    def fprop(self, x):
        return 2 * x

    def bprop(self, dy):
        return 2 * dy


class Callable:
    def __call__(self, x):
        return x * x, lambda dy: (2 * x * dy,)


class Nameless:
    def there(self, x):
        return x


def given(x):
    return x


TAKERS = [
    lambda made: Case(made),
    lambda made: report_vjp(made, np.ones(2)),
    lambda made: from_pair(made, given),
    lambda made: from_pair(given, made),
    lambda made: from_value_and_grad(made, given),
    lambda made: from_value_and_grad(given, made),
    lambda made: from_residuals(given, made),
    lambda made: from_objective(made, given),
    lambda made: from_steps(made, given, given),
]
SENTENCES = [
    (Dense, r"`Dense` is a class: from_layer\(lambda: Dense\(\.\.\.\)\)"),
    (Scale, r"`Scale` is a class: from_layer\(Scale\)"),
    (Scale(), r"an instance of the class `Scale`: from_layer\(lambda: Scale\(\)\)"),
    (Callable, r"`Callable` is a class: an instance of it, Callable\(\), is an op itself"),
    (Nameless, r"from_layer\(Nameless, forward=\.\.\., backward=\.\.\.\)"),
]


@pytest.mark.parametrize("take", TAKERS)
@pytest.mark.parametrize(("made", "words"), SENTENCES)
def test_it_is_said_which_adapter_takes_it(take, made, words):
    with pytest.raises(UsageError, match=words):
        take(made)


def test_what_can_be_called_is_taken():
    assert report_vjp(Callable(), np.array([1.0, -2.0])).verdict == "correct"


def test_classes_of_pytorch_are_sent_to_from_torch():
    torch = pytest.importorskip("torch")
    from gradcheck.adapters import from_torch

    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, dy):
            return 2 * dy

    class Module(torch.nn.Module):
        def __init__(self, size):
            super().__init__()

    for take in (*TAKERS, from_layer):
        with pytest.raises(UsageError, match=r"from_torch\(Double\)"):
            take(Double)
        with pytest.raises(UsageError, match=r"from_torch\(Module\(\.\.\.\)\)"):
            take(Module)
    with pytest.raises(UsageError, match=r"from_torch\(Module\(\.\.\.\)\)"):
        from_torch(Module)
    with pytest.raises(UsageError, match=r"from_layer\(lambda: Dense\(\.\.\.\)\)"):
        from_torch(Dense)
