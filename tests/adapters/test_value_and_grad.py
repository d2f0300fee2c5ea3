"""scipy's convention: a scalar function of one vector, and its gradient."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy.optimize import rosen, rosen_der, rosen_hess, rosen_hess_prod
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import aslinearoperator

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_value_and_grad

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([1.3, 0.7, 0.8, 1.9])


def bowl(x, a, b=0.0):
    return float(a * x @ x + b)


def bowl_grad(x, a, b=0.0):
    return 2 * a * x


def codes(report):
    return {finding.code for finding in report.errors}


def test_what_scipy_users_have():
    assert report_vjp(from_value_and_grad(rosen, rosen_der), X).verdict == "correct"
    assert report_case(Case(from_value_and_grad(rosen, rosen_der), "(6)->()"), examples=20).verdict == "correct"


def test_a_wrong_gradient_is_named():
    report = report_vjp(from_value_and_grad(rosen, lambda x: rosen_der(x) * [1, 1, 1.001, 1]), X)
    assert codes(report) == {"GC301"}
    assert report.errors[0].place == "x[2]"


def test_value_and_gradient_in_one():
    assert report_vjp(from_value_and_grad(lambda x: (x @ x, 2 * x), True), X).verdict == "correct"
    assert codes(report_vjp(from_value_and_grad(lambda x: (x @ x, x), True), X)) >= {"GC301"}


def test_args_and_options():
    assert report_vjp(from_value_and_grad(bowl, bowl_grad, args=(3.0,)), X).verdict == "correct"
    op = from_value_and_grad(bowl, bowl_grad)
    case = Case(op, "(n)->()", options={"a": [1.0, -2.0], "b": 5.0})
    assert report_case(case, examples=10).verdict == "correct"
    with pytest.raises(UsageError, match="needs its option `a`"):
        Case(op, "(n)->()")
    with pytest.raises(UsageError, match="takes no option `c`"):
        Case(from_value_and_grad(bowl, bowl_grad, args=(3.0,)), "(n)->()", options={"c": 1})


@pytest.mark.parametrize(
    ("gradient", "code", "words"),
    [
        (lambda x: (2 * x)[:, None], "GC105", "(4, 1)"),
        (lambda x: [1, 2, 3, 4], "GC105", "is a list"),
        (lambda x: 2 * x.sum(), "GC105", "has shape ()"),
        (lambda x: np.ones(4, int), "GC106", "int64"),
        (lambda x: (2 * x).astype(np.float32), "GC106", "float32"),
        (lambda x: None, "GC104", "is None"),
        (lambda x: 2 * x[:5] @ "x", "GC101", "raised"),
    ],
)
def test_the_gradient_is_judged_as_it_comes(gradient, code, words):
    report = report_vjp(from_value_and_grad(lambda x: x @ x, gradient), X)
    assert codes(report) == {code}
    assert words in str(report)


def test_values_that_are_numbers_in_other_clothes():
    assert report_vjp(from_value_and_grad(lambda x: (x @ x).reshape(1), lambda x: 2 * x), X).verdict == "correct"
    assert report_vjp(from_value_and_grad(lambda x: float(x @ x), lambda x: 2 * x), X).verdict == "correct"


def test_bad_input_is_a_sentence():
    with pytest.raises(UsageError, match="grad is '2-point'"):
        from_value_and_grad(rosen, "2-point")
    with pytest.raises(UsageError, match="args is a float"):
        from_value_and_grad(bowl, bowl_grad, args=3.0)
    with pytest.raises(ConventionError, match="with grad=True it returns"):
        report_vjp(from_value_and_grad(rosen, True), X)
    with pytest.raises(ConventionError, match="returned 4 values"):
        report_vjp(from_value_and_grad(lambda x: x * x, lambda x: 2 * x), X)


def test_the_source_is_found():
    assert from_value_and_grad(rosen, rosen_der).__wrapped__ is rosen


class Layer(NamedTuple):
    w: np.ndarray
    b: np.ndarray


W, B = np.arange(1.0, 4.0), np.array([0.5, -1.0])


def energy(w, b):
    return float(np.sum(w**2) + b @ b)


@pytest.mark.parametrize(
    ("params", "take", "build"),
    [
        ({"w": W, "b": B}, lambda p: (p["w"], p["b"]), lambda w, b: {"w": w, "b": b}),
        ([W, B], lambda p: p, lambda w, b: [w, b]),
        ((W, B), lambda p: p, lambda w, b: (w, b)),
        (Layer(W, B), lambda p: (p.w, p.b), Layer),
        ({"deep": [Layer(W, B), (W,)]}, lambda p: p["deep"][0], lambda w, b: {"deep": [Layer(w, b), (0 * w,)]}),
    ],
)
def test_a_nested_gradient_is_multiplied_by_the_cotangent(params, take, build):
    def cost(params):
        return energy(*take(params))

    def gradient(params, factor=1.0):
        w, b = take(params)
        return build(2 * w, 2 * factor * b)

    assert report_vjp(from_value_and_grad(cost, gradient), params).verdict != "wrong"
    both = from_value_and_grad(lambda params: (cost(params), gradient(params)), True)
    assert report_vjp(both, params).verdict != "wrong"
    wrong = report_vjp(from_value_and_grad(cost, lambda params: gradient(params, 1.5)), params)
    assert codes(wrong) == {"GC301"}
    assert "ratio 1.5" in " ".join(str(wrong).split())


@pytest.mark.explained
def test_the_structure_of_a_nested_gradient_is_judged_as_it_comes():
    params = {"w": W, "b": B}
    cost = lambda params: energy(params["w"], params["b"])  # noqa: E731
    for gradient, code in (
        (lambda params: {"w": 2 * params["w"]}, "GC103"),
        (lambda params: {"w": 2 * params["w"], "b": None}, "GC104"),
        (lambda params: {"w": 2 * params["w"], "b": list(2 * params["b"])}, "GC105"),
    ):
        assert codes(report_vjp(from_value_and_grad(cost, gradient), params)) == {code}


class Pair(NamedTuple):
    a: object
    b: object


def product(p):
    return float(p["a"] ** 2 * np.sum(p["b"]))


def slopes(p):
    return 2 * p["a"] * p["b"].sum(), p["a"] ** 2 * np.ones_like(p["b"])


@pytest.mark.parametrize(
    "container",
    [
        lambda a, b: {"a": a, "b": b},
        lambda a, b: {"db": b, "da": a},
        lambda a, b: {"grad_a": a, "B_grad": b, "dz": 3.0},
        lambda a, b: [a, b],
        lambda a, b: (a, b),
        Pair,
    ],
)
def test_gradients_in_the_container_of_their_own(container):
    p = {"a": np.array(1.5), "b": np.array([0.5, 2.0])}
    assert report_vjp(from_value_and_grad(product, lambda p: container(*slopes(p))), p).verdict == "correct"
    wrong = report_vjp(from_value_and_grad(product, lambda p: container(slopes(p)[0], 1.01 * slopes(p)[1])), p)
    assert [finding.argument for finding in wrong.errors] == ["p['b']"]


def test_nested_parameters_and_a_part_that_is_data():
    def fun(p):
        return float((p["layers"][0]["w"] * p["mask"]).sum())

    def grad(p):
        return {"layers": ({"dw": p["mask"]},)}

    p = {"layers": [{"w": np.array([0.5, -1.0])}], "mask": np.array([1.0, 0.0])}
    assert report_vjp(from_value_and_grad(fun, grad, constants=("p['mask']",)), p).verdict == "correct"
    assert "say constants=(\"p['mask']\",)" in str(report_vjp(from_value_and_grad(fun, grad), p)).replace(
        "\n        ", " "
    )


@pytest.mark.parametrize("x", [[1.3, 0.7, 0.8], [1, 2, 3], np.array([1, 2, 3]), (1, 2.5, 3)])
def test_a_starting_point_as_scipy_takes_it(x):
    assert report_vjp(from_value_and_grad(rosen, lambda x: list(map(float, rosen_der(x)))), x).verdict == "correct"
    assert codes(report_vjp(from_value_and_grad(rosen, lambda x: 1.01 * rosen_der(x)), x)) >= {"GC301"}


def test_integers_that_are_parameters_become_floats_in_containers_too():
    op = from_value_and_grad(product, slopes)
    assert report_vjp(op, {"a": 2, "b": [1, 2]}).verdict == "correct"


SECOND = {
    "dense": {"hess": rosen_hess},
    "sparse": {"hess": lambda x: csr_matrix(rosen_hess(x))},
    "operator": {"hess": lambda x: aslinearoperator(rosen_hess(x))},
    "products": {"hessp": rosen_hess_prod},
    "both": {"hess": rosen_hess, "hessp": rosen_hess_prod},
}
WRONG_SECOND = {
    "doubled": ({"hess": lambda x: 2 * rosen_hess(x)}, "finite differences"),
    "one triangle": ({"hess": lambda x: np.triu(rosen_hess(x))}, "the matrix of `hess` is not symmetric"),
    "products": ({"hessp": lambda x, p: 1.001 * rosen_hess_prod(x, p)}, "4 of 4 entries differ"),
    "not the same": (
        {"hess": rosen_hess, "hessp": lambda x, p: 1.001 * rosen_hess_prod(x, p)},
        "by `hess`; finite differences of the gradient side with `hess`",
    ),
    "not one matrix": ({"hess": rosen_hess, "hessp": lambda x, p: p}, "one and the same symmetric matrix"),
    "shape": ({"hess": rosen_der}, "has shape ()"),
}


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND)
def test_hessians(second):
    assert report_vjp(from_value_and_grad(rosen, rosen_der, **second), X).verdict == "correct"


@pytest.mark.parametrize(("second", "words"), WRONG_SECOND.values(), ids=WRONG_SECOND)
def test_wrong_hessians_are_named(second, words):
    report = report_vjp(from_value_and_grad(rosen, rosen_der, **second), X)
    assert codes(report) == {"GC401"}
    assert words in " ".join(str(report).split())


def test_a_hessian_is_judged_unless_the_case_says_otherwise():
    op = from_value_and_grad(rosen, rosen_der, hess=lambda x: 2 * rosen_hess(x))
    assert report_case(Case(op, "(4)->()"), examples=3).verdict == "wrong"
    assert report_case(Case(op, "(4)->()", order=1), examples=5).verdict == "correct"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: from_value_and_grad(3, rosen_der), "fun is 3; pass a function"),
        (lambda: from_value_and_grad(rosen, lambda: 1), "with 1 argument, but it takes none"),
        (lambda: from_value_and_grad(rosen, rosen_der, (2.0,)), "with 2 arguments, but it takes `x`"),
        (lambda: from_value_and_grad(rosen, rosen_der, hess="exact"), "hess is 'exact'; pass a function"),
        (lambda: from_value_and_grad(rosen, rosen_der, hessp=rosen_hess), "with 2 arguments, but it takes `x`"),
        (lambda: from_value_and_grad(rosen, rosen_der, constants="x"), "constants is 'x'; write a tuple"),
        (lambda: report_vjp(from_value_and_grad(product, slopes, hess=rosen_hess), {"a": 1, "b": [1]}), "is one array"),
    ],
)
def test_each_way_of_calling_it_wrong_has_a_sentence(make, words):
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
