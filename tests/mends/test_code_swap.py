"""Functions that are alive get another code while it lasts, and their own back."""

import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from gradcheck.mends.code_swap import Patcher
from gradcheck.source import Edit

FILE = """
    import numpy as np

    def square(x):
        def square_vjp(dy):
            return (2 * x * dy,)
        return x * x, square_vjp

    def factory(power):
        unused = 5
        def raised(x):
            def raised_vjp(dy):
                return (power * x ** (power - 1) * dy,)
            return x**power, raised_vjp
        return raised

    cube = factory(3)
    pair = (lambda x: x + 1), (lambda x: x + 2)

    class Layer:
        def __call__(self, x):
            return x, lambda dy: (dy * 4,)

    layer = Layer()
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "alive.py").write_text(textwrap.dedent(FILE))
    monkeypatch.syspath_prepend(tmp_path)
    import alive  # type: ignore[import-not-found]

    yield alive
    sys.modules.pop("alive")


def edit(module, before, after, nth=0):
    text = Path(module.__file__).read_text()
    start = -1
    for _ in range(nth + 1):
        start = text.index(before, start + 1)
    return Edit("planted", "", module.__file__, "", 1, start, start + len(before), before, after)


def patched(module, *edits):
    return Patcher(module.__file__, Path(module.__file__).read_text()).patched(edits)


def gradient(op, x=2.0):
    return op(np.array(x))[1](1.0)[0]


def test_a_vjp_inside_a_function_is_another_while_it_lasts(module):
    with patched(module, edit(module, "2 * x * dy", "3 * x * dy")) as other:
        assert other
        assert gradient(module.square) == 6
        assert gradient(module.cube) == 12
    assert gradient(module.square) == 4


def test_what_a_factory_made_is_reached(module):
    with patched(module, edit(module, "power * x **", "7 * x **")) as other:
        assert other
        assert gradient(module.cube) == 28
    assert gradient(module.cube) == 12


def test_a_variable_that_was_not_kept_cannot_be_reached_from_what_a_factory_made(module):
    with patched(module, edit(module, "power * x **", "unused * x **")):
        assert gradient(module.cube) in (12, 20)
    assert gradient(module.cube) == 12


def test_an_outer_variable_that_was_not_captured_can_be(module):
    with patched(module, edit(module, "2 * x * dy", "2 * x * dy + x")):
        assert gradient(module.square) == 6


def test_of_two_lambdas_on_a_line_the_right_one_is_changed(module):
    with patched(module, edit(module, "x + 2", "x + 20")) as other:
        assert other
        assert [f(1) for f in module.pair] == [2, 21]
    with patched(module, edit(module, "x + 1", "x + 10")) as other:
        assert [f(1) for f in module.pair] == [11, 3]
    assert [f(1) for f in module.pair] == [2, 3]


def test_methods_are_reached(module):
    with patched(module, edit(module, "dy * 4", "dy * 5")) as other:
        assert other
        assert gradient(module.layer) == 5


def test_two_edits_at_once(module):
    with patched(module, edit(module, "2 * x * dy", "3 * x * dy"), edit(module, "x * x,", "x * x * 1,")) as other:
        assert other
        assert gradient(module.square) == 6


@pytest.mark.parametrize("after", ["(2 * x) * dy", "2 * x * ", "return", "2 *  x * dy"])
def test_what_is_the_same_program_or_none_is_no_candidate(module, after):
    with patched(module, edit(module, "2 * x * dy", after)) as other:
        assert not other
        assert gradient(module.square) == 4


def test_the_code_is_put_back_after_an_exception(module):
    with pytest.raises(ZeroDivisionError), patched(module, edit(module, "2 * x * dy", "3 * x * dy")):
        raise ZeroDivisionError
    assert gradient(module.square) == 4
