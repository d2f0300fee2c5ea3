"""`gradcheck fix`: what it prints, what it writes, and one sentence for whatever is put wrongly."""

import os
import stat
import textwrap
import time

import pytest
from click.testing import CliRunner

from gradcheck.gate import fix as gate_fix
from gradcheck.gate.cli import main

FILE = """
    import numpy as np
    from gradcheck import Case
    from gradcheck.adapters import from_pair


    def mean_square(x, w):  # the mean is missing in dw
        y = np.sum((x * w) ** 2) / len(x)

        def mean_square_vjp(dy):
            dx = dy * 2 * x * w**2 / len(x)
            dw = dy * 2 * np.sum(x**2 * w, axis=0)
            return dx, dw

        return y, mean_square_vjp


    def forward(x):
        return np.sin(x), x


    def backward(x, dy):
        return np.sin(x) * dy


    def product(x, w):
        def product_vjp(dy):
            return dy * w, dy * x

        return x * w, product_vjp


    def log(x):
        return np.log(x), lambda dy: (dy / x,)


    def cube(x):
        def cube_vjp(dy):
            return (2 * x**2 * dy,)

        return x**3, cube_vjp


    def hopeless(x):
        a, b, c = np.sin(3 * x), x**5, np.cos(x)

        def hopeless_vjp(dy):
            du = dy * 0.123 + a * b
            dv = du * c - a / (1 + b * b)
            dw = dv * a + du * b - c * dy
            return (dw * 0.456 + du * dv,)

        return np.arctan(np.exp(a + b)), hopeless_vjp


    mean = Case(mean_square, "(m,n),(n)->()")
    pair = Case(from_pair(forward, backward), "(n)->(n)", name="pair")
    right = Case(product, "(n),(n)->(n)")
    unseen = Case(log, "(3,4)->(3,4)")
    fixed = Case(cube, inputs=(np.array([2.0]),))
    none = Case(hopeless, "(n)->(n)")
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(textwrap.dedent(FILE))
    return tmp_path


def fix(*arguments):
    result = CliRunner().invoke(main, ["fix", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_the_diff_is_printed_and_correct_and_nothing_is_written(folder):
    before = (folder / "mine.py").read_text()
    status, output = fix("mine.py::mean_square")
    assert status == 0, output
    assert output.startswith("wrong: mean_square, GC301 at `w[0]`, mine.py:12")
    assert "--- a/mine.py\n+++ b/mine.py\n" in output
    assert "-        dw = dy * 2 * np.sum(x**2 * w, axis=0)\n" in output
    assert "one edit: correct at 300 examples" in output
    assert (folder / "mine.py").read_text() == before
    assert sorted(path.name for path in folder.iterdir() if path.name != "__pycache__") == ["mine.py"]
    every_suggestion_is_correct(folder, output)


def every_suggestion_is_correct(folder, output):
    """Each diff of what was printed, put into the file by hand, and that judged with another seed."""
    text = (folder / "mine.py").read_text()
    suggestions = output.split("--- a/mine.py")[1:]
    assert suggestions
    for number, suggestion in enumerate(suggestions):
        lines = suggestion.splitlines()
        removed = [line[1:] for line in lines if line.startswith("-")]
        added = [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]
        mended = text
        for old, new in zip(removed, added, strict=True):
            assert mended.count(f"{old}\n") == 1
            mended = mended.replace(f"{old}\n", f"{new}\n")
        (folder / f"mended{number}.py").write_text(mended)
        result = CliRunner().invoke(main, ["run", f"mended{number}.py::mean_square", "--seed", "9"])
        assert result.exit_code == 0, result.output


def test_write_changes_the_file_and_nothing_else_about_it(folder):
    file = folder / "mine.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    file.chmod(0o640)
    before = file.read_bytes()
    status, output = fix("mine.py::pair", "--write")
    assert status == 0, output
    assert "written: mine.py" in output
    after = file.read_bytes()
    assert after != before
    assert after.count(b"\r\n") == before.count(b"\r\n") == after.count(b"\n")
    assert after.replace(b"np.cos(x) * dy", b"np.sin(x) * dy") == before
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o640
    assert fix("mine.py::pair") == (0, "pair is correct as it is: there is nothing to mend\n")


def test_a_file_that_changed_meanwhile_is_not_written(folder, monkeypatch):
    show = gate_fix._print

    def show_and_type_on(case, found):
        show(case, found)
        with (folder / "mine.py").open("a") as file:
            file.write("# typed meanwhile\n")

    monkeypatch.setattr(gate_fix, "_print", show_and_type_on)
    status, output = fix("mine.py::pair", "--write")
    assert status == 2
    assert "mine.py has changed since the search began: nothing was written" in output
    assert (folder / "mine.py").read_text() == textwrap.dedent(FILE) + "# typed meanwhile\n"


def test_a_right_case_has_nothing_to_mend(folder):
    assert fix("mine.py::product") == (0, "product is correct as it is: there is nothing to mend\n")


def test_an_inconclusive_case_is_not_mended(folder):
    assert fix("mine.py::log") == (1, "log is inconclusive as it is: there is nothing to mend\n")


def test_what_is_right_at_the_fixed_inputs_only_is_not_suggested(folder):
    """At x = 2 alone 2 x**2 could be mended by 2 x**2 + x + 2 or x * x**2 + ...; nearby only 3 x**2 is right."""
    status, output = fix("mine.py::cube")
    assert status == 0, output
    added = [line[1:].strip() for line in output.splitlines() if line.startswith("+ ")]
    for line in added:
        for x in (0.7, 2.0, 3.1):
            assert eval(line.removeprefix("return "), {"x": x, "dy": 1.0})[0] == pytest.approx(3 * x**2)
    assert "has fixed inputs" in output


def test_where_nothing_mends_it_says_so_within_the_budget(folder):
    start = time.monotonic()
    status, output = fix("mine.py::hopeless", "--budget", "1")
    assert status == 1, output
    assert "no edit that makes hopeless correct was found" in output
    assert "see --budget" in output
    assert "+++" not in output
    assert time.monotonic() - start < 40


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("mine.py", "holds 6 cases: name one of them, for example mine.py::mean_square"),
        ("mine.py::nobody", "holds no case named nobody"),
        ("nowhere.py", "nowhere.py does not exist"),
    ],
)
def test_what_is_put_wrongly_is_one_sentence(folder, target, part):
    status, output = fix(target)
    assert status == 2
    assert part in output
    assert len(output.strip().splitlines()) == 1


SOURCELESS = """
    import numpy as np
    from gradcheck import Case
    from gradcheck.adapters import from_pair
    names = {{}}
    exec("def typed(x):\\n    return x * x, lambda dy: (3 * x * dy,)", names)
    case = Case({op}, {shape}, name="case")
