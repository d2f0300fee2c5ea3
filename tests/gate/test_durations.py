"""Several workers begin with the cases that took longest, and what is said stays in the order of the cases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gradcheck.gate import durations, judging
from gradcheck.gate.durations import Durations
from gradcheck.gate.in_order import in_order
from gradcheck.gate.limits import TIMED
from gradcheck.gate.messages import Asked, Judged
from gradcheck.gate.pool import Outcome
from gradcheck.report.events import CaseDone, CaseName

NAMES = [CaseName("mine.py", name) for name in ("short", "long", "middle")]
SECONDS = {"short": 0.1, "long": 3.0, "middle": 1.0}


@pytest.fixture
def known(tmp_path, monkeypatch):
    """What the last run has kept, in a folder of caches of this test."""
    monkeypatch.setattr(durations, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("")
    Durations().keep((name, SECONDS[name.name]) for name in NAMES)
    return tmp_path / "cache" / "seconds.json"


def test_the_longest_is_begun_first_and_before_it_what_nobody_knows(known):
    assert Durations().longest_first(NAMES) == [1, 2, 0]
    assert Durations().longest_first([*NAMES, CaseName("mine.py", "new"), CaseName("mine.py", "long", 1)])[:3] == [
        3,
        4,
        1,
    ]


def test_the_same_name_in_another_folder_is_another_case(known, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.py").write_text("")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert Durations().longest_first(NAMES) == [0, 1, 2]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": "long"}', '{"a": NaN}', "[" * 100_000])
def test_a_file_that_holds_something_else_is_no_fault(known, text):
    known.write_text(text)
    assert Durations().longest_first(NAMES) == [0, 1, 2]


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path):
    (tmp_path / "file").write_text("")
    kept = Durations(tmp_path / "file")
    kept.keep([(NAMES[0], 1.0)])
    assert kept.longest_first(NAMES) == [0, 1, 2]


def test_only_the_latest_are_kept(known):
    Durations().keep((CaseName("other.py", str(number)), 1.0) for number in range(TIMED - 1))
    found = Durations()
    assert found.longest_first(NAMES) == [0, 1, 2], "the oldest have gone, and are unknown"
    assert len(found._known) == TIMED


def test_works_are_begun_in_one_order_and_answered_in_another():
    begun = []

    def work(number):
        return lambda step: (begun.append(number), step(), number)[-1]

    with ThreadPoolExecutor(1) as threads:
        answers = list(in_order(threads, [work(number) for number in range(3)], [2, 0, 1]))
    assert begun == [2, 0, 1]
    assert answers == [(0, None), (0, 0), (1, None), (1, 1), (2, None), (2, 2)]


class Pool:
    """In the place of the workers: notes which cases they are asked for."""

    def __init__(self, asked, workers):
        self.begun = begun = []
        Pool.begun = begun

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def load(self, source):
        return tuple(tuple(name for name in NAMES if name.target == target) for target in source.targets)

    def judge(self, source, place, first, on_example):
        self.begun.append(NAMES[place].name)
        return Outcome(Judged(error="not judged"), 9.0 - place)


@pytest.mark.parametrize(("workers", "begun"), [(1, ["short", "long", "middle"]), (2, ["long", "middle", "short"])])
def test_a_run_of_several_workers_begins_with_the_longest(known, tmp_path, monkeypatch, workers, begun):
    monkeypatch.setattr(judging, "Pool", Pool)
    monkeypatch.setattr(judging, "ThreadPoolExecutor", lambda workers, **more: ThreadPoolExecutor(1))
    said = []
    judging.judge_all(["mine.py"], Asked(1, 0, 1.0), said.append, workers=workers)
    assert Pool.begun == begun
    assert [event.case for event in said if isinstance(event, CaseDone)] == NAMES
    assert Durations().longest_first(NAMES) == ([0, 1, 2] if workers == 2 else [1, 2, 0]), "what it took this time"
