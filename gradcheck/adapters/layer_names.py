"""The usual names: what a layer calls its methods, its parameters and their gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

FORWARDS = ("forward", "begin_update", "forward_propagation", "forward_pass", "fprop", "feedforward", "__call__")
BACKWARDS = (
    "backward",
    "backprop",
    "bprop",
    "backward_propagation",
    "backward_pass",
    "backpropagate",
    "back_propagation",
)
PARAMETERS = ("params", "parameters", "_params", "_parameters")
GRADIENTS = ("grads", "gradients", "grad", "gradient", "_grads", "_gradients", "dparams", "param_grads")
BUFFERS = ("running_", "moving_")  # how the names of averages begin, which a layer keeps and does not learn
VALUES = ("value", "data", "values", "array")  # what an object that holds a parameter calls it
OF_OBJECTS = ("grad", "gradient", "d_value")  # and what it calls its gradient
OUTPUTS = ("output", "outputs", "out", "y", "Y")  # where a forward that returns nothing leaves its value
OF_INPUTS = ("dinputs", "dinput", "dx", "dX", "grad_input", "grad_inputs", "d_input", "d_inputs")
SAVED = ("cache", "saved", "ctx", "context", "memory")
RATES = ("learning_rate", "lr", "alpha", "eta", "rate", "step_size")
RESETS = (
    "zero_grad",
    "zero_grads",
    "zero_gradients",
    "reset_grad",
    "reset_grads",
    "reset_gradients",
    "clear_grad",
    "clear_grads",
    "clear_gradients",
    "flush_gradients",
)


def gradient_names(name: str) -> tuple[str, ...]:
    """What the gradient of something of this name may be called."""
    forms = ("d{}", "d_{}", "{}_grad", "{}_gradient", "grad_{}", "gradient_{}", "grad{}", "{}grad", "nabla_{}")
    return tuple(form.format(name) for form in forms)


def among(holder: Mapping[Any, Any], name: str) -> Iterator[Any]:
    """The keys of a table of gradients that may mean this parameter, its own name first."""
    yield from (key for key in (name, *gradient_names(name)) if key in holder)