"""


@pytest.mark.parametrize(
    ("op", "shape", "part"),
    [
        ("names['typed']", "'(n)->(n)'", "save it to a file"),
        ("from_pair(lambda x: (np.sin(x), x), np.multiply)", "'(n)->(n)'", "runs no Python function of its own"),
    ],
)
def test_a_backward_without_source_is_one_sentence(folder, op, shape, part):
    (folder / "sourceless.py").write_text(textwrap.dedent(SOURCELESS.format(op=op, shape=shape)))
    status, output = fix("sourceless.py")
    assert status == 2
    assert part in output
    assert len(output.strip().splitlines()) == 2


ALONG = """
    from gradcheck import Case
    from gradcheck.adapters import from_value_and_grad
    case = Case(from_value_and_grad(lambda x: (x @ x, 3 * x), True), "(n)->()", name="case")
"""


def test_a_gradient_that_is_returned_along_with_the_value_is_mended(folder):
    (folder / "along.py").write_text(textwrap.dedent(ALONG))
    status, output = fix("along.py")
    assert status == 0
    assert "(x @ x, 2 * x)" in output


HARMFUL = """
    import os
    import sys
    from pathlib import Path

    import numpy as np
    from gradcheck import Case

    def square(x):
        def square_vjp(dy):
            count, leave, write, room = 0, 0, 0, 3
            while count < 3:
                count += 1
            if leave > 0:
                sys.exit(3)
            if leave < 0:
                os._exit(4)
            if write != 0:
                Path("bomb").write_text("boom")
            work = np.zeros(10 ** (room * room))[:1] if room > 3 else np.zeros(1)
            return (x * dy + 0 * work[0],)
        return x * x, square_vjp

    case = Case(square, "(n)->(n)")
"""


def test_edits_that_loop_exit_write_or_fill_the_memory_are_contained(folder):
    (folder / "harmful.py").write_text(textwrap.dedent(HARMFUL))
    status, output = fix("harmful.py", "--budget", "100")
    assert status == 0, output
    assert "one edit: correct at 300 examples" in output
    assert not (folder / "bomb").exists()
    assert "2 * " in output or "* 2" in output
