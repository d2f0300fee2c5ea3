"""Functions: the backward is heard before PyTorch's engine sums, casts or drops what it returned."""

import numpy as np
import pytest
import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from gradcheck import Case, ConventionError, InputError, Reals, UsageError, report_case, report_vjp
from gradcheck.adapters import from_torch

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])
W = np.array([[0.25, -0.5, 1.0]])


class Product(Function):
    """x * w, with w broadcast over rows."""

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return x * w

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        return dy * w, (dy * x).sum(dim=0, keepdim=True)


class Power(Function):
    """x ** 2 * scale, with an option and a context of its own."""

    @staticmethod
    def forward(x, scale=1.0):
        return x**2 * scale

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.scale = inputs if len(inputs) == 2 else (*inputs, 1.0)
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return 2 * x * dy * ctx.scale, None

    @staticmethod
    def jvp(ctx, v, *_):
        (x,) = ctx.saved_tensors
        return 2 * x * v * ctx.scale


def having(backward, base=Product):
    """The same Function with another backward."""
    return type("Wrong", (base,), {"backward": staticmethod(backward)})


def codes(report):
    return {finding.code for finding in report.errors}


def unsummed(ctx, dy):
    x, w = ctx.saved_tensors
    return dy * w, dy * x


def promoted(ctx, dy):
    dx, dw = Product.backward(ctx, dy)
    return dx.double(), dw


def test_right_functions_pass():
    assert report_vjp(from_torch(Product), X, W).verdict == "correct"
    assert report_vjp(from_torch(Product.apply), X, W).verdict == "correct"
    report = report_case(Case(from_torch(Product), "(m,n),(1,n)->(m,n)"), examples=20)
    assert report.verdict == "correct"
    assert not report.findings


@pytest.mark.explained
@pytest.mark.parametrize(
    ("backward", "code", "words"),
    [
        (unsummed, "GC105", "its gradient is not summed over axis 0"),
        (lambda ctx, dy: (Product.backward(ctx, dy)[0],), "GC103", "1 gradient for 2 inputs"),
        (lambda ctx, dy: (*Product.backward(ctx, dy), dy), "GC103", "3 gradients for 2 inputs"),
        (lambda ctx, dy: (Product.backward(ctx, dy)[0], None), "GC104", "the gradient of `w` is None"),
        (lambda ctx, dy: list(Product.backward(ctx, dy)), "GC102", "returned a list"),
        (lambda ctx, dy: (Product.backward(ctx, dy)[0], 2.0), "GC101", "a float as gradient number 1"),
        (lambda ctx, dy: (Product.backward(ctx, dy)[0], dy.numpy()), "GC101", "a ndarray as gradient number 1"),
        (lambda ctx, dy: Product.backward(ctx, dy)[::-1], "GC105", "has shape (1, 3)"),
        (lambda ctx, dy: (2 * Product.backward(ctx, dy)[0], Product.backward(ctx, dy)[1]), "GC301", "ratio 2"),
    ],
)
def test_what_the_engine_would_hide_or_refuse_is_named(backward, code, words):
    report = report_vjp(from_torch(having(backward)), X, W)
    assert codes(report) == {code}, str(report)
    assert words in " ".join(str(report).split())


def test_the_engine_does_hide_it():
    """The same backward, asked through PyTorch: summed to the right numbers, without a word."""
    x, w = (torch.from_numpy(array.copy()).requires_grad_() for array in (X, W))
    right = torch.autograd.grad(Product.apply(x, w).sum(), (x, w))
    hidden = torch.autograd.grad(having(unsummed).apply(x, w).sum(), (x, w))
    assert all(torch.equal(a, b) for a, b in zip(right, hidden, strict=True))


