"""An op whose vjps are asked of a fresh forward each, so that neither state nor writing in place can spoil them."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from gradcheck.protocol import Case, Failure, Op, private
from gradcheck.trial import Trial


def asked_anew(trial: Trial) -> Trial | Failure:
    """The same question, at the same point and with the same cotangent, to such an op."""
    case = trial.case
    options = {name: [value] for name, value in trial.options.items()}
    inputs = tuple(trial.inputs_read.pack(trial.inputs))
    op = _anew(case.op)
    return Trial.start(
        Case(op, inputs=inputs, options=options, reference=case.reference, name=str(case)),
        trial.inputs_read,
        trial.options,
        trial.seed,
    )


def _anew(op: Op) -> Op:
    def op_anew(*inputs: Any, **options: Any) -> Any:
        kept = [private(x) for x in inputs]
        result = op(*[private(x) for x in inputs], **options)
        if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
            return result

        def vjp_anew(dy: Any) -> Any:
            _, vjp = op(*[private(x) for x in kept], **{name: private(value) for name, value in options.items()})
            return private(vjp(private(dy)))

        return private(result[0]), vjp_anew

    return update_wrapper(op_anew, op, updated=())
