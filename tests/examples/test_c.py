"""The examples in C, built as their files say: right, and with each of their planted mistakes."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from gradcheck import ConventionError, report_case
from gradcheck.gate.cli import main as command
from gradcheck.generation.search import search
from tests.repository.documents import ROOT

FOLDER = ROOT / "examples" / "c"
pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler, cc, to build the examples")

# Of each mistake the arguments whose gradients it makes wrong, or the array that the sentence of GC101 names.
MISTAKES = {
    "layernorm": {
        "BUG_MEAN_TERM": {"x"},
        "BUG_VARIANCE_TERM": {"x"},
        "BUG_LAST_ROW": {"x", "gamma", "beta"},
        "BUG_ACCUMULATE": {"dgamma"},
        "BUG_NEXT_ROW": {"dx"},
    },
    "attention": {
        "BUG_SCALE": {"q", "k"},
        "BUG_ROW_SUM": {"q", "k"},
        "BUG_TRANSPOSED": {"k"},
        "BUG_ACCUMULATE": {"dk"},
        "BUG_LAST_KEY": {"q", "k"},
    },
}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A folder with the example, built by the line that its source shows, with these flags besides."""

    def build(name, *flags):
        folder = tmp_path_factory.mktemp(name)
        for file in (FOLDER / name).iterdir():
            if file.suffix in (".c", ".py"):
                shutil.copy(file, folder)
        line = next(line for line in (folder / f"{name}.c").read_text().splitlines() if " cc " in line)
        words = line.strip(" *").partition(" && ")[0].split()
        assert words[0] == "cc"
        subprocess.run([*words, "-Wall", "-Werror", *flags], cwd=folder, check=True)
        return folder

    return build


def case_of(folder, single=False):
    text = (folder / "cases.py").read_text()
    if single:
        (folder / "cases.py").write_text(re.sub(r"double (\w+\[)", r"float \1", text))
    spec = importlib.util.spec_from_file_location(f"cases_in_{folder.name}", folder / "cases.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (case,) = module.CASES
    return replace(case, dtype="float32") if single else case


@pytest.mark.parametrize("name", MISTAKES)
def test_the_example_as_it_stands_is_right(build, name):
    folder = build(name)
    done = CliRunner().invoke(command, ["run", str(folder / "cases.py"), "--examples", "10"])
    assert done.exit_code == 0, done.output
    assert "1 correct" in done.output


@pytest.mark.parametrize("name", MISTAKES)
def test_it_is_right_in_single_precision(build, name):
    report = report_case(case_of(build(name, "-DREAL=float"), single=True), examples=6)
    assert report.verdict == "correct", report


@pytest.mark.parametrize("single", [False, True], ids=["double", "float"])
@pytest.mark.parametrize(("name", "mistake"), [(name, mistake) for name, all_ in MISTAKES.items() for mistake in all_])
def test_each_mistake_is_wrong_at_its_arguments(build, name, mistake, single):
    folder = build(name, f"-D{mistake}", *(["-DREAL=float"] if single else []))
    report = search(case_of(folder, single), 20, 0, verdict_only=True)
    assert report.verdict == "wrong"
    for finding in report.errors:
        named = {finding.argument} if finding.argument else {*re.findall(r"of `(\w+)`", finding.message)}
        assert named <= MISTAKES[name][mistake]


def test_memory_behind_an_array_is_guarded(build):
    report = report_case(case_of(build("layernorm", "-DBUG_NEXT_ROW")), examples=4)
    assert {finding.code for finding in report.errors} == {"GC101"}
    assert "`layernorm_backward` wrote behind the end of `dx`: the entry 1 beyond it" in " ".join(str(report).split())


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_of_the_source_is_tried(name):
    assert set(re.findall(r"ifn?def (BUG_\w+)", (FOLDER / name / f"{name}.c").read_text())) == {*MISTAKES[name]}


def test_a_library_of_the_other_precision_is_one_sentence(build):
    for flags, single, words in ((["-DREAL=float"], False, "compiled for float"), ([], True, "compiled for double")):
        case = case_of(build("layernorm", *flags), single)
        with pytest.raises(ConventionError, match=words):
            report_case(case, examples=2)


def test_nothing_is_left_behind(build, tmp_path):
    """A run ends its processes, and leaves no file beyond what was built."""
    folder = build("layernorm")
    before = sorted(folder.rglob("*"))
    line = [sys.executable, "-m", "gradcheck", "run", "cases.py", "--examples", "2"]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path for path in sorted(folder.rglob("*")) if ".gradcheck" not in path.parts] == before
    assert not list(tmp_path.iterdir())
