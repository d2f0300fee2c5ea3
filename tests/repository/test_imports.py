"""What an import brings, and how long it takes."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main as command

FOREIGN = {"torch", "jax", "matplotlib", "pytest", "scipy", "sklearn", "thinc"}


def modules_after(statement):
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import gradcheck",
        "import gradcheck.adapters",
        "import gradcheck.gate.cli",
        "import gradcheck, numpy as np; gradcheck.report_vjp(lambda x: (x * 1, lambda d: (d * 1,)), np.ones(2))",
    ],
)
def test_gradcheck_brings_no_framework(statement):
    assert not FOREIGN & modules_after(statement)


def test_gradcheck_brings_hypothesis_only_when_it_searches():
    assert not {"hypothesis", "rich", "click"} & modules_after("import gradcheck")


def test_the_version_is_said_as_by_the_command_and_without_all_that_judges():
    code = (
        "import sys; sys.argv = ['gradcheck', '--version']; from _gradcheck_command import main; main(); "
        "assert not {'gradcheck', 'numpy', 'click'} & {*sys.modules}"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == CliRunner().invoke(command, ["--version"], prog_name="gradcheck").output
    with open("/dev/full", "w") as full:  # as any other answer that cannot be written
        lost = subprocess.run([sys.executable, "-P", "-c", code], stdout=full, stderr=subprocess.PIPE, text=True)
    assert lost.returncode == 2
    assert lost.stderr == "gradcheck: the output could not be written: No space left on device\n"


@pytest.mark.parametrize("words", [["--help"], ["run", "-h"], ["prove", "--help"]])
def test_a_help_text_is_that_of_the_command_and_comes_without_all_that_judges(words):
    code = (
        f"import sys; sys.argv = ['gradcheck', *{words}]; import atexit; from _gradcheck_command import main; "
        "late = ['gradcheck.laws', 'gradcheck.diagnosis', 'gradcheck.gate.judging', 'rich']; "
        "atexit.register(lambda: print([name for name in late if name in sys.modules])); main()"
    )
    wide = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, env=wide)
    same = CliRunner().invoke(command, words, prog_name="gradcheck", terminal_width=78)
    assert done.stdout == same.output + "[]\n"


def test_only_what_edits_sources_brings_their_parser():
    assert "libcst" not in modules_after("import gradcheck.gate.cli")


def test_a_twin_in_pytorch_brings_neither_its_compiler_nor_a_computer_algebra():
    """Either takes as long as the judging of several cases, and is needed by nobody who compiles nothing."""
    pytest.importorskip("torch")
    judged = (
        "import numpy as np, torch; from gradcheck import Case, report_case; "
        "op = lambda x: (np.sqrt(x), lambda dy: (dy / (2 * np.sqrt(x)),)); "
        "case = Case(op, '(n)->(n)', reference=torch.sqrt, dtype='float32'); "
        "assert report_case(case, examples=20).rows; "
        "assert 'torch._dynamo' not in sys.modules"
    )
    assert "sympy" not in modules_after(judged)


def test_manual_bp_needs_numpy_only():
    assert not (FOREIGN | {"gradcheck", "reference", "hypothesis", "rich", "click"}) & modules_after("import manual_bp")


def test_reference_never_sees_manual_bp():
    assert not {"manual_bp", "gradcheck"} & modules_after("import reference")


@pytest.mark.parametrize("package", ["gradcheck", "manual_bp", "reference", "gradcheck.adapters"])
def test_the_public_list_is_real(package):
    code = (
        f"import {package} as p\n"
        "assert len(set(p.__all__)) == len(p.__all__)\n"
        "for name in p.__all__: getattr(p, name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
