"""Classes that keep a cache on themselves: as courses write them, as they stand."""

import inspect

import numpy as np
import pytest
import thinc.api as thinc

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_layer
from gradcheck.point import judge_point
from gradcheck.source.backward import find_backward

from .layers import (
    Adding,
    AddingCleared,
    Affine,
    Alias,
    Aliased,
    BatchNorm,
    Conv1d,
    Dense,
    Dropout,
    FCLayer,
    FullyConnectedLayer,
    Growing,
    LayerDense,
    Lazy,
    MatMul,
    MeanSquared,
    Mlp,
    NablaMlp,
    Network,
    Odd,
    RedrawnDropout,
    ReLU,
    Returned,
    Saves,
    Shared,
    Slots,
    SplitOutputs,
    Tables,
    TwoInputs,
    TwoNames,
    TwoOutputs,
    WrongDense,
    WrongFCLayer,
)

VECTOR, ROW = "(n,i),(i,o),(o)->(n,o)", "(n,i),(i,o),(1,o)->(n,o)"
MATRIX, SCALE = "(n,i),(i,o)->(n,o)", "(n,3),(3)->(n,3)"
X, W, B = np.array([[0.5, -1.0, 2.0], [0.25, 1.5, -0.75]]), np.linspace(-1, 1, 12).reshape(3, 4), np.arange(4.0)


def judge(op, signature, examples=8):
    return report_case(Case(op, signature), examples=examples)


def at_a_point(op, bias=B):
    """What the laws say, without looking for causes."""
    return judge_point(Case(op, inputs=(X, W, bias)), (X, W, bias))


@pytest.mark.parametrize(
    ("op", "names", "signature"),
    [
        (from_layer(lambda: Dense(3, 4)), "x W b", VECTOR),
        (from_layer(lambda W: Dense(*W.shape)), "x W b", VECTOR),
        (from_layer(Affine), "x W b", VECTOR),
        (from_layer(MatMul), "x W", MATRIX),
        (from_layer(lambda: LayerDense(2, 3)), "inputs weights biases", ROW),
        (from_layer(Tables), "X W b", VECTOR),
        (from_layer(lambda: FullyConnectedLayer(2, 3), reset=True), "X W B", ROW),
        (from_layer(lambda b: Lazy(b.shape[1])), "X W b", ROW),
        (from_layer(lambda: FCLayer(2, 3)), "input_data weights bias", ROW),
        (from_layer(Returned), "x gamma", SCALE),
        (from_layer(ReLU), "x", "(n,m)->(n,m)"),
        (from_layer(Network), "x layers_0_W layers_0_b layers_2_W layers_2_b", "(n,3),(3,4),(4),(4,2),(2)->(n,2)"),
        (from_layer(lambda weight: Conv1d(len(weight))), "x weight", "(n+k),(k)->(n+1)"),
        (from_layer(AddingCleared), "x W b", VECTOR),
        (from_layer(Adding, reset=True), "x W b", VECTOR),
        (from_layer(Growing, reset=lambda layer: layer.xs.clear()), "x w", SCALE),
        (from_layer(Alias), "x W", MATRIX),
        (from_layer(TwoNames, parameters={"W": "params['W']"}, gradients={"W": "dW"}), "x W", MATRIX),
        (
            from_layer(Odd, "run", "unroll", ("kernel", "shift"), {"kernel": "k_error", "shift": "s_error"}),
            "x kernel shift",
            VECTOR,
        ),
        (
            from_layer(
                Odd,
                lambda layer, data: layer.run(data),
                lambda layer, error: layer.unroll(error),
                {"w": "kernel", "s": "shift"},
                ("k_error", "s_error"),
            ),
            "data w s",
            VECTOR,
        ),
        (from_layer(lambda W: thinc.Linear(*W.shape)), "X W b", "(n,i),(o,i),(o)->(n,o)"),
        (from_layer(MeanSquared, constants=("y_true",)), "y_pred y_true", "(n),(n)->()"),
        (from_layer(Mlp), "x W_0 W_1 b_0 b_1", "(3,m),(4,3),(2,4),(4,1),(2,1)->(2,m)"),
        (from_layer(lambda: BatchNorm(3)), "x gamma beta", "(n,3),(3),(3)->(n,3)"),
        (from_layer(lambda: Aliased(3, 4)), "x W b", VECTOR),
        (from_layer(Slots), "x scale", SCALE),
        (from_layer(Saves), "x W", MATRIX),
        (from_layer(TwoInputs), "q k", "(n),(n)->(n)"),
        (from_layer(SplitOutputs), "x", "(n)->(n),(n)"),
    ],
    ids=lambda part: getattr(part, "__name__", None),
)
def test_a_layer_is_judged_as_it_stands(op, names, signature):
    assert [p.name for p in inspect.signature(op).parameters.values() if p.default is p.empty] == names.split()
    assert judge(op, signature).verdict == "correct"


