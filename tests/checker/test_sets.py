"""Inputs that are something as a whole: drawn so, moved so, and judged along that set only."""

import numpy as np
import pytest

from gradcheck import (
    Case,
    EntryOf,
    InputError,
    Invertible,
    OneHot,
    Orthogonal,
    PositiveDefinite,
    Probabilities,
    Reals,
    Simplex,
    Sorted,
    Symmetric,
    UsageError,
    report_case,
    report_vjp,
)
from gradcheck.generation import Example, draw_inputs
from gradcheck.generation.plants import PLANTS, plants_for
from gradcheck.protocol.sets import ArraySet

pytestmark = pytest.mark.usefixtures("unexplained")


def turned(A):
    return np.swapaxes(A, -1, -2)


def cholesky(how):
    """The gradient is of the lower triangle that the forward reads, written in one of several conventions."""

    def cholesky_op(A):
        L = np.linalg.cholesky(A)

        def cholesky_vjp(dL):
            n = L.shape[-1]
            inverse, P = np.linalg.inv(L), np.tril(turned(L) @ dL)
            S = turned(inverse) @ (P - 0.5 * P * np.eye(n)) @ inverse
            whole = (S + turned(S)) / 2
            return (
                {"raw": S, "both": whole, "doubled": np.tril(whole) * (2 - np.eye(n)), "half": np.tril(whole)}[how],
            )

        return L, cholesky_vjp

    return cholesky_op


def eigenvalues(A, wrong=False):
    w, V = np.linalg.eigh(A)
    return w, lambda dw: ((V * dw[..., None, :]) @ (V if wrong else turned(V).conj()),)


def inverse(A, wrong=False):
    B = np.linalg.inv(A)
    return B, lambda dB: (-(B if wrong else turned(B)) @ dB @ turned(B),)


def entropy(p, term=0.0):
    """Without its constant ``+ 1``, which is nothing along the simplex."""
    return -(p * np.log(p)).sum(-1), lambda dy: (-(np.log(p) + term * p) * dy[..., None],)


def trace_of_square(Q, wrong=False, project=False):
    def trace_vjp(dy):
        G = 2 * (Q if wrong else turned(Q)) * dy[..., None, None]
        M = turned(Q) @ G
        return (G - Q @ (M + turned(M)) / 2 if project else G,)

    return np.trace(Q @ Q, axis1=-2, axis2=-1), trace_vjp


def gaps(x, wrong=False):
    d = np.diff(x, axis=-1)

    def gaps_vjp(dy):
        dd = dy / d
        zero = np.zeros_like(x[..., :1])
        return (np.concatenate([zero, dd], -1) - np.concatenate([dd, zero], -1) * (1.01 if wrong else 1),)

    return np.log(d), gaps_vjp


def wrongly(op):
    def wrong_op(x):
        return op(x, True)

    return wrong_op


SQUARE = {"sizes": {"n": (1, None)}}
RIGHT = {
    "positive definite, both": (cholesky("both"), "(n,n)->(n,n)", PositiveDefinite(), {}),
    "positive definite, one triangle doubled": (cholesky("doubled"), "(n,n)->(n,n)", PositiveDefinite(), {}),
    "positive definite, not symmetrised": (cholesky("raw"), "(n,n)->(n,n)", PositiveDefinite(), {}),
    "symmetric": (lambda A: eigenvalues(A), "(n,n)->(n)", Symmetric(), {}),
    "invertible": (lambda A: inverse(A), "(n,n)->(n,n)", Invertible(), {}),
    "orthogonal": (lambda Q: trace_of_square(Q), "(n,n)->()", Orthogonal(), {}),
    "orthogonal, projected": (lambda Q: trace_of_square(Q, project=True), "(n,n)->()", Orthogonal(), {}),
    "simplex": (lambda p: entropy(p), "(n)->()", Simplex(), {}),
    "probabilities": (
        lambda p: (np.log(p / (1 - p)), lambda dy: (dy / (p * (1 - p)),)),
        "(n)->(n)",
        Probabilities(),
        {},
    ),
    "sorted": (lambda x: gaps(x), "(n)->(n-1)", Sorted(), {"sizes": {"n": (2, None)}}),
}
WRONG = {
    "one triangle, not doubled": (cholesky("half"), "(n,n)->(n,n)", PositiveDefinite(), {}),
    "symmetric": (wrongly(eigenvalues), "(n,n)->(n)", Symmetric(), {}),
    "invertible": (wrongly(inverse), "(n,n)->(n,n)", Invertible(), {}),
    "orthogonal": (wrongly(trace_of_square), "(n,n)->()", Orthogonal(), {}),
    "simplex": (lambda p: entropy(p, term=1.0), "(n)->()", Simplex(), {}),
    "simplex, were it free": (lambda p: entropy(p), "(n)->()", Reals(0, None), {}),
    "sorted": (wrongly(gaps), "(n)->(n-1)", Sorted(), {"sizes": {"n": (2, None)}}),
}


