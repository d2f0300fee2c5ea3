"""A factor is read off gradients as large and as small as numbers are."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.diagnosis.hypotheses._projected import projected

SIZES = [1e-300, 1e-200, 1e160, 1e290]


@pytest.mark.parametrize("size", [1.0, *SIZES])
def test_the_number_by_which_one_makes_the_other(size):
    truth = size * np.array([[1.0, -2.0], [0.5, 0.3]])
    assert projected(3.0 * truth, truth) == pytest.approx(3.0, rel=1e-15)
    assert projected(-truth, truth) == -1.0
    assert projected(0.0 * truth, truth) == 0.0
    assert projected(truth, 0.0 * truth) is None
    assert projected(truth * np.array([[1.0, 1.0], [1.0, np.inf]]), truth) is None


def one_entry_off(x, *, size):
    def vjp(dy):
        g = dy[..., None] * 2 * x * size
        g[..., 0] *= 3
        return (g,)

    return np.sum(x * x * size, axis=-1), vjp


@pytest.mark.parametrize("size", [1.0, *SIZES])
def test_a_column_that_is_too_large_is_said_to_be_so(size):
    report = report_vjp(one_entry_off, np.array([[1.0, 2.0, -0.5], [0.3, 0.7, 1.1]]), options={"size": size})
    assert report.verdict == "wrong"
    assert "there it is too large by 3" in " ".join(str(report).split())