def wrong(layer, **mistakes):
    """A class with another backward."""
    return type(f"Wrong{layer.__name__}", (layer,), mistakes)


def forgets_bias(self, dout):
    self.dW, self.db = self.x.T @ dout, np.zeros_like(self.b)
    return dout @ self.W.T


def scales_table(self, dout):
    self.grads["dW"] = self.cache.T @ dout / len(dout)
    self.grads["db"] = dout.sum(0)
    return dout @ self.params["W"].T


def shifts(self, dvalues):
    self.dweights = np.dot(self.inputs.T, dvalues)
    self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
    self.dinputs = np.dot(dvalues, self.weights.T) * 1.001


@pytest.mark.parametrize(
    ("op", "bias", "argument"),
    [
        (from_layer(lambda: WrongDense(3, 4)), B, "b"),
        (from_layer(lambda: wrong(Dense, backward=forgets_bias)(3, 4)), B, "b"),
        (from_layer(wrong(Tables, backward=scales_table)), B, "W"),
        (from_layer(lambda: wrong(LayerDense, backward=shifts)(2, 3)), B[None], "inputs"),
        (from_layer(lambda: WrongFCLayer(2, 3)), B[None], "input_data"),
    ],
)
def test_a_wrong_layer_is_wrong_at_the_argument(op, bias, argument):
    report = at_a_point(op, bias)
    assert report.verdict == "wrong"
    assert {finding.argument for finding in report.errors} == {argument}


def test_the_line_that_leaves_the_gradient_is_pointed_at():
    found = at_a_point(from_layer(lambda: WrongDense(3, 4))).errors[0]
    assert found.where.code == "dout.mean(axis=0)"
    shifted = from_layer(lambda: wrong(LayerDense, backward=shifts)(2, 3))
    assert at_a_point(shifted, B[None]).errors[0].where.code == "np.dot(dvalues, self.weights.T) * 1.001"
    dense = wrong(Dense, backward=forgets_bias)
    assert at_a_point(from_layer(lambda: dense(3, 4))).errors[0].where.code == "np.zeros_like(self.b)"


@pytest.mark.parametrize("seed", range(3))
def test_a_layer_that_draws_is_not_said_to_depend_on_another(seed):
    np.random.seed(seed)
    assert judge_point(Case(from_layer(Dropout), inputs=(X, W[:, 0])), (X, W[:, 0])).verdict == "inconclusive"
    assert judge_point(Case(from_layer(RedrawnDropout), inputs=(X, W[:, 0])), (X, W[:, 0])).verdict == "wrong"


def test_a_loss_is_asked_for_the_gradient_of_its_value():
    guesses, truths = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.0, 1.5])
    y, vjp = from_layer(MeanSquared, constants=("y_true",))(guesses, truths)
    assert y == pytest.approx(0.5)
    gradient, nothing = vjp(np.array(3.0))
    assert gradient == pytest.approx(2 * (guesses - truths))
    assert nothing is None


def test_data_without_a_gradient_names_the_option():
    guesses, truths = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.0, 1.5])
    (found,) = report_vjp(from_layer(MeanSquared), guesses, truths).errors
    assert (found.code, found.argument) == ("GC104", "y_true")
    assert "constants=('y_true',)" in found.message.replace('"', "'")


