"""What a viewer of Hypothesis's observations is told: one line an example, ours, whoever else listens or writes."""

import json
import threading

import pytest
from hypothesis import configuration, given, settings, strategies
from hypothesis.internal import observability

from gradcheck import Case
from gradcheck.generation.search import search
from gradcheck.protocol import Integers


def doubled(x):
    return 2 * x, lambda dy: (2 * dy,)


def with_labels(x, labels):
    return 2 * x, lambda dy: (2 * dy, None)


CASE = Case(doubled, "(n)->(n)", borders={})


def lines_of(tmp_path, monkeypatch, case, examples=12, on_example=lambda: None):
    monkeypatch.chdir(tmp_path)
    configuration.set_hypothesis_home_dir(tmp_path / "home")
    try:
        search(case, examples, 0, on_example=on_example)
    finally:
        configuration.set_hypothesis_home_dir(None)
    files = [*(tmp_path / "home").rglob("*_testcases.jsonl")]
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_every_example_is_told_to_the_viewer(tmp_path, monkeypatch):
    monkeypatch.setenv("HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY", "1")
    rows = [row for row in lines_of(tmp_path, monkeypatch, CASE) if row["property"] == "doubled"]
    assert len(rows) == 12
    needed = {"type", "run_start", "property", "status", "status_reason", "representation", "arguments"}
    for row in rows:
        assert needed | {"how_generated", "features", "timing", "metadata", "coverage"} == set(row)
        assert row["type"] == "test_case"
        assert row["status"] in ("passed", "gave_up")
        assert row["features"]["size n"] >= 0
    assert {row["features"]["verdict"] for row in rows} >= {"correct"}


def test_a_wrong_example_has_failed(tmp_path, monkeypatch):
    monkeypatch.setenv("HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY", "1")
    wrong = Case(lambda x: (x * x, lambda dy: (3 * x * dy,)), "(n)->(n)", name="wrong")
    rows = lines_of(tmp_path, monkeypatch, wrong)
    assert any(row["status"] == "failed" and row["status_reason"] == "GC301" for row in rows)


@pytest.fixture
def hypothesis_writes(monkeypatch):
    """As Hypothesis is where it was imported with the variable set."""
    monkeypatch.setenv("HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY", "1")
    observability.add_observability_callback(observability._deliver_to_file, all_threads=True)
    yield
    assert observability._callbacks_all_threads == [observability._deliver_to_file]
    observability.remove_observability_callback(observability._deliver_to_file)


def test_what_hypothesis_draws_has_one_line_and_it_knows_the_verdict(tmp_path, monkeypatch, hypothesis_writes):
    judged = []
    picked = Case(with_labels, "(n),(n)->(n)", domains={"labels": Integers(2, "n")}, borders={})
    rows = lines_of(tmp_path, monkeypatch, picked, 60, lambda: judged.append(1))
    assert {row["property"] for row in rows} == {"with_labels"}
    drawn = [row for row in rows if "generate" in row["how_generated"] and "verdict" in row["features"]]
    assert len(drawn) > 10
    assert all("generate:example" in row["timing"] and "judging" in row["timing"] for row in drawn)
    assert len([row for row in rows if "verdict" in row["features"]]) == len(judged)
    refused = [row for row in rows if row["status_reason"] == "no op can be asked at these sizes"]
    assert refused
    assert {row["status"] for row in refused} == {"gave_up"}
    (statistics,) = (tmp_path / "home").rglob("*_info.jsonl")
    assert json.loads(statistics.read_text())["property"] == "with_labels"


def test_a_failure_that_is_drawn_is_told_once(tmp_path, monkeypatch, hypothesis_writes):
    judged = []
    turns = Case(lambda x: (x * x, lambda dy: ((3 if len(judged) > 45 else 2) * x * dy,)), "(n)->(n)", name="turns")
    rows = lines_of(tmp_path, monkeypatch, turns, 60, lambda: judged.append(1))
    failed = [row["how_generated"] for row in rows if row["status"] == "failed"]
    assert failed == ["gradcheck: during generate phase"]


@pytest.mark.parametrize("threads", [False, True])
def test_what_others_tell_meanwhile_is_still_written(tmp_path, monkeypatch, hypothesis_writes, threads):
    @settings(max_examples=2, database=None, derandomize=True)
    @given(strategies.none())
    def of_the_user(nothing):
        pass

    judged = []

    def op(x):
        if len(judged) == 36:  # the planned ones are over
            (in_a_thread(of_the_user) if threads else of_the_user)()
        return doubled(x)

    rows = lines_of(tmp_path, monkeypatch, Case(op, "(n)->(n)", borders={}), 40, lambda: judged.append(1))
    assert {row["property"] for row in rows if row["property"] != "op"} == {"of_the_user"}
    assert len([row for row in rows if row["property"] == "op"]) == 40


def in_a_thread(work):
    def beside():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    return beside


def test_nobody_is_told_who_did_not_ask(tmp_path, monkeypatch):
    monkeypatch.delenv("HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY", raising=False)
    assert lines_of(tmp_path, monkeypatch, CASE, 3) == []
