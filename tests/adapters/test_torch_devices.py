"""Where tensors live: what is refused, in a sentence, and how arrays get to a device and back."""

from __future__ import annotations

import warnings

import ml_dtypes
import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_torch
from gradcheck.adapters.pytorch_callable import OnTensors, callable_op
from gradcheck.adapters.pytorch_function_op import function_op
from gradcheck.adapters.pytorch_place import Place

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, dy):
        return 3 * ctx.saved_tensors[0] ** 2 * dy


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"device": "nowhere"}, "device is 'nowhere'; it is a device of PyTorch"),
        ({"device": 3.5}, "device is 3.5"),
        ({"device": "meta"}, "holds shapes and no numbers"),
        ({"dtype": "bfloat16"}, "dtype is 'bfloat16'; it is a floating dtype of PyTorch"),
        ({"dtype": torch.int32}, "dtype is torch.int32"),
        ({"dtype": torch.float4_e2m1fn_x2}, "the device `cpu` does not compute in torch.float4_e2m1fn_x2"),
    ],
)
def test_what_there_is_not_is_a_sentence(options, words):
    with pytest.raises(UsageError, match=words):
        from_torch(torch.sin, **options)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU, which is what this asks for")
def test_a_device_that_is_absent_is_a_sentence():
    with pytest.raises(UsageError, match="there is no device `cuda:0` here; PyTorch has only the CPU"):
        from_torch(torch.sin, device="cuda:0")


def test_the_cpu_is_a_device_like_others():
    assert report_vjp(from_torch(Cube, device="cpu"), X).verdict == "correct"
    assert report_vjp(from_torch(torch.sin, device=torch.device("cpu"), dtype=torch.float64), X).verdict == "correct"


def test_a_dtype_is_what_a_case_draws_and_what_inputs_must_have():
    op = from_torch(Cube, dtype=torch.float32)
    assert Case(op, "(n)->(n)").dtype == "float32"
    y, _ = op(X.astype(np.float32))
    assert y.dtype == np.float32
    with pytest.raises(UsageError, match=r"input `x` has dtype float64, and `Cube` was made for float32"):
        report_vjp(op, X)
    narrow = from_torch(Cube, dtype=torch.bfloat16)
    y, vjp = narrow(X.astype(ml_dtypes.bfloat16))
    assert (y.dtype, vjp(y)[0].dtype) == (ml_dtypes.bfloat16, ml_dtypes.bfloat16)
    assert Case(narrow, "(n)->(n)").dtype == "bfloat16"


def test_tensors_on_two_devices_are_a_sentence():
    there = torch.ones(3, dtype=torch.float64, device="meta")

    class Held(Cube):
        @staticmethod
        def backward(ctx, dy):
            return 3 * ctx.saved_tensors[0] ** 2 * dy * there

    for function in (lambda x: x @ there, Held):
        with pytest.raises(ConventionError, match=r"tensors on two devices meet, .*meta"):
            report_vjp(from_torch(function), X)


def test_a_module_on_another_device_is_a_sentence():
    with pytest.raises(UsageError, match="the parameter `weight` of `Linear` is on meta and inputs go to cpu"):
        from_torch(torch.nn.Linear(3, 2, device="meta"))


def test_out_of_memory_is_a_sentence():
    def large(x):
        return x * torch.empty(10**16, dtype=x.dtype)[:3]

    class Large(Cube):
        @staticmethod
        def backward(ctx, dy):
            return dy * torch.empty(10**16, dtype=dy.dtype)[:3]

    def raising(x):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total ...")

    for function in (large, Large):
        with pytest.raises(ConventionError, match="the device `cpu` has no memory"):
            report_vjp(from_torch(function), X)
    with pytest.raises(ConventionError, match=r"has no memory of 20\.00 GiB for this call"):
        report_vjp(from_torch(raising), X)


class Elsewhere(Place):
    """The CPU, taken for another device: everything is copied there, and waited for."""

    waits = 0

    @property
    def on_cpu(self):
        return False

    @property
    def _module(self):
        return self

    def synchronize(self, *_):
        type(self).waits += 1

    def get_rng_state(self, *_):
        return torch.get_rng_state()

    def set_rng_state(self, state, *_):
        torch.set_rng_state(state)


