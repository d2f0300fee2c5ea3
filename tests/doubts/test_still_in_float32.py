"""A forward in float32 inside whose 1 absorbs all of the input: not one bit moves, and its gradient is right."""

import numpy as np
import pytest

from gradcheck import Case, Reals, report_case, report_vjp
from gradcheck.laws.gc301_derivative import check
from gradcheck.laws.learned import Learned
from gradcheck.numerics.doubts import narrow_inside

pytestmark = pytest.mark.usefixtures("unexplained")


def student(share=1.0):
    """Of Student's t: ``1 + x * x / nu`` in float32."""

    def student(x, nu):
        z = x.astype(np.float32)
        q = 1 + z * z / np.float32(nu)
        y = (-(nu + 1) / 2 * np.log(q)).astype(x.dtype)

        def student_vjp(dy):
            dnu = -0.5 * np.log(q) + (nu + 1) / 2 * z * z / nu**2 / q
            return (-share * dy * (nu + 1) * z / nu / q).astype(x.dtype), np.array((dy * dnu).sum(), nu.dtype)

        return y, student_vjp

    return student


def rectified(x):
    """The mask is forgotten: where it is 0 not one bit moves either."""
    z = np.maximum(x.astype(np.float32), 0)
    return (z / np.float32(3)).astype(x.dtype), lambda dy: (dy / 3,)


SMALL = (np.array([1.3e-6]), np.array(1.7e6))


@pytest.mark.parametrize("seed", range(4))
def test_it_is_not_accused(seed):
    assert report_vjp(student(), *SMALL, seed=seed).verdict == "inconclusive"


def test_a_forgotten_mask_is_wrong():
    assert report_vjp(rectified, np.array([-0.4, 1.3, -2.0])).verdict == "wrong"


def test_that_is_what_saves_it(monkeypatch):
    monkeypatch.setattr(
        narrow_inside, "_still", lambda record: [np.zeros(u.shape, bool) for u in record.line.cotangents]
    )
    assert "wrong" in [report_vjp(student(), *SMALL, seed=seed).verdict for seed in range(4)]


def case(share=1.0):
    return Case(student(share), "(n),()->(n)", domains={"nu": Reals(0, None)})


def test_what_float32_can_show_decides_a_case():
    """Its floor of 1e-5 is that of float32 inside, and no sign of what was not seen."""
    report = report_case(case())
    assert report.verdict == "correct", str(report)
    assert report_case(case(1.01)).verdict == "wrong"


def test_a_case_is_held_to_no_more_than_float32_shows(monkeypatch):
    monkeypatch.setattr(check, "Learned", lambda **known: Learned(**{**known, "narrow": 0.0}))
    assert report_case(case()).verdict == "inconclusive"
