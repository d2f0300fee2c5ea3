"""Baselines and changed cases under pytest."""

import json
import subprocess

from .conftest import CASES

LINE = "factor * np.cos(x) * dy"


def baseline(project, *rows):
    entries = [
        {"file": "test_mine.py", "case": "bad", "code": "GC301", "line": LINE, "reason": "ticket 7", **row}
        for row in rows
    ]
    (project.folder / "known.json").write_text(json.dumps({"version": 1, "known": entries}))


def test_a_known_failure_is_expected_and_one_that_is_gone_fails_the_run(project):
    project.write(test_mine=f"{CASES}\ngradcheck_cases = [RIGHT, BAD]\n")
    baseline(project, {"expires": "9999-01-01"})
    done = project.pytest("--gradcheck-baseline=known.json")
    assert done.outcomes() == {"passed": 1, "xfailed": 1}, done.text
    assert done.code == 0
    assert any(line.startswith("known, ticket 7, until 9999-01-01: wrong: bad") for line in done.section())

    baseline(
        project,
        {"expires": "9999-01-01"},
        {"expires": "9999-01-01", "code": "GC205"},
        {"expires": "9999-01-01", "case": "gone"},
    )
    done = project.pytest("--gradcheck-baseline=known.json", "-n", "1")
    assert done.outcomes() == {"passed": 1, "xfailed": 1}
    assert done.code == 1
    said = [line for line in done.section() if line.startswith("baseline: ")]
    assert said == [
        f"baseline: test_mine.py::bad GC205 at `{LINE}` is not found any more: take it out",
        f"baseline: test_mine.py::gone GC301 at `{LINE}` is of a case that does not exist: take it out",
    ]
    assert project.pytest("--gradcheck-baseline=known.json", "test_mine.py::gradcheck_cases[right]").code == 0


def test_one_that_has_expired_is_a_failure(project):
    project.write(test_mine=f"{CASES}\ngradcheck_cases = [RIGHT, BAD]\n")
    baseline(project, {"expires": "2001-01-01"})
    done = project.pytest("--gradcheck-baseline=known.json")
    assert done.outcomes() == {"failed": 1, "passed": 1}
    assert any("expired on 2001-01-01 (ticket 7)" in line for line in done.section())


def test_only_what_changed_is_judged(project):
    project.write(test_mine=f"{CASES}\ngradcheck_cases = [RIGHT, Case(square, '(n)->(n)')]\n")
    identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=project.folder, check=True)
    text = (project.folder / "ops.py").read_text()
    (project.folder / "ops.py").write_text(text.replace("3 * x * dy", "2 * x * dy"))
    done = project.pytest("--gradcheck-changed=HEAD", "-n", "1")
    assert done.outcomes() == {"passed": 1}, done.text
    assert "left out, since nothing that they judge differs from HEAD: right" in done.section()
    done = project.pytest("--gradcheck-changed=nowhere", "-n", "1")
    assert "--gradcheck-changed nowhere: git knows no such revision" in done.errors
    assert "Traceback" not in done.text + done.errors


def test_documents_and_annotations_are_written_once_for_all_processes(project):
    project.write(
        test_mine=f"{CASES}\ndef test_once(gradcheck):\n    gradcheck(RIGHT)\n\ngradcheck_cases = [RIGHT, BAD]\n"
    )
    github = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(project.folder), "GITHUB_STEP_SUMMARY": "summary.md"}
    done = project.pytest("-n", "2", "--gradcheck-json=out.json", "--gradcheck-html=out.html", **github)
    assert done.outcomes() == {"failed": 1, "passed": 2}, done.text
    assert done.text.count("::error file=ops.py,line=") == 1
    assert (project.folder / "summary.md").read_text().count("### Gradients: 2 correct, 1 wrong") == 1
    answer = json.loads((project.folder / "out.json").read_text())
    assert answer["counts"] == {"correct": 2, "wrong": 1, "inconclusive": 0, "known": 0, "error": 0, "not_run": 0}
    assert answer["not_run"] == []
    assert "</html>" in (project.folder / "out.html").read_text()
    quiet = project.pytest("--gradcheck-github=never", **github)
    assert "::error" not in quiet.text
    done = project.pytest("--gradcheck-json=no/where.json")
    assert "there is no folder" in done.errors
