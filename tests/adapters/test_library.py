"""Functions of a shared library: declared in C, guarded, and whatever they do, in a process of their own."""

import inspect
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_library

from .processes import children

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None, reason="there is no C compiler, cc, to build libraries with"
)

SOURCE = """
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>

void scale_forward(int n, const double *x, const double *w, double *y)
{ for (int i = 0; i < n; i++) y[i] = w[i] * x[i] * x[i]; }
void scale_backward(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ for (int i = 0; i < n; i++) { dx[i] = 2 * dy[i] * w[i] * x[i]; dw[i] = dy[i] * x[i] * x[i]; } }
void scale_adds(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ for (int i = 0; i < n; i++) { dx[i] += 2 * dy[i] * w[i] * x[i]; dw[i] += dy[i] * x[i] * x[i]; } }
void scale_half(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ scale_backward((n + 1) / 2, dy, x, w, dx, dw); }
void scale_behind(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ scale_backward(n, dy, x, w, dx, dw); dw[n + 1] = 1; }
void scale_before(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ scale_backward(n, dy, x, w, dx, dw); dx[-2] = 1; }
void scale_reads_on(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ scale_backward(n, dy, x, w, dx, dw); dx[n - 1] += 0 * x[n]; }
void scale_copies_on(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ scale_backward(n + 1, dy, x, w, dx, dw); }
void scale_changes(int n, const double *dy, double *x, const double *w, double *dx, double *dw)
{ scale_backward(n, dy, x, w, dx, dw); x[0] = 0; }
void scale_crashes(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ *(volatile int *)0 = 1; }
void scale_aborts(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ fprintf(stderr, "assertion n < 3\\nfailed"); abort(); }
void scale_exits(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ exit(n); }
void scale_loops(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ for (volatile int i = 0;; i++) ; }
void scale_prints(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ printf("%d entries\\n", n); fflush(stdout); scale_backward(n, dy, x, w, dx, dw); }
int scale_fails(int n, const double *dy, const double *x, const double *w, double *dx, double *dw)
{ scale_backward(n, dy, x, w, dx, dw); return n; }

int take_forward(int64_t m, int n, int d, const double *table, const int32_t *rows, float factor, int sign, double *y,
                 double *total)
{ *total = 0;
  for (int i = 0; i < n; i++) for (int j = 0; j < d; j++)
      { double t = table[rows[i] * d + j]; y[i * d + j] = sign * factor * t; *total += t * t; }
  return m < 1; }
int take_backward(int64_t m, int n, int d, const double *dy, const double *dtotal, const double *table,
                  const int32_t *rows, float factor, int sign, double *dtable)
{ for (int i = 0; i < m * d; i++) dtable[i] = 0;
  for (int i = 0; i < n; i++) for (int j = 0; j < d; j++)
      dtable[rows[i] * d + j] += sign * factor * dy[i * d + j] + 2 * *dtotal * table[rows[i] * d + j];
  return 0; }
"""
FORWARD = "void scale_forward(int n, const double x[n], const double w[n], double y[n]);"
BACKWARD = "void {}(int n, const double dy[n], const double x[n], const double w[n], double dx[n], double dw[n])"
X, W = np.array([0.5, -1.5]), np.array([2.0, 0.25])


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    (folder / "scale.c").write_text(SOURCE)
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", "scale.so", "scale.c"], cwd=folder, check=True)
    return folder / "scale.so"


def scale(library, backward="scale_backward", **more):
    return from_library(library, FORWARD, BACKWARD.format(backward), **more)


def test_a_declaration_is_all_that_is_needed(library):
    op = scale(library)
    assert (op.__name__, op.signature) == ("scale", "(n),(n)->(n)")
    assert report_case(Case(op), examples=10).verdict == "correct"


def test_options_integers_and_several_outputs(library):
    op = from_library(
        library,
        """int take_forward(int64_t m, int n, int d, const double table[m][d], const int32_t rows[n],  // indices
                            float factor, int sign, double y[n][d], double total[1])""",
        """int take_backward(int64_t m, int n, int d, const double dy[n][d], const double dtotal[1],
                             const double table[m][d], const int32_t rows[n], float factor, int sign,
                             double dtable[m][d]); /* of rows there is none */""",
    )
    assert op.signature == "(m,d),(n)->(n,d),(1)"
    assert list(inspect.signature(op).parameters) == ["table", "rows", "factor", "sign"]
    table, rows = np.arange(6.0).reshape(3, 2) + 0.5, np.array([2, 0, 2, 1])
    assert report_vjp(op, table, rows, options={"factor": 0.5, "sign": -1}).verdict == "correct"
    assert op(table, rows, factor=0.5, sign=-1)[1]((np.ones((4, 2)), np.ones(1)))[1] is None


