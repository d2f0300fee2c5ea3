"""The proof: with the true value in the place of a wrong one, everything that follows is right."""

from __future__ import annotations

from .decide import Suspicion
from .history import Version
from .limits import TRUTHS
from .put_right import put_right_for_now
from .states import Run, State
from .truth import Truth


def puts_right(run: Run, suspicion: Suspicion, version: Version) -> bool:
    """Whether the gradients that inherit a wrong value are right once the true one stands in its place.

    And those that were right still are: what follows takes the value for what its name says.
    """
    return truth_of(run, suspicion, version) is not None


def truth_of(run: Run, suspicion: Suspicion, version: Version) -> Truth | None:
    """The true value that puts right what inherits a wrong one: of several of its name, the one that does."""
    for site in run.means.get(version.number, ())[-TRUTHS:]:
        with put_right_for_now(run, version, site) as there:
            leaves = run.rerun.backward(run.rerun.cotangents)[0] if there else None
            if leaves is not None and all(
                output.is_met_by(leaves[output.position])
                for output in run.outputs
                if output in suspicion.outputs or output.state is State.RIGHT
            ):
                return site.truth
    return None
