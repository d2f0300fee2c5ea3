"""Each operator makes the edits that its row says and no other; all edits are programs, and none is made twice."""

import ast

import pytest

from gradcheck.mutants import OPERATORS, edits_of
from gradcheck.source.edit import render

from .small import backward_of, edits, operator_named, source_of
from .table import ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operator)
def test_an_operator_makes_these_edits(row):
    found = edits([operator_named(row.operator)], row.body)
    assert tuple(f"{edit.before} -> {edit.after}" for edit in found) == row.edits


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operator)
def test_an_operator_leaves_its_near_miss_alone(row):
    assert edits([operator_named(row.operator)], row.near_miss) == []


def test_every_operator_has_a_row_a_name_and_a_sentence():
    assert [row.operator for row in ROWS] == [operator.name for operator in OPERATORS]
    assert len({operator.name for operator in OPERATORS}) == len(OPERATORS) >= 20
    assert all(operator.sentence.endswith(".") for operator in OPERATORS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operator)
def test_all_edits_of_all_operators_are_other_programs(row):
    source = source_of(row.body)
    texts = [edit.render(source.text) for edit in edits(OPERATORS, row.body)]
    assert len(set(texts)) == len(texts)
    original = ast.dump(ast.parse(source.text))
    assert all(ast.dump(ast.parse(text)) != original for text in texts)


@pytest.mark.parametrize(
    ("body", "operator", "line"),
    [
        ("return dy / (x - w), w", "swap-operands", "return dy / (w - x), w"),
        ("return dy * x @ w, w", "swap-operands", "return w @ (dy * x), w"),
        ("return -(x * w) ** 2 * dy, w", "drop-factor", "return -(x) ** 2 * dy, w"),
        ("return (x + w).T @ dy, w", "drop-term", "return (x).T @ dy, w"),
        ("return dy - x.dot(w + 1), w", "drop-matrix", "return dy - (w + 1), w"),
        ("dw = () if w is None else (x * dy,)\nreturn dy, *dw", "one-branch", "dw = ()"),
    ],
)
def test_parentheses_are_set_where_they_are_needed(body, operator, line):
    found = edits([operator_named(operator)], body)
    source = source_of(body)
    assert f"        {line}" in [text for edit in found for text in edit.render(source.text).splitlines()]


def test_guards_annotations_and_docstrings_are_left_alone():
    body = '''
        """x + w, y - 1"""
        if x.shape[0] > w.shape[0]:
            raise ValueError(f"{x - w}")
        assert x.shape[0] == w.shape[0]
        z: "x + w"
        return None
    '''
    assert {edit.operator for edit in edits(OPERATORS, body)} <= {"cotangent-in-place"}


def test_what_only_the_backward_reads_is_edited_in_the_forward_too():
    forward = ("mask = x > 0", "scale = x + 2", "y = x * mask * scale", "kept = x >= 1", "", "def op_vjp(dy):", "")
    head = "def op(x):\n    " + "\n    ".join(forward).rstrip(" ")
    found = edits(OPERATORS, "return (dy * kept * scale,)", head=head)
    lines = {edit.line for edit in found if edit.function == "op"}
    assert lines == {5}, "only `kept` is read by the backward alone"
    assert "x > 1" in {edit.after for edit in found}


def test_a_name_is_not_used_before_it_has_a_value():
    found = edits([operator_named("other-name")], "a1 = dy * x\nb = a1 * w\na2 = b + 1\nreturn a2")
    assert ("a1", "a2") not in {(edit.before, edit.after) for edit in found if edit.line < 13}
    assert ("a2", "a1") in {(edit.before, edit.after) for edit in found}


def test_edits_of_a_helper_know_no_cotangent():
    source = source_of(
        "return (slope(dy),)",
        head="def slope(z):\n    return z * 2\n\n\ndef op(x):\n    y = x\n\n    def op_vjp(dy):\n",
    )

    found = edits_of(backward_of(source, "op_vjp", "slope"), source)
    assert {edit.function for edit in found} == {"op.<locals>.op_vjp", "slope"}
    ignoring = [edit for edit in found if edit.operator == "absolute-cotangent"]
    assert [edit.function for edit in ignoring] == ["op.<locals>.op_vjp"]


def test_a_diff_shows_the_one_line():
    (edit,) = edits([operator_named("drop-transpose")], "return dy @ w.T, x")
    diff = edit.diff(source_of("return dy @ w.T, x").text)
    assert "-        return dy @ w.T, x\n+        return dy @ w, x\n" in diff
    assert diff.startswith("--- a/small.py\n+++ b/small.py\n@@")


def test_line_ends_and_other_letters_stay_as_they_are():
    body = "größe = x * w  # Größe\nreturn größe * dy, x"
    source = source_of(body)
    for edit in edits([operator_named("drop-factor")], body):
        assert edit.render(source.text).count("größe") >= 1
        assert "# Größe" in edit.render(source.text)


def test_two_edits_can_be_made_at_once_unless_they_overlap():
    body = "return dy @ w.T, x.T"
    first, second = edits([operator_named("drop-transpose")], body)
    text = source_of(body).text
    assert "return dy @ w, x\n" in render(text, (second, first))
    with pytest.raises(ValueError, match="overlap"):
        render(text, (first, first))