def case_of(op, signature, domain, more):
    return Case(op, signature, domains={next(iter(inspect_names(op))): domain}, **more)


def inspect_names(op):
    import inspect

    return inspect.signature(op).parameters


@pytest.mark.parametrize("row", RIGHT.values(), ids=RIGHT)
def test_a_right_gradient_passes_in_every_convention(row):
    report = report_case(case_of(*row), examples=15)
    assert report.verdict == "correct", str(report)


@pytest.mark.parametrize("row", WRONG.values(), ids=WRONG)
def test_a_wrong_one_does_not(row):
    report = report_case(case_of(*row), examples=15)
    assert report.errors[0].code == "GC301"
    if row[2] != Reals(0, None) and row[2].thin:
        assert f"along {row[2].words} only" in report.errors[0].message
        assert not any(finding.certain for finding in report.findings)


def test_without_the_set_a_right_op_would_be_accused():
    """The forward reads one triangle: a change of the other leads out of the set and moves nothing."""
    A = np.array([[2.0, 0.5], [0.5, 1.0]])
    assert report_vjp(cholesky("both"), A).verdict == "wrong"
    assert report_vjp(cholesky("both"), A, domains={"A": PositiveDefinite()}).verdict == "correct"


SETS = {
    "A": (Symmetric(), "(n,n)"),
    "B": (PositiveDefinite(), "(n,n)"),
    "C": (Invertible(), "(n,n)"),
    "D": (Orthogonal(), "(m,n)"),
    "E": (Simplex(axis=0), "(m,n)"),
    "F": (OneHot(), "(m,n)"),
    "G": (Sorted(low=-2.0, high=3.0), "(m,n)"),
    "H": (Sorted(low=0.0), "(m,n)"),
    "J": (Sorted(high=1.0), "(m,n)"),
}


OPS = {
    4: lambda A, B, C, D: (A.sum(), lambda dy: ()),
    6: lambda A, B, C, D, E, F: (A.sum(), lambda dy: ()),
    9: lambda A, B, C, D, E, F, G, H, J: (A.sum(), lambda dy: ()),
}


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
def test_whatever_is_drawn_or_planted_lies_in_its_set(dtype):
    """Each plant is put where it is in the set, and really is put there."""
    names = [name for name in SETS if name in {"float64": SETS, "float32": "ABCDEF", "complex128": "ABCD"}[dtype]]
    signature = ",".join(SETS[name][1] for name in names) + "->()"
    op = OPS[len(names)]
    case = Case(op, signature, domains={name: SETS[name][0] for name in names}, dtype=dtype)
    able = plants_for(case, {})
    planted = dict.fromkeys(names, 0)
    for plant in PLANTS:
        for seed in range(6):
            sizes = {"m": 4, "n": 3}
            plain = draw_inputs(case, Example(sizes, seed))
            inputs = draw_inputs(case, Example(sizes, seed, plant=plant, scale=4.0 if plant == "none" else 1.0))
            room = 1e-4 if dtype == "float32" else 1e-12
            for name, before, array in zip(names, plain, inputs, strict=True):
                assert SETS[name][0].misses(array) <= room * (1 + np.abs(array).max())
                changed = plant != "none" and not np.array_equal(before, array)
                planted[name] += changed
                assert not changed or name in able.get(plant, ())
    assert {name for name, count in planted.items() if not count} <= {"F"}