def test_an_update_gives_the_gradient_to_the_last_digits():
    """At any size of the parameters: they are moved so far that nothing of them is left in the update."""
    op, exact = from_layer(lambda: FCLayer(2, 3)), from_layer(lambda: Dense(3, 4))
    weights, dy = 1e6 * W, 1e-3 * X @ W
    _, dw, _ = op(X, weights, B[None])[1](dy)
    _, wanted, _ = exact(X, weights, B)[1](dy)
    assert dw == pytest.approx(wanted, rel=1e-13)


def test_thinc_gradients_are_cleared_as_thinc_does():
    op = from_layer(lambda W: thinc.Linear(*W.shape))
    _, vjp = op(X, W.T.copy(), B)
    first, second = vjp(X @ W), vjp(X @ W)
    assert np.array_equal(first[1], second[1])


def test_containers_under_any_names_are_nested_inputs():
    with pytest.raises(UsageError, match=r"reads `self\.matrices` and `self.offsets`, of which no gradient is found"):
        from_layer(NablaMlp)
    op = from_layer(NablaMlp, parameters=("matrices", "offsets"), gradients=("of_matrices", "of_offsets"))
    layer = Mlp()
    assert report_vjp(op, X.T, layer.W, layer.b).verdict == "correct"


def test_options_of_the_forward_go_by_name():
    op = from_layer(lambda b: Lazy(b.shape[1]))
    with pytest.raises(UsageError, match="takes no option `c`"):
        Case(op, ROW, options={"c": 1})
    assert np.array_equal(op(X, W, B[None], retain_derived=False)[0], op(X, W, B[None])[0])


@pytest.mark.parametrize(
    ("make", "more", "words"),
    [
        (Dense, {}, r"to be made `Dense` needs `n_in` and `n_out`, which are no arrays of .* lambda: Dense\(2, 3\)"),
        (Dense(3, 4), {}, "make is an instance of `Dense`"),
        (thinc.Linear(3, 4), {}, "make is an instance of `Model`"),
        (lambda one=Dense(3, 4): one, {}, "make returns the same instance of `Dense` every time"),  # noqa: B008
        (3, {}, "make is 3"),
        (lambda: None, {}, "returned None"),
        (lambda: Dense("a", 4), {}, "could not be made, TypeError"),
        (lambda: np.ones(3), {}, "has no method `forward`, "),
        (Tables, {"forward": "run"}, "has no method `run`, which forward= names"),
        (Tables, {"backward": 3}, "backward is 3; write the name of a method"),
        (Tables, {"parameters": ("W", "bias")}, r"has no `self.bias`, which parameters= names for `bias`"),
        (Tables, {"parameters": 3}, "parameters is 3"),
        (Tables, {"parameters": {"W": "params["}}, "is 'params\\['; write where it is kept"),
        (Tables, {"gradients": ("dW",)}, "gradients names 1, and the parameters are 2: `W`, `b`"),
        (Tables, {"gradients": {"weight": "dW"}}, "speaks of `weight`, and the parameters are `W`, `b`"),
        (Tables, {"reset": "zero"}, "has no method `zero`, which reset= names"),
        (Tables, {"reset": 3}, "reset is 3; it is a method"),
        (Tables, {"constants": ("Y",)}, "constants names `Y`, but the inputs are `X`, `W` and `b`"),
        (Odd, {"forward": "run"}, r"reads `self.kernel` and `self.shift`, of which no gradient is found"),
        (TwoNames, {}, r"found under two names, self.W and self.params\['W'\]"),
        (lambda: Dense(3, 4), {"parameters": {"x": "W"}}, "`x` is an input of the forward of `Dense` and a parameter"),
    ],
)
def test_what_cannot_be_found_is_one_sentence(make, more, words):
    with pytest.raises(UsageError, match=words) as error:
        from_layer(make, **more)
    assert "\n" not in str(error.value)


class TwoGradients(Dense):
    def backward(self, dout):
        dx = super().backward(dout)
        self.grad_W = 2 * self.dW
        return dx


class ThreeReturned(Dense):
    def backward(self, dout):
        super().backward(dout)
        return dout, dout, dout, dout