def test_a_dtype_that_the_engine_would_cast_is_named():
    narrow = X.astype(np.float32), W.astype(np.float32)
    assert report_vjp(from_torch(Product), *narrow).verdict == "correct"
    report = report_vjp(from_torch(having(promoted)), *narrow)
    assert codes(report) == {"GC106"}
    report = report_vjp(
        from_torch(having(lambda ctx, dy: tuple(g.bfloat16() for g in Product.backward(ctx, dy)))), X, W
    )
    assert codes(report) == {"GC106"}
    assert "dtype bfloat16" in str(report)


def test_trailing_nones_pass_as_they_do_in_torch():
    op = from_torch(having(lambda ctx, dy: (*Product.backward(ctx, dy), None, None)))
    assert report_vjp(op, X, W).verdict == "correct"


def test_options_go_to_the_parameters_that_they_name():
    for options in ({}, {"scale": 3.0}):
        assert report_vjp(from_torch(Power), X, options=options).verdict == "correct"
    assert (
        report_case(Case(from_torch(Power), "(n)->(n)", options={"scale": [2.0, 0.5]}), examples=10).verdict
        == "correct"
    )
    with pytest.raises(UsageError, match="takes no option `shift`"):
        Case(from_torch(Power), "(n)->(n)", options={"shift": 1})


def test_an_option_without_default_counts_as_given():
    class Scaled(Function):
        @staticmethod
        def forward(ctx, x, scale, w):
            ctx.scale = scale
            ctx.save_for_backward(x, w)
            return x * w * scale

        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            return dy * w * ctx.scale, None, dy * x * ctx.scale

    report = report_vjp(from_torch(Scaled), X, X[::-1], options={"scale": 0.5})
    assert report.verdict == "correct"
    assert report.arguments == ("x", "w")
    case = Case(from_torch(Scaled), "(n),(n)->(n)", options={"scale": 0.5}, domains={"w": Reals(0, None)})
    assert report_case(case, examples=5).verdict == "correct"


def test_a_keyword_only_parameter_is_a_sentence():
    class Keyword(Product):
        @staticmethod
        def forward(ctx, x, w, *, scale=1.0):
            return x * w * scale

    with pytest.raises(ConventionError, match="keyword-only parameter `scale`"):
        report_vjp(from_torch(Keyword), X, W, options={"scale": 2.0})


def test_a_nested_input_is_a_sentence():
    with pytest.raises(InputError, match="is a list: pass a NumPy array"):
        from_torch(Product)([X, X], W)


def test_an_array_among_the_options_is_a_constant_tensor():
    report = report_vjp(from_torch(Product), X, options={"w": W})
    assert report.verdict == "correct"
    assert report.arguments == ("x",)


def test_a_gradient_for_an_option_is_an_error():
    report = report_vjp(from_torch(having(lambda ctx, dy: (dy, dy), Power)), X, options={"scale": 2.0})
    assert codes(report) == {"GC101"}
    assert "argument number 1 of its forward, which is a float and gets None" in " ".join(str(report).split())
    report = report_vjp(from_torch(having(lambda ctx, dy: dy, Power)), X, options={"scale": 2.0})
    assert codes(report) == {"GC101"}
    assert "an option gets None" in " ".join(str(report).split())


class Several(Function):
    """Differentiable outputs among indices, text, None, and one that is marked as not differentiable."""

    seen: list = []  # noqa: RUF012 - what the last backward was given

    @staticmethod
    def forward(ctx, x):
        mark = x.exp()
        ctx.mark_non_differentiable(mark)
        return x * 2, x.argmax(), "text", mark, None, x * x * x

    @staticmethod
    def backward(ctx, first, index, text, mark, none, last):
        Several.seen[:] = [first, index, text, mark, none, last]
        return first * 2 if last is None else first * 2 + last

    vjp = Function.vjp


class Cubes(Several):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return Several.forward(ctx, x)

    @staticmethod
    def backward(ctx, *dys):
        (x,) = ctx.saved_tensors
        Several.seen[:] = dys
        first, last = dys[0], dys[-1]
        return first * 2 + 3 * x * x * last


