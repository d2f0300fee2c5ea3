"""What is put wrongly gets one sentence that names it, and no traceback from inside."""

import signal
import time

import numpy as np
import pytest

from gradcheck import Case, Descent, Integers, Reals, UsageError, report_case, report_vjp

X = np.array([[0.5, -1.0], [2.0, 0.25]])


def square(x):
    def square_vjp(dy):
        return (2 * x * dy,)

    return x * x, square_vjp


def product(x, w):
    def product_vjp(dy):
        return dy * w, dy * x

    return x * w, product_vjp


def refused(call, *parts):
    with pytest.raises(UsageError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message, message


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (np.array([1.0, np.nan]), ("`x`", "nan", "(1,)")),
        (np.array([[1.0, np.inf]]), ("`x`", "inf", "(0, 1)")),
        (np.array([1, 2, 3]), ("`x`", "int64", "floats")),
        (np.array([1.0, None]), ("`x`", "object")),
        (np.array(["a", "b"]), ("`x`", "dtype <U1")),
        (np.array([1.0, np.nan + 1j]), ("`x`", "nan", "(1,)")),
        ([1.0, 2.0], ("`x[0]`", "list of numbers", "NumPy array")),
        ([], ("no inputs",)),
        ("text", ("`x`", "str")),
        (None, ("`x`", "NoneType")),
    ],
)
def test_inputs_that_cannot_be_judged(value, parts):
    refused(lambda: report_vjp(square, value), *parts)


def test_an_order_that_the_op_does_not_have():
    refused(lambda: Case(square, "(n)->(n)", order=2), "order=2", "`second`")
    refused(lambda: Case(square, "(n)->(n)", order=3), "order is 3", "1, or 2")


def test_options_that_the_op_does_not_take_or_misses():
    def scaled(x, *, factor):
        return x * factor, lambda dy: (dy * factor,)

    refused(lambda: report_vjp(scaled, X, options={"faktor": 2.0}), "`faktor`", "`factor`")
    refused(lambda: report_vjp(scaled, X), "`factor`")
    refused(lambda: Case(scaled, "(n)->(n)", options={"factor": []}), "no values")


@pytest.mark.parametrize("seed", [-1, "a", 1.5])
def test_seeds_are_whole_numbers(seed):
    refused(lambda: report_vjp(square, X, seed=seed), "seed")


def test_inputs_of_a_case_are_a_tuple():
    refused(lambda: Case(square, inputs=X), "ndarray", "tuple")


def test_foreign_byte_order():
    refused(lambda: report_vjp(square, X.astype(">f8")), ">f8", "newbyteorder")


def test_a_domain_is_reals_or_integers():
    refused(lambda: Case(square, "(n)->(n)", domains={"x": (0, 3)}), "(0, 3)", "Reals")


def test_an_infinite_end_of_a_domain_is_no_end():
    assert Reals(0, np.inf) == Reals(0, None)


def test_a_dtype_that_numpy_does_not_know():
    refused(lambda: Case(square, "(n)->(n)", dtype="foo"), "foo")


def test_no_inputs():
    refused(lambda: report_vjp(lambda: None), "no inputs")


def test_too_many_inputs_for_the_op():
    refused(lambda: report_vjp(square, X, X), "2 inputs", "`square` takes 1", "`x`")


def test_signature_with_the_wrong_number_of_inputs():
    refused(lambda: Case(square, "(m),(n)->(m)"), "2 inputs", "`square` takes 1")


def test_signature_that_does_not_parse():
    refused(lambda: Case(square, "(m,n->(m)"), '"(m,n"')


def test_neither_signature_nor_inputs():
    refused(lambda: Case(square), "`square`", "neither a signature nor inputs")


def test_signature_that_does_not_fit_the_output():
    refused(lambda: report_case(Case(square, "(m,n)->(m)"), examples=3), "`square`", "(2,)", "(2, 3)")


def test_inputs_that_do_not_fit_the_signature():
    refused(lambda: report_case(Case(product, "(m,n),(m,n)->(m,n)", inputs=(X, X.T[:1]))), "`m`", "`w`")


@pytest.mark.parametrize(
    ("result", "part"),
    [
        (X, "an array of dtype float64"),
        ((X, X), "tuple of 2"),
        (None, "None"),
        ([X, square], "list of 2"),
        ((X, square, 1), "tuple of 3"),
    ],
)
def test_an_op_that_returns_no_pair(result, part):
    refused(lambda: report_vjp(lambda x: result, X), part, "pair (y, vjp)", "from_pair")


@pytest.mark.parametrize("y", [None, "text", np.array([1, 2]), [1.0], ()])
def test_an_op_whose_output_is_no_array_of_floats(y):
    refused(lambda: report_vjp(lambda x: (y, square), X), "as y")


@pytest.mark.parametrize("examples", [0, -1, 2.5])
def test_no_examples(examples):
    refused(lambda: report_case(Case(square, "(n)->(n)"), examples=examples), f"examples is {examples}")


def test_case_of_something_that_is_no_op():
    refused(lambda: Case("square", "(n)->(n)"), "'square'")


def test_domain_of_an_unknown_input():
    refused(lambda: Case(square, "(n)->(n)", domains={"y": Reals(0, 1)}), "`y`", "`x`")


def test_domain_with_an_unknown_size():
    refused(lambda: Case(square, "(n)->(n)", domains={"x": Integers(0, "c")}), "`c`")


def test_empty_domains():
    refused(lambda: Reals(1, 1), "empty")
    refused(lambda: Integers(3, 2), "empty")


def test_descent_of_an_unknown_parameter():
    refused(lambda: Case(square, "(n)->(n)", descent=Descent(None, ("theta",))), "`theta`", "`x`")


