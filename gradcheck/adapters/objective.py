"""An objective of gradient boosting: the gradient and the Hessian of a loss, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.arguments import op_name

from .roles import Roles, op_signature, roles_of

_ADAPTER = "from_objective"
_ROWS = r"dtrain|train_data|dmatrix|dataset"
_WORDS = {
    "margins": r"margins?|pred(iction)?s?|predt|y_?preds?|y_?hat|raw(_?scores?)?|scores?|logits?|approx(es)?|[fxz]",
    "labels": rf"labels?|y|y_?true|targets?|t|truth|{_ROWS}",
    "weights": r"w|weights?|sample_?weights?",
}
_ADVICE = (
    "where the Hessian is clipped, or is another one on purpose (an upper bound, Gauss-Newton), it is a surrogate: "
    "name the gradient whose derivative it is, surrogate=, or leave it out, surrogate=True"
)
_REMARK = "the Hessian is a surrogate, as was said: whether it is the derivative of the gradient was not asked"


@dataclass(frozen=True)
class Rows:
    """The labels and weights of the rows, behind the names that XGBoost and LightGBM give them."""

    label: Any
    weight: Any = None

    def get_label(self) -> Any:
        """The labels."""
        return self.label

    def get_weight(self) -> Any:
        """The weights; an empty array where there are none, as in XGBoost."""
        return np.array([]) if self.weight is None else self.weight

    def num_row(self) -> int:
        """How many rows there are."""
        return len(self.label)


def from_objective(
    grad_hess: Callable[..., Any],
    loss: Callable[..., Any],
    *,
    surrogate: bool | Callable[..., Any] = False,
    column: int | None = None,
) -> Callable[..., Any]:
    """Make an op of ``grad_hess(margins, labels[, weights]) -> (grad, hess)`` and ``loss(margins, labels[, weights])``.

    The loss is one number a row, or their sum; margins are an array ``(n,)``, or ``(n, k)`` of several classes; labels
    and weights are data. The order of arguments follows from their names (``preds, dtrain``; ``y_true, y_pred``).

    The Hessian is judged as the derivative of the gradient, row by row (GC401). One that is not, such as a clipped one,
    is a surrogate: ``surrogate=`` names the gradient whose derivative it is, ``surrogate(margins, labels[, weights])``;
    with ``surrogate=True`` it is not judged, and the report says so. Of several classes boosting
    keeps the diagonal only: ``column=0`` judges gradient and Hessian of one class, as an op of
    ``(column, margins, labels[, weights])``.

    >>> import numpy as np
    >>> squared = from_objective(lambda preds, y: (preds - y, np.ones_like(y)), lambda preds, y: 0.5 * (preds - y) ** 2)
    >>> y, vjp = squared(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    >>> vjp(np.array([1.0, 1.0]))
    (array([ 1., -2.]), None)
    """
    usual = ("margins", "labels")
    derivatives = roles_of(grad_hess, _WORDS, usual, usual, _ADAPTER, "grad_hess")
    losses = roles_of(loss, _WORDS, usual, usual, _ADAPTER, "loss")
    others = (
        roles_of(surrogate, _WORDS, usual, usual, _ADAPTER, "surrogate") if not isinstance(surrogate, bool) else None
    )
    if column is not None and (isinstance(column, bool) or not isinstance(column, int) or column < 0):
        raise UsageError(f"{_ADAPTER}: column is {repeated(column)}; it is the number of a class, 0 or larger")
    weighted = "weights" in (*derivatives.order, *losses.order)
    data = ("labels", "weights") if weighted else ("labels",)
    names = ("margins", *data) if column is None else ("column", "margins", *data)

    def rows(inputs: tuple[Any, ...]) -> dict[str, Any]:
        values = dict(zip(names, inputs, strict=True))
        if column is not None:
            if np.ndim(values["margins"]) != 2 or column >= values["margins"].shape[1]:
                raise ConventionError(
                    f"{_ADAPTER}: column={column} of margins of shape {np.shape(values['margins'])}; it needs (n, k)"
                )
            values["margins"] = np.array(values["margins"])
            values["margins"][:, column] = values["column"]
        return values

    def pair(values: Mapping[str, Any], options: Mapping[str, Any]) -> tuple[Any, Any]:
        found = _ask(derivatives, values, options)
        if not (isinstance(found, tuple | list) and len(found) == 2):
            kind = (
                f"{type(found).__name__} of {len(found)}" if isinstance(found, tuple | list) else type(found).__name__
            )
            raise ConventionError(f"`{op_name(grad_hess)}` returned a {kind}; it returns (grad, hess)")
        grad, hess = (np.asarray(part) for part in found)
        return (grad, hess) if column is None else (grad[:, column], hess[:, column])

    def objective_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        values = rows(inputs)
        y = np.asarray(_ask(losses, values, options))
        if y.shape not in ((), np.shape(values["margins"])[:1]):
            raise ConventionError(
                f"`{op_name(loss)}` returned shape {y.shape} for margins of shape {np.shape(values['margins'])}; it "
                "returns one number a row, or their sum"
            )

        def objective_vjp(dy: Any) -> tuple[Any, ...]:
            grad, _ = pair(values, options)
            return (grad * _beside(dy, grad), *[None] * (len(inputs) - 1))

        return y, objective_vjp

    def gradient_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        *own, dy = inputs
        values = rows(tuple(own))
        grad, hess = pair(values, options)
        if grad.ndim > 1:
            shape = np.shape(values["margins"])
            raise ConventionError(
                f"{_ADAPTER}: the margins have shape {shape}, and of their Hessian boosting keeps "
                "the diagonal only: judge one class at a time, column=0, or say surrogate=True"
            )

        def gradient_vjp(du: Any) -> tuple[Any, ...]:
            moved = grad * du
            return (du * hess * dy, *[None] * (len(own) - 1), np.asarray(moved if np.ndim(dy) else moved.sum()))

        return grad * dy, gradient_vjp

    def other_gradient(*inputs: Any, **options: Any) -> Any:
        assert others is not None
        *own, dy = inputs
        gradient = np.asarray(_ask(others, rows(tuple(own)), options))
        return (gradient if column is None else gradient[:, column]) * dy

    objective_op.__name__ = objective_op.__qualname__ = op_name(grad_hess)
    objective_op.__module__ = grad_hess.__module__
    objective_op.__dict__.update(
        adapter="objective",
        constants=names[1:],
        __signature__=op_signature(names, (derivatives, losses)),
        __wrapped__=grad_hess,
    )
    gradient_op.__dict__.update({"advice": _ADVICE} if others is None else {"surrogate": other_gradient})
    gradient_op.__dict__.update(__signature__=op_signature((*names, "dy"), (derivatives, losses)))
    objective_op.__dict__.update({"remarks": (_REMARK,)} if surrogate is True else {"second": gradient_op, "order": 2})
    return objective_op


def _ask(roles: Roles, values: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    """Call a function of rows; one that wants the training data as an object gets one."""
    given = dict(values)
    if any(name in _ROWS.split("|") for name in _names(roles)):
        given["labels"] = Rows(values["labels"], values.get("weights"))
    return roles.call(given, options)


def _names(roles: Roles) -> list[str]:
    from .calling import positional_names

    return [name.lower() for name in positional_names(roles.function)]


def _beside(dy: Any, grad: Any) -> Any:
    """The cotangent of each row beside the gradients of all its classes."""
    return dy[:, None] if np.ndim(dy) and grad.ndim > 1 else dy