class Lean(Cubes):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return Cubes.forward(ctx, x)

    @staticmethod
    def backward(ctx, *dys):
        (x,) = ctx.saved_tensors
        Several.seen[:] = dys
        first, last = dys[0], dys[-1]
        return (0 if first is None else first * 2) + (0 if last is None else 3 * x * x * last)


@pytest.mark.parametrize("function", [Cubes, Lean])
def test_only_differentiable_outputs_are_outputs(function):
    y, vjp = from_torch(function)(X)
    assert [part.shape for part in y] == [X.shape, X.shape]
    (dx,) = vjp((np.ones_like(X), np.ones_like(X)))
    np.testing.assert_allclose(dx, 2 + 3 * X * X)
    first, _index, text, mark, none, last = Several.seen
    assert (text, none) == (None, None)
    assert first.shape == last.shape
    assert (mark is None) == (function is Lean)
    assert report_vjp(from_torch(function), X).verdict == "correct"
    assert codes(report_vjp(from_torch(Several), X)) == {"GC301"}


class Halves(Function):
    """Two outputs, whose cotangents are None where nobody uses them."""

    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x)
        return x * 2, x**3

    @staticmethod
    def backward(ctx, first, last):
        (x,) = ctx.saved_tensors
        if first is None and last is None:
            return None
        dx = torch.zeros_like(x)
        dx = dx if first is None else dx + 2 * first
        return dx if last is None else dx + 3 * x**2 * last


def careless(ctx, first, last):
    return 2 * first + 3 * ctx.saved_tensors[0] ** 2 * last


def shortcut(ctx, first, last):
    if last is None:
        return first
    return Halves.backward(ctx, first, last)


@pytest.mark.parametrize(
    ("backward", "words"), [(careless, "the vjp raises: TypeError"), (shortcut, "where they are zeros")]
)
def test_an_output_that_nobody_uses_has_no_cotangent(backward, words):
    assert report_vjp(from_torch(Halves), X).verdict == "correct"
    report = report_vjp(from_torch(having(backward, Halves)), X)
    assert codes(report) == {"GC208"}, str(report)
    assert words in " ".join(str(report).split())
    materialized = type("Materialized", (Halves,), {"forward": staticmethod(whole), "backward": staticmethod(careless)})
    assert report_vjp(from_torch(materialized), X).verdict == "correct"


def whole(ctx, x):
    y = Halves.forward(ctx, x)
    ctx.set_materialize_grads(True)
    return y


class InPlace(Function):
    """Doubles its input in place, and says so."""

    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        x.mul_(2)
        return x

    @staticmethod
    def backward(ctx, dy):
        return dy * 2


class InPlaceUnsaid(InPlace):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        return x.clone()


def test_writing_in_place_is_right_only_where_it_is_said():
    kept = X.copy()
    y, _vjp = from_torch(InPlace)(kept)
    np.testing.assert_array_equal(kept, X)
    np.testing.assert_array_equal(y, 2 * X)
    assert report_vjp(from_torch(InPlace), X).verdict == "correct"
    assert codes(report_vjp(from_torch(InPlaceUnsaid), X)) >= {"GC204"}


class Flat(Function):
    """A view of its input."""

    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.view(-1)

    @staticmethod
    def backward(ctx, dy):
        return dy.view(ctx.shape)


class Same(Function):
    """Its very input."""

    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, dy):
        return dy


@pytest.mark.parametrize("function", [Same])
def test_views_and_inputs_returned_as_they_are(function):
    assert report_vjp(from_torch(function), X).verdict == "correct"
    y, vjp = from_torch(Flat)(X)
    np.testing.assert_array_equal(vjp(y)[0], X)


def test_a_backward_that_needs_contiguous_memory_is_caught():
    """view() refuses other layouts; the engine hands expanded and transposed cotangents just so."""

    class Careless(Same):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, dy):
            return dy.view(-1).view(dy.shape)

    report = report_vjp(from_torch(Careless), X)
    assert {finding.code for finding in report.findings} == {"GC207"}