def test_dtype_without_gradients():
    refused(lambda: Case(square, "(n)->(n)", dtype="int64"), "int64")


@pytest.mark.parametrize(
    ("update", "part"),
    [
        (lambda parameters, gradients, rate: 1 / 0, "ZeroDivisionError"),
        (lambda parameters, gradients, rate: None, "one array per parameter"),
        (lambda parameters, gradients, rate: (np.ones(7),), "of the same shapes"),
    ],
)
def test_an_update_rule_that_fails_is_a_finding(update, part):
    def cost(x):
        return 0.5 * np.sum(x * x), lambda dy: (x * dy,)

    report = report_case(Case(cost, inputs=(X,), descent=Descent(update, ("x",), steps=3)))
    assert {finding.code for finding in report.errors} == {"GC502", "GC503"}
    assert part in str(report)


def test_the_users_arrays_are_bitwise_as_before():
    def in_place(x):
        x += 1
        return x * x, lambda dy: (x.__imul__(dy),)

    before = X.copy()
    report_vjp(in_place, X)
    np.testing.assert_array_equal(X, before)


def test_an_op_that_raises_is_inconclusive_and_shows_the_error():
    def broken(x):
        raise ValueError("no such axis")

    report = report_vjp(broken, X)
    assert report.verdict == "inconclusive"
    assert "ValueError: no such axis" in str(report)
    assert "test_bad_input.py" in str(report)


def test_an_op_that_raises_at_ordinary_shapes_makes_a_case_inconclusive():
    def only_square(x):
        if x.shape[0] != x.shape[1]:
            raise ValueError("not square")
        return square(x)

    report = report_case(Case(only_square, "(m,n)->(m,n)"), examples=20)
    assert report.verdict == "inconclusive"
    assert "not square" in str(report)


def test_an_op_that_raises_at_size_0_only_is_correct_with_a_note():
    def never_empty(x):
        if not x.size:
            raise ValueError("nothing to square")
        return square(x)

    report = report_case(Case(never_empty, "(m,n)->(m,n)"), examples=20)
    assert report.verdict == "correct"
    assert "nothing to square" in str(report)


def test_a_vjp_that_raises_is_wrong_and_points_at_its_line():
    def late(x):
        def late_vjp(dy):
            raise IndexError("too late")

        return x * x, late_vjp

    report = report_vjp(late, X)
    assert report.verdict == "wrong"
    assert "IndexError: too late" in str(report)
    assert "test_bad_input.py" in str(report)


def endless(where):
    """An op whose forward or vjp never returns where x has more than three entries."""

    def op(x):
        while where == "forward" and x.size > 3:
            time.sleep(0.01)

        def op_vjp(dy):
            while where == "vjp" and x.size > 3:
                pass
            return (2 * dy,)

        return 2 * x, op_vjp

    return op


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms on this system")
@pytest.mark.parametrize(
    ("where", "verdict", "code"), [("forward", "inconclusive", "GC906"), ("vjp", "wrong", "GC101")]
)
def test_a_call_that_never_returns_is_ended_and_said(monkeypatch, where, verdict, code):
    monkeypatch.setattr("gradcheck.protocol.limits.SECONDS", 0.2)
    report = report_vjp(endless(where), np.ones(5))
    assert report.verdict == verdict
    assert report.findings[0].code == code
    assert "TimeoutError: no answer within 0.2 s (tests" in report.findings[0].message
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_slow_check_of_quick_calls_is_left_alone(monkeypatch):
    monkeypatch.setattr("gradcheck.protocol.limits.SECONDS", 0.05)

    def leisurely(x):
        time.sleep(0.01)
        return 2 * x, lambda dy: (2 * dy,)

    assert report_vjp(leisurely, np.ones(5)).verdict == "correct"


def test_alarms_of_somebody_else_are_left_alone():
    def handler(number, frame):
        raise AssertionError

    before = signal.signal(signal.SIGALRM, handler)
    try:
        assert report_vjp(endless("nowhere"), np.ones(5)).verdict == "correct"
        assert signal.getsignal(signal.SIGALRM) is handler
    finally:
        signal.signal(signal.SIGALRM, before)


def test_an_output_that_changes_its_shape_is_said():
    calls = []

    def growing(x):
        calls.append(1)
        y = 2 * x
        return (y if len(calls) < 3 else y[:-1]), lambda dy: (np.resize(2 * dy, x.shape),)

    report = report_vjp(growing, np.array([0.5, -1.0, 2.0, 1.5]))
    assert report.verdict != "correct"
    assert "the output has shape (4,) at one call and (3,) at another" in str(report)


@pytest.mark.parametrize(
    ("dtype", "words"),
    [
        ("float8_e4m3fn", "draw bfloat16 and let the op convert them"),
        ("flaot64", "is no dtype of NumPy"),
        ("int64", "neither floating nor complex"),
    ],
)
def test_a_dtype_that_cannot_be_drawn_is_a_sentence(dtype, words):
    with pytest.raises(UsageError, match=words):
        Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n)", dtype=dtype)


def test_a_wrong_number_of_arguments_is_no_verdict():
    refused(lambda: report_case(Case(product, inputs=lambda rng: (X,))), "`product` is called with 1 input", "'w'")
    refused(lambda: report_vjp(lambda *xs: product(*xs), X, X, options={}) and report_vjp(product, X), "takes 2")
    refused(lambda: report_vjp(lambda x: (x, lambda: (x,)), X), "called with the cotangent alone")
    inside = report_vjp(
        lambda x: (x * x, lambda dy: product(dy)), X
    )  # what the backward calls wrongly is its own mistake
    assert [finding.code for finding in inside.errors] == ["GC101"]
