"""The snippet of a report, executed in a fresh process, gives that report again."""

import subprocess
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pytest

from gradcheck import Case, Descent, report_case, report_vjp
from gradcheck.literal import Unwritable, literal
from gradcheck.report.limits import PASTED

from .causes import without_causes

FILE = """
    import numpy as np
    from gradcheck import Case, Descent
    from gradcheck.adapters import from_pair

    def tilted(x, w, *, power=1):
        def tilted_vjp(dy):
            return dy * w**power, dy * x if power == 1 else dy * x * w
        return x * w**power, tilted_vjp

    pair = from_pair(lambda x: (np.sin(x), x), lambda x, dy: 2 * dy * np.cos(x))

    def strides(x):
        flat = np.lib.stride_tricks.as_strided(x, (x.size,), (x.itemsize,)).reshape(x.shape).copy()
        return x * x, lambda dy: (2 * flat * dy,)

    def cost(x):
        return 0.5 * np.sum(x * x), lambda dy: (x * dy,)

    def uphill(parameters, gradients, rate):
        return tuple(p + rate * g for p, g in zip(parameters, gradients))

    def nested(params):
        def nested_vjp(dy):
            return ({"a": dy * 2, "b": [dy]},)
        return params["a"] + params["b"][0], nested_vjp

    def factory():
        def hidden(x):
            return x * x, lambda dy: (3 * x * dy,)
        return hidden

    CASES = [
        Case(tilted, "(n),(n)->(n)", options={"power": [1, 2]}),
        Case(pair, "(n)->(n)"),
        Case(strides, "(m,n)->(m,n)"),
        Case(cost, "(n)->()", descent=Descent(uphill, ("x",))),
        Case(nested, inputs=({"a": np.array([0.5, 1.0]), "b": [np.array([2.0, 3.0])]},)),
        Case(factory(), "(n)->(n)"),
        Case(tilted, "(n),(n)->(n)", options={"power": [2]}, dtype="float32"),
        Case(tilted, "(n),(n)->(n)", options={"power": [2]}, dtype="complex128"),
    ]
"""


@pytest.fixture
def cases(tmp_path, monkeypatch):
    (tmp_path / "snippets.py").write_text(textwrap.dedent(FILE))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    import snippets  # type: ignore[import-not-found]

    yield snippets.CASES
    sys.modules.pop("snippets")


WITHOUT_CAUSES = """
from dataclasses import replace
import gradcheck.diagnosis

def without_causes(case, report, *rest):
    bare = [replace(finding, cause=None, likely_cause=None, certain=False, made=None) for finding in report.findings]
    return replace(report, findings=tuple(bare))

gradcheck.diagnosis.diagnose = gradcheck.diagnosis.diagnose_point = without_causes
"""


def executed(code, folder):
    script = f"{code}\nimport sys\nassert 'hypothesis' not in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


@pytest.mark.usefixtures("unexplained")
@pytest.mark.parametrize("number", range(8))
def test_it_gives_the_same_findings_in_a_fresh_process(cases, tmp_path, number):
    report = report_case(cases[number], examples=60)
    assert report.verdict == "wrong"
    report = replace(report, findings=without_causes(report.findings))
    out = executed(WITHOUT_CAUSES + report.snippet, tmp_path)
    first, *rest = out.splitlines()
    assert first.startswith(f"wrong: {report.name}, {report.errors[0].code}")
    findings = [line for line in str(report).splitlines()[1:] if not line.strip().startswith("again:")]
    assert [line for line in rest if not line.strip().startswith("again:")] == findings
    assert "from snippets import" in report.snippet


def test_a_point_has_one_too(cases, tmp_path):
    report = report_vjp(cases[0].op, np.array([1 / 3, 0.1]), np.array([np.pi, 2.0]), options={"power": 2}, seed=7)
    assert "x = np.array([0.3333333333333333, 0.1])" in report.snippet
    assert "options={'power': 2}, seed=7" in report.snippet
    assert executed(report.snippet, tmp_path).strip() == str(report)


