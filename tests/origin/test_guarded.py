"""What the look runs of the user's is as safe as the check: no address is left dangling, no size reaches a kernel."""

import ast
import ctypes
import functools
import weakref

import numpy as np
import pytest

from gradcheck import Case
from gradcheck.origin import origin_of
from gradcheck.origin.guarded import is_guarded
from gradcheck.origin.history import History
from gradcheck.origin.units import Unit
from gradcheck.origin.values import replaced

X, W = np.array([[0.5, -1.0, 2.0], [2.0, 0.25, -0.5]]), np.array([[1.5, 0.25, 1.0], [-2.0, 0.75, 0.5]])


def python(*values):
    return values


class Layer:
    def forward(self, x):
        return x

    def __call__(self, x):
        return x


native = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda n: n)
NAMES = {
    "np": np, "x": X, "n": 3, "python": python, "native": native, "partial": functools.partial, "ctypes": ctypes,
    "half": functools.partial(python, 1), "behind": functools.partial(native, 1), "layer": Layer(), "Layer": Layer,
    "table": {"relu": python, "kernel": native}, "C": ctypes.c_double,
}  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "y = np.exp(x) @ x.T / n", "y = python(x, len(x))", "y = half(x)", "np.add.at(x, 0, n)",
        "y = x.sum().reshape(1)",
        "y = layer.forward(x)", "y = layer(x)", "y = Layer()", "y = table['relu'](x)", "y = np.linalg.norm(x)",
        "y = (lambda a: a)(x)", "y = np.zeros(n).copy().reshape(1, n)", "y = functools_reduce if 0 else str(n)",
    ],
)  # fmt: skip
def test_what_checks_its_arguments_is_guarded(code):
    assert is_guarded(unit(code), NAMES, {})


@pytest.mark.parametrize(
    "code",
    [
        "y = native(n)", "y = behind()", "y = 2 * np.sqrt(native(n))", "y = table['kernel'](n)", "y = x.ctypes",
        "y = x.data_ptr()", "y = ctypes.memmove(x, x, n)", "y = np.lib.stride_tricks.as_strided(x, (n,))",
        "y = table[n](x)", "y = ctypes.CDLL('a').f(n)", "y = unknown(n)", "y = C(n)", "layer.kernel[(n,)](x, n)",
    ],
)  # fmt: skip
def test_what_trusts_its_arguments_is_not(code):
    assert not is_guarded(unit(code), NAMES, {})


def unit(code):
    return Unit(None, 1, 1, ast.parse(code).body[0])


def through(handed_on):
    """A mean over the wrong axis, whose size goes through a function."""

    def mean(x):
        def mean_vjp(dy):
            n = x.shape[1]
            handed_on(n)
            return (np.broadcast_to(dy / n, x.shape).copy(),)

        return x.mean(axis=0), mean_vjp

    return mean


def test_no_other_size_reaches_a_kernel():
    seen = {"kernel": set(), "python": set()}
    kernel = ctypes.CFUNCTYPE(None, ctypes.c_int)(seen["kernel"].add)

    def sized(n):
        seen["python"].add(n)

    assert origin_of(Case(through(sized), inputs=(X,)), (X,)).code == "n = x.shape[1]"
    found = origin_of(Case(through(kernel), inputs=(X,)), (X,))
    assert "n = x.shape[1]" in [line.code for line in found.among]
    assert not found.certain
    assert seen["kernel"] == {3}
    assert seen["python"] > {3}


def test_what_was_put_in_place_lives_as_long_as_the_run():
    """Its address may be all that is kept of it, as in a kernel's arguments."""
    gone = []

    def address(a):
        return weakref.ref(a)

    def scaled(x, w):
        y = x * w
        place = address(x), address(w)

        def scaled_vjp(dy):
            first = dy * w
            second = dy * x * w
            return first, second

        gone.extend(one for one in place if one() is None)
        return y, scaled_vjp

    assert origin_of(Case(scaled, inputs=(X, W)), (X, W)).code == "second = dy * x * w"
    assert not gone


def test_what_is_put_in_place_has_the_memory_around_it():
    room = np.arange(24.0).reshape(4, 6)
    for value in (room[1:3, ::2], room.T, room[::-1, 1:3], np.asfortranarray(room)[1:], room[:0], room[1, 2:3]):
        other = replaced(value, np.full(value.shape, 7.0))
        assert other.shape == value.shape
        assert other.strides == value.strides or not value.size
        assert (other == 7).all()
        assert not np.shares_memory(other, value)
        if value.base is room and value.size:  # by far the whole of it, not the value alone
            assert other.base.size == room.nbytes
    assert room.sum() == sum(range(24))
    wide = np.broadcast_to(room[0], (3, 6))
    assert (replaced(wide, np.arange(18.0).reshape(3, 6)) == np.arange(18.0).reshape(3, 6)).all()


def test_a_tensor_that_is_put_in_place_has_too():
    torch = pytest.importorskip("torch")
    room = torch.arange(24.0).reshape(4, 6)
    for value in (room[1:3, ::2], room.T, room[1:, 2].requires_grad_(False), room[0].expand(3, 6)):
        other = replaced(value, np.full(tuple(value.shape), 7.0))
        assert (other == 7).all()
        assert other.dtype == value.dtype
        if value.stride(0):
            assert other.stride() == value.stride()
            assert other.untyped_storage().nbytes() == room.untyped_storage().nbytes()
    assert float(room.sum()) == sum(range(24))


def test_a_run_through_a_kernel_is_known_as_such(monkeypatch):
    runs = []
    old = History.begins
    monkeypatch.setattr(History, "begins", lambda self, *a: (old(self, *a), runs.append(self))[0])
    origin_of(Case(through(native), inputs=(X,)), (X,))
    assert not runs[-1].guarded
