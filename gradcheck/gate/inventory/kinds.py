"""The ways in which a backward pass is written, each recognised by its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .module import Chain, Module, chain_of


@dataclass(frozen=True)
class Backward:
    """A backward pass: how it is written, its name, its lines, and the names one of which a case has to reach.

    ``called_as`` is how it is called from elsewhere where it has no name here: ``torch.ops.mylib.scale``, or a
    primitive of another package that a rule is given for.
    """

    kind: str
    name: str
    line: int
    end: int
    reached_by: tuple[str, ...]
    called_as: Chain = ()


def backwards(module: Module) -> list[Backward]:
    """The backward passes of a module, in the order of their lines."""
    found = [backward for kind in KINDS for backward in kind(module)]
    taken = {name for backward in found if backward.kind == "custom_vjp" for name in backward.reached_by}
    plain = [backward for backward in (*_returned(module), *_by_name(module)) if not taken & set(backward.reached_by)]
    return sorted({*found, *plain}, key=lambda backward: (backward.line, backward.name, backward.kind))


def _functions(module: Module) -> Iterator[Backward]:
    """Subclasses of ``torch.autograd.Function`` that have a backward; of their own subclasses, those that have one."""
    known: set[str] = set()
    for node in module.nodes if "autograd" in module.text else ():
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [chain for base in node.bases if (chain := chain_of(base))]
        if any(_is_function(module.full(base)) or base[-1] in known for base in bases):
            known.add(node.name)
            if any(isinstance(part, ast.FunctionDef) and part.name in ("backward", "vjp") for part in node.body):
                yield Backward("autograd.Function", node.name, node.lineno, _end(node), (node.name,))


def _is_function(full: Chain) -> bool:
    return full[0] == "torch" and "autograd" in full and full[-1] in ("Function", "InplaceFunction")


def _custom_ops(module: Module) -> Iterator[Backward]:
    """Calls of ``register_autograd``: of the library, or of the op itself."""
    named = {
        text: function.name
        for function in module.nodes
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and _last(decorator.func) == "custom_op" and (text := _text(decorator.args))
    }
    for call in _calls(module, "register_autograd"):
        owner = chain_of(call.func.value) if isinstance(call.func, ast.Attribute) else None
        text = _text(call.args) or next((text for text, name in named.items() if owner == (name,)), "")
        own = _names(call.args) | {named.get(text, "")} | ({owner[0]} if owner and len(owner) == 1 else set())
        name = text or (".".join(owner) if owner else "register_autograd")
        known = ("torch", "ops", *text.split("::")) if text else ()
        yield Backward("custom op", name, call.lineno, _end(call), tuple(sorted(own - {""})), known)


def _jax_rules(module: Module) -> Iterator[Backward]:
    """Functions that are given a rule: by ``f.defvjp(forward, backward)``, or by ``custom_gradient``."""
    for call in _calls(module, "defvjp"):
        owner = chain_of(call.func.value) if isinstance(call.func, ast.Attribute) else None
        if owner is None or module.full(owner)[0] == "autograd":
            continue
        reached = {owner[-1], *_names(call.args)}
        yield Backward("custom_vjp", ".".join(owner), call.lineno, _end(call), tuple(sorted(reached)))
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef) and any(_last(d) == "custom_gradient" for d in node.decorator_list):
            yield Backward("custom_gradient", node.name, node.lineno, _end(node), (node.name,))


def _autograd_rules(module: Module) -> Iterator[Backward]:
    """``defvjp(function, rule, ...)`` of HIPS autograd."""
    for word in ("defvjp", "defvjp_argnum", "defvjp_argnums"):
        for call in _calls(module, word):
            full = module.full(chain_of(call.func) or ("",))
            primitive = chain_of(call.args[0]) if call.args else None
            if full[0] == "autograd" and primitive is not None:
                names = _names(call.args[:1])
                known = module.full(primitive)
                yield Backward("defvjp", ".".join(primitive), call.lineno, _end(call), tuple(names), known)


def _returned(module: Module) -> Iterator[Backward]:
    """Functions that return a value and the function that goes back: thinc's layers, and the ops of gradcheck."""
    for node in module.nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inner = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        for part in _own(node):
            if isinstance(part, ast.Return) and isinstance(part.value, ast.Tuple) and len(part.value.elts) == 2:
                last = part.value.elts[1]
                named = isinstance(last, ast.Name) and last.id in inner and _BACK.search(last.id)
                if named or (isinstance(last, ast.Lambda) and _takes_gradient(last)):
                    yield Backward("value and backward", node.name, node.lineno, _end(node), (node.name,))
                    break


def _by_name(module: Module) -> Iterator[Backward]:
    """Pairs of functions that are called alike: ``affine_forward`` and ``affine_backward``."""
    functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    for name, node in functions.items():
        if name.startswith("test"):
            continue
        for back, forward in (("backward", "forward"), ("bwd", "fwd")):
            other = name.replace(back, forward)
            if other != name and other in functions:
                yield Backward("forward and backward", name, node.lineno, _end(node), (name,))


KINDS: tuple[Callable[[Module], Iterator[Backward]], ...] = (_functions, _custom_ops, _jax_rules, _autograd_rules)

_BACK = re.compile(r"back|bwd|vjp|pullback|grad", re.IGNORECASE)
_GRADIENT = re.compile(r"d[A-Z_0-9yxzo]|d$|g$|ct$|cot|grad|delta|dout", re.IGNORECASE)


def _takes_gradient(function: ast.Lambda) -> bool:
    names = [argument.arg for argument in function.args.args]
    return len(names) >= 1 and bool(_GRADIENT.match(names[0]))


def _own(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """What is inside a function, and not inside another one in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def _calls(module: Module, word: str) -> Iterator[ast.Call]:
    if word not in module.text:
        return iter(())
    return (node for node in module.nodes if isinstance(node, ast.Call) and _last(node.func) == word)


def _last(node: ast.AST) -> str:
    """The last part of what is called, or of what decorates."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text(arguments: list[ast.expr]) -> str:
    first = arguments[0] if arguments else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _names(arguments: list[ast.expr]) -> set[str]:
    return {argument.id for argument in arguments if isinstance(argument, ast.Name)}


def _end(node: ast.stmt | ast.expr) -> int:
    return node.end_lineno or node.lineno
