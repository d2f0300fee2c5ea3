"""The command: table, exit codes, and one sentence for whatever is put wrongly."""

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import exit_code, main
from tests.command import BROKEN, CASE_FILE, GRADCHECK, RIGHT, VACUOUS, WRONG, finished

LEAVING = "def out(x):\n    raise SystemExit(0)\nleaving = Case(out, '(n)->(n)', name='leaving')\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Write a case file and run the gate over it, in this process."""
    monkeypatch.chdir(tmp_path)

    def runner(text, *arguments, name="mine.py", target=None):
        (tmp_path / name).write_text(CASE_FILE + text)
        result = CliRunner().invoke(main, ["run", target or name, "--examples", "12", *arguments])
        return result.exit_code, result.output

    return runner


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (RIGHT, 0, ["correct", "1 correct"]),
        (RIGHT + WRONG, 1, ["1 correct, 1 wrong", "GC301"]),
        (RIGHT + VACUOUS, 3, ["1 inconclusive", "GC901"]),
        (RIGHT + BROKEN, 2, ["1 error", "pair (y, vjp)"]),
        (RIGHT + LEAVING, 3, ["1 correct, 1 inconclusive", "SystemExit: 0"]),
        (WRONG + BROKEN + VACUOUS, 1, ["1 wrong, 1 inconclusive, 1 error"]),
        ("both = [" + "Case(sine(1), '(n)->(n)', name='a'), Case(sine(1), '(n)->(n)', name='b')]", 0, ["2 correct"]),
        ("pair = (Case(sine(1), '(n)->(n)', name='a'),)", 0, ["1 correct"]),
    ],
)
def test_the_exit_code_is_the_worst_that_happened(run, text, code, words):
    got, output = run(text)
    assert got == code, output
    for word in words:
        assert word in output


def test_one_case_can_be_chosen(run):
    code, output = run(RIGHT + WRONG, target="mine.py::right")
    assert code == 0
    assert "bad" not in output


def test_a_module_can_be_named(run):
    code, output = run(RIGHT, name="somemodule.py", target="somemodule")
    assert code == 0, output


def test_a_case_named_twice_runs_once(run):
    code, output = run("one = Case(sine(1), '(n)->(n)', name='a')\nsame = [one]\n")
    assert "1 correct" in output
    assert code == 0


def test_the_seed_makes_the_run_again(run):
    def rows(seed):
        _, output = run(RIGHT + WRONG, "--seed", str(seed))
        return [line.rsplit(maxsplit=1)[0] for line in output.splitlines() if line and " s" not in line[-3:]]

    assert rows(3) == rows(3)


@pytest.mark.parametrize(
    ("text", "target", "part"),
    [
        ("", "nowhere.py", "nowhere.py does not exist"),
        ("", "mine.py", "holds no case"),
        (RIGHT, "mine.py::left", "no case named left; it holds right"),
        ("", "no.such.module", "neither a file nor a module"),
        ("import nothing_of_this_name", "mine.py", "ModuleNotFoundError"),
        ("x = 1 +", "mine.py", "SyntaxError"),
        ("raise RuntimeError('first line\\nsecond line')", "mine.py", "RuntimeError: first line second line"),
        ("import sys; sys.exit(0)", "mine.py", "it calls exit(0)"),
        ("bad = Case(sine(1), '(n->(n)')", "mine.py", "does not parse"),
        ("bad = Case(sine(1), '(n),(n)->(n)')", "mine.py", "takes 1"),
        ("", ".", "is a folder"),
    ],
)
def test_what_cannot_be_loaded_is_one_sentence_and_exit_code_2(run, text, target, part):
    code, output = run(text, target=target)
    assert code == 2, output
    assert part in output
    assert "Traceback" not in output
    assert len(output.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bad = Case(sine(1), inputs=(np.array([np.nan]),), name='bad')", "nan"),
        ("bad = Case(sine(1), inputs=(np.array([1, 2]),), name='bad')", "int64"),
        ("bad = Case(sine(1), '(m,n)->(n)', name='bad')", "does not fit"),
    ],
)
def test_a_case_that_cannot_be_judged_is_an_error_beside_the_others(run, text, part):
    code, output = run(RIGHT + text)
    assert code == 2, output
    assert "1 correct, 1 error" in output
    assert part in output
    assert "Traceback" not in output


@pytest.mark.parametrize("arguments", [["--examples", "0"], ["--examples", "many"], ["--seed", "-1"], ["--nonsense"]])
def test_options_that_make_no_sense_are_exit_code_2(run, arguments):
    code, output = run(RIGHT, *arguments)
    assert code == 2
    assert "Traceback" not in output


def test_no_arguments_is_exit_code_2(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["run"]).exit_code == 2


def test_an_empty_or_unfinished_run_is_never_green():
    assert exit_code([], 0) == 3
    assert exit_code([], 2) == 3
    assert exit_code(["correct"], 2) == 3
    assert exit_code(["correct"], 1) == 0


def test_the_installed_command_and_the_module_are_the_same(tmp_path):
    (tmp_path / "mine.py").write_text(CASE_FILE + WRONG)
    done = finished(tmp_path, [*GRADCHECK, "run", "mine.py", "--examples", "5"])
    assert done.returncode == 1
    assert "wrong" in done.stdout
    assert done.stderr == ""
