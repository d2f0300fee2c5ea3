"""The functions of a backward are found by running it; where there is no source, one sentence says why."""

import cProfile
import pstats
import sys

import numpy as np
import pytest

from gradcheck import Case
from gradcheck.adapters import from_pair, from_value_and_grad
from gradcheck.gate.loading import load_cases
from gradcheck.mutants import edits_of
from gradcheck.mutants.groups import group_cases
from gradcheck.source import UnreachableSourceError, find_backward, read_tree
from gradcheck.source.watching import functions_run
from tests.mutants.files import CLOSURE, FUNCTION, WRITTEN


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])

    def load(text, name="mine"):
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return load_cases([str(path)])[0]

    return load


@pytest.mark.parametrize("written", WRITTEN)
def test_the_functions_of_a_backward(load, written):
    text, functions = WRITTEN[written]
    backward = find_backward(load(text))
    assert [function.qualname for function in backward.functions] == functions
    assert edits_of(backward, read_tree(backward.path))


def test_the_backward_of_a_torch_function(load):
    pytest.importorskip("torch")
    backward = find_backward(load(FUNCTION))
    assert [function.qualname for function in backward.functions] == ["Scale.backward"]
    edits = edits_of(backward, read_tree(backward.path))
    assert "torch.ones_like(dy)" in {edit.after for edit in edits}


def test_of_two_lambdas_on_a_line_the_second_is_edited(load):
    backward = find_backward(load(WRITTEN["lambdas"][0]))
    source = read_tree(backward.path)
    assert all("lambda x: (x * x, x)" in edit.render(source.text) for edit in edits_of(backward, source))


def test_what_the_forward_runs_too_is_not_edited(load):
    text = WRITTEN["helper"][0]
    backward = find_backward(load(text))
    line = text.splitlines().index("    return 1 / (1 + np.exp(-x))") + 1
    assert line not in {edit.line for edit in edits_of(backward, read_tree(backward.path))}


def test_every_option_is_tried(load):
    text = """
import numpy as np
from gradcheck import Case


def first(dy):
    return dy * 2


def second(dy):
    return dy * 3


def op(x, *, which=0):
    def op_vjp(dy):
        return ((first, second)[which](dy),)

    return x * (2 + which), op_vjp


case = Case(op, "(n)->(n)", options={"which": [0, 1]})
"""
    names = [function.qualname for function in find_backward(load(text)).functions]
    assert names == ["op.<locals>.op_vjp", "first", "second"]


def test_a_file_that_has_changed_since_its_import(load, tmp_path):
    case = load(CLOSURE)
    (tmp_path / "mine.py").write_text(CLOSURE.replace("dy * w", "dy * w * 1"))
    with pytest.raises(UnreachableSourceError, match="has changed since it was imported"):
        find_backward(case)
    (tmp_path / "mine.py").write_text("\n" + CLOSURE)
    with pytest.raises(UnreachableSourceError, match="has changed since it was imported"):
        find_backward(case)
    (tmp_path / "mine.py").write_text("def broken(:\n")
    with pytest.raises(UnreachableSourceError, match="does not parse any more"):
        find_backward(case)
    (tmp_path / "mine.py").unlink()
    with pytest.raises(UnreachableSourceError, match="not in a file"):
        find_backward(case)


def test_code_that_was_never_in_a_file():
    space = {}
    exec(compile(CLOSURE, "<stdin>", "exec"), space)
    with pytest.raises(UnreachableSourceError, match=r"`op_vjp` is not in a file \(<stdin>\)"):
        find_backward(space["case"])


def test_a_backward_that_is_a_builtin():
    double = from_pair(lambda x: (2.0 * x, 2.0), np.multiply)
    with pytest.raises(UnreachableSourceError, match="runs no Python function of its own"):
        find_backward(Case(double, "(n)->(n)"))


