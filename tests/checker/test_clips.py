"""A backward that clips on purpose: declared, it is judged as a derivative below its bound, and by the bound beyond."""

import numpy as np
import pytest

from gradcheck import Case, Clip, UsageError, report_case, report_vjp
from gradcheck.laws.gc301_derivative import check as derivative
from gradcheck.protocol.dtypes import as_dtype

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.7, -1.3, 2.2], [0.1, 0.4, -0.6]])


def clip(g, bound=1.0):
    return np.clip(g, -bound, bound).astype(g.dtype)


def by_norm(g):
    length = np.sqrt(np.sum(np.square(g.astype(np.float64))))
    return (g * min(1.0, 2 / length)).astype(g.dtype) if length else g


def sine(after=lambda g: g, before=lambda dy: dy, slope=np.cos):
    """The sine, whose gradient or cotangent goes through something."""

    def op(x):
        return np.sin(x), lambda dy: (after((slope(x) * before(dy)).astype(x.dtype)),)

    return op


def lengthened(x):
    return np.cos(x) * x.dtype.type(1.25)


OF_GRADIENT, OF_COTANGENT, OF_NORM = Clip(gradient=clip), Clip(cotangent=clip), Clip(gradient=by_norm)
RIGHT = [(sine(after=clip), OF_GRADIENT), (sine(before=clip), OF_COTANGENT), (sine(after=by_norm), OF_NORM)]
WRONG = {
    "another bound": (sine(after=lambda g: clip(g, 0.5)), OF_GRADIENT),
    "a wider bound": (sine(after=lambda g: clip(g, 2)), OF_GRADIENT),
    "no clip": (sine(), OF_GRADIENT),
    "sign": (sine(after=lambda g: clip(-g)), OF_GRADIENT),
    "sign beyond": (sine(after=lambda g: np.where(clip(g) == g, g, -clip(g))), OF_GRADIENT),
    "another place": (sine(before=clip), OF_GRADIENT),
    "the other place": (sine(after=clip), OF_COTANGENT),
    "slope": (sine(after=clip, slope=lengthened), OF_GRADIENT),
    "to zero": (sine(after=lambda g: np.where(clip(g) == g, g, g.dtype.type(0))), OF_GRADIENT),
    "by entry": (sine(after=clip), OF_NORM),
}
DTYPES = ("float64", "float32", "bfloat16")


def judged(op, declared, dtype):
    x = X.astype(as_dtype(dtype))
    if dtype != "bfloat16":
        return report_vjp(op, x, surrogate=declared)
    pytest.importorskip("torch")
    import torch

    return report_vjp(op, x, surrogate=declared, reference=torch.sin)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("op", "declared"), RIGHT, ids=["gradient", "cotangent", "norm"])
def test_a_clip_that_is_declared_is_right_and_not_without(op, declared, dtype):
    assert judged(op, declared, dtype).verdict == "correct", str(judged(op, declared, dtype))
    assert judged(op, None, dtype).verdict == "wrong"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", WRONG)
def test_another_one_is_found(name, dtype):
    report = judged(*WRONG[name], dtype)
    assert {finding.code for finding in report.errors} & {"GC201", "GC301", "GC601"}, str(report)


@pytest.mark.parametrize("seed", range(6))
def test_float32_that_clips_as_its_own_float64_does_is_not_linear_all_the_same(seed):
    op, _ = RIGHT[0]
    case = Case(op, "(m,n)->(m,n)", dtype="float32")
    assert {finding.code for finding in report_case(case, examples=8, seed=seed).errors} == {"GC201"}


def test_over_examples_too():
    op, declared = RIGHT[0]
    assert report_case(Case(op, "(m,n)->(m,n)", surrogate=declared), examples=20).verdict == "correct"
    op, declared = WRONG["a wider bound"]
    report = report_case(Case(op, "(m,n)->(m,n)", surrogate=declared), examples=20)
    assert {finding.code for finding in report.errors} == {"GC301"}
    assert "and the clip that was declared makes" in report.errors[0].message


def test_what_is_beyond_is_found_by_asking_with_large_cotangents(monkeypatch):
    for name in ("no clip", "a wider bound", "sign beyond"):
        assert judged(*WRONG[name], "float64").verdict == "wrong"
    monkeypatch.setattr(derivative, "clipped", lambda trial: ())
    for name in ("no clip", "a wider bound", "sign beyond"):
        assert judged(*WRONG[name], "float64").verdict == "correct"


def test_a_clip_of_another_derivative():
    def rounded(x):
        return np.round(x), lambda dy: (clip(dy),)

    assert report_vjp(rounded, X, surrogate=Clip(gradient=clip, of=lambda x: x)).verdict == "correct"
    assert report_vjp(rounded, X, surrogate=Clip(gradient=clip, of=lambda x: 2 * x)).verdict == "wrong"


def test_bad_clips_are_a_sentence():
    with pytest.raises(UsageError, match="Clip needs gradient= or cotangent="):
        Clip()
    with pytest.raises(UsageError, match="gradient is 3"):
        Clip(gradient=3)
    with pytest.raises(UsageError, match="gradient is 'clip'"):
        Clip("clip")


def test_without_one_the_finding_says_how_to_declare_it():
    op, _ = RIGHT[0]
    text = " ".join(str(report_vjp(op, X, surrogate=np.sin)).split())
    assert "surrogate=Clip(gradient=" in text