def test_zeros_and_ties_are_planted_where_a_set_has_them():
    case = Case(lambda A, Q: (A, lambda dy: ()), "(n,n),(n,n)->(n,n)", domains={"A": Symmetric(), "Q": Orthogonal()})
    A, Q = draw_inputs(case, Example({"n": 4}, plant="zero"))
    assert (A == 0).sum() in (1, 2)
    assert np.array_equal(A, A.T)
    assert (Q == 0).sum() == 12
    simplex = Case(lambda p: (p, lambda dy: ()), "(n)->(n)", domains={"p": Simplex()})
    assert "zero" not in plants_for(simplex, {})
    (p,) = draw_inputs(simplex, Example({"n": 5}, plant="ties"))
    assert np.allclose(p, 0.2)


@pytest.mark.parametrize("domain", [Symmetric(), Orthogonal(), Simplex(), Simplex(axis=0), PositiveDefinite()])
@pytest.mark.parametrize("kind", ["f", "c"])
def test_what_stays_inside_is_the_derivative_of_the_nearest_element(domain, kind):
    rng = np.random.default_rng(3)
    if kind == "c" and isinstance(domain, Simplex):
        return
    x = domain.draw(rng, (4, 4), 1.0, 2, kind == "c")
    v, u = (rng.normal(size=x.shape) + (1j * rng.normal(size=x.shape) if kind == "c" else 0) for _ in range(2))
    step = 1e-5
    slope = (domain.nearest(x + step * v) - domain.nearest(x - step * v)) / (2 * step)
    assert np.allclose(slope, domain.tangent(x, v), atol=1e-8)
    assert np.isclose(np.vdot(u, slope).real, np.vdot(domain.along(x, u), v).real)
    assert np.allclose(domain.nearest(x), x, atol=1e-15)


def test_hermitian_matrices():
    case = Case(lambda A: eigenvalues(A), "(n,n)->(n)", domains={"A": Symmetric()}, dtype="complex128")
    assert report_case(case, examples=8).verdict == "correct"


def test_a_twin_of_another_convention_is_no_witness_against_it():
    torch = pytest.importorskip("torch")

    case = Case(cholesky("doubled"), "(n,n)->(n,n)", domains={"A": PositiveDefinite()}, reference=torch.linalg.cholesky)
    assert report_case(case, examples=6).verdict == "correct"


def test_second_derivatives_and_descent_stay_inside():
    pytest.importorskip("torch")
    from gradcheck.adapters import from_torch

    def cost(A):
        return A.logdet() + (A**3).sum()

    A = np.array([[2.0, 0.5], [0.5, 1.0]])
    case = Case(from_torch(cost), inputs=(A,), domains={"A": PositiveDefinite()}, order=2)
    assert report_case(case, examples=2).verdict == "correct"


def test_forward_mode_is_asked_along_the_set():
    def trace(Q):
        return trace_of_square(Q)

    trace.jvp = lambda inputs, tangents: (trace(inputs[0])[0], np.asarray(2 * np.trace(inputs[0] @ tangents[0])))
    Q = Orthogonal().draw(np.random.default_rng(0), (3, 3), 1.0, 2, False)
    assert report_vjp(trace, Q, domains={"Q": Orthogonal()}).verdict == "correct"
    trace.jvp = lambda inputs, tangents: (trace(inputs[0])[0], np.asarray(np.trace(inputs[0] @ tangents[0])))
    assert [f.code for f in report_vjp(trace, Q, domains={"Q": Orthogonal()}).errors] == ["GC402"]


def test_an_entry_of_another_input_ties_with_it():
    def square(x, c, at_tie=0.0):
        d = x - c
        g = 2 * d + at_tie * (d == 0)
        return d * d, lambda dy: (dy * g, -(dy * g).sum())

    case = Case(lambda x, c: square(x, c), "(n),()->(n)", domains={"c": EntryOf("x")})
    x, c = draw_inputs(case, Example({"n": 5}))
    assert c in x
    assert report_case(case, examples=10).verdict == "correct"
    wrong = Case(lambda x, c: square(x, c, at_tie=1.0), "(n),()->(n)", domains={"c": EntryOf("x")})
    assert report_case(wrong, examples=10).verdict == "wrong"