@pytest.mark.parametrize(
    "array",
    [X, np.asfortranarray(X), X[:, ::2], X.T, np.broadcast_to(X[:1], (4, 3)), X[:, :0], np.array(2.0)],
    ids=["C", "Fortran", "strided", "transposed", "stride 0", "empty", "scalar"],
)
def test_layouts_get_to_another_device(array):
    tensor = Elsewhere().tensor(array)
    assert tensor.stride() == tuple(s // 8 for s in array.strides)
    np.testing.assert_array_equal(tensor.numpy(), array)
    assert not np.shares_memory(tensor.numpy(), array) or not array.size


def test_a_dtype_that_the_device_does_not_have_is_a_sentence(monkeypatch):
    def refusing(*_, **__):
        raise TypeError("Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64")

    monkeypatch.setattr(torch, "empty_strided", refusing)
    with pytest.raises(UsageError, match="the device `cpu` has no tensors of dtype float64, which one input has"):
        report_vjp(function_op(Cube, Elsewhere()), X)


def test_what_comes_back_is_waited_for_once():
    place, before = Elsewhere(), Elsewhere.waits
    arrays = place.arrays([torch.ones(2), torch.zeros(3), torch.ones(()).expand(4)])
    assert [array.shape for array in arrays] == [(2,), (3,), (4,)]
    assert Elsewhere.waits == before + 1


def test_a_whole_check_goes_through_another_device():
    before = Elsewhere.waits
    for op in (
        function_op(Cube, Elsewhere()),
        callable_op(OnTensors(lambda x: torch.dropout(x, 0.5, True), Elsewhere())),
    ):
        assert report_vjp(op, X).verdict == "correct"
    assert Elsewhere.waits > before
    wrong = function_op(type("Wrong", (Cube,), {"backward": staticmethod(lambda ctx, dy: dy)}), Elsewhere())
    assert report_vjp(wrong, X).verdict == "wrong"


needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch finds no GPU here")


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("function", [Cube, torch.nn.functional.silu, lambda x: torch.dropout(x, 0.5, True)])
def test_functions_on_a_gpu(function):
    op = from_torch(function, device="cuda")
    assert report_vjp(op, X).verdict == "correct"
    assert report_case(Case(op, "(m,n)->(m,n)"), examples=20).verdict == "correct"


@pytest.mark.gpu
@needs_gpu
def test_a_wrong_function_on_a_gpu():
    wrong = type("Wrong", (Cube,), {"backward": staticmethod(lambda ctx, dy: Cube.backward(ctx, dy) * 1.01)})
    report = report_vjp(from_torch(wrong, device="cuda"), X)
    assert {finding.code for finding in report.errors} == {"GC301"}

    class OnCPU(Cube):
        @staticmethod
        def backward(ctx, dy):
            return Cube.backward(ctx, dy).cpu()

    said = " ".join(str(report_vjp(from_torch(OnCPU, device="cuda"), X)).split())
    assert "returned a tensor on cpu for inputs on cuda" in said


@pytest.mark.gpu
@needs_gpu
def test_attention_in_bfloat16_stays_on_a_gpu():
    seen = set()

    def attention(q, k, v):
        seen.update((x.device.type, x.dtype) for x in (q, k, v))
        return torch.nn.functional.scaled_dot_product_attention(q, k, v)

    op = from_torch(attention, device="cuda", dtype=torch.bfloat16)
    q, k, v = (np.random.default_rng(seed).normal(size=(1, 2, 16, 64)).astype(ml_dtypes.bfloat16) for seed in range(3))
    y, vjp = op(q, k, v)
    assert y.dtype == ml_dtypes.bfloat16
    assert [g.dtype for g in vjp(y)] == [ml_dtypes.bfloat16] * 3
    assert seen == {("cuda", torch.bfloat16)}


@pytest.mark.gpu
@needs_gpu
def test_layouts_get_to_a_gpu_and_back():
    place = Place(torch.device("cuda"))
    for array in (X, np.asfortranarray(X), X[:, ::2], X.T, np.broadcast_to(X[:1], (4, 3)), X[:, :0], np.array(2.0)):
        tensor = place.tensor(array)
        assert (tensor.device.type, tensor.stride()) == ("cuda", tuple(s // 8 for s in array.strides))
        (back,) = place.arrays([tensor])
        np.testing.assert_array_equal(back, array)


@pytest.mark.gpu
@needs_gpu
def test_a_call_waits_for_the_gpu_once(monkeypatch):
    op = from_torch(lambda x, w: (x * w, x + w), device="cuda")
    y, vjp = op(X, X)
    waits = []
    wait = torch.cuda.synchronize
    monkeypatch.setattr(torch.cuda, "synchronize", lambda *which: waits.append(wait(*which)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that the mode is a prototype
        torch.cuda.set_sync_debug_mode("error")  # of anything but a wait that is asked for, PyTorch raises
        try:
            vjp(y)
        finally:
            torch.cuda.set_sync_debug_mode("default")
    assert len(waits) == 1


@pytest.mark.gpu
@needs_gpu
def test_a_gpu_out_of_memory_is_a_sentence():
    def large(x):
        return x * torch.empty(10**14, device="cuda")[:3]

    with pytest.raises(ConventionError, match=r"the device `cuda` has no memory of [\d.]+ .iB for this call"):
        report_vjp(from_torch(large, device="cuda"), X)


@pytest.mark.gpu
@needs_gpu
def test_tensors_on_the_cpu_and_on_a_gpu_are_a_sentence():
    there = torch.ones(3, dtype=torch.float64)
    with pytest.raises(ConventionError, match=r"tensors on two devices meet, .*cpu"):
        report_vjp(from_torch(lambda x: x @ there, device="cuda"), X)
    with pytest.raises(UsageError, match="the parameter `weight` of `Linear` is on cpu and inputs go to cuda"):
        from_torch(torch.nn.Linear(3, 2), device="cuda")
    with pytest.raises(UsageError, match="there is no device `cuda:99` here; PyTorch has the CPU and"):
        from_torch(torch.sin, device="cuda:99")


@pytest.mark.gpu
@needs_gpu
def test_a_twin_runs_where_the_op_does():
    table = torch.linspace(1, 2, 3, dtype=torch.bfloat16, device="cuda")  # which nothing on the CPU could multiply
    op = from_torch(lambda x: table * x, device="cuda", dtype=torch.bfloat16)
    report = report_case(Case(op, "(m,3)->(m,3)", reference=lambda x: x * table), examples=5)
    assert (report.verdict, [row.tensor for row in report.rows]) == ("correct", ["y", "dx"])
