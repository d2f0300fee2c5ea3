"""Which cases a file holds: every one at module level, however it is kept there."""

import pytest

from gradcheck.errors import CaseFileError
from gradcheck.gate.loading import load_cases

HEAD = "from gradcheck import Case\n\n\ndef op(x):\n    return x, lambda dy: (dy,)\n\n\n"
CASE = "Case(op, '(n)->(n)', name='{}')"


@pytest.fixture
def names(tmp_path):
    """Write a file with this table, and name the cases that are found in it."""

    def found(table):
        (tmp_path / "kept.py").write_text(HEAD + table)
        return [str(case) for case in load_cases([str(tmp_path / "kept.py")])]

    return found


@pytest.mark.parametrize(
    "table", ["{}", "[{}]", "({},)", "dict(key={})", "[[{}]]", "set([{}])", "frozenset([{}])", "dict(key=[({},)])"]
)
def test_a_case_counts_wherever_it_is_kept(names, table):
    assert names("table = " + table.format(CASE.format("a"))) == ["a"]


def test_the_order_is_that_of_the_file(names):
    table = f"b = [{CASE.format('b')}, {{'k': {CASE.format('c')}}}]\na = {CASE.format('a')}\nagain = [a, b]\n"
    assert names(table) == ["b", "c", "a"]
    several = ", ".join(CASE.format(letter) for letter in "dbca")
    assert names(f"kept = {{{several}}}") == ["a", "b", "c", "d"]


def test_a_table_that_holds_itself_is_read_once(names):
    assert names(f"table = [{CASE.format('a')}]\ntable.append(table)\n") == ["a"]


def test_large_tables_of_numbers_are_no_hindrance(names):
    assert names(f"numbers = [[0.0] * 1000] * 1000\na = {CASE.format('a')}") == ["a"]


def test_what_is_in_no_container_is_not_found(names):
    with pytest.raises(CaseFileError, match="holds no case"):
        names(f"class Kept:\n    a = {CASE.format('a')}\n")
