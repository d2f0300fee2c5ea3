"""Point at the user's own backward: the line that makes the gradient that a finding is about."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.adapters.matching import called
from gradcheck.laws import law_of
from gradcheck.protocol import Argument, Failure, offered
from gradcheck.protocol.arguments import read_parameters
from gradcheck.protocol.running import Ran, record
from gradcheck.protocol.source import Returned, SourceLine, left_behind, returned
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

FRAMEWORKS = ("torch", "jax")


def pointed(trial: Trial, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those about a gradient with the line that makes it; as they are where no source is to be had.

    Asks the op once more, and only where something is wrong.
    """
    if not any(finding.severity is Severity.ERROR for finding in findings):
        return tuple(findings)
    if isinstance(trial.raw, Failure):
        return tuple(replace(f, where=trial.raw.line_of_source) if _of_the_backward(f) else f for f in findings)
    if not any(map(_of_the_backward, findings)):
        return tuple(findings)
    ran = _run(trial)
    unplaced = [_of_the_backward(f) and f.where is None for f in findings]
    pairs = zip(findings, unplaced, strict=True)
    return tuple(replace(f, where=_line(trial, ran, f)) if is_unplaced else f for f, is_unplaced in pairs)


def _of_the_backward(finding: Finding) -> bool:
    law = law_of(finding.code)
    return law is not None and law.of_the_backward


def _run(trial: Trial) -> list[Ran]:
    """What runs of the user's during a vjp; where that is nothing, what runs during the op: it made the gradient."""
    homes = homes_of(trial.case.op)
    answer, before = record(trial.call, homes=homes)
    if isinstance(answer, Failure):
        return []
    _, ran = record(lambda: trial.ask(answer, trial.cotangents), homes=homes)
    return ran or before


def homes_of(op: Callable[..., Any]) -> Collection[str]:
    """The files of the package that the op comes from: the user's own, though it may be installed.

    Of a framework that an adapter drives, the op's own file alone: others run because the adapter calls them.
    """
    module = getattr(op, "__module__", None) or ""
    package = module.partition(".")[0]
    if package == "gradcheck":
        return ()
    if not package:
        return ()
    if package in FRAMEWORKS:
        modules = [m for name, m in list(sys.modules.items()) if name == module]
    else:
        inside = f"{package}."
        modules = [m for name, m in list(sys.modules.items()) if name == package or name.startswith(inside)]
    return frozenset(filter(None, (getattr(module, "__file__", None) for module in modules)))


def _line(trial: Trial, ran: list[Ran], finding: Finding) -> SourceLine | None:
    """The line of the expression that a finding is about."""
    found = _expression(trial, ran, finding.argument)
    return None if found is None else found.line()


def gradient_expressions(trial: Trial) -> dict[str, Returned]:
    """The expression that makes the gradient of each argument, for those that have one that can be told."""
    ran = _run(trial)
    found = {argument.name: _expression(trial, ran, argument.name) for argument in trial.arguments}
    return {name: expression for name, expression in found.items() if expression is not None}


def _expression(trial: Trial, ran: list[Ran], argument: str | None) -> Returned | None:
    """Follow what the outermost function returned, through calls of others, to the gradient that is meant.

    An op whose backward leaves gradients on an object says in ``left`` how the places end.
    """
    left: Any = offered(trial.case.op, "left") or {}
    kept = left_behind(ran, left.get(argument, ()))
    if kept is not None:
        return kept
    found = returned(ran[0]) if ran else None
    path = _path(trial, argument)
    while found is not None:
        part = _part(trial, found, path)
        if part is not None:
            return part
        maker = found.made_by(ran)
        inner = returned(maker) if maker else None
        if inner is None:
            return None if argument in left else found
        found = inner
    return None


def _part(trial: Trial, found: Returned, path: Sequence[Any]) -> Returned | None:
    """The entry of a returned tuple that belongs to one input, and what belongs to one leaf inside it."""
    names = trial.inputs_read.names
    if not path:
        return found if not isinstance(found.resolved().value, ast.Call) else None
    number, *rest = path
    part = found.element(number, len(names)) or _by_parameter(trial, found, names[number])
    moving = [name for name, leaves in zip(names, trial.inputs_read.parts, strict=True) if not _is_data(leaves)]
    if part is None and len(moving) < len(names) and names[number] in moving:
        part = found.element(moving.index(names[number]), len(moving))  # a tuple that leaves constants out
    if part is None and len(moving) == 1 and not isinstance(found.resolved().value, ast.Call | ast.Tuple | ast.List):
        part = found  # a bare gradient, which an adapter makes a tuple of
    if part is None and trial.case.op.__dict__.get("adapter") == "value_and_grad":
        part = found.element(1, 2)
    if part is None and trial.case.op.__dict__.get("adapter") == "steps" and not isinstance(found.value, ast.Call):
        part = found
    for key in rest if part else ():
        part = next((entry for name in called(key) if part and (entry := part.item(name))), part)
    return part


def _is_data(leaves: Sequence[Argument]) -> bool:
    return bool(leaves) and all(leaf.constant for leaf in leaves)


def _by_parameter(trial: Trial, found: Returned, name: str) -> Returned | None:
    """Of a backward that returns something for options too, in the order of the parameters."""
    parameters = [parameter.name for parameter in read_parameters(trial.case.op) or ()]
    return found.element(parameters.index(name), len(parameters)) if name in parameters else None


def _path(trial: Trial, argument: str | None) -> list[Any]:
    """``params['bias'][0]`` as the position of its input and the keys below it; empty where no gradient is meant."""
    if argument is None:
        return []
    for number, (name, nesting) in enumerate(zip(trial.inputs_read.names, trial.inputs_read.nestings, strict=True)):
        if argument == name or argument in nesting.names:
            return [number, *_keys(argument.removeprefix(name))]
    return []


def _keys(text: str) -> list[Any]:
    """``['bias'][0]`` as its keys, None for an attribute."""
    keys: list[Any] = []
    node: ast.expr = ast.parse(f"x{text}", mode="eval").body
    while isinstance(node, ast.Subscript | ast.Attribute):
        constant = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        keys.insert(0, node.slice.value if constant else None)  # type: ignore[union-attr]
        node = node.value
    return keys
