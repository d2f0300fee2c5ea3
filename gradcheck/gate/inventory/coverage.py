"""Which backward passes the cases of some files judge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .kinds import Backward, backwards
from .module import Chain, Module, chain_of, chains_in
from .tree import Place, Tree, top_level

_ASKING = {"Case", "check_vjp", "report_vjp", "check_case", "report_case"}


@dataclass(frozen=True)
class Entry:
    """A backward pass, the file that holds it, and the case files that reach it."""

    file: str
    backward: Backward
    covered_by: tuple[str, ...] = ()

    @property
    def is_covered(self) -> bool:
        """Whether a case judges it."""
        return bool(self.covered_by)


def take_inventory(tree: Tree, cases: Tree) -> list[Entry]:
    """Every backward pass of a tree, in the order of files and lines."""
    known = {module.path for module in tree.modules}
    both = Tree([*tree.modules, *(module for module in cases.modules if module.path not in known)])
    at = {module.path: module for module in both.modules}
    reached = [(module.shown, *_reached(both, at[module.path])) for module in cases.modules]
    entries = []
    for module in sorted(tree.modules, key=lambda module: module.shown):
        for backward in backwards(module):
            needed = _needed(both, module, backward)
            by = [case for case, places, called in reached if needed & places or backward.called_as in called]
            entries.append(Entry(module.shown, backward, tuple(by)))
    return entries


def _needed(tree: Tree, module: Module, backward: Backward) -> set[Place]:
    """The names one of which has to be reached: for what is nested in others, those at the top level."""
    found = {place for name in backward.reached_by for place in tree.resolve(module, (name,))}
    around = top_level(module, backward.line)
    return found or ({(module, around)} if around else set())


def _reached(tree: Tree, module: Module) -> tuple[set[Place], set[Chain]]:
    """All that the cases of a file reach, and the full names of all that is named on the way there."""
    starts: set[Place] = set()
    for call in _questions(module):
        for chain in _named_by(module, call):
            starts |= tree.resolve(module, chain)
    found = tree.reached(starts)
    pairs = [(other, node) for other, name in found for node in other.defined.get(name, ())]
    return found, {other.full(chain) for other, node in (*pairs, (module, module.tree)) for chain in chains_in(node)}


def _questions(module: Module) -> list[ast.Call]:
    """The calls that make a case or judge an op, those of the file's own functions that do so with what they get."""
    makers: set[str] = set()
    found: list[ast.Call] = []
    while True:
        found = [node for node in module.nodes if isinstance(node, ast.Call) and _asks(module, node, makers)]
        new = {
            name
            for name, nodes in module.defined.items()
            for node in nodes
            if isinstance(node, ast.FunctionDef) and any(_hands_on(node, call) for call in found)
        }
        if new <= makers:
            return found
        makers |= new


def _asks(module: Module, call: ast.Call, makers: set[str]) -> bool:
    chain = chain_of(call.func)
    if chain is None:
        return False
    full = module.full(chain)
    is_own = full[0] == "gradcheck" and full[-1] in _ASKING
    is_fixture = chain == ("gradcheck",) and "gradcheck" not in module.imported
    return is_own or is_fixture or (len(chain) == 1 and chain[0] in makers)


def _hands_on(function: ast.FunctionDef, call: ast.Call) -> bool:
    """Whether a function asks about something that it was given."""
    if not any(node is call for node in ast.walk(function)):
        return False
    arguments = function.args
    given = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    return any(chain[0] in given for argument in call.args for chain in chains_in(argument))


def _named_by(module: Module, call: ast.Call) -> Iterator[Chain]:
    """What a question names; where it names something local, all that is named around it at the top level."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    chains = {chain for value in values for chain in chains_in(value)}
    yield from chains
    known = set(module.defined) | set(module.imported)
    strings = any(_last_call(value) == "getattr" for value in values)
    if strings or any(chain[0] not in known for chain in chains):
        around = next((node for node in module.tree.body if any(part is call for part in ast.walk(node))), None)
        if around is not None:
            yield from chains_in(around)
            yield from _by_string(around)


def _by_string(around: ast.AST) -> Iterator[Chain]:
    """``getattr(module, name)`` with every string that stands around it."""
    texts = [node.value for node in ast.walk(around) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for node in ast.walk(around):
        if isinstance(node, ast.Call) and _last_call(node) == "getattr" and node.args:
            owner = chain_of(node.args[0])
            if owner is not None:
                yield from ((*owner, text) for text in texts if text.isidentifier())


def _last_call(node: ast.AST) -> str:
    return getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
