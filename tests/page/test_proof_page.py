"""The pages of `prove` and `fix`: what became of the mutants of each line, and the diffs; every string escaped."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.gate.writers.as_fix_page import as_fix_page
from gradcheck.gate.writers.as_proof_page import as_proof_page
from gradcheck.gate.writers.proof_view import ProofView, percent
from gradcheck.mends import Rewritten, Suggestion
from gradcheck.mends import Settings as FixSettings
from gradcheck.mutants.judging import Fate, Judged
from gradcheck.mutants.proof import Mutant, Proof, Settings
from gradcheck.source.edit import Edit

from ..gate.writers.runs import HOSTILE
from .pages import IMG, OWN, Tags, wrongs_once

TEXT = """def op(x):
    y = x * x  # \f

    def vjp(dy):
        dx = 2 * x * dy
        return (dx,)

    return y, vjp
"""
FILE = "/elsewhere/mine.py"


def mutant(line, fate, *, code="", message="", before="2 * x", after="x", path=FILE, operator="drop-factor"):
    """One edit of a line and its fate."""
    text = TEXT
    lines = text.split("\n")
    start = sum(len(one) + 1 for one in lines[: line - 1]) + lines[line - 1].index(before)
    edit = Edit(operator, "A factor is left out.", path, "op.vjp", line, start, start + len(before), before, after)
    return Mutant(edit, Judged(fate, "op", code, message), text)


MUTANTS = (
    mutant(5, Fate.KILLED, code="GC301"),
    mutant(5, Fate.KILLED, code="GC201", after="3 * x"),
    mutant(5, Fate.SURVIVED, message="its gradient of `x` is another", after="4 * x"),
    mutant(6, Fate.UNREACHED, before="dx", after="-dx"),
)
PROOF = Proof(("op",), MUTANTS, 1.5, frozenset({(FILE, 5), (FILE, 6)}))


def page(*proofs, unedited=(), refused=(), ended=""):
    return as_proof_page(proofs, unedited, refused, Settings(), 3.0, ended)


def test_each_line_says_what_became_of_its_mutants():
    (listing,) = ProofView(PROOF).listings
    found = {line.number: line for line in listing.lines if line}
    assert found[5].counts == {"survived": 1, "killed": 2}
    assert (found[5].word, found[6].word, found[4].word) == ("survived", "unreached", "")
    assert found[5].text == "        dx = 2 * x * dy"
    assert [one.edit.after for one in found[5].holes] == ["4 * x"]
    assert [one.judged.code for one in found[5].others] == ["GC301", "GC201"]


def test_lines_without_a_mutant_are_seen():
    proof = replace(PROOF, lines=PROOF.lines | {(FILE, 8)})
    (listing,) = ProofView(proof).listings
    assert {line.number: line.word for line in listing.lines if line}[8] == "bare"
    assert "none planted" in page(proof)


def test_the_page_shows_the_survivor_with_its_diff_and_the_killed_as_a_list():
    text = page(PROOF)
    tags = Tags(text)
    assert set(tags.found) <= OWN
    assert '<span class="plus">+        dx = 4 * x * dy</span>' in text
    assert text.count("<pre") == 1
    assert text.count("killed by GC") == 2
    assert "no example runs this line" in text
    assert re.search(r"<h1>[^<]*50\.0%</h1>", text)


def test_backwards_with_holes_come_first_and_are_open():
    sound = replace(PROOF, cases=("sound",), mutants=MUTANTS[:2])
    text = page(sound, PROOF)
    assert re.findall(r'class="name">([^<]*)<', text) == ["op", "sound"]
    assert text.count('<details class="case" open>') == 1


def test_every_string_is_escaped():
    texts = (*HOSTILE, IMG)
    planted = [
        replace(
            PROOF,
            cases=(text,),
            mutants=tuple(
                replace(
                    one,
                    edit=replace(one.edit, operator=text, sentence=text, after=text.replace("\udc80", ""), path=text),
                    judged=replace(one.judged, code=text, message=text),
                )
                for one in MUTANTS
            ),
            lines=frozenset({(text, 5)}),
        )
        for text in texts
    ]
    pairs = [(text, text) for text in texts]
    text = page(*planted, unedited=pairs, refused=pairs, ended=IMG)
    tags = Tags(text)
    assert set(tags.found) <= OWN
    assert "script" not in tags.found
    assert not [name for _, name, _ in tags.attributes if name.startswith("on")]
    assert sum(IMG in one for one in tags.texts) > 5
    text.encode()


@pytest.mark.parametrize(("score", "said"), [(None, "none"), (100.0, "100%"), (99.99, "99.9%"), (0.0, "0.0%")])
def test_a_hundred_percent_is_said_only_where_it_is(score, said):
    assert percent(score) == said


def test_a_fix_stands_on_the_page_of_its_case():
    done = wrongs_once()[0]
    edit = MUTANTS[0].edit
    suggestion = Suggestion((edit,), (Rewritten(FILE, TEXT, edit.render(TEXT)),), 60)
    text = as_fix_page("mine.py::doubled", done.report, (suggestion,), FixSettings(), 2.0)
    assert set(Tags(text).found) <= OWN
    assert "A verified fix" in text
    assert "correct at 60 examples" in text
    assert '<span class="minus">-        dx = 2 * x * dy</span>' in text
    assert text.count('<figure class="curve">') == 1
    assert "exit code" not in text
    assert "A verified fix" not in as_fix_page("mine.py", done.report, (), FixSettings(), 2.0)


CASES = """
from gradcheck import Case

def square(x):
    def square_vjp(dy):
        return ({factor} * x * dy,)

    return x * x, square_vjp

case = Case(square, "(n)->(n)")
"""


def test_the_commands_write_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "right.py").write_text(CASES.format(factor=2))
    (tmp_path / "wrong.py").write_text(CASES.format(factor=3))
    words = ["--examples", "3", "--html", "page.html"]
    proved = CliRunner().invoke(main, ["prove", "right.py", "--sample", "2", "--jobs", "1", *words])
    assert proved.exit_code in (0, 1), proved.output
    assert "Would a mistake be seen?" in (tmp_path / "page.html").read_text()
    assert "return (2 * x * dy,)" in (tmp_path / "page.html").read_text()
    mended = CliRunner().invoke(main, ["fix", "wrong.py", "--jobs", "1", *words])
    assert mended.exit_code == 0, mended.output
    assert "+        return (2 * x * dy,)" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize("command", ["prove", "fix"])
@pytest.mark.parametrize(
    ("name", "said"), [("no/folder/x.html", "no folder"), ("mine.py", "Python file"), ("-", "name a file")]
)
def test_a_page_that_cannot_be_written_is_said_first(tmp_path, monkeypatch, command, name, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("open('loaded', 'w')\n")
    ran = CliRunner().invoke(main, [command, "mine.py", "--html", name])
    assert ran.exit_code == 2
    assert said in ran.output
    assert not (tmp_path / "loaded").exists()