def test_a_gradient_that_comes_with_the_value():
    def both(x):
        return float(x @ x), 2 * x

    backward = find_backward(Case(from_value_and_grad(both, True), "(n)->()"))
    source = read_tree(backward.path)
    edits = edits_of(backward, source)
    assert {edit.before for edit in edits} <= {"2 * x", "2", "x"}, "nothing of the value"
    assert edits


def test_a_gradient_that_hangs_together_with_the_value():
    def both(x):
        pair = [float(x @ x), 2 * x]
        return tuple(pair)

    with pytest.raises(UnreachableSourceError, match="runs no Python function of its own"):
        find_backward(Case(from_value_and_grad(both, True), "(n)->()"))


def test_autograd_is_nobodys_backward():
    torch = pytest.importorskip("torch")
    from gradcheck.adapters import from_torch

    with pytest.raises(UnreachableSourceError, match="runs no Python function of its own"):
        find_backward(Case(from_torch(torch.sin), "(n)->(n)"))


def test_an_op_that_raises_everywhere():
    def refuses(x):
        raise ValueError("no")

    with pytest.raises(UnreachableSourceError, match="raises wherever it was asked"):
        find_backward(Case(refuses, "(n)->(n)"))


def test_whoever_watched_before_watches_on():
    def profile(frame, event, argument):
        return None

    sys.setprofile(profile)
    try:
        with pytest.raises(UnreachableSourceError):
            find_backward(Case(from_pair(lambda x: (2.0 * x, 2.0), np.multiply), "(n)->(n)"))
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)


def test_a_profiler_in_c_goes_on_when_the_functions_of_a_call_were_listed():
    def later():
        return 3

    profiler = cProfile.Profile()
    profiler.enable()
    try:
        functions_run(int)
        later()
    finally:
        profiler.disable()
    assert "later" in {function for _, _, function in pstats.Stats(profiler).stats}


def test_what_a_backward_runs_in_other_files_belongs_to_it(load, tmp_path):
    (tmp_path / "slopes.py").write_text("def slope(y):\n    return y * (1 - y)\n")
    text = WRITTEN["helper"][0].replace("def slope(y):\n    return y * (1 - y)\n", "from slopes import slope\n")
    case = load(text)
    (helper,) = find_backward(case).elsewhere
    assert (helper.path, [function.qualname for function in helper.functions]) == (
        str(tmp_path / "slopes.py"),
        ["slope"],
    )
    (group,) = group_cases([case]).groups
    assert {edit.path for edit in group.edits} == {str(tmp_path / "mine.py"), str(tmp_path / "slopes.py")}


TOGETHER = """
import numpy as np
from gradcheck import Case
from gradcheck.adapters import from_value_and_grad

def squares(p, t):
    loss = ((p - t) ** 2).sum()
    dp = 2 * (p - t)
    return loss, dp

class Model:
    def loss(self, w):
        p = w * 3
        loss, dp = squares(p, np.ones(3))
        loss += w @ w
        grad = 3 * dp
        grad += 2 * w
        return loss, grad

model = Model()
"""


@pytest.mark.parametrize(
    "made",
    [
        "from_value_and_grad(model.loss, grad=True)",
        "from_value_and_grad(lambda w: model.loss(w), grad=True)",
        "from_value_and_grad(lambda w: model.loss(w)[0], lambda w: model.loss(w)[1])",
    ],
    ids=["itself", "in a lambda", "in two"],
)
def test_value_and_gradient_that_come_together_are_followed_to_where_they_are_computed(load, made):
    text = f"{TOGETHER}\ncase = Case({made}, '(3)->()', name='case')\n"
    backward = find_backward(load(text))
    edited = {edit.line for edit in edits_of(backward, read_tree(backward.path))}
    lines = text.splitlines()
    of_the_gradient = ("    dp = 2 * (p - t)", "        grad = 3 * dp", "        grad += 2 * w")
    of_the_value = ("    loss = ((p - t) ** 2).sum()", "        p = w * 3", "        loss += w @ w")
    assert edited >= {1 + lines.index(line) for line in of_the_gradient}
    assert not edited & {1 + lines.index(line) for line in of_the_value}
