"""Points for those who write ``@given`` themselves."""

import numpy as np
import pytest
from hypothesis import find, given, settings

from gradcheck import Case, UsageError, judge_example
from gradcheck.strategies import points


def scaled(x, w, *, factor=1.0):
    def scaled_vjp(dy):
        return factor * dy * w, factor * np.sum(dy * x, axis=0)

    return factor * x * w, scaled_vjp


CASE = Case(scaled, "(m,n),(n)->(m,n)", options={"factor": [1.0, 2.0]}, borders={})


def test_points_have_the_shapes_options_and_layouts_of_the_case():
    seen = []

    @given(points(CASE))
    @settings(max_examples=60, database=None)
    def look(point):
        x, w = point.inputs
        assert x.shape[1:] == w.shape
        y, vjp = CASE.op(*point.inputs, **point.options)
        assert [gradient.shape for gradient in vjp(np.ones_like(y))] == [x.shape, w.shape]
        assert judge_example(CASE, point.example).verdict != "wrong"
        seen.append((x.shape, point.options["factor"], x.flags.c_contiguous, point.example.plant))

    look()
    shapes, factors, contiguous, plants = (set(column) for column in zip(*seen, strict=True))
    assert len(shapes) > 10
    assert factors == {1.0, 2.0}
    assert contiguous == {True, False}
    assert len(plants) > 2


def test_points_shrink():
    point = find(points(CASE), lambda point: point.inputs[0].shape[0] > 2)
    assert point.inputs[0].shape == (3, 1)
    assert repr(point).startswith("Point of Example(sizes={'m': 3, 'n': 1}")


def test_a_case_with_inputs_of_its_own_has_these_points():
    fixed = Case(scaled, inputs=(np.ones((2, 3)), np.ones(3)))
    drawn = Case(scaled, inputs=lambda rng: (rng.normal(size=(2, 3)), rng.normal(size=3)))
    assert find(points(fixed), lambda point: True).inputs[0].shape == (2, 3)
    assert find(points(drawn), lambda point: point.inputs[0][0, 0] > 1).inputs[0].shape == (2, 3)


@pytest.mark.parametrize("wrong", [None, scaled, "(n)->(n)"])
def test_what_is_no_case_is_refused(wrong):
    with pytest.raises(UsageError, match="points are drawn of a case"):
        points(wrong)