def test_a_backward_that_adds_is_wrong_unless_that_is_said(library):
    (found,) = report_vjp(scale(library, "scale_adds"), X, W).errors
    assert found.code == "GC101"
    assert "`scale_adds` adds to what the memory of `dx` held before: set it first" in found.message
    assert found.likely_cause == "`dx` is added to (`+=`) where it was never set"
    assert report_vjp(scale(library, "scale_adds", accumulates=True), X, W).verdict == "correct"


def test_arrays_that_were_handed_out_are_not_read_again(library):
    op = scale(library)
    x = X.copy()
    y, vjp = op(x, W)
    before = vjp(X)
    y[:] = x[:] = 0
    assert all(map(np.array_equal, vjp(X), before))


def test_what_is_not_written_is_seen(library):
    report = report_vjp(scale(library, "scale_half"), X, W)
    assert {(finding.code, finding.index) for finding in report.errors} == {("GC107", (1,))}


@pytest.mark.parametrize(
    ("backward", "words"),
    [
        ("scale_behind", "`scale_behind` wrote behind the end of `dw`: the entry 2 beyond it"),
        ("scale_before", "`scale_before` wrote in front of `dx`: the entry 2 beyond it"),
        ("scale_copies_on", "`scale_copies_on` wrote behind the end of `dx`: the entry 1 beyond it"),
        ("scale_changes", "`scale_changes` changed `x`, which is const in its declaration"),
        ("scale_crashes", "`scale_crashes` crashed (SIGSEGV)"),
        ("scale_aborts", "`scale_aborts` crashed (SIGABRT); its standard error ends: assertion n < 3 failed"),
        ("scale_exits", "`scale_exits` ended with exit code 2"),
        ("scale_fails", "`scale_fails` returned 2, and 0 is success"),
        ("scale_loops", "`scale_loops` gave no answer within 0.3 s"),
    ],
)
def test_whatever_a_backward_does_is_a_finding(library, backward, words):
    text = BACKWARD if backward != "scale_fails" else BACKWARD.replace("void", "int", 1)
    op = from_library(library, FORWARD, text.format(backward), timeout=0.3 if "loops" in backward else 60.0)
    found = report_vjp(op, X, W).errors[0]
    assert found.code == "GC101"
    assert words in found.message
    assert "library_process.py" not in found.message


def test_reading_beyond_an_input_gives_nan(library):
    report = report_vjp(scale(library, "scale_reads_on"), X, W)
    assert {(finding.code, finding.argument) for finding in report.errors} == {("GC107", "x")}


def test_what_a_library_prints_is_no_answer(library):
    assert report_vjp(scale(library, "scale_prints"), X, W).verdict == "correct"


def test_after_a_crash_the_next_call_is_answered(library):
    _, vjp = scale(library, "scale_crashes")(X, W)
    for _ in range(2):
        with pytest.raises(ChildProcessError, match="crashed"):
            vjp(X)
    assert np.array_equal(scale(library)(X, W)[0], W * X * X)


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@linux
def test_a_process_ends_with_its_op(library):
    before = children("library_child")
    op = scale(library)
    op(X, W)
    assert len(children("library_child") - before) == 1
    del op
    assert not children("library_child") - before


@linux
def test_a_question_that_takes_too_long_leaves_no_process(library):
    before = children("library_child")
    op = scale(library, "scale_loops")

    def ring(number, frame):
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    start = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            op(X, W)[1](X)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    assert time.monotonic() - start < 10.0
    assert not children("library_child") - before


