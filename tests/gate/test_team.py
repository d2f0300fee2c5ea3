"""What teams ask of `gradcheck run`: a baseline, the changed cases, an early end, and a configuration."""

import contextlib
import json
import os
import subprocess
import textwrap

import pytest
from click.testing import CliRunner

from gradcheck.gate import judging
from gradcheck.gate.cli import main
from gradcheck.gate.limits import WORKERS_A_CORE
from gradcheck.gate.messages import Asked

OPS = """
    import numpy as np

    FACTOR = 2.0
    SIZES = (1, None)


    def slope(x):
        return np.cos(x)


    def sine(x):
        def sine_vjp(dy):
            return (slope(x) * dy,)

        return np.sin(x), sine_vjp


    def square(x):
        def square_vjp(dy):
            return (FACTOR * x * dy,)

        return x * x, square_vjp


    def cube(x):
        def cube_vjp(dy):
            return (2 * x**2 * dy,)

        return x**3, cube_vjp


    class Scaled:
        def __init__(self, factor):
            self.factor = factor

        def __call__(self, x):
            def scaled_vjp(dy):
                return (self.factor * dy,)

            return self.factor * x, scaled_vjp
"""
CASES = """
    from gradcheck import Case
    import ops

    # made by name, as no syntax tree could tell
    rows = [Case(getattr(ops, name), "(n)->(n)") for name in ("sine", "square", "cube")]
    scaled = Case(ops.Scaled(3.0), "(n)->(n)", name="scaled", sizes={"n": ops.SIZES})
"""
LINE = "2 * x**2 * dy"
KNOWN = {
    "file": "cases.py",
    "case": "cube",
    "code": "GC301",
    "line": LINE,
    "reason": "ticket 7",
    "expires": "9999-01-01",
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A folder with four cases, of which `cube` is wrong; what a command says there, and its exit code."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ops.py").write_text(textwrap.dedent(OPS))
    (tmp_path / "cases.py").write_text(textwrap.dedent(CASES))

    def runner(*arguments):
        for name in ("ops",):  # an edit within the same second is seen
            monkeypatch.delitem(__import__("sys").modules, name, raising=False)
        result = CliRunner().invoke(main, [*arguments])
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(tmp_path))
    return runner


def judged(output):
    """The cases of a table, with their verdicts."""
    rows = [line.split() for line in output.splitlines()]
    return {
        row[1]: row[0]
        for row in rows
        if len(row) == 6 and row[0] in ("correct", "wrong", "known", "inconclusive", "error")
    }


def ask(run, *arguments):
    return run("run", "cases.py", "--examples", "6", *arguments)


def write(folder, *entries):
    (folder / "known.json").write_text(json.dumps({"version": 1, "known": list(entries)}))


def test_a_known_failure_does_not_fail_the_run(run, tmp_path):
    write(tmp_path, KNOWN)
    code, output = ask(run, "--baseline", "known.json")
    assert code == 0
    assert judged(output) == {"sine": "correct", "square": "correct", "cube": "known", "scaled": "correct"}
    assert "known, ticket 7, until 9999-01-01: wrong: cube, GC301" in output
    assert "3 correct, 1 known" in output
    assert ask(run)[0] == 1


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"expires": "2001-01-01"}, 1, "expired on 2001-01-01 (ticket 7)"),
        ({"code": "GC205"}, 1, f"cases.py::cube GC205 at `{LINE}` is not found any more"),
        ({"line": "x * dy"}, 1, "cases.py::cube GC301 at `x * dy` is not found any more"),
        ({"case": "gone"}, 1, "cases.py::gone GC301"),
        ({"file": "gone.py"}, 1, "is of a case that does not exist"),
    ],
)
def test_an_entry_that_does_not_fit_accepts_nothing_and_is_named(run, tmp_path, change, code, sentence):
    write(tmp_path, {**KNOWN, **change})
    got, output = ask(run, "--baseline", "known.json")
    assert (got, judged(output)["cube"]) == (code, "wrong")
    assert sentence in output


def test_an_entry_whose_failure_is_gone_fails_a_run_in_which_all_is_correct(run, tmp_path):
    (tmp_path / "ops.py").write_text(textwrap.dedent(OPS).replace("2 * x**2", "3 * x**2"))
    write(tmp_path, KNOWN)
    code, output = ask(run, "--baseline", "known.json")
    assert (code, judged(output)["cube"]) == (2, "correct")
    assert f"cases.py::cube GC301 at `{LINE}` is not found any more: take it out" in output


def test_what_a_run_does_not_ask_about_is_left_alone(run, tmp_path):
    write(tmp_path, KNOWN, {**KNOWN, "case": "gone"})
    assert run("run", "cases.py::sine", "--examples", "6", "--baseline", "known.json")[0] == 0
    (tmp_path / "other.py").write_text("from cases import scaled\n")
    assert run("run", "other.py", "--examples", "6", "--baseline", "known.json")[0] == 0


