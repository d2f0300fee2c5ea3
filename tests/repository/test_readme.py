"""Every Python example of the README runs, and prints what the README says."""

from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

README = Path(__file__).parents[2] / "README.md"
DOCUMENT = Sybil(parsers=[PythonCodeBlockParser()]).parse(README)
EXAMPLES = list(DOCUMENT.examples())


def test_there_are_examples():
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}")
def test_readme(example):
    """In order, sharing one namespace, as a reader would type them."""
    example.evaluate()


def test_there_are_exactly_two_commands_to_set_up():
    text = README.read_text()
    blocks = [block for block in text.split("```")[1::2] if block.startswith("console")]
    setups = [line for block in blocks for line in block.splitlines() if line.startswith("$ pip install")]
    assert len(setups) == 2
