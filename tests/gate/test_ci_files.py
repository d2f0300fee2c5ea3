"""The files for CI servers do what they say: each of their scripts is run here, as the server would run it."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.repository.documents import ROOT

yaml = pytest.importorskip("yaml")
CASES = """
    import numpy as np
    from gradcheck import Case

    def square(x):
        def square_vjp(dy):
            return (2 * x * dy,)
        return x * x, square_vjp

    def cube(x):
        def cube_vjp(dy):
            return (2 * x**2 * dy,)
        return x**3, cube_vjp

    right = Case(square, "(n)->(n)")
"""
CONFIGURATION = '[tool.gradcheck]\ncases = ["cases.py"]\nexamples = 8\ninventory = ["cases.py"]\n'
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
WORKFLOW = yaml.safe_load((ROOT / "examples" / "ci" / "github.yml").read_text())
GITLAB = yaml.safe_load((ROOT / "examples" / "ci" / "gitlab.yml").read_text())


@pytest.fixture
def project(tmp_path):
    """A repository with one right op that a case judges, and a wrong one that none does; `gradcheck` on its path."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "gradcheck"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m gradcheck "$@"\n')
    command.chmod(0o755)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "cases.py").write_text(textwrap.dedent(CASES))
    (folder / "pyproject.toml").write_text(CONFIGURATION)
    identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def run(project, script, **environment):
    path = f"{project.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=project, env={**os.environ, "PATH": path, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def judge(project, **inputs):
    """The first step of the action with these inputs; what it did, and its output."""
    step = ACTION["runs"]["steps"][0]
    output = project.parent / "output"
    variables = dict.fromkeys(step["env"], "") | {name.upper(): value for name, value in inputs.items()}
    done = run(project, step["run"], GITHUB_OUTPUT=str(output), **variables)
    return done, output.read_text()


def add_wrong(project):
    with open(project / "cases.py", "a") as file:
        file.write('bad = Case(cube, "(n)->(n)")\n')


def test_inputs_reach_the_scripts_of_the_action_through_the_environment_only():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        for name, value in step["env"].items():
            assert value == f"${{{{ inputs.{name.lower()} }}}}"
            assert name.lower() in ACTION["inputs"]
    used = {name.lower() for step in ACTION["runs"]["steps"] for name in step["env"]} | {"working-directory"}
    assert used == set(ACTION["inputs"])


def test_the_action_judges_what_the_configuration_names(project):
    done, output = judge(project)
    assert done.returncode == 0, done.stderr
    assert "1 correct" in done.stdout
    assert output == "exit-code=0\n"
    add_wrong(project)
    done, output = judge(project, cases="cases.py::square\ncases.py::cube", junit="out.xml", examples="6", workers="1")
    assert done.returncode == 1
    assert output.endswith("exit-code=1\n")
    assert [case.get("name") for case in ElementTree.parse(project / "out.xml").iter("testcase")] == ["square", "cube"]


FREE = ("cases", "examples", "changed", "baseline")


@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "x; touch pwned", "--help\n-x; touch pwned"])
def test_an_input_is_never_evaluated(project, text):
    """All inputs at once: the script has put each where it belongs before the command reads the first."""
    done, _ = judge(project, **dict.fromkeys(FREE, text))
    assert done.returncode in (0, 2), done.stdout
    assert not list(project.parent.rglob("pwned"))


def test_each_input_reaches_the_command_as_it_is(project):
    for name in FREE[1:]:
        done, _ = judge(project, **{name: "$(touch pwned)"})
        assert done.returncode == 2
        assert "$(touch pwned)" in done.stderr
    assert not list(project.parent.rglob("pwned"))


def test_the_action_finds_a_backward_that_no_case_judges(project):
    step = ACTION["runs"]["steps"][1]
    done = run(project, step["run"], CASES="", INVENTORY="cases.py")
    assert done.returncode == 1
    assert "uncovered  cases.py:10  value and backward  cube" in done.stdout
    add_wrong(project)
    assert run(project, step["run"], CASES="cases.py::square", INVENTORY="cases.py").returncode == 0