@pytest.mark.parametrize(
    ("forward", "backward", "words"),
    [
        (3, BACKWARD, "forward is 3; write a declaration"),
        ("scale(x, y)", BACKWARD, "forward does not parse, `scale\\(x, y\\)`"),
        ("double f(int n, const double x[n])", BACKWARD, "`f` returns double; it returns void, or int"),
        (
            "void f(int n, const double *x, double y[n])",
            BACKWARD,
            "how long is `x` of `f`\\? Write `const double x\\[n\\]`",
        ),
        ("void f(int n, const REAL x[n], double y[n])", BACKWARD, "the type `REAL` of `x` of `f` is not known"),
        ("void f(int n, const double x[], double y[n])", BACKWARD, "`x` of `f` has a size that is empty"),
        ("void f(int n, const double (*x)[n], double y[n])", BACKWARD, "does not parse"),
        ("void f(int n, const double x[n], double x[n])", BACKWARD, "two arguments `x`"),
        ("void f(int n, double x[n], double y[n])", BACKWARD, "`f` reads no array: say const"),
        ("void f(const double x[n], double z[n])", BACKWARD, "reads no gradient of what `f` writes: .* `dz`"),
        (
            FORWARD,
            "void b(int n, const double dy[n], const double q[n], double dx[n], double dw[n])",
            "reads `q`, which",
        ),
        (FORWARD, "void b(int n, const double dy[n], double dx[n])", "`b` writes no `dw`, the gradient of `w`"),
        (
            FORWARD,
            "void b(int n, const double dy[n], float dx[n], double dw[n])",
            "`dx` of `b` is float32 \\(n\\), but `x`",
        ),
        (
            FORWARD,
            "void b(int n, const double dy[n][n], double dx[n], double dw[n])",
            "`dy` of `b` is float64 \\(n,n\\)",
        ),
        ("void f(const double x[n], const double w[n], double y[k])", BACKWARD, "`dy` of `scale_backward` is"),
        (FORWARD, BACKWARD.replace("dw[n])", "dw[n], double work[m])"), "size `m` appears in no input"),
    ],
)
def test_declarations_that_say_too_little_are_one_sentence(library, forward, backward, words):
    with pytest.raises(UsageError, match=words) as error:
        from_library(library, forward, backward.format("scale_backward"))
    assert "\n" not in str(error.value)


def test_constants_need_no_gradient(library):
    backward = "void b(int n, const double dy[n], const double x[n], double dx[n])"
    assert scale(library, constants=("w",)).constants == ("w",)
    assert from_library(library, FORWARD, backward, constants=("w",)).constants == ("w",)
    with pytest.raises(UsageError, match="constants names `v`; the inputs are `x` and `w`"):
        scale(library, constants=("v",))


@pytest.mark.parametrize(
    ("inputs", "options", "words"),
    [
        ((X,), {}, "takes 2 inputs, `x` and `w`; 1 input and no option were given"),
        ((X, W), {"eps": 1.0}, "takes 2 inputs, `x` and `w`; 2 inputs and `eps` were given"),
        ((X.astype(np.float32), W), {}, r'takes `x` as float64, and was given float32: .*Case\(op, dtype="float64"\)'),
        ((np.array([1, 2]), W), {}, "takes `x` as float64, and was given int64"),
        ((X, np.ones(3)), {}, "is 2 in input `x` and 3 in input `w`"),
        ((X[None], W), {}, "input `x` has shape"),
    ],
)
def test_a_call_that_does_not_fit_is_one_sentence(library, inputs, options, words):
    with pytest.raises(ConventionError, match=words):
        scale(library)(*inputs, **options)


def test_a_library_that_cannot_be_had_is_one_sentence(library, tmp_path):
    with pytest.raises(UsageError, match=r"nowhere.so is not there: build it, .* cc -O2 -shared"):
        scale(tmp_path / "nowhere.so")
    text = tmp_path / "text.so"
    text.write_text("This is no library.")
    foreign = tmp_path / "foreign.so"
    whole = bytearray(library.read_bytes())
    whole[18:20] = (0xF3 if whole[18] != 0xF3 else 0x3E, 0)  # the machine that it is for: RISC-V
    foreign.write_bytes(whole)
    for path in (text, foreign):
        with pytest.raises(ConventionError, match=rf"{path.name} cannot be loaded \(.*\): build it on this machine"):
            report_vjp(scale(path), X, W)
    with pytest.raises(ConventionError, match=r"scale\.so has no function `scale_sideways`"):
        report_vjp(scale(library, "scale_sideways"), X, W)


@linux
def test_the_time_of_a_call_that_is_over_ends_the_process(library, monkeypatch):
    """The alarm of the check itself, where it rings before the time-out of the adapter."""
    monkeypatch.setattr("gradcheck.protocol.limits.SECONDS", 0.5)
    before = children("library_child")
    (found,) = report_vjp(scale(library, "scale_loops"), X, W).errors
    assert "TimeoutError: no answer within 0.5 s" in found.message
    assert not children("library_child") - before
