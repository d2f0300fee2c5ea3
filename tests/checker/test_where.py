"""The user's own line is pointed at, and nothing where there is no source, or another one than was run."""

import inspect
import linecache
import sys
import textwrap

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.protocol import running

from . import backwards

X, W = np.array([0.5, -1.0, 2.0]), np.array([1.5, 0.25, -2.0])
OPS = [
    "closure", "by_branch", "in_place", "inline", "named_tuple", "through_a_helper", "computed", "pair",
    "pair_of_lambdas", "bare", "value_and_gradient", "raising",
]  # fmt: skip
MARK = "# HERE"


def marked(op):
    """The marked line that is nearest below where the op is defined, or above it for a pair's backward."""
    lines = inspect.getsource(backwards).splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line.endswith(MARK)]
    start = next(n for n, line in enumerate(lines, 1) if line.startswith((f"def {op}(", f"{op} = ")))
    above = op in ("pair", "value_and_gradient", "through_a_helper")
    found = [n for n in numbers if n < start][-1] if above else next(n for n in numbers if n >= start)
    return found, lines[found - 1].removesuffix(MARK).strip().rstrip(",")


@pytest.mark.parametrize("name", OPS)
def test_the_line_that_makes_the_gradient_is_shown(name):
    inputs = (W,) if name in ("bare", "value_and_gradient") else (X, W)
    report = report_vjp(getattr(backwards, name), *inputs)
    line, code = marked(name)
    [finding] = report.errors
    assert finding.where is not None, str(report)
    assert finding.where.path.endswith("backwards.py")
    assert finding.where.line == line, str(report)
    assert finding.where.code.removesuffix(MARK).strip() in code
    assert f"        at {finding.where}" in str(report).splitlines()
    assert f"backwards.py:{line}" in str(report).splitlines()[0]
    assert report.to_dict()["findings"][0]["where"]["line"] == line


def test_a_leaf_of_a_nested_input_has_a_line_of_its_own():
    report = report_vjp(backwards.nested, X, {"a": W, "b": X})
    assert [str(f.where).partition(": ")[2] for f in report.errors] == ["db = 2 * dy"]


def test_a_function_of_torch_is_pointed_at():
    torch = pytest.importorskip("torch")
    from gradcheck.adapters import from_torch

    class Scale(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, power, w):
            ctx.save_for_backward(x, w)
            return x * w

        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            dw = 2 * dy * x
            return dy * w, None, dw

    report = report_vjp(from_torch(Scale), X, W, options={"power": 3})
    assert report.errors[0].where.code == "dw = 2 * dy * x"


def test_a_custom_vjp_of_jax_is_pointed_at():
    jax = pytest.importorskip("jax")
    from gradcheck.adapters import from_jax

    @jax.custom_vjp
    def scale(x, w):
        return x * w

    def forward(x, w):
        return x * w, (x, w)

    def backward(saved, dy):
        x, w = saved
        return dy * w, 2 * dy * x

    scale.defvjp(forward, backward)
    report = report_vjp(from_jax(scale), X, W)
    assert report.errors[0].where.code == "2 * dy * x"


def test_findings_that_are_not_about_a_gradient_have_no_line():
    def square(x):
        return x * x, lambda dy: (2 * x * dy,)

    square.forward = lambda x: x * x + 1
    report = report_vjp(square, X)
    assert [f.code for f in report.errors] == ["GC209"]
    assert report.errors[0].where is None


def test_the_return_statement_is_shown_where_the_count_is_wrong():
    def product(x, w):
        def product_vjp(dy):
            return (dy * w,)

        return x * w, product_vjp

    assert report_vjp(product, X, W).errors[0].where.code == "(dy * w,)"


def test_a_function_without_source_has_no_line():
    names = {}
    exec("def square(x):\n    return x * x, lambda dy: (3 * x * dy,)", names)
    report = report_vjp(names["square"], X)
    assert report.verdict == "wrong"
    assert report.errors[0].where is None
    assert " at " in str(report)


def test_a_source_that_changed_since_its_import_is_not_shown(tmp_path, monkeypatch):
    file = tmp_path / "changing.py"
    text = "def square(x):\n    def square_vjp(dy):\n        return (3 * x * dy,)\n    return x * x, square_vjp\n"
    file.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    import changing  # type: ignore[import-not-found]

    assert report_vjp(changing.square, X).errors[0].where.code == "3 * x * dy"
    file.write_text(text.replace("3 * x", "sum(x) * 3"))
    linecache.checkcache()
    assert report_vjp(changing.square, X).errors[0].where is None
    file.unlink()
    linecache.checkcache()
    assert report_vjp(changing.square, X).errors[0].where is None
    sys.modules.pop("changing")


def test_paths_are_relative_to_where_the_reader_stands(tmp_path, monkeypatch):
    (tmp_path / "near.py").write_text(textwrap.dedent(inspect.getsource(backwards.closure)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    import near  # type: ignore[import-not-found]

    assert str(report_vjp(near.closure, X, W).errors[0].where) == "near.py:5: dw = dw * x * 2"
    sys.modules.pop("near")


def test_a_correct_case_is_not_traced(monkeypatch):
    def traced(*_, **__):
        raise AssertionError("traced")

    monkeypatch.setattr("gradcheck.pointing.record", traced)
    right = backwards.from_pair(backwards._forward, lambda saved, dy: (dy * saved[1], dy * saved[0]))
    assert report_case(Case(right, "(n),(n)->(n)"), examples=20).verdict == "correct"
    with pytest.raises(AssertionError, match="traced"):
        report_vjp(backwards.closure, X, W)


def test_a_tracer_that_was_there_is_put_back():
    def tracer(*_):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        running.record(backwards.closure, X, W)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
