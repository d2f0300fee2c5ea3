"""What is put wrongly is one sentence, and no run is green without having judged what it names."""

import pytest

from .conftest import CASES


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--gradcheck-examples=0"], "--gradcheck-examples is 0: it is a whole number, 1 or larger"),
        (["--gradcheck-examples=many"], "--gradcheck-examples is many: it is a whole number, 1 or larger"),
        (["--gradcheck-seed=-1"], "--gradcheck-seed is -1: it is a whole number, 0 or larger"),
        (["--gradcheck-github=always"], "--gradcheck-github is always: it is auto or never"),
        (["--gradcheck-timeout=nan"], "--gradcheck-timeout is nan"),
        (["--gradcheck-timeout=soon"], "--gradcheck-timeout is soon: it is a number of seconds, larger than 0"),
        (["--gradcheck-baseline=nowhere.json"], "nowhere.json does not exist"),
        (["-o", "gradcheck_case_files=nowhere.py"], "gradcheck_case_files names nowhere.py, which is no file of"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_options_that_make_no_sense_end_the_run_at_once(project, arguments, sentence):
    project.write(test_mine="def test_plain():\n    pass\n")
    done = project.pytest(*arguments)
    assert done.code == pytest.ExitCode.USAGE_ERROR
    assert sentence in done.errors
    assert "Traceback" not in done.errors + done.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gradcheck_cases = []\n", "gradcheck_cases of test_mine.py holds no case"),
        ("gradcheck_cases = 3\n", "gradcheck_cases of test_mine.py holds no case"),
    ],
)
def test_cases_that_are_none_are_an_error(project, text, sentence):
    project.write(test_mine=text)
    done = project.pytest()
    assert sentence in done.text
    assert done.code == pytest.ExitCode.INTERRUPTED
    assert "Traceback" not in done.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("x = 1 +\n", "SyntaxError"), ("", "holds no case"), ("raise RuntimeError('no')\n", "RuntimeError: no (line 1)")],
)
def test_a_case_file_that_is_none_is_an_error(project, text, sentence):
    project.write(cases=text)
    done = project.pytest("-o", "gradcheck_case_files=cases.py")
    assert sentence in done.text
    assert done.code == pytest.ExitCode.INTERRUPTED
    assert "Traceback" not in done.text


def test_a_case_that_cannot_be_judged_fails_beside_the_others(project):
    project.write(test_mine=f"{CASES}\ngradcheck_cases = [RIGHT, Case(lambda x: x, '(n)->(n)', name='broken')]\n")
    done = project.pytest()
    assert done.outcomes() == {"failed": 1, "passed": 1}
    assert "pair (y, vjp)" in done.text
    assert done.section()[0].startswith("1 correct, 1 error")


OWN = "def gradcheck_naive(f, x):\n    return True\n"


def test_a_project_with_a_gradcheck_of_its_own_runs_as_ever(project):
    project.write(
        gradcheck=OWN,
        test_mine="from gradcheck import gradcheck_naive\ndef test_it():\n    assert gradcheck_naive(1, 2)\n",
    )
    assert project.pytest(examples=None).outcomes() == {"passed": 1}


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_beside_it_case_files_are_judged_by_the_package(project, mode):
    """The test module has its own at the top and in a test; the next one, which asks for the fixture, the package."""
    own = "from gradcheck import gradcheck_naive as naive\n"
    project.write(
        gradcheck=OWN,
        cases=CASES,
        test_mine=f"{own}def test_it():\n    import gradcheck\n    assert gradcheck.gradcheck_naive is naive\n",
        test_other="from ops import sine\ndef test_one(gradcheck):\n    gradcheck(sine(1), 0.5)\n",
    )
    more = ["--import-mode=importlib", "-o", "pythonpath=."] if mode == "importlib" else []
    done = project.pytest("-o", "gradcheck_case_files=cases.py", *more)
    assert done.outcomes() == {"failed": 1, "passed": 3}, done.text


def test_where_both_are_asked_for_a_sentence_says_which_file_is_in_the_way(project):
    project.write(gradcheck=OWN, test_a="import gradcheck as own\ndef test_it(gradcheck):\n    pass\n")
    done = project.pytest(examples=None)
    assert "gradcheck.py is imported under the name of the package gradcheck" in done.text
    assert done.outcomes() == {"error": 1}


REPLACES = "def swaps(x):\n    np.abs = len\n    return x * x, lambda dy: (2 * x * dy,)\n"


def test_what_gradcheck_computes_with_is_not_replaced(project):
    """At import: by a test module, by a case file; in a call: of a case, which alone has no verdict, and in a test."""
    project.write(
        swapping=f"import numpy as np\nfrom gradcheck import Case\n{CASES}\nnp.abs = len\n",
        cases=f"import numpy as np\n{CASES}\n{REPLACES}\n"
        "more = [Case(swaps, '(n)->(n)'), Case(sine(1), '(n)->(n)', name='z')]\n",
        test_a=f"{CASES}\nimport gradcheck.check\ngradcheck.check.report_case = len\ngradcheck_cases = [RIGHT]\n",
        test_b=f"import numpy as np\n{REPLACES}\ndef test_one(gradcheck):\n    gradcheck(swaps, np.ones(3))\n",
    )
    done = project.pytest("-o", "gradcheck_case_files=cases.py swapping.py", "--continue-on-collection-errors")
    assert done.outcomes() == {"failed": 3, "passed": 2, "error": 2}, done.text
    assert "test_a.py puts something else in the place of `gradcheck.check.report_case`" in done.text
    assert "swapping.py puts something else in the place of `numpy.abs`" in done.text
    assert done.section()[0].startswith("2 correct, 1 wrong, 2 error")
    assert done.text.count("no verdict: it puts something else in the place of `numpy.abs`") >= 2
    assert "Traceback" not in done.text
