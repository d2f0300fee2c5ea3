"""A forward and a backward that are two functions, in either order of the backward's arguments."""

import numpy as np
import pytest

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_pair

X, W = np.array([0.5, -1.0, 2.0]), np.array([1.5, 0.25, -0.75])


def forward(x, w):
    return x * w, (x, w)


def saved_first(saved, dy):
    x, w = saved
    return dy * w, dy * x


def dy_first(dout, cache):
    x, w = cache
    return dout * w, dout * x


def unnamed(p, q):
    return dy_first(p, q)


@pytest.mark.parametrize(
    ("backward", "order"),
    [
        (saved_first, None),
        (dy_first, None),
        (lambda grad_output, ctx: dy_first(grad_output, ctx), None),
        (lambda g, residuals: dy_first(g, residuals), None),
        (lambda cache, dout: saved_first(cache, dout), None),
        (unnamed, ("dy", "saved")),
        (lambda a, b: saved_first(a, b), None),
        (lambda cache, dout: dy_first(cache, dout), ["dy", "saved"]),
    ],
)
def test_either_order(backward, order):
    assert report_vjp(from_pair(forward, backward, order=order), X, W).verdict == "correct"

    def doubled(*both):
        return tuple(2 * g for g in backward(*both))

    wrong = from_pair(forward, doubled, order=order or ("saved", "dy"))
    if order or backward is saved_first:
        assert report_vjp(wrong, X, W).verdict == "wrong"


def test_data_and_a_bare_gradient():
    op = from_pair(forward, lambda dy, saved: dy * saved[1], constants=("w",))
    assert report_vjp(op, X, W).verdict == "correct"
    assert report_case(Case(op, "(n),(n)->(n)"), examples=5).arguments == ("x",)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: from_pair(3, saved_first), "forward is 3; pass a function"),
        (lambda: from_pair(forward, None), "backward is None; pass a function"),
        (
            lambda: from_pair(forward, lambda saved: saved),
            "calls `<lambda>(saved, dy)`, but `<lambda>` takes 1 argument",
        ),
        (lambda: from_pair(forward, lambda dy, x, w: dy), "takes 3 arguments: `dy`, `x`, `w`"),
        (lambda: from_pair(forward, unnamed, order="dy"), "order is 'dy'; write"),
        (lambda: from_pair(forward, unnamed, order=("dy", "cache")), 'write ("saved", "dy") or ("dy", "saved")'),
        (lambda: report_vjp(from_pair(lambda x: x, saved_first), X), "needs a forward that returns (y, saved)"),
        (lambda: report_vjp(from_pair(forward, saved_first), X), "gives 1 input, but `forward` takes 2"),
    ],
)
def test_each_way_of_calling_it_wrong_has_a_sentence(make, words):
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_vjp_of_another_number_of_arguments_is_no_wrong_gradient():
    with pytest.raises(ConventionError, match="is called with the cotangent alone"):
        report_vjp(lambda x: (x * x, lambda saved, dy: (2 * x * dy,)), X)
    raises = report_vjp(lambda x: (x * x, lambda dy: (np.add(dy),)), X)  # its own TypeError is evidence
    assert [finding.code for finding in raises.errors] == ["GC101"]
