"""Every example of a docstring runs and prints what it says."""

import doctest
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import gradcheck
import manual_bp

PACKAGES = [gradcheck, manual_bp, import_module("reference")] if find_spec("torch") else [gradcheck, manual_bp]


def modules():
    """The modules in whose text there is an example."""
    for package in PACKAGES:
        root = Path(package.__file__).parent
        for file in sorted(root.rglob("*.py")):
            # examples of words are text that `explain` prints, run by tests/gate/test_words.py
            if ">>> " in file.read_text() and file.parent.name != "words":
                parts = file.relative_to(root.parent).with_suffix("").parts
                yield ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("name", [*modules()])
def test_the_examples_of_a_module(name):
    for framework, adapter in (("torch", "gradcheck.adapters.pytorch"), ("jax", "gradcheck.adapters.jax")):
        if name.startswith(adapter):
            pytest.importorskip(framework)
    found = doctest.testmod(import_module(name))
    assert found.attempted
    assert not found.failed


def test_there_are_examples_and_a_false_one_fails():
    assert len(list(modules())) > 15
    runner = doctest.DocTestRunner(verbose=False)
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "false", None, 0)
    assert runner.run(example, out=lambda text: None).failed == 1