def test_the_hooks_run_where_the_users_torch_is(project):
    assert {hook["language"] for hook in HOOKS} == {"system"}
    entries = {hook["id"]: hook["entry"] for hook in HOOKS}
    done = run(project, entries["gradcheck"])
    assert done.returncode == 0, done.stderr
    assert "1 left out" in done.stdout
    assert run(project, entries["gradcheck-inventory"]).returncode == 1
    add_wrong(project)
    assert run(project, entries["gradcheck"]).returncode == 1
    assert run(project, entries["gradcheck-inventory"]).returncode == 0


def steps():
    (job,) = WORKFLOW["jobs"].values()
    return {step["name"]: step for step in job["steps"] if "run" in step}


def test_the_workflow_step_by_step(project):
    found = steps()
    assert all("${{" not in step["run"] for step in found.values())
    install = found.pop("Install")
    assert install["run"].startswith("pip install")
    assert WORKFLOW["permissions"] == {}
    done = run(
        project, found["Judge every case"]["run"], GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(project / "s.md")
    )
    assert done.returncode == 0, done.stderr
    assert "### Gradients: 1 correct" in (project / "s.md").read_text()
    kept = WORKFLOW["jobs"]["gradients"]["steps"][-1]["with"]["path"]
    assert "1 correct" in (project / kept).read_text()
    assert run(project, found["Every backward has a case"]["run"]).returncode == 1
    add_wrong(project)
    done = run(
        project, found["Judge what a pull request changes"]["run"], BASE="HEAD", GITHUB_ACTIONS="true",
        GITHUB_WORKSPACE=str(project), GITHUB_STEP_SUMMARY=str(project / "s.md"),
    )  # fmt: skip
    assert done.returncode == 1
    assert "::error file=cases.py,line=" in done.stdout
    assert run(project, found["Every backward has a case"]["run"]).returncode == 0


def test_the_job_of_gitlab(project):
    add_wrong(project)
    judged = GITLAB["gradients"]["script"][1]
    assert run(project, judged, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD").returncode == 1
    assert run(project, judged).returncode == 1
    assert (project / GITLAB["gradients"]["artifacts"]["reports"]["junit"]).exists()


def test_the_commands_of_jenkins_are_those_of_the_others():
    text = (ROOT / "examples" / "ci" / "Jenkinsfile").read_text()
    for line in ("gradcheck run --junit gradients.xml", "gradcheck inventory --fail-uncovered"):
        assert line in text


def linter(name):
    """A program that the extra `test` installs beside Python; the test is skipped where it is not there."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    return found or pytest.skip(f"{name} is not installed")


def test_zizmor_has_nothing_to_say(tmp_path):
    words = [linter("zizmor"), "--offline", "--no-progress", "--persona=pedantic"]
    files = [ROOT / "action.yml", ROOT / "examples" / "ci" / "github.yml"]
    assert subprocess.run([*words, *files], check=False).returncode == 0
    careless = tmp_path / "action.yml"
    text = files[0].read_text()
    assert "$CASES" in text
    careless.write_text(text.replace("$CASES", "${{ inputs.cases }}"))
    done = subprocess.run([*words, careless], capture_output=True, text=True, check=False)
    assert "template-injection" in done.stdout


def test_actionlint_has_nothing_to_say(tmp_path):
    workflow = ROOT / "examples" / "ci" / "github.yml"
    words = [linter("actionlint"), "-no-color"]
    assert subprocess.run([*words, workflow], check=False).returncode == 0
    careless = tmp_path / "github.yml"
    careless.write_text(workflow.read_text().replace("github.event_name", "github.event_nam"))
    assert subprocess.run([*words, careless], capture_output=True, check=False).returncode == 1
