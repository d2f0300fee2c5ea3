"""Which backward passes the cases of some files judge."""

from __future__ import annotations

from dataclasses import dataclass

from .kinds import Backward, backwards
from .module import Chain, Module, chains_in
from .questions import Questions, named_by
from .tree import Place, Tree, read_beside, top_level


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
    """Every backward pass of a tree, in the order of files and lines.

    What the case files import from beside them is read too, since a function that makes cases may stand there.
    """
    helpers = read_beside(cases)
    cases.unread += [why for why in helpers.unread if why not in (*tree.unread, *cases.unread)]
    asking = list({module.path: module for module in (*cases.modules, *helpers.modules)}.values())
    known = {module.path for module in tree.modules}
    both = Tree([*tree.modules, *(module for module in asking if module.path not in known)])
    at = {module.path: module for module in both.modules}
    questions = Questions(both, [at[module.path] for module in asking])
    reached = [(module.shown, *_reached(both, questions, at[module.path])) for module in cases.modules]
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


def _reached(tree: Tree, questions: Questions, module: Module) -> tuple[set[Place], set[Chain]]:
    """All that the cases of a file reach, and the full names of all that is named on the way there."""
    starts: set[Place] = set()
    for asking, call in questions.of(module):
        for chain in named_by(asking, call):
            starts |= tree.resolve(asking, chain)
    found = tree.reached(starts)
    pairs = [(other, node) for other, name in found for node in other.defined.get(name, ())]
    return found, {other.full(chain) for other, node in (*pairs, (module, module.tree)) for chain in chains_in(node)}
