"""The proof: with the true value in the place of a wrong one, everything that follows is right."""

from __future__ import annotations

import numpy as np

from gradcheck.numerics.limits import GOES_AWAY

from .decide import Suspicion
from .history import Version
from .limits import RETURNED, TRUTHS
from .states import Output, Run, State
from .truth import Site, Truth


def puts_right(run: Run, suspicion: Suspicion, version: Version) -> bool:
    """Whether the gradients that inherit a wrong value are right once the true one stands in its place.

    And those that were right still are: what follows takes the value for what its name says.
    """
    return truth_of(run, suspicion, version) is not None


def truth_of(run: Run, suspicion: Suspicion, version: Version) -> Truth | None:
    """The true value that puts right what inherits a wrong one: of several of its name, the one that does."""
    rerun = run.rerun
    mended, slack = dict(rerun.mended), rerun.slack
    for site in run.means.get(version.number, ())[-TRUTHS:]:
        if not put_right(run, version, site):
            continue
        try:
            leaves, _ = rerun.backward(rerun.cotangents)
        finally:
            rerun.mended, rerun.slack = dict(mended), slack
            truth = site.truth
        if leaves is not None and all(
            _is_right(output, leaves[output.position])
            for output in run.outputs
            if output in suspicion.outputs or output.state is State.RIGHT
        ):
            return truth
    return None


def _is_right(output: Output, leaf: object) -> bool:
    array = np.asarray(leaf)
    return leaf is not None and array.shape == output.site.shape and output.site.meets(array)


def put_right(run: Run, version: Version, site: Site) -> bool:
    """Put the true value in the place of a wrong one for good, where it is known."""
    if version.place.spot >= RETURNED or version.place in run.rerun.mended or site.truth is None:
        return False
    run.rerun.mended[version.place] = site.truth.gradient
    run.rerun.slack = max(run.rerun.slack, GOES_AWAY * site.truth.error)
    return True