def test_a_kink_at_the_tie_is_decided_beside_it():
    def distance(x, c, at_tie=0.0):
        d = x - c
        g = np.where(d == 0, at_tie, np.sign(d))
        return np.abs(d), lambda dy: (dy * g, -(dy * g).sum())

    def case(at_tie):
        return Case(lambda x, c: distance(x, c, at_tie), "(n),()->(n)", domains={"c": EntryOf("x")})

    for right in (0.0, 1.0, -0.5):
        assert report_case(case(right), examples=20).verdict == "correct"
    assert report_case(case(5.0), examples=20).verdict == "wrong"


def test_one_hot_labels_are_data():
    def cross_entropy(Z, Y):
        assert np.isin(Y, (0.0, 1.0)).all()
        P = np.exp(Z - Z.max(-1, keepdims=True))
        P /= P.sum(-1, keepdims=True)
        return -(Y * np.log(P)).sum(-1), lambda dy: ((P - Y) * dy[..., None],)

    case = Case(cross_entropy, "(m,n),(m,n)->(m)", domains={"Y": OneHot()}, constants=("Y",))
    assert report_case(case, examples=8).verdict == "correct"


def test_a_nested_input_and_the_snippet():
    def op(params):
        y, vjp = cholesky("half")(params["A"])
        return y, lambda dy: ({"A": vjp(dy)[0]},)

    params = {"A": np.array([[2.0, 0.5], [0.5, 1.0]])}
    report = report_vjp(op, params, domains={"params['A']": PositiveDefinite()})
    assert report.verdict == "wrong"
    assert "from gradcheck import PositiveDefinite, report_vjp" in report.snippet
    assert "domains={\"params['A']\": PositiveDefinite()}" in report.snippet


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Case(cholesky("raw"), "(m,n)->(m,n)", domains={"A": Symmetric()}), "write the same size twice"),
        (lambda: Case(cholesky("raw"), "(n,n)->(n,n)", domains={"A": Symmetric}), "write Symmetric(...)"),
        (lambda: Case(cholesky("raw"), "(n,n)->(n,n)", domains={"A": 3}), "or a set of arrays such as Symmetric()"),
        (
            lambda: Case(cholesky("raw"), "(n,n)->(n,n)", domains={"A": Simplex(axis=2)}),
            "along axis 2 need an array with",
        ),
        (lambda: Case(cholesky("raw"), "(n,n)->(n,n)", domains={"A": EntryOf("B")}), "`A` is an entry of `B`"),
        (lambda: Simplex(axis="n"), "axis is 'n'; it is a whole number"),
        (lambda: Sorted(low=2.0, high=1.0), "`low` must lie below `high`"),
        (lambda: EntryOf(3), "it is the name of an input"),
        (lambda: report_vjp(cholesky("raw"), np.eye(3), domains={"B": Symmetric()}), "domain for `B`"),
    ],
)
def test_bad_input_is_one_sentence(make, words):
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("domain", "array", "words"),
    [
        (Symmetric(), [[1.0, 2.0], [2.5, 1.0]], "is none of the symmetric matrices: it is off by 0.2"),
        (PositiveDefinite(), [[1.0, 2.0], [2.0, 1.0]], "is none of the positive definite matrices"),
        (Invertible(), [[1.0, 2.0], [2.0, 4.0]], "is none of the invertible matrices"),
        (Orthogonal(), [[1.0, 0.5], [0.0, 1.0]], "is none of the orthogonal matrices: it is off by"),
        (Simplex(), [[0.5, 0.6], [0.5, 0.5]], "is none of the points on the simplex: it is off by"),
        (Simplex(), [[1.5, -0.5], [0.5, 0.5]], "is none of the points on the simplex"),
        (OneHot(), [[1.0, 1.0], [1.0, 0.0]], "is none of the one-hot vectors"),
        (Sorted(), [[1.0, 1.0], [1.0, 2.0]], "is none of the sorted vectors"),
    ],
)
def test_an_input_that_does_not_lie_in_its_set(domain, array, words):
    assert isinstance(domain, ArraySet)
    with pytest.raises(InputError) as caught:
        report_vjp(lambda x: (x * 2, lambda dy: (2 * dy,)), np.array(array), domains={"x": domain})
    assert words in str(caught.value)
