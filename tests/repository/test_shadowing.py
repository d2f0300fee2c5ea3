"""In a folder with a `gradcheck.py` of its own, as coursework has, and other files that are called like modules."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from _gradcheck_command import SUBCOMMANDS
from gradcheck.gate.cli import main
from tests.command import PYTEST

OWN = "def gradcheck_naive(f, x):\n    return True\n"
CASES = """
from gradcheck import Case
from gradcheck.adapters import from_pair


def square(x):
    def square_vjp(dy):
        return (2 * x * dy,)

    return x * x, square_vjp


def wrong(x):
    def wrong_vjp(dy):
        return (3 * x * dy,)

    return x * x, wrong_vjp


right = Case(square, "(n)->(n)", name="right")
bad = [Case(wrong, "(n)->(n)", name="bad")]
"""
TEST = """
import pytest
from gradcheck import Case, check_case

from cases import right


def test_right():
    check_case(right, examples=10)
"""
# As an installed command starts: the folder that it is called in is not on the path.
COMMAND = ["-P", "-c", "from _gradcheck_command import main; main()"]
MODULE = ["-P", "-m", "gradcheck"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "gradcheck.py").write_text(OWN)
    (tmp_path / "cases.py").write_text(CASES)
    (tmp_path / "test_mine.py").write_text(TEST)
    return tmp_path


def ask(folder, *arguments, start=COMMAND, path=()):
    """Run Python in a folder, with these folders first on PYTHONPATH."""
    known = [os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*path, *known])}
    return subprocess.run(
        [sys.executable, *start, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["run", "cases.py::right", "--examples", "10"], 0, "1 correct"),
        (["run", "cases::bad", "--examples", "10"], 1, "1 wrong"),
        (["prove", "cases.py::right", "--examples", "10", "--sample", "3", "--jobs", "1"], 0, "3 killed"),
        (["fix", "cases.py::bad", "--examples", "10", "--budget", "20", "--jobs", "1"], 0, "+        return (2 * x"),
        (["explain", "GC101"], 0, "GC101"),
        (["inventory", "cases.py", "--cases", "cases.py", "--fail-uncovered"], 0, "2 covered, 0 uncovered"),
        (["skill"], 0, "name: gradcheck"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_command_works(folder, arguments, code, word):
    done = ask(folder, *arguments, path=["."])
    assert done.returncode == code, done.stdout + done.stderr
    assert word in done.stdout


def test_what_it_prints_can_be_replayed(folder):
    """And both without PYTHONPATH, of which the command knows nothing that differs by subcommand."""
    token = ask(folder, "run", "cases.py::bad", "--examples", "10").stdout.split("gradcheck replay ")[1].split()[0]
    done = ask(folder, "replay", token)
    assert done.returncode == 1, done.stderr
    assert "GC301" in done.stdout


def test_the_module_works_where_python_does_not_look_into_the_folder(folder):
    done = ask(folder, "run", "cases.py::right", "--examples", "10", start=MODULE)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def installed(tmp_path_factory):
    """A folder for PYTHONPATH by which Python reads our `.pth` when it starts, as where gradcheck is installed."""
    site = tmp_path_factory.mktemp("site")
    root = str(Path(__file__).parents[2])
    (site / "sitecustomize.py").write_text(f"import site\nsite.addsitedir({root!r})\n")
    return str(site)


def test_the_module_works_where_it_is_installed(folder, installed):
    done = ask(folder, "run", "cases.py::right", "--examples", "10", start=["-m", "gradcheck"], path=[installed])
    assert done.returncode == 0, done.stderr
    assert "1 correct" in done.stdout


def test_the_module_needs_no_file_of_the_folder(folder, installed):
    for name in ("json", "dataclasses", "numpy", "rich", "html"):
        (folder / f"{name}.py").write_text("raise RuntimeError('mine')\n")
    (folder / "helper.py").write_text("N = 10\n")
    (folder / "cases.py").write_text("from helper import N\n" + CASES)
    words = ["run", "cases.py::right", "--examples", "10", "--html", "page.html", "--json", "run.json"]
    done = ask(folder, *words, start=["-m", "gradcheck"], path=[installed])
    assert done.returncode == 0, done.stderr
    assert "1 correct" in done.stdout
    assert (folder / "page.html").exists()


def test_what_is_not_meant_for_us_is_left_alone(folder, installed):
    (folder / "gradcheck.py").write_text("import sys\nprint('own', sys.argv[1:])\n")
    for words in ([], ["--help"], ["5"], ["other", "run"]):
        done = ask(folder, *words, start=["-m", "gradcheck"], path=[installed])
        assert done.stdout == f"own {words}\n", done.stderr
    done = ask(folder, "gradcheck.py", "run", start=[], path=[installed])
    assert done.stdout == "own ['run']\n"
    done = ask(folder, "import gradcheck, sys; print(gradcheck.__file__)", start=["-c"], path=[installed])
    assert str(folder) in done.stdout


def test_the_file_itself_may_hold_the_cases(folder):
    (folder / "gradcheck.py").write_text(CASES)
    for command in (["run"], ["prove", "--sample", "3", "--jobs", "1"]):
        done = ask(folder, *command, "gradcheck.py::right", "--examples", "10")
        assert done.returncode == 0, done.stdout + done.stderr


def test_files_beside_the_cases_are_the_ones_that_they_import(folder):
    """But for what gradcheck and Python have imported before: there the user's file would break them."""
    lines = []
    for name, own in (("reference", True), ("manual_bp", True), ("test", True), ("random", False)):
        (folder / f"{name}.py").write_text("def factor():\n    return 2\n")
        lines.append(f"import {name}\nassert hasattr({name}, 'factor') is {own}, '{name}'\n")
    (folder / "cases.py").write_text("".join(lines) + CASES)
    done = ask(folder, "prove", "--sample", "2", "--jobs", "1", "cases.py::right", "--examples", "10")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_case_file_may_be_called_like_a_module(folder):
    """Each is judged in a process of its own, in whose folder the others lie too."""
    files = [f"{name}.py" for name in ("random", "types", "queue", "tokenize", "copy", "numpy", "hypothesis", "rich")]
    for file in files:
        (folder / file).write_text(CASES)
    done = ask(folder, "run", *files, "--examples", "30", "--workers", "1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{len(files)} correct, {len(files)} wrong" in done.stdout


def test_every_subcommand_is_known_before_the_package_is_found():
    assert {*SUBCOMMANDS} == {*main.commands}


def test_nothing_is_imported_late_that_a_file_could_shadow(folder):
    """All of Python's library and of gradcheck's dependencies is there before the case file is loaded."""
    watching = (
        "import atexit, sys\nfrom pathlib import Path\n"
        "before = {name.partition('.')[0] for name in sys.modules}\n"
        "def late():\n    now = {name.partition('.')[0] for name in sys.modules}\n"
        "    Path(__file__).with_name('late.txt').write_text(f'late: {sorted(now - before)}')\n"
        "atexit.register(late)\n"
    )
    (folder / "cases.py").write_text(watching + CASES)
    for command in (["run"], ["prove", "--sample", "2", "--jobs", "1"], ["fix", "--budget", "5", "--jobs", "1"]):
        ask(folder, *command, "cases.py::bad")
        assert (folder / "late.txt").read_text() == "late: []", command
        (folder / "late.txt").unlink()


def test_pytest_works_where_it_does_not_put_the_folder_first(folder):
    (folder / "test_mine.py").write_text(CASES + TEST.replace("from cases import right\n", ""))
    done = ask(folder, "-q", "--import-mode=importlib", start=[*PYTEST[1:], "-p", "no:cacheprovider"])
    assert done.returncode == 0, done.stdout


def test_pytest_says_which_file_is_in_the_way_elsewhere(folder):
    done = ask(folder, "-q", start=[*PYTEST[1:], "-p", "no:cacheprovider"])
    assert done.returncode == 2
    assert "cannot import name 'Case' from 'gradcheck'" in done.stdout
    assert str(folder / "gradcheck.py") in done.stdout


def test_a_case_file_in_a_package_imports_from_where_the_package_lies(tmp_path):
    (tmp_path / "reference.py").write_text("FACTOR = 2\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").write_text("")
    (tmp_path / "tests" / "cases.py").write_text(f"import reference\n{CASES}\nassert reference.FACTOR == 2\n")
    for command in (["run"], ["prove", "--sample", "2", "--jobs", "1"]):
        done = ask(tmp_path, *command, "tests/cases.py::right", "--examples", "10")
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_installed_command_is_the_one_that_is_tested_here():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'gradcheck = "_gradcheck_command:main"' in text
