"""A gradient that is None was made so in a line too."""

import numpy as np

from gradcheck import Case
from gradcheck.origin import origins_of

X, W = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([[1.5, 0.25], [-2.0, 0.75]])


def scaled(bug):
    def scaled(x, w):
        def scaled_vjp(dy):
            dx = dy * w
            dw = None
            if bug != "always":
                dw = dy * x
            if bug == "returned":
                return dx, None
            return dx, dw

        return x * w, scaled_vjp

    return scaled


def made(bug):
    return [(o.code, o.certain, o.inputs) for o in origins_of(Case(scaled(bug), inputs=(X, W)), (X, W))]


def test_the_line_that_gave_none_is_named():
    assert made("always") == [("dw = None", False, ("w",))]  # or the condition below it is to blame


def test_so_is_the_one_that_returns_none_instead():
    ((code, _, inputs),) = made("returned")
    assert code.startswith("return (dx, None)")
    assert inputs == ("w",)


def test_none_that_is_replaced_is_no_mistake():
    assert made("nothing") == []