class AsksWrongly(Product):
    @staticmethod
    def backward(ctx, dy):
        dx, dw = Product.backward(ctx, dy)
        return (dx if ctx.needs_input_grad[0] else None), (dw if ctx.needs_input_grad[0] else None)


class AsksRightly(Product):
    @staticmethod
    def backward(ctx, dy):
        dx, dw = Product.backward(ctx, dy)
        return (dx if ctx.needs_input_grad[0] else None), (dw if ctx.needs_input_grad[1] else None)


def test_needs_input_grad_is_true_of_what_is_wanted():
    assert report_vjp(from_torch(AsksRightly), X, W).verdict == "correct"
    assert codes(report_vjp(from_torch(AsksWrongly), X, W)) == {"GC208"}
    y, vjp = from_torch(AsksRightly).wanting((False, True))(X, W)
    dx, dw = vjp(np.ones_like(y))
    assert dx is None
    np.testing.assert_allclose(dw, X.sum(axis=0, keepdims=True))


def test_a_forward_that_looks_at_gradients_is_another_function():
    class TwoFaced(Product):
        @staticmethod
        def forward(ctx, x, w):
            y = Product.forward(ctx, x, w)
            return y if ctx.needs_input_grad[0] else y * 1.5

    assert codes(report_vjp(from_torch(TwoFaced), X, W)) == {"GC209"}


def test_forward_mode_where_it_is_defined():
    y, dy = from_torch(Power).jvp((X,), (np.ones_like(X),), scale=2.0)
    np.testing.assert_allclose(y, 2 * X**2)
    np.testing.assert_allclose(dy, 4 * X)
    assert not hasattr(from_torch(Product), "jvp")
    wrong = type("Wrong", (Power,), {"jvp": staticmethod(lambda ctx, v, *_: v * ctx.scale)})
    assert codes(report_vjp(from_torch(wrong), X)) == {"GC402"}


def test_second_derivatives_of_the_backward():
    case = Case(from_torch(Product), inputs=(X, W), order=2)
    assert report_case(case).verdict == "correct"

    class Detached(Product):
        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            return dy * w.detach(), (dy * x).sum(dim=0, keepdim=True)

    assert report_vjp(from_torch(Detached), X, W).verdict == "correct"
    assert codes(report_case(Case(from_torch(Detached), inputs=(X, W), order=2))) == {"GC401"}

    class Once(Product):
        backward = staticmethod(once_differentiable(Product.backward))

    assert report_vjp(from_torch(Once), X, W).verdict == "correct"
    with pytest.raises(UsageError, match=r"`Once\.backward` is marked once_differentiable"):
        Case(from_torch(Once), inputs=(X, W), order=2)
    held = from_torch(lambda x, w: Once.apply(x, w).sin())
    with pytest.raises(ConventionError, match="holds a backward that is marked once_differentiable"):
        report_case(Case(held, inputs=(X, W), order=2))


def test_a_second_order_that_was_not_asked_for_is_said():
    class Marked(Product):
        backward = staticmethod(once_differentiable(Product.backward))

    class ThroughNumPy(Product):
        @staticmethod
        def backward(ctx, dy):
            x, w = (t.detach().numpy() for t in ctx.saved_tensors)
            d = dy.detach().numpy()
            return torch.from_numpy(d * w), torch.from_numpy((d * x).sum(axis=0, keepdims=True))

    def said(function):
        report = report_vjp(from_torch(function), X, W)
        assert report.verdict == "correct"
        return " ".join(report.remarks)

    class IntoSaved(Product):
        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            dw = (dy * x).sum(dim=0, keepdim=True).detach()
            with torch.no_grad():
                x.copy_(dy * w)
            return x, dw

    assert "second derivatives were not asked for" in said(Product)
    assert "gives nothing" in " ".join(report_vjp(from_torch(IntoSaved), X, W, once=True).remarks)
    assert "gives nothing" in said(ThroughNumPy)
    assert said(Marked) == ""
    assert not report_case(Case(from_torch(Product), inputs=(X, W), order=2)).remarks


