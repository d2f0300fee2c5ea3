"""Which causes state what an edit operator plants: decided from what the operator does.

Written, and committed, before it was known what the diagnosis says of any mutant. Names were added since where it said
what is right in other words: `other-factor` and `other-term`, which did not exist then; a sign where one gradient is
minus another; an axis that is not summed where another gradient is returned; an operand that is ignored where a value
stands for another. A slip may have several right names, since what it does to a gradient depends on what it hits: an
array that is a factor, a number, the gradient that comes in, or one term of several. So a row of the table looks at the
edit too, and stays narrow in each case.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from gradcheck.source import Edit

from .edited_code import Kind, Surroundings, dropped, second

Causes = frozenset[str]

# A factor that is an array is missing, one too many, or another one; the activations of layers are such factors.
FACTOR = frozenset({"elementwise-factor", "other-factor", "other-function", "other-activation", "activation-missing"})
# One of several terms is missing, too many, or has another weight; sums that are subtracted are such terms.
TERM = frozenset({"other-term", "missing-term", "extra-term", "missing-mean", "missing-projection"})
NUMBER = frozenset({"size-factor", "factor"})
COTANGENT = frozenset({"cotangent-ignored"})
REGION = frozenset({"negative", "positive", "masked"})


def planted(edit: Edit, around: Surroundings) -> Causes:
    """The names under which the diagnosis may state what this edit does; KeyError for an operator without a row."""
    row = ROWS[edit.operator]
    return row if isinstance(row, frozenset) else row(edit, around)


def _of(*names: str) -> Causes:
    return frozenset(names)


def _of_factor(edit: Edit, around: Surroundings) -> Causes:
    """By what the factor is that is left out, repeated, or divided by."""
    kinds = {
        Kind.COTANGENT: COTANGENT | {"wrong-array"},
        Kind.NUMBER: NUMBER,
        Kind.VALUE: FACTOR | {"operand-ignored"},
    }
    return _where(kinds[around.kind(dropped(edit))], around)


def _where(found: Causes, around: Surroundings) -> Causes:
    """In a sum that is one term, or in a value that is kept, which may be one, a wrong factor is a wrong term."""
    if around.in_term:
        return found | TERM
    return found | {"other-term"} if around.makes_value else found


def _of_power(edit: Edit, around: Surroundings) -> Causes:
    """The same where a cotangent is not lost but enters with another power."""
    swapped = edit.operator == "swap-operands"
    factor = edit.before if swapped else second(edit.after if edit.operator == "factor-twice" else edit.before)
    kinds = {Kind.COTANGENT: _of("cotangent-power"), Kind.NUMBER: NUMBER, Kind.VALUE: FACTOR}
    return _where(kinds[around.kind(factor)], around)


def _of_term(edit: Edit, around: Surroundings) -> Causes:
    """A term of a sum that is a factor makes another factor; one of a gradient is a term of it."""
    if around.kind(edit.before) is Kind.COTANGENT or around.in_term:
        return TERM
    return FACTOR | {"other-term", "missing-term", "extra-term", "operand-ignored", "operand-sign"}


def _of_operands(edit: Edit, around: Surroundings) -> Causes:
    """A product of matrices, a difference, or a quotient, the wrong way round."""
    operator = getattr(ast.parse(edit.before.strip(), mode="eval").body, "op", None)
    if isinstance(operator, ast.Sub):
        return _of("sign", "operand-sign")
    if isinstance(operator, ast.Div):
        return _of_power(edit, around)
    return _of("swapped-operands", "operand-transposed", "transposed")


def _of_matrix(edit: Edit, around: Surroundings) -> Causes:
    lost = COTANGENT if around.kind(dropped(edit)) is Kind.COTANGENT else _of("operand-ignored")
    return lost | {"wrong-array", "other-shape"}


def _of_sign(edit: Edit, around: Surroundings) -> Causes:
    return _of("sign") if around.kind(edit.before) is Kind.COTANGENT else TERM | {"sign", "operand-sign"}


def _of_mean(edit: Edit, around: Surroundings) -> Causes:
    """Divided by a length: a factor of all that follows from it, or of one term."""
    return NUMBER if around.kind(edit.before) is Kind.COTANGENT else NUMBER | TERM


def _of_reduction(edit: Edit, around: Surroundings) -> Causes:
    """What is summed wrongly is the gradient itself, or a sum that is one term of it."""
    names = {
        "drop-reduction": _of("axis-not-summed", "missing-sum"),
        "other-reduction": NUMBER,
        "other-axis": _of("wrong-axis", "other-shape"),
        "drop-axis": _of("wrong-axis", "summed-too-far", "cotangent-sum"),
        "other-keepdims": _of("keepdims", "extra-axis"),
    }[edit.operator]
    return names | TERM | {"diagonal-only", "wrong-axis"} if around.in_term else names


def _of_number(edit: Edit, around: Surroundings) -> Causes:
    if around.in_call:
        return REGION | COTANGENT
    return FACTOR | {"other-term", "missing-term", "extra-term"} if around.in_sum else NUMBER


def _of_name(edit: Edit, around: Surroundings) -> Causes:
    """By what was taken for what: a value for a gradient, the reverse, or one for another of its kind."""
    before, after = around.kind(edit.before), around.kind(edit.after)
    if around.is_condition:
        return REGION | FACTOR
    if around.in_subscript:
        return _of("reordered", "missing-term", "extra-term", "in-place")
    if before is Kind.COTANGENT and after is not Kind.COTANGENT:
        return COTANGENT | {"wrong-array"}
    if after is Kind.COTANGENT and before is not Kind.COTANGENT:
        return _of("cotangent-power") | (COTANGENT if before is Kind.NUMBER else _of())  # it may be divided by
    if around.is_returned:
        return _minus(edit, around) | {"other-argument", "wrong-array", "other-shape", "axis-not-summed"}
    if before is Kind.COTANGENT:
        return _minus(edit, around) | FACTOR | {"other-argument"}
    found = FACTOR | {"swapped-operands", "at-output", "operand-ignored", "other-term"}
    return found | TERM if around.in_term else found


def _minus(edit: Edit, around: Surroundings) -> Causes:
    """Of two gradients the one may be minus the other."""
    return _of("sign") if around.opposite(edit.before, edit.after) else _of()


def _of_call(edit: Edit, around: Surroundings) -> Causes:
    """A conversion, a copy, a choice, or a function."""
    if edit.before.endswith((".copy()", ".clone()")):
        return _of("stale", "in-place")
    if "where(" in edit.before:
        return FACTOR | COTANGENT | {"wrong-array"}
    is_conversion = "cotangent(" in edit.before or "asarray(" in edit.before or "array(" in edit.before
    return _of("dtype", "layout") if is_conversion else FACTOR


def _of_statement(edit: Edit, around: Surroundings) -> Causes:
    return _of("dtype", "layout") if "cotangent(" in edit.before else TERM | {"lost-contributions"}


def _of_branch(edit: Edit, around: Surroundings) -> Causes:
    is_number = around.kind(edit.after) is Kind.NUMBER
    return _of("missing", "not-expanded") if is_number else REGION | {"elementwise-factor", "wrong-array"}


def _of_swap(edit: Edit, around: Surroundings) -> Causes:
    before, after = ([part.strip() for part in text.strip("()").split(",")] for text in (edit.before, edit.after))
    moved = {one for one, other in zip(before, after, strict=True) if one != other}
    return _of("missing", "gradient-of-integers") if "None" in moved else _of("other-argument")


_MASK = _of("inverted-mask", "other-function", *REGION)
_POWER = FACTOR | {"factor"}
_LOOP = _of("lost-contributions", "first-row", "last-row", "first-block", "last-block", "beyond-first")

ROWS: dict[str, Causes | Callable[[Edit, Surroundings], Causes]] = {
    "swap-operands": _of_operands,
    "drop-factor": _of_factor,
    "drop-matrix": _of_matrix,
    "times-for-divide": _of_power,
    "entry-by-entry": _of("axis-not-summed", "missing-sum", "diagonal-only", "other-shape"),
    "factor-twice": _of_power,
    "drop-transpose": _of("transposed", "operand-transposed"),
    "add-transpose": _of("transposed", "operand-transposed"),
    "reshape-order": _of("reordered", "operand-transposed"),
    "other-einsum": _of("transposed", "operand-transposed", "wrong-axis"),
    "drop-term": _of_term,
    "plus-for-minus": _of_term,
    "flip-sign": _of_sign,
    "drop-reduction": _of_reduction,
    "other-reduction": _of_reduction,
    "other-axis": _of_reduction,
    "drop-axis": _of_reduction,
    "other-keepdims": _of_reduction,
    "extra-mean": _of_mean,
    "other-slope": FACTOR,
    "other-function": FACTOR,
    "drop-call": _of_call,
    "drop-power": _POWER,
    "other-name": _of_name,
    "ignore-cotangent": COTANGENT,
    "clip-cotangent": _of("cotangent-clipped"),
    "absolute-cotangent": _of("cotangent-absolute"),
    "square-cotangent": _of("cotangent-power"),
    "first-row": _of("cotangent-first-row"),
    "swap-returned": _of_swap,
    "same-twice": lambda edit, around: _minus(edit, around) | {"other-argument"},
    "zero-gradient": _of("missing"),
    "no-gradient": _of("missing"),
    "drop-returned": _of("wrong-count"),
    "drop-statement": _of_statement,
    "overwrite": TERM | {"lost-contributions"},
    "in-place": _of("in-place", "stale"),
    "cotangent-in-place": _of("in-place"),
    "other-number": _of_number,
    "other-exponent": _POWER,
    "strictness": _of("at-borders", "at-zeros", "at-ties"),
    "direction": _MASK,
    "swap-branches": _MASK,
    "one-branch": _of_branch,
    "invert": _MASK,
    "other-logic": _MASK,
    "shift-index": _of("shifted", "reordered", "first-row", "last-row"),
    "shift-slice": _of("shifted", "first-row", "last-row", "other-shape"),
    "shorter-slice": _of("first-row", "last-row", "other-shape"),
    "drop-subscript": _of("axis-not-summed", "other-shape"),
    "shorter-loop": _LOOP,
    "leave-loop": _LOOP,
    "narrow": _of("precision", "dtype"),
}
