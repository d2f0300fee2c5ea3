"""The last failure of a case is judged first when it is run again; what is kept lies in the user's cache folder."""

import os
import re

import numpy as np
import pytest
from click.testing import CliRunner

from gradcheck import Case
from gradcheck.gate.cli import main
from gradcheck.gate.remembered import Remembered
from gradcheck.generation import storage

RARE = """
import numpy as np
from gradcheck import Case


def sine(x):
    def sine_vjp(dy):
        dx = np.cos(x) * dy
        dx[(x > {low}) & (x < {high})] = 0
        return (dx,)

    return np.sin(x), sine_vjp


case = Case(sine, "(3)->(3)")
"""


def run(*arguments):
    result = CliRunner().invoke(main, ["run", "mine.py", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    return lambda low, high: (tmp_path / "mine.py").write_text(RARE.format(low=low, high=high))


def test_a_failure_is_found_again_at_a_seed_that_misses_it(file, tmp_path):
    file(0.6, 0.64)
    codes = {seed: run("--examples", "3", "--seed", str(seed))[0] for seed in range(8)}
    assert codes[0] == 0
    found = next(seed for seed in range(3, 60) if run("--examples", "3", "--seed", str(seed))[0] == 1)
    code, output = run("--examples", "3", "--seed", "0")
    assert code == 1, output
    file(7.0, 7.0)
    assert run("--examples", "3", "--seed", "0")[0] == 0, "mended"
    file(0.6, 0.64)
    assert run("--examples", "3", "--seed", "0")[0] == 0, "and forgotten"
    assert found >= 3


def test_two_runs_of_one_seed_print_the_same(file):
    file(-9, 9)
    outputs = [run("--examples", "20")[1] for _ in range(3)]
    rows = [re.sub(r"\d+\.\d+( s)?$", "", output, flags=re.MULTILINE) for output in outputs]
    assert rows[0] == rows[1] == rows[2]


def test_nothing_is_left_in_the_working_directory(file, tmp_path):
    file(-9, 9)
    run("--examples", "60")
    assert sorted(os.listdir(tmp_path)) in (["cache", "mine.py"], ["__pycache__", "cache", "mine.py"])


def test_a_folder_that_cannot_be_written_is_done_without(file, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    file(-9, 9)
    assert run("--examples", "20")[0] == 1
    file(7, 7)
    assert run("--examples", "60")[0] == 0


def test_a_token_that_fits_no_longer_is_passed_over(tmp_path):
    def sine(x):
        return np.sin(x), lambda dy: (np.cos(x) * dy,)

    kept, case = Remembered(tmp_path), Case(sine, "(n)->(n)")
    kept.keep("mine.py", case, 0, "nonsense")
    assert kept.examples("mine.py", case, 0) == []
    assert kept.tokens("mine.py", case, 0) == ["nonsense"]
    kept.keep("mine.py", case, 0, "other")
    assert kept.tokens("mine.py", case, 0) == ["other"]
    assert kept.tokens("mine.py", case, 1) == []
    kept.keep("mine.py", case, 0, None)
    assert os.listdir(tmp_path) == []


def test_the_cache_folder_is_that_of_the_platform(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert storage.cache_folder().parts[-2:] == ("somewhere", "gradcheck")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(storage.sys, "platform", "darwin")
    assert storage.cache_folder().parts[-3:] == ("Library", "Caches", "gradcheck")
    monkeypatch.setattr(storage.sys, "platform", "linux")
    assert storage.cache_folder().parts[-2:] == (".cache", "gradcheck")


def test_hypothesis_tells_its_observers_of_what_is_drawn():
    from hypothesis.internal import observability

    from gradcheck import report_case

    def sine(x):
        return np.sin(x), lambda dy: (np.cos(x) * dy,)

    seen = []
    with observability.with_observability_callback(seen.append):
        report_case(Case(sine, "(n)->(n)"), examples=25)
    told = [one for one in seen if one.type == "test_case"]
    assert len(told) >= 8
    assert {one.features["gradcheck verdict"] for one in told} == {"correct"}
