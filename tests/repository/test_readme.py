"""Every Python example of the README runs, and prints what the README says."""

import contextlib
import io
import re
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from gradcheck.gate.loading import load_cases
from gradcheck.mutation import OPERATORS
from gradcheck.mutation.proving import Settings, group_cases

README = Path(__file__).parents[2] / "README.md"


def masked(text):
    """Error bounds and floors are given to one digit, and that digit may differ between processors."""
    return re.sub(r"\de-\d\d", "*", " ".join(text.split()))


def same_output(example):
    """A text block is what the Python block above it printed."""
    assert masked(example.parsed) == masked(example.namespace["printed"])


DOCUMENT = Sybil(parsers=[PythonCodeBlockParser(), CodeBlockParser(language="text", evaluator=same_output)]).parse(
    README
)
EXAMPLES = list(DOCUMENT.examples())


def test_every_example_runs_and_prints_what_is_written():
    """In order, sharing one namespace, as a reader would type them."""
    for example in EXAMPLES:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            example.evaluate()
        if out.getvalue():
            example.namespace["printed"] = out.getvalue()
    assert len(EXAMPLES) >= 8
    assert "printed" in EXAMPLES[-1].namespace


def test_the_comparison_can_fail():
    assert masked("ratio 3 ± 7e-15") == masked("ratio  3 ± 6e-14")
    assert masked("ratio 3") != masked("ratio 2")


def test_there_are_exactly_two_commands_to_set_up():
    text = README.read_text()
    blocks = [block for block in text.split("```")[1::2] if block.startswith("console")]
    setups = [line for block in blocks for line in block.splitlines() if line.startswith("$ pip install")]
    assert len(setups) == 2
    assert setups[1].removeprefix("$ ") in (README.parent / ".ci" / "run").read_text()


def test_the_proof_table_counts_the_mutants_that_there_are():
    """Their fates are what `tox -e prove` asks of a sample."""
    cases = load_cases([str(README.parent / "tests" / "cases.py")])
    groups, refused = group_cases(cases, Settings())
    mutants = {str(cases[group.indices[0]]): len(group.edits) for group in groups}
    assert not refused
    text = README.read_text()
    shown = {name: int(count) for name, count in re.findall(r"^  100%  (\S+) +(\d+) ", text, re.MULTILINE)}
    assert len(shown) >= 4
    assert shown == {name: mutants[name] for name in shown}
    assert f"{len(groups)} backwards, {sum(mutants.values())} mutants" in text
    assert f"{len(OPERATORS)} operators" in text