def test_from_another_folder_the_import_still_works(cases, tmp_path, monkeypatch):
    below = tmp_path / "elsewhere"
    below.mkdir()
    monkeypatch.chdir(below)
    report = report_vjp(cases[1].op, np.array([0.5]))
    assert "sys.path.insert" in report.snippet
    assert executed(report.snippet, below).startswith("wrong:")


def test_a_function_of_torch_is_wrapped_again(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    (tmp_path / "scaled.py").write_text(
        "import torch\n\nclass Scale(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        return 2 * x\n    @staticmethod\n    def backward(ctx, dy):\n        return 3 * dy\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    from gradcheck.adapters import from_torch

    import scaled  # type: ignore[import-not-found]  # isort: skip

    code = report_vjp(from_torch(scaled.Scale), np.array([0.5])).snippet
    assert "report_vjp(from_torch(Scale), x, seed=0)" in code
    assert executed(code.replace("assert 'hypothesis'", ""), tmp_path).startswith("wrong: Scale")
    sys.modules.pop("scaled")


def test_an_op_that_has_no_name_anywhere_is_said_to_have_none():
    def local(x):
        return x * x, lambda dy: (3 * x * dy,)

    code = report_vjp(local, np.array([0.5])).snippet
    assert "# below the definition of `local`" in code
    namespace = {"local": local}
    exec(code, namespace)


def test_there_is_none_where_nothing_fails_or_nothing_can_be_written():
    def square(x, factor=2):
        return x * x, lambda dy: (factor * x * dy,)

    assert report_vjp(square, np.array([0.5])).snippet is None
    assert report_vjp(lambda x: square(x, 3), np.arange(1.0, PASTED + 2)).snippet is None

    def up(parameters, gradients, rate):
        return tuple(p + rate * g for p, g in zip(parameters, gradients, strict=True))

    def cost(x):
        return np.sum(x * x), lambda dy: (2 * x * dy,)

    assert report_case(Case(cost, "(n)->()", descent=Descent(up, ("x",))), 10).snippet is None


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "value",
    [
        RNG.normal(size=(3, 4)),
        RNG.normal(size=(2, 30)) * 1e-300,
        np.asfortranarray(RNG.normal(size=(3, 4))),
        RNG.normal(size=(2, 2)).astype(np.float32),
        RNG.normal(size=5).astype(np.float16),
        RNG.normal(size=5).astype(np.longdouble) / 3,
        RNG.normal(size=3) + 1j * RNG.normal(size=3),
        np.array([complex(-0.0, 0.0), complex(0.0, -0.0)]),
        (RNG.normal(size=3) + 1j).astype(np.complex64),
        np.array([-0.0, 5e-324, 1.7976931348623157e308, np.nan, np.inf, -np.inf]),
        np.array([1, -2], dtype=np.int8),
        np.array([True, False]),
        np.zeros((0, 3), dtype=np.float32),
        np.zeros((3, 0)),
        np.array(1.5),
        np.float32(0.1),
        {"a": [1.5, (2, "x")], "b": (None,)},
        float("inf"),
        (1 + 2j),
    ],
    ids=str,
)
def test_a_literal_is_the_very_same_value(value):
    again = eval(literal(value), {"np": np})
    if not isinstance(value, np.ndarray):
        assert again == value
        assert type(again) is type(value)
        return
    assert again.dtype == value.dtype
    assert again.shape == value.shape
    assert again.flags.f_contiguous == value.flags.f_contiguous
    assert again.tobytes() == value.tobytes() or value.dtype == np.longdouble
    np.testing.assert_array_equal(again, value)


@pytest.mark.parametrize("value", [object(), np.array(["a"]), len, np.zeros(PASTED + 1)])
def test_what_has_no_literal_is_refused(value):
    with pytest.raises(Unwritable):
        literal(value)
