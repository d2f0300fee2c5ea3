"""Every example of README and docs runs and prints what is written, and what they say in figures is so."""

import re
import shutil

import pytest

import manual_bp
from gradcheck.check import judge_case
from gradcheck.gate.loading import load_cases
from gradcheck.mutants import OPERATORS
from gradcheck.mutants.groups import group_cases
from gradcheck.report.text import show_floor

from .documents import DOCUMENTS, ROOT, masked, missing, rewrite, shown

README = ROOT / "README.md"
CASES = str(ROOT / "tests" / "cases.py")
SAMPLE = 12  # mutants of each backward in the table of docs/prove-and-fix.md
HOW_MANY = {
    "article.md": 3,
    "judging.md": 2,
    "gpytorch.md": 1,
    "jax.md": 1,
    "mygrad.md": 1,
    "pure_ml.md": 1,
    "pytorch.md": 5,
    "scikit_learn.md": 1,
    "smallpebble.md": 1,
    "statsmodels.md": 1,
    "README.md": 3,
    "adapters.md": 10,
    "cases.md": 6,
    "library.md": 2,
    "prove-and-fix.md": 1,
    "verdicts.md": 4,
    "precision.md": 1,
    "courses.md": 2,
    "training.md": 4,
    "try_it.md": 1,
    "homework.md": 4,
    "scipy_user.md": 4,
    "function_author.md": 3,
    "boosting.md": 4,
    "c_programmer.md": 2,
    "maintainer.md": 4,
}
NEED_A_COMPILER = ("adapters.md", "c_programmer.md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_example_runs_and_prints_what_is_written(document):
    """In order, as a reader would type them. Otherwise: `python -m tests.repository.documents`, and read the change."""
    if document.name in NEED_A_COMPILER and shutil.which("cc") is None:
        pytest.skip("there is no C compiler, cc, to build its library")
    if absent := missing(document):
        pytest.skip(f"there is no {', '.join(absent)}; `tox -e faults` has it")
    blocks = shown(document)
    assert len(blocks) == HOW_MANY.get(document.name, 0)
    for block in blocks:
        assert masked(block.written) == masked(block.printed)


def test_the_comparison_can_fail():
    assert masked("ratio 3 ± 7e-15") == masked("ratio  3 ± 6e-14")
    assert masked("ratio 3") != masked("ratio 2")
    assert (
        masked("m 1 to 131; values up to 25")
        == masked("m 1 to 389; values up to 1.2e+03")
        != masked("n 1 to 6; values")
    )
    assert masked("648 edits tried in 7.9 s") == masked("649 edits tried in 0.9 s") != masked("648 edits")


def test_a_document_that_is_out_of_date_is_seen_and_rewritten(tmp_path):
    stale = tmp_path / "stale.md"
    stale.write_text("# One\n\n```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\nThe end.\n")
    assert [(block.written, block.printed) for block in shown(stale)] == [("3\n", "2\n")]
    assert rewrite(stale)
    assert stale.read_text() == "# One\n\n```python\nprint(1 + 1)\n```\n\n```text\n2\n```\n\nThe end.\n"
    assert not rewrite(stale)


def test_a_package_that_nobody_has_is_named(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nimport numpy\nfrom nobody_has_this.part import it\n```\n")
    assert missing(page) == ["nobody_has_this"]


def test_the_first_page_is_short_and_its_links_lead_somewhere():
    assert len(README.read_text().splitlines()) < 200
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            assert target.startswith("http") or (document.parent / target).exists(), f"{document.name}: {target}"


def test_there_are_exactly_two_commands_to_set_up():
    text = README.read_text()
    blocks = [block for block in text.split("```")[1::2] if block.startswith("console")]
    setups = [line for block in blocks for line in block.splitlines() if line.startswith("$ pip install")]
    assert len(setups) == 2
    assert setups[1].removeprefix("$ ") in (ROOT / ".ci" / "run").read_text()


def test_the_table_of_a_run_is_what_the_command_prints():
    """But for the seconds, and the twins, which are there where torch is."""
    text = README.read_text()
    rows = re.findall(r"^correct +(\S+) +(\d+) +(\d)e(-\d+) +no +[\d.]+$", text, re.MULTILINE)
    assert len(rows) >= 2
    for name, examples, digit, exponent in rows:
        report = judge_case(load_cases([f"{CASES}::{name}"])[0], 100, 0)
        floor = show_floor(report.worst_floor)
        assert report.verdict == "correct"
        assert report.examples == int(examples)
        assert 0.1 < float(floor) / float(f"{digit}e{exponent}") < 10, f"{name}: {floor}"
    on_random_shapes = [case for case in load_cases([CASES]) if " on " not in str(case)]
    assert f"\n{len(on_random_shapes)} correct in" in text


def test_the_table_of_ops_names_every_op_of_every_folder():
    """All that is public but networks and training, which docs/training.md lists by what they are for."""
    rows = dict(re.findall(r"^\| `(\w+)/` \| (.*) \|$", (ROOT / "docs" / "library.md").read_text(), re.MULTILINE))
    public = {name: getattr(manual_bp, name).__module__.split(".")[1] for name in manual_bp.__all__}
    ops = {name: folder for name, folder in public.items() if folder not in ("networks", "training", "_mse")}
    assert len(ops) > 90
    assert [name for name, folder in ops.items() if f"`{name}`" not in rows.get(folder, "")] == []


def test_the_proof_table_counts_the_mutants_that_there_are():
    """Their fates are what `tox` asks of a sample."""
    cases = load_cases([CASES])
    found = group_cases(cases)
    groups = found.groups
    mutants = {group.name or str(cases[group.indices[0]]): len(group.edits) for group in groups}
    assert not found.refused
    text = (ROOT / "docs" / "prove-and-fix.md").read_text()
    counts = {name: int(count) for name, count in re.findall(r"^  100% +\d+/\d+  (\S+) +(\d+) ", text, re.MULTILINE)}
    assert len(counts) >= 4
    assert counts == {name: min(mutants[name], SAMPLE) for name in counts}
    assert f"{len(groups)} backwards, {sum(min(count, SAMPLE) for count in mutants.values())} mutants" in text
    assert f"{len(OPERATORS)} operators" in text
