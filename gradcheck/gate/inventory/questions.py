"""The calls that make a case or judge an op, in case files and in what they import from beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .module import Chain, Module, chain_of, chains_in
from .tree import Place, Tree

_ASKING = {"Case", "check_vjp", "report_vjp", "check_case", "report_case"}

Question = tuple[Module, ast.Call]
"""A call, and the module that it stands in."""


@dataclass
class Questions:
    """The questions of some modules: ``makers`` are the functions there that ask about something they are given."""

    tree: Tree
    modules: Sequence[Module]
    makers: set[Place] = field(default_factory=set)
    _known: dict[tuple[Module, Chain], set[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        while True:
            asked = {module: self._in(module) for module in self.modules}
            new = {
                (module, name)
                for module, calls in asked.items()
                for name, nodes in module.defined.items()
                for node in nodes
                if isinstance(node, ast.FunctionDef) and any(_hands_on(node, call) for call in calls)
            }
            if new <= self.makers:
                self._asked = asked
                return
            self.makers |= new

    def of(self, module: Module) -> Iterator[Question]:
        """Those of a case file, and those in what it names of the other modules."""
        yield from ((module, call) for call in self._asked[module])
        named = {place for chain in set(chains_in(module.tree)) for place in self._resolve(module, chain)}
        beside = {other for other in self.modules if other is not module}
        for other, name in Tree(list(self.modules)).reached({place for place in named if place[0] in beside}):
            for node in other.defined.get(name, ()) if other in beside else ():
                parts = {id(part) for part in ast.walk(node)}
                yield from ((other, call) for call in self._asked[other] if id(call) in parts)

    def _in(self, module: Module) -> list[ast.Call]:
        return [node for node in module.nodes if isinstance(node, ast.Call) and self._asks(module, node)]

    def _asks(self, module: Module, call: ast.Call) -> bool:
        chain = chain_of(call.func)
        if chain is None:
            return False
        full = module.full(chain)
        is_own = full[0] == "gradcheck" and full[-1] in _ASKING
        is_fixture = chain == ("gradcheck",) and "gradcheck" not in module.imported
        return is_own or is_fixture or (bool(self.makers) and not self.makers.isdisjoint(self._resolve(module, chain)))

    def _resolve(self, module: Module, chain: Chain) -> set[Place]:
        if (module, chain) not in self._known:
            self._known[module, chain] = self.tree.resolve(module, chain)
        return self._known[module, chain]


def _hands_on(function: ast.FunctionDef, call: ast.Call) -> bool:
    """Whether a function asks about something that it was given."""
    if not any(node is call for node in ast.walk(function)):
        return False
    arguments = function.args
    given = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    handed = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "op")]
    return any(chain[0] in given for argument in handed for chain in chains_in(argument))


def named_by(module: Module, call: ast.Call) -> Iterator[Chain]:
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
