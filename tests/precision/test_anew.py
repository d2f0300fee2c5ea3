"""A yardstick whose every step is rounded anew: luck of the twin accuses nobody, and saves nobody either."""

from dataclasses import replace
from functools import partialmethod

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from gradcheck import Case  # noqa: E402
from gradcheck.adapters import from_torch, pytorch_anew  # noqa: E402
from gradcheck.adapters.pytorch_anew import RoundedAnew, rounded_anew  # noqa: E402
from gradcheck.generation.example import Example, judge_example  # noqa: E402
from gradcheck.point import judge_point  # noqa: E402
from tests.library_cases.recurrent import STACKED  # noqa: E402


def normal(x):
    centred = x - x.mean(-1, keepdim=True)
    return centred * torch.rsqrt(centred.pow(2).mean(-1, keepdim=True) + 1e-5)


def gelu(x):
    return 0.5 * x * (1 + torch.erf(x / 2**0.5))


def by_squares(x):
    """The variance as what is left of two large numbers."""
    mean = x.mean(-1, keepdim=True)
    return (x - mean) * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) - mean.pow(2) + 1e-5)


NEAR = np.array([-2.4, -6.4, -6.6], np.float32)  # 1 + erf(x) has few digits left of 1, or none
FAR = (100 + np.random.default_rng(0).normal(size=(4, 6))).astype(np.float32)


def found(function, twin, x):
    case = Case(from_torch(function), inputs=(x,), reference=twin)
    return any({f.code for f in judge_point(case, (x,), seed=seed).errors} & {"GC601"} for seed in range(4))


def test_what_is_exact_by_luck_accuses_nobody(monkeypatch):
    assert not found(torch.nn.functional.gelu, gelu, NEAR)
    monkeypatch.setattr(RoundedAnew, "_moved", lambda self, exact, terms=1: exact)
    assert found(torch.nn.functional.gelu, gelu, NEAR), "nothing was to be excused"


def test_another_formula_is_not_excused():
    assert found(by_squares, normal, FAR)
    assert not found(normal, normal, FAR)


def test_arithmetic_moves_by_a_unit_and_what_is_one_of_its_inputs_stays():
    x = torch.tensor([0.1, 0.7, -3.0, 0.0], dtype=torch.bfloat16)
    with RoundedAnew(np.random.default_rng(0)):
        rounded = torch.stack([x * 3 for _ in range(64)])
        largest, kept = x.amax(), torch.where(x > 0, x, 0)
    assert largest == x.max()
    assert torch.equal(kept, torch.where(x > 0, x, 0))
    units = (rounded.double() - (3 * x).double()) / (3 * x).double() / 2**-7
    assert (rounded[:, 3] == 0).all()
    assert 0 < units[:, :3].abs().max() <= 1
    assert (rounded[:, 0] != rounded[0, 0]).any()


def test_arithmetic_moves_where_something_was_compiled_too():
    compiled = torch.compile(lambda x: x * 3, backend="eager")
    for function in (compiled, lambda x: x * 3):
        function(torch.ones(2))
        with RoundedAnew(np.random.default_rng(0)):
            assert (function(torch.full((64,), 0.1)) != torch.tensor(0.1) * 3).any()


def test_a_sum_moves_as_far_as_another_order_of_adding_would():
    ones = torch.ones(10_000)
    half = torch.ones(10_000, dtype=torch.bfloat16)
    with RoundedAnew(np.random.default_rng(0)):
        sums = torch.stack([ones.sum() for _ in range(64)])
        products = torch.stack([ones @ ones for _ in range(64)])
        coarse = torch.stack([half.sum() for _ in range(64)])
    for found in (sums, products):
        off = (found.double() - 10_000).abs() / 10_000 / torch.finfo(torch.float32).eps
        assert 10 < off.max() <= 51, "the root of ten thousand, halved, and half a unit"
    assert (coarse.double() - 10_000).abs().max() <= 96, "bfloat16 is added up in float32, and rounded twice"


def test_equal_terms_that_the_twin_adds_up_exactly_accuse_nobody(monkeypatch):
    def mean(x):
        """In one order, each partial sum rounded."""
        total = np.float32(0)
        for term in x.ravel():
            total = np.float32(total + term)
        return total / np.float32(x.size), lambda dy: (np.full_like(x, dy / x.size),)

    x = np.full((1, 300), np.float32(0.3))
    case = Case(mean, inputs=(x,), reference=torch.mean)
    assert not judge_point(case, (x,)).errors
    plain = RoundedAnew._moved
    monkeypatch.setattr(RoundedAnew, "_moved", lambda self, exact, terms=1: plain(self, exact))
    assert judge_point(case, (x,)).errors, "nothing was to be excused"


LSTM = next(case for case in STACKED if str(case) == "lstm of two layers, both ways float32")
SATURATED = Example(
    sizes={"n": 1, "t": 3, "i": 4, "h": 5},
    seed=28,
    options={"bidirectional": True, "batch_first": True},
    plant="spread to 30",
)


def test_the_luck_inside_a_fused_kernel_accuses_nobody(monkeypatch):
    """Gates that are nearly 1, of which one entry is all of a gradient: PyTorch has the whole layer in one kernel."""
    assert not judge_example(LSTM, SATURATED).errors
    monkeypatch.setattr(pytorch_anew, "rounded_anew", RoundedAnew)
    assert judge_example(LSTM, SATURATED).errors, "nothing was to be excused"


def test_an_lstm_that_is_off_by_a_quarter_is_found_there():
    def op(*inputs, **options):
        y, vjp = LSTM.op(*inputs, **options)

        def op_vjp(dy):
            gradients = list(vjp(dy))
            if gradients[7].dtype == np.float32:
                gradients[7] = gradients[7] * np.float32(1.25)
            return tuple(gradients)

        return y, op_vjp

    assert {finding.code for finding in judge_example(replace(LSTM, op=op), SATURATED).errors} == {"GC601"}


def attention(x):
    return torch.nn.functional.scaled_dot_product_attention(x, x, x)


def recurrent(x):
    return torch.nn.LSTM(4, 4)(x)[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("function", "steps"), [(attention, 5), (recurrent, 30)])
def test_every_step_of_a_fused_kernel_is_rounded_anew(function, steps, dtype, monkeypatch):
    moved = []
    monkeypatch.setattr(RoundedAnew, "_moved", lambda self, exact, terms=1: moved.append(1) or exact)
    monkeypatch.setattr(torch.nn.LSTM, "__init__", partialmethod(torch.nn.LSTM.__init__, dtype=dtype))
    before = torch.backends.mkldnn.enabled
    x = torch.ones(3, 2, 4, dtype=dtype, requires_grad=True)
    with rounded_anew(np.random.default_rng(0)):
        function(x).sum().backward()
    assert len(moved) > steps
    assert torch.backends.mkldnn.enabled == before