def test_integer_inputs_get_none():
    class Picked(Function):
        @staticmethod
        def forward(ctx, x, rows):
            ctx.save_for_backward(rows)
            ctx.shape = x.shape
            return x[rows]

        @staticmethod
        def backward(ctx, dy):
            (rows,) = ctx.saved_tensors
            return dy.new_zeros(ctx.shape).index_add(0, rows, dy), None

    assert report_vjp(from_torch(Picked), X, np.array([1, 0, 1])).verdict == "correct"
    zeros = having(lambda ctx, dy: (Picked.backward(ctx, dy)[0], torch.zeros(3)), Picked)
    assert codes(report_vjp(from_torch(zeros), X, np.array([1, 0, 1]))) == {"GC104"}


def test_complex_functions():
    class Conjugated(Product):
        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            return dy * w.conj(), (dy * x.conj()).sum(dim=0, keepdim=True)

    z, w = X + 1j * X[::-1], W * (1 - 2j)
    assert report_vjp(from_torch(Conjugated), z, w).verdict == "correct"
    assert codes(report_vjp(from_torch(Product), z, w)) >= {"GC301"}


def test_a_backward_that_raises_is_wrong():
    def raising(ctx, dy):
        raise ValueError("no backward on Tuesdays")

    report = report_vjp(from_torch(having(raising)), X, W)
    assert codes(report) == {"GC101"}
    assert "no backward on Tuesdays" in " ".join(str(report).split())


def test_a_function_that_returns_no_tensor_is_a_sentence():
    class Nothing(Product):
        @staticmethod
        def forward(ctx, x, w):
            return None

    with pytest.raises(ConventionError, match="`Nothing` returned NoneType"):
        report_vjp(from_torch(Nothing), X, W)


def test_the_source_is_found():
    op = from_torch(Product)
    assert op.__name__ == "Product"
    assert op.__wrapped__ is Product
    _, vjp = op(X, W)
    assert vjp.__wrapped__ is Product.backward