def test_a_line_above_moves_no_key(run, tmp_path):
    (tmp_path / "ops.py").write_text("# one\n# two\n" + textwrap.dedent(OPS))
    write(tmp_path, KNOWN)
    assert ask(run, "--baseline", "known.json")[0] == 0


def test_every_writer_knows_what_is_known_and_what_is_out_of_date(run, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    write(tmp_path, KNOWN, {**KNOWN, "case": "gone"})
    documents = ["--json", "out.json", "--junit", "out.xml", "--html", "out.html", "--github"]
    code, output = ask(run, "--baseline", "known.json", *documents)
    assert code == 2
    sentence = f"cases.py::gone GC301 at `{LINE}` is of a case that does not exist: take it out"
    assert f"::error title=gradcheck%3A baseline::{sentence}" in output
    assert output.count("::error") == 1
    answer = json.loads((tmp_path / "out.json").read_text())
    assert (answer["exit_code"], answer["counts"]["known"], answer["baseline"]) == (2, 1, [sentence])
    assert [row["known"] for row in answer["cases"] if row["verdict"] == "known"] == ["ticket 7, until 9999-01-01"]
    summary = (tmp_path / "summary.md").read_text()
    assert "### Gradients: 3 correct, 1 known" in summary
    assert "is of a case that does not exist" in summary
    assert "<failure" not in (tmp_path / "out.xml").read_text()
    assert "ticket 7" in (tmp_path / "out.xml").read_text()
    assert 'class="count known"' in (tmp_path / "out.html").read_text()


def test_a_baseline_is_written_with_a_reason_and_kept_as_it_is(run, tmp_path):
    update = ["--baseline", "known.json", "--update-baseline"]
    code, output = ask(run, *update)
    assert code == 2
    assert "say why they are put up with, --reason TEXT" in output
    assert not (tmp_path / "known.json").exists()
    assert ask(run, *update, "--reason", "first", "--expires", "9998-01-01")[0] == 0
    entries = json.loads((tmp_path / "known.json").read_text())["known"]
    assert entries == [{**KNOWN, "reason": "first", "expires": "9998-01-01"}]
    assert ask(run, "--baseline", "known.json")[0] == 0
    write(tmp_path, *entries, {**KNOWN, "case": "gone"})
    code, output = ask(run, *update, "--reason", "second")
    assert "1 known, 0 added, 1 taken out" in output
    assert json.loads((tmp_path / "known.json").read_text())["known"] == entries


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not JSON, or only a part of it"),
        ('{"version": 1, "known": [', "is not JSON, or only a part of it"),
        ("[]", "is no baseline"),
        ('{"version": 2, "known": []}', "was written by another version of gradcheck (2)"),
        ('{"version": 1}', "beside its version it has a list, known"),
        ('{"version": 1, "known": {}}', "beside its version it has a list, known"),
        ('{"version": 1, "known": [3]}', "entry 1 of known.json is not as it should be"),
        (json.dumps({"version": 1, "known": [{**KNOWN, "code": 301}]}), "each a string"),
        (
            json.dumps({"version": 1, "known": [{**KNOWN, "expires": "soon"}]}),
            "entry 1 of known.json expires on 'soon'",
        ),
        (json.dumps({"version": 1, "known": [{**KNOWN, "reason": " "}]}), "entry 1 of known.json gives no reason"),
        (json.dumps({"version": 1, "known": [KNOWN, KNOWN]}), "entry 2 of known.json is there twice"),
        ("[" * 5000, "is not JSON, or only a part of it"),
        ("\udcff", "is not JSON"),
    ],
)
def test_a_baseline_that_is_none_is_one_sentence(run, tmp_path, text, sentence):
    (tmp_path / "known.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    code, output = ask(run, "--baseline", "known.json")
    assert code == 2
    assert sentence in output
    assert len(output.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--baseline", "nowhere.json"], "nowhere.json does not exist: gradcheck run --update-baseline writes it"),
        (["--baseline", ""], "--baseline is ''"),
        (["--changed", " "], "--changed is ' '"),
        ([""], "'' is one of the cases"),
        (["cases.py::"], "'cases.py::' is one of the cases"),
        (["--update-baseline"], "--update-baseline needs to know which"),
        (["--baseline", "b.json", "--update-baseline", "--expires", "31.1."], "--expires is '31.1.'"),
        (
            ["--baseline", "no/where.json", "--update-baseline", "--reason", "x"],
            "--baseline no/where.json: there is no folder",
        ),
        (["--changed", "HEAD"], "lies in no repository of it"),
    ],
)
def test_options_that_cannot_be_followed_are_one_sentence(run, arguments, sentence):
    code, output = ask(run, *arguments)
    assert code == 2
    assert sentence in output


def test_an_early_end_says_what_was_not_run(run):
    code, output = ask(run, "--fail-fast")
    assert code == 1
    assert judged(output) == {"sine": "correct", "square": "correct", "cube": "wrong"}
    assert "2 correct, 1 wrong, 1 not run" in output


@pytest.fixture
def repository(run, tmp_path):
    identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return run


