"""Cases as tests of pytest, whatever way pytest is run: each row in a process of its own."""

import re
import subprocess
import sys
from importlib.util import find_spec
from xml.etree import ElementTree

import pytest

from tests.command import ROOT

from .conftest import CASES

MIXED = f"""{CASES}
import unittest

gradcheck_cases = [RIGHT, {{"wrong": BAD}}]


def test_plain():
    assert True


class TestByUnittest(unittest.TestCase):
    gradcheck_cases = (Case(sine(1), "(n)->(n)", name="inside"),)

    def test_other(self):
        assert True
"""
ALL = {"failed": 1, "passed": 4}


@pytest.mark.parametrize(
    "arguments",
    [
        ["-n", "2"],
        ["-p", "no:randomly", "-W", "error", "--import-mode=append"],
        ["--import-mode=importlib", "-o", "pythonpath=.", "-q"],
    ],
    ids=" ".join,
)
def test_each_case_is_one_test_whatever_the_options(project, arguments):
    project.write(test_mine=MIXED)
    done = project.pytest(*arguments)
    assert done.outcomes() == ALL, done.text
    assert done.code == 1
    assert re.search(r"^wrong: bad, GC301 at `x\[0\]`, ops.py:\d+", done.text, re.MULTILINE)
    assert "Traceback" not in done.text
    assert "judge_one" not in done.text
    assert done.section()[0] == "2 correct, 1 wrong (seed 0, 8 examples a case)"
    assert sum(line.startswith("wrong: bad") for line in done.section()) == 1
    assert done.errors == ""


@pytest.mark.skipif(find_spec("pytest_randomly") is None, reason="pytest-randomly is not installed")
def test_the_order_of_the_tests_changes_no_verdict(project):
    """In the process that starts xdist's worker and in that: each asks every seeder, of which thinc's imports torch."""
    project.write(test_mine=MIXED)
    done = project.pytest("-p", "randomly", "--randomly-seed=2", "-n", "1", "-W", "error")
    assert "Using --randomly-seed=2" in done.text
    assert done.outcomes() == ALL, done.text
    assert done.section()[0] == "2 correct, 1 wrong (seed 0, 8 examples a case)"


def test_a_project_without_cases_hears_nothing(project):
    """Not a word, and nothing is imported for it."""
    project.write(test_mine="import sys\ndef test_plain():\n    assert not {'gradcheck', 'numpy'} & {*sys.modules}\n")
    done = project.pytest(examples=None)
    assert done.code == 0, done.text
    said = [line for line in done.text.splitlines() if not line.startswith(("rootdir", "plugins"))]
    assert "gradcheck" not in "".join(said)