def test_a_function_that_draws_draws_the_same_for_every_call_and_layout():
    class Dropped(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mask = torch.empty_like(x).bernoulli_(0.5)
            return x * ctx.mask

        @staticmethod
        def backward(ctx, dy):
            return dy * ctx.mask

    torch.manual_seed(0)  # what is dropped is drawn from the state that is found
    state = torch.get_rng_state()
    report = report_vjp(from_torch(Dropped), np.asfortranarray(X))
    assert report.verdict == "correct"
    assert not report.findings
    assert torch.equal(state, torch.get_rng_state())


class Masked(Function):
    """Dropout with a mask that is saved."""

    @staticmethod
    def forward(ctx, x):
        ctx.mask = (torch.rand(x.shape) < 0.5).to(x.dtype)
        return x * ctx.mask

    @staticmethod
    def backward(ctx, dy):
        return dy * ctx.mask

    @staticmethod
    def jvp(ctx, v):
        return v * ctx.mask


class MaskedInPlace(Masked):
    @staticmethod
    def forward(ctx, x):
        ctx.mask = torch.empty_like(x).bernoulli_(0.5)
        ctx.mark_dirty(x)
        return x.mul_(ctx.mask)

    jvp = Function.jvp


class DrawsAgain(Masked):
    """As checkpointing does that keeps no random state."""

    @staticmethod
    def backward(ctx, dy):
        return dy * (torch.rand(dy.shape) < 0.5)

    jvp = Function.jvp


class Rewinds(Masked):
    """As checkpointing does that keeps it."""

    @staticmethod
    def forward(ctx, x):
        ctx.state = torch.get_rng_state()
        return Masked.forward(ctx, x)

    @staticmethod
    def backward(ctx, dy):
        torch.set_rng_state(ctx.state)
        return dy * (torch.rand(dy.shape) < 0.5)

    jvp = Function.jvp


class Seeds(Masked):
    """As kernels do: only the seed is saved."""

    @staticmethod
    def forward(ctx, x):
        ctx.seed = int(torch.randint(2**31, ()))
        return x * (torch.rand(x.shape, generator=torch.Generator().manual_seed(ctx.seed)) < 0.5)

    @staticmethod
    def backward(ctx, dy):
        return dy * (torch.rand(dy.shape, generator=torch.Generator().manual_seed(ctx.seed)) < 0.5)

    jvp = Function.jvp


@pytest.mark.parametrize("function", [Masked, MaskedInPlace, Rewinds, Seeds])
def test_a_mask_that_is_saved_is_right_at_every_layout(function):
    report = report_case(Case(from_torch(function), "(n,d)->(n,d)"), examples=40)
    assert report.verdict == "correct", str(report)
    assert not report.errors


def test_a_mask_that_is_saved_is_right_in_every_offer():
    op = from_torch(Masked)
    turned = np.asfortranarray(X)
    y, vjp = op(turned)
    np.testing.assert_array_equal(y, op(X)[0])
    np.testing.assert_array_equal(op.forward(turned), y)
    np.testing.assert_array_equal(op.wanting((True,))(turned)[0], y)
    np.testing.assert_array_equal(op.jvp((turned,), (X,))[0], y)
    np.testing.assert_array_equal(op.second(turned, np.ones_like(X))[0], vjp(np.ones_like(X))[0])
    report = report_case(Case(op, "(n,d)->(n,d)", order=2), examples=20)
    assert report.verdict == "correct", str(report)


def test_a_mask_that_is_drawn_again_is_wrong():
    """Each vjp begins where its forward left the generator: asked twice it answers the same, which is wrong."""
    report = report_case(Case(from_torch(DrawsAgain), "(n,d)->(n,d)"), examples=20)
    assert codes(report) == {"GC301"}, str(report)
    y, vjp = from_torch(DrawsAgain)(np.ones(64))
    first, second = (vjp(np.ones(64))[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    torch.manual_seed(0)
    state = torch.get_rng_state()
    (mine,) = from_torch(DrawsAgain)(np.ones(64))[1](np.ones(64))
    assert torch.equal(state, torch.get_rng_state())
    x = torch.ones(64, dtype=torch.float64, requires_grad=True)
    (theirs,) = torch.autograd.grad(DrawsAgain.apply(x).sum(), x)
    np.testing.assert_array_equal(mine, theirs.numpy())
    assert not np.array_equal(y != 0, mine != 0)


class Rounded(Function):
    """Straight-through: two inputs, so that subsets of them are asked too."""

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return (x * w).round()

    @staticmethod
    def backward(ctx, dy):
        return Product.backward(ctx, dy)


def test_a_surrogate_is_a_function_of_tensors():
    for function in (Rounded, lambda x, w: x * w + ((x * w).round() - x * w).detach()):
        assert report_vjp(from_torch(function), X, W, surrogate=torch.mul).verdict == "correct"
        assert not report_vjp(from_torch(function), X, W, surrogate=torch.mul).findings
    twin = Case(from_torch(Rounded), "(m,n),(1,n)->(m,n)", surrogate=torch.mul, reference=lambda x, w: (x * w).round())
    assert report_case(twin, examples=10).verdict == "correct"
    report = report_vjp(
        from_torch(having(lambda ctx, dy: (dy, dy.sum(0, keepdim=True)), Rounded)), X, W, surrogate=torch.mul
    )
    assert codes(report) == {"GC301"}


class Spent(Function):
    """Writes its gradient into its cotangent, and what it saved is gone after one backward."""

    @staticmethod
    def forward(ctx, x):
        ctx.slope = 2 * x
        return x * x

    @staticmethod
    def backward(ctx, dy):
        dy.mul_(ctx.slope)
        del ctx.slope
        return dy


def test_a_backward_that_may_be_asked_once_only():
    assert report_vjp(from_torch(Spent), X, once=True).verdict == "correct"
    report = report_vjp(from_torch(Spent), X)
    assert codes(report) <= {"GC203", "GC204"}
    assert "once=True" in " ".join(report.remarks)