def names_since(run, *more):
    code, output = ask(run, "--changed", "HEAD", *more)
    return code, set(judged(output)), output


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        ("ops.py", "np.cos(x)", "1 * np.cos(x)", {"sine"}),  # what the backward calls
        ("ops.py", "FACTOR = 2.0", "FACTOR = 4 / 2", {"square"}),  # what it reads
        ("ops.py", "return self.factor * x", "return x * self.factor", {"scaled"}),
        ("ops.py", "return np.cos(x)", "return (np.cos(x))  # the same", set()),
        ("ops.py", "import numpy as np", "import numpy as np\n\n\ndef unused():\n    pass", set()),
        ("ops.py", "(1, None)", "(2, None)", {"sine", "square", "cube", "scaled"}),  # what a row reads
        ("cases.py", "3.0", "4.0", {"sine", "square", "cube", "scaled"}),  # a row: which one cannot be told
        ("cases.py", "# made by name", "# made so", set()),
    ],
)
def test_only_cases_are_judged_whose_op_has_changed(repository, tmp_path, file, old, new, wanted):
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new))
    _, names, output = names_since(repository)
    assert names == wanted
    left = ", ".join(name for name in ("sine", "square", "cube", "scaled") if name not in wanted)
    assert (f"differs from HEAD: {left}" in output) == bool(left)


def test_where_nothing_has_changed_that_is_said_and_nothing_failed(repository):
    code, names, output = names_since(repository)
    assert (code, names) == (0, set())
    assert "nothing judged, 4 left out" in output


def test_a_file_that_is_new_is_a_change(repository, tmp_path):
    (tmp_path / "new.py").write_text("from cases import scaled\n")
    code, output = repository("run", "new.py", "--examples", "6", "--changed", "HEAD")
    assert judged(output) == {"scaled": "correct"}
    code, output = repository("run", "new.py", "--changed", "--upload-pack=x")
    assert code == 2
    assert "git knows no such revision" in output


@pytest.fixture
def configured(run, tmp_path):
    def write(text):
        (tmp_path / "pyproject.toml").write_text(f"[tool.gradcheck]\n{text}\n")

    return write


def test_a_configuration_makes_the_bare_command_the_gate(run, configured, tmp_path, monkeypatch):
    write(tmp_path, KNOWN)
    configured('cases = ["cases.py"]\nexamples = 5\nseed = 3\nbaseline = "known.json"')
    code, output = run("run")
    assert code == 0
    assert output.startswith("seed 3, 5 examples a case")
    assert "3 correct, 1 known" in output
    assert run("run", "cases.py::sine", "--examples", "7")[1].startswith("seed 3, 7 examples a case")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    assert "3 correct, 1 known" in run("run")[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('case = ["cases.py"]', "has the key 'case', which does not exist; did you mean cases?"),
        ("colour = 1", "has the key 'colour', which does not exist; it has cases, examples"),
        ('cases = "cases.py"', "cases in [tool.gradcheck] of pyproject.toml is 'cases.py': it is a list of strings"),
        ("cases = []", "it is a list of strings"),
        ("cases = [3]", "it is a list of strings"),
        ("examples = 0", "examples in [tool.gradcheck] of pyproject.toml is 0: it is a whole number, 1 or larger"),
        ("examples = true", "it is a whole number"),
        ("examples = 1.0", "it is a whole number"),
        ('seed = "3"', "it is a whole number, 0 or larger"),
        ("timeout = inf", "it is a number of seconds, larger than 0"),
        ("timeout = nan", "it is a number of seconds, larger than 0"),
        ("baseline = 3", "it is a string"),
        ("fail-fast = 1", "it is true or false"),
        ("cases = [", "pyproject.toml is no TOML"),
        ("[tool]\ngradcheck = 3", "pyproject.toml is no TOML"),
        ("examples = 5", "no cases: name a file that holds some"),
    ],
)
def test_a_configuration_with_a_typing_error_is_one_sentence(run, configured, text, sentence):
    configured(text)
    code, output = run("run")
    assert code == 2
    assert sentence in output
    assert len(output.splitlines()) == 1


def test_a_configuration_that_is_no_table_is_one_sentence(run, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool]\ngradcheck = 3\n")
    assert "is a int: it is a table of options" in run("run")[1]


def test_without_cases_and_configuration_the_command_says_what_is_missing(run):
    code, output = run("run")
    assert code == 2
    assert "no cases" in output


def test_a_thousand_workers_are_as_many_as_the_cores_can_use(monkeypatch):
    asked = []
    monkeypatch.setattr(judging, "Pool", lambda _, workers: asked.append(workers) or contextlib.nullcontext())
    monkeypatch.setattr(judging, "_judge_in_workers", lambda *rest: asked.append(rest[-1]))
    judging.judge_all(["cases.py"], Asked(1, 0, 1.0, None), lambda event: None, workers=1_000_000)
    assert asked == [WORKERS_A_CORE * os.cpu_count()] * 2
