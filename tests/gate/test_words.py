"""`gradcheck explain WORD`: every word has its sentences and an example that prints what it shows."""

import re
import textwrap

import pytest
from click.testing import CliRunner

from gradcheck.explanations import WORDS, codes, typed
from gradcheck.gate.cli import main

IN_REPORTS = [
    "cotangent", "vjp", "floor", "noise", "kink", "tangent", "op", "case", "hazard", "doubt", "singular", "twin",
    "vacuous", "verdict", "finding", "note", "law", "cause", "made", "signature", "example", "seed", "subgradient",
    "mutant", "grade", "adapter",
]  # fmt: skip


def explained(*arguments):
    result = CliRunner().invoke(main, ["explain", *arguments])
    return result.exit_code, result.output


def test_the_words_that_reports_use_are_there():
    assert set(IN_REPORTS) <= {word.name for word in WORDS}


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_the_example_prints_what_it_shows(word):
    assert typed(word.example) == textwrap.dedent(word.example).strip()
    assert ">>>" in word.example
    assert 1 <= len(re.findall(r"[a-z`')]\.(?: |$)", word.means)) <= 4  # sentences
    status, output = explained(word.name)
    assert status == 0
    assert output.startswith(f"{word.name}: ")
    assert max(map(len, output.splitlines())) <= 120


def test_an_example_that_no_longer_holds_is_seen():
    assert typed(">>> 1 + 1\n3") == ">>> 1 + 1\n2"


def test_no_spelling_means_two_things():
    spellings = [spelling.lower() for word in WORDS for spelling in (word.name, *word.also)]
    assert len(set(spellings)) == len(spellings)
    assert not set(spellings) & {code.lower() for code in codes()}


@pytest.mark.parametrize(
    ("asked", "near"), [("nosie", "noise"), ("cotangnet", "cotangent"), ("GC310", "GC301"), ("tangentt", "tangent")]
)
def test_an_unknown_word_lists_the_nearest(asked, near):
    status, output = explained(asked)
    assert status == 2
    assert near in output
    assert len(output.splitlines()) == 1


def test_other_spellings_lead_to_the_same_words():
    assert explained("Kinks")[1] == explained("kink")[1]
    assert explained("vector-Jacobian product")[1] == explained("vjp")[1]


def test_the_list_holds_the_words():
    output = " ".join(explained()[1].split())
    assert all(word.name in output for word in WORDS)