class NoBackward:
    def forward(self, x):
        return x


class TwoCotangents(NoBackward):
    def backward(self, first, second):
        return first


class NoCotangent(NoBackward):
    def backward(self):
        return 1.0


class Nothing(NoBackward):
    def forward(self, x):
        self.kept = x


class Missing(Dense):
    def backward(self, dout):
        del self.dW
        return dout @ self.W.T


@pytest.mark.parametrize(
    ("op", "words"),
    [
        (from_layer(Adding), "the gradients of `Adding` accumulate over calls of its backward: that of `W` .* reset="),
        (from_layer(lambda: FullyConnectedLayer(3, 4)), "accumulate over calls of its backward"),
        (from_layer(lambda: TwoGradients(3, 4)), "found under two names, self.dW and self.grad_W, which differ"),
        (from_layer(lambda: ThreeReturned(3, 4)), "returned 4 values, but its inputs are `x` and its parameters"),
        (from_layer(lambda: Missing(3, 4)), "no gradient of its parameter `W` is found"),
    ],
)
def test_what_a_dense_layer_leaves_that_cannot_be_judged(op, words):
    bias = B[None] if op.__name__ == "FullyConnectedLayer" else B
    with pytest.raises(ConventionError, match=words) as error:
        report_vjp(op, X, W, bias)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("op", "words"),
    [
        (from_layer(Shared), r"of one `Shared` depends on the forward of another: .* \(they share `Shared.cache`\)"),
        (from_layer(Growing), "the cache self.xs of `Growing` grows with every forward and backward"),
    ],
)
def test_an_instance_that_cannot_be_used_again_is_one_sentence(op, words):
    with pytest.raises(ConventionError, match=words):
        report_vjp(op, X, np.ones(3))


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (NoBackward, "has no method `backward`"),
        (lambda: wrong(TwoOutputs, forward=lambda self, x: x)(), "takes 2 arguments that may be gradients of outputs"),
        (TwoCotangents, "takes 2 arguments that may be gradients of outputs, and its forward returns 1"),
        (NoCotangent, "takes no gradient of the output, which has shape"),
        (Nothing, "returned None, and the layer keeps no"),
    ],
)
def test_methods_that_do_not_fit_are_one_sentence(layer, words):
    with pytest.raises(ConventionError, match=words):
        report_vjp(from_layer(layer), X)


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_a_wrong_number_of_arguments_is_a_question_put_wrongly(count):
    given = [X, W, B, B][:count]
    with pytest.raises(UsageError, match="`Affine` takes 3: `x`, `W` and `b`"):
        report_vjp(from_layer(Affine), *given)
    with pytest.raises(ConventionError, match=rf"`Affine` takes 3 inputs, `x`, `W` and `b`; {count} w"):
        from_layer(Affine)(*given)


def test_a_layer_that_adds_up_is_right_where_it_is_cleared_and_wrong_in_its_values_all_the_same():
    """The near misses of a layer that accumulates: one that is cleared, and one that is wrong besides."""
    assert at_a_point(from_layer(AddingCleared)).verdict == "correct"
    halved = wrong(AddingCleared, forward=lambda self, x: 2 * Dense.forward(self, x))
    assert {f.argument for f in at_a_point(from_layer(halved)).errors} == {"x", "W", "b"}


def test_the_source_of_the_backward_is_found():
    """For `prove` and `fix`: what runs in a vjp is the method, not the adapter, nor the forward that it repeats."""
    found = find_backward(Case(from_layer(lambda: Dense(3, 4)), VECTOR))
    assert [function.qualname for function in found.functions] == ["Dense.backward"]
    found = find_backward(Case(from_layer(Network), "(n,3),(3,4),(4),(4,2),(2)->(n,2)"))
    assert {function.qualname for function in found.functions} >= {"Network.backward", "Dense.backward"}


def test_a_reset_that_raises_is_one_sentence():
    op = from_layer(Growing, reset=lambda layer: layer.x.clear())
    with pytest.raises(ConventionError, match="what resets a `Growing`, `<lambda>`, raised AttributeError"):
        report_vjp(op, X, np.ones(3))
