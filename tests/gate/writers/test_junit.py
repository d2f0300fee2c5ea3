"""JUnit XML: one testcase a case, nothing green but what is correct, and nothing that a strict schema refuses."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gradcheck.gate.writers.as_junit import as_junit
from gradcheck.report.events import CaseDone, CaseName

from .conftest import ALL
from .runs import HOSTILE, correct, error, inconclusive, run_of, wrong

SCHEMA = Path(__file__).parent / "junit_strict.xsd"


def complaints(text):
    """What the strict schema says against a document."""
    etree = pytest.importorskip("lxml.etree", reason="of the test extra")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.validate(etree.fromstring(text.encode()))
    return [str(entry.message) for entry in schema.error_log]


def test_each_case_is_a_testcase_and_ends_as_it_did(case_file, gate, tmp_path):
    case_file(ALL)
    ran = gate("mine.py", "--junit", "junit.xml")
    assert ran.exit_code == 1, ran.stderr
    text = (tmp_path / "junit.xml").read_text()
    assert complaints(text) == []
    suites = ElementTree.fromstring(text)
    (suite,) = suites
    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors")) == (
        "mine.py",
        "5",
        "2",
        "2",
    )
    ended = {case.get("name"): [(child.tag, child.get("type")) for child in case] for case in suite.iter("testcase")}
    assert ended == {
        "right": [],
        "bad": [("failure", "GC301")],
        "linear": [("failure", "GC301")],
        "vacuous": [("error", "inconclusive")],
        "broken": [("error", "error")],
    }
    assert "again: gradcheck replay" in suite.find("testcase[@name='bad']/failure").text


def test_what_a_baseline_lists_passes_and_its_suite_says_why():
    known = replace(wrong("bad"), known="ticket 7, until 9999-01-01")
    text = as_junit(*run_of(known, correct("right")))
    assert complaints(text) == []
    (suite,) = ElementTree.fromstring(text)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "0")
    assert all(len(case) == 0 for case in suite.iter("testcase"))
    assert suite.find("system-out").text.startswith("known, ticket 7, until 9999-01-01: wrong: bad")


def test_hostile_names_are_characters_that_xml_allows():
    cases = [*map(wrong, HOSTILE), *(error(name, name) for name in HOSTILE), *map(correct, HOSTILE)]
    cases += [wrong("x", message=text) for text in HOSTILE]
    text = as_junit(*run_of(*cases))
    assert complaints(text) == []
    names = [case.get("name") for case in ElementTree.fromstring(text).iter("testcase")]
    assert names[0] == HOSTILE[0]
    assert names[3] == r"\x1b[31mred\x07\x00\x9b"


def test_a_strict_schema_refuses_what_other_writers_write():
    text = as_junit(*run_of(correct()))
    assert complaints(text) == []
    assert complaints(text.replace("<testsuites>", '<testsuites name="all">')) != []
    assert complaints(text.replace(' time="0.125" />', ' time="0.125"><properties /></testcase>')) != []


def test_what_was_not_reached_is_no_success():
    text = as_junit(*run_of(correct(), left=(CaseName("mine.py", "left"),), interrupted=True))
    (left,) = ElementTree.fromstring(text).iterfind(".//testcase[@name='left']/error")
    assert left.get("type") == "not run"


def test_namesakes_are_told_apart_and_targets_are_suites():
    other = CaseDone(CaseName("pkg/sub/other.py", "a"), 0.0, correct().report)
    text = as_junit(*run_of(correct("a"), correct("a", 1), other, inconclusive()))
    found = [(case.get("classname"), case.get("name")) for case in ElementTree.fromstring(text).iter("testcase")]
    assert found == [("mine", "a"), ("mine", "a #2"), ("mine", "vague"), ("pkg.sub.other", "a")]
    assert complaints(text) == []