def test_importing_the_plugin_is_quick():
    code = (
        "import pytest, time\nstart = time.perf_counter()\nimport _gradcheck_pytest\nprint(time.perf_counter() - start)"
    )
    path = {"PYTHONPATH": str(ROOT)}
    seconds = [
        float(subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(seconds) < 0.01


@pytest.mark.parametrize(("words", "count"), [("right", 1), ("square and bad", 1)])
def test_k_selects_by_the_name_of_a_case_and_of_its_op(project, words, count):
    project.write(test_mine=MIXED.replace("sine(2)", "square"))
    done = project.pytest("-k", words, "--collect-only", "-q")
    assert sum("::" in line for line in done.text.splitlines()) == count, done.text


def test_case_files_are_collected_where_they_lie(project):
    project.write(cases=CASES, test_mine="def test_plain():\n    pass\n")
    (project.folder / "pytest.ini").write_text("[pytest]\ntestpaths = test_mine.py\ngradcheck_case_files = cases.py\n")
    done = project.pytest()
    assert done.outcomes() == {"failed": 1, "passed": 2}
    assert "gradcheck: 8 examples a case, seed 0, at most 60 s each" in done.text
    assert project.pytest("cases.py", "-k", "right").outcomes()["passed"] == 1
    assert project.pytest("-n", "1").outcomes() == {"failed": 1, "passed": 2}


def test_every_setting_has_an_ini_twin_and_the_command_line_wins(project):
    project.write(cases=CASES)
    (project.folder / "pytest.ini").write_text(
        "[pytest]\ngradcheck_case_files = c*s.py\n"
        "gradcheck_seed = 3\ngradcheck_timeout = 20\ngradcheck_examples = 900\n"
    )
    done = project.pytest("-k", "right")
    assert "gradcheck: 8 examples a case, seed 3, at most 20 s each" in done.text
    assert done.section()[0] == "1 correct (seed 3, 8 examples a case)"


def test_the_numbers_reach_junit(project):
    project.write(test_mine=MIXED)
    project.pytest("--junit-xml=out.xml", "-n", "1")
    tree = ElementTree.parse(project.folder / "out.xml")
    cases = {case.get("name"): case for case in tree.iter("testcase")}
    numbers = {one.get("name"): one.get("value") for one in cases["gradcheck_cases[bad]"].iter("property")}
    assert numbers["gradcheck_verdict"] == "wrong"
    assert numbers["gradcheck_code"] == "GC301"
    assert float(numbers["gradcheck_floor"]) < 1e-3
    assert int(numbers["gradcheck_seed"]) == 0


def test_the_last_failure_is_judged_first(project, tmp_path):
    """The second run asks the op once more, at the example that failed, before the planned ones."""
    project.write(
        test_mine=f"{CASES}\nimport os\n"
        "def rare(x):\n"
        "    with open('asked', 'a') as file:\n        file.write(f'{x.shape[0]} ')\n"
        "    def rare_vjp(dy):\n        return ((1 + (x.shape[0] == 3)) * np.cos(x) * dy,)\n"
        "    return np.sin(x), rare_vjp\n"
        "import numpy as np\n"
        "gradcheck_cases = [Case(rare, '(n)->(n)')]\n"
    )
    asked = project.folder / "asked"
    firsts = []
    for _ in range(2):
        asked.write_text("")
        done = project.pytest(XDG_CACHE_HOME=str(tmp_path / "cache"))
        assert done.outcomes() == {"failed": 1}, done.text
        firsts.append(asked.read_text().split()[0])
    assert firsts == ["2", "3"]


def test_what_is_printed_to_see_it_again_works(project):
    project.write(test_mine=MIXED)
    done = project.pytest("test_mine.py::gradcheck_cases[bad]")
    assert done.outcomes() == {"failed": 1}
    token = re.search(r"gradcheck replay (\S+)", done.text)[1]
    again = subprocess.run(
        [sys.executable, "-P", "-c", "from _gradcheck_command import main; main()", "replay", token],
        cwd=project.folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 1, again.stderr
    assert "GC301" in again.stdout


def test_lf_x_and_markers_work(project):
    project.write(test_mine=MIXED)
    assert project.pytest("-x").outcomes() == {"failed": 1, "passed": 1}
    done = project.pytest("--lf")
    assert {key: count for key, count in done.outcomes().items() if key != "deselected"} == {"failed": 1}
    project.write(test_mine=f"{CASES}\nimport pytest\npytestmark = pytest.mark.skip\ngradcheck_cases = [BAD]\n")
    assert project.pytest().outcomes() == {"skipped": 1}


def test_odd_names_tear_nothing_apart(project):
    project.write(
        test_mine=f"{CASES}\n"
        "gradcheck_cases = [Case(sine(1), '(n)->(n)', name=name) for name in ('a', 'a', 'b::c [d]', 'é\\n\\x1b[31m')]\n"
    )
    done = project.pytest("-v")
    assert done.outcomes() == {"passed": 4}
    assert "\x1b" not in done.text
    for name in ("[a]", "[a-2]", "[b::c [d]]", "[\\xe9\\"):
        assert f"gradcheck_cases{name}" in done.text
