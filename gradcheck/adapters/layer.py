"""A class that computes a layer: it keeps on itself what its backward needs, and leaves there what that finds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.case_checks import check_names
from gradcheck.protocol.private import private
from gradcheck.wording import listed

from .data import with_constants
from .layer_call import Method, names_of_gradient
from .layer_class import Parameter
from .layer_kind import Layer, describe
from .layer_make import make_one
from .layer_named import Names
from .layer_names import RESETS
from .layer_places import ABSENT, Accessors
from .layer_reuse import Round, demand_reusable
from .layer_words import Words


def from_layer(
    make: Callable[..., Any],
    forward: Method | None = None,
    backward: Method | None = None,
    parameters: Names | None = None,
    gradients: Names | None = None,
    *,
    reset: str | bool | Callable[[Any], object] | None = None,
    constants: Sequence[str] = (),
    steps: bool = False,
) -> Callable[..., Any]:
    """Make an op of a class with a forward and a backward, as coursework has them: ``op(x, W, b)``.

    The inputs of the op are those of the forward, then the parameters of the layer, in the order in which it holds
    them. Each call makes an instance, puts the parameters into it, and runs its forward; a vjp runs its backward, and
    collects what that returned and what it left.

    ``make`` is the class, or a function that makes an instance: ``lambda: Dense(3, 4)``. Since the parameters are
    replaced, their shapes may be others than it gives them. A layer that remembers sizes takes them from its arrays,
    for which ``make`` may ask by name: ``lambda W: Dense(*W.shape)``; so does a class that is made of its parameters.

    Methods and attributes are found by the usual names (``forward``, ``backprop``; ``W`` and ``dW``, ``weight`` and
    ``weight_grad``, ``params["W"]`` and ``grads["dW"]``, ``W.value`` and ``W.grad``, thinc's ``get_param``; those of
    layers inside this one too), else named: ``forward`` and ``backward`` by a method, or by a function of the layer and
    the arrays; ``parameters`` and ``gradients`` by the name of a table, by attributes, or as a dict from names to
    places, ``{"W": "params['W']"}``. A backward may leave the gradient of an input (``self.dx``), may return those of
    parameters too, and may take a learning rate and move the parameters itself.

    ``reset`` says what clears gradients that a backward adds to: a method, a function of the layer, or True where an
    instance is used only once. ``constants`` are inputs of which no gradient is asked.

    ``steps=True`` is for a cell that is called once for each step of time and keeps its state on itself: the first axis
    of its inputs and outputs is time then, one instance runs forward through it and backward from its end, and
    gradients add up over the steps.

    Raises UsageError where something is found under no name or under two, and ConventionError at the first vjp where an
    instance cannot be used again as training does: gradients add up, a cache grows, or instances share it.

    >>> import numpy as np
    >>> class Scale:
    ...     def __init__(self):
    ...         self.w = np.ones(3)
    ...
    ...     def forward(self, x):
    ...         self.x = x
    ...         return self.w * x
    ...
    ...     def backward(self, dy):
    ...         self.dw = (dy * self.x).sum(axis=0)
    ...         return dy * self.w
    >>> y, vjp = from_layer(Scale)(np.ones((2, 3)), np.array([1.0, 2.0, 3.0]))
    >>> dx, dw = vjp(np.ones((2, 3)))
    >>> dw
    array([2., 2., 2.])
    """
    maker, sample = make_one(make)
    layer = describe(maker, sample, forward, backward, parameters, gradients)
    check_names(constants, "from_layer: constants")
    for name in constants:
        if name not in layer.inputs:
            raise UsageError(f"from_layer: constants names `{name}`, but the inputs are {listed(layer.inputs)}")
    layer = replace(layer, reset=_reset(sample, layer, reset), constants=tuple(constants), steps=steps)
    op = _op(layer, ask_again=reset is not True)
    op.__dict__["backward"] = _held_by(type(sample), layer.backward.method)
    op.__dict__["left"] = _endings(sample, layer)
    return with_constants(op, constants, "from_layer")


def _op(layer: Layer, *, ask_again: bool) -> Callable[..., Any]:
    unasked = [True] if ask_again else []

    def layer_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        if len(inputs) != len(layer.inputs):
            raise ConventionError(
                f"`{layer.name}` takes {len(layer.inputs)} inputs, {listed(layer.inputs)}; "
                f"{len(inputs)} {'was' if len(inputs) == 1 else 'were'} given"
            )
        kept = private(inputs)
        instance = layer.start(inputs, options)
        ran = layer.run(instance, inputs, options)
        first = [(instance, ran, inputs)]

        def layer_vjp(dy: Any) -> tuple[Any, ...]:
            if first:
                used, before, given = first.pop()
            else:  # an instance answers once after each forward: its cache may be used up, its gradients may add up
                given = private(kept)
                used = layer.start(given, options)
                before = layer.run(used, given, options)
            if not unasked:
                return layer.pull(used, before, given, dy)
            unasked.clear()
            own = private(dy)
            gradients: tuple[Any, ...] = private(layer.pull(used, before, given, dy))
            demand_reusable(layer, Round(used, before, given, gradients), kept, options, own)
            return gradients

        return ran.y, layer_vjp

    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in layer.inputs]
    layer_op.__name__ = layer_op.__qualname__ = layer.name
    layer_op.__dict__.update(
        adapter="layer",
        __signature__=inspect.Signature([*parameters, *layer.forward.options]),
    )
    return layer_op


def _reset(sample: Any, layer: Layer, reset: object) -> Callable[[Any], object] | None:
    """What clears the gradients of an instance: named, or a method that is called as such methods are, or thinc's."""
    if isinstance(reset, str):
        if not callable(getattr(sample, reset, None)):
            raise UsageError(f"from_layer: `{type(sample).__name__}` has no method `{reset}`, which reset= names")
        return partial(_clear_by, reset, getattr(type(sample), reset))
    if reset is not None and reset is not True:
        if not callable(reset):
            raise UsageError(
                f"from_layer: reset is {repeated(reset)}; it is a method, a function of the layer, or True"
            )
        return partial(_clear_by, getattr(reset, "__name__", "reset"), reset)
    usual = next((name for name in RESETS if callable(getattr(sample, name, None))), None)
    if usual is not None:
        return partial(_clear_by, usual, getattr(type(sample), usual))
    settable = [p for p in layer.parameters if p.gradients and isinstance(p.gradients[0].steps[-1], Accessors)]
    return partial(_clear, settable) if settable else None


def _clear_by(name: str, method: Callable[[Any], object], instance: Any) -> None:
    try:
        method(instance)
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        raise ConventionError(f"what resets a `{type(instance).__name__}`, `{name}`, raised {text}") from error


def _held_by(kind: type, method: Method | None) -> tuple[Callable[..., Any], ...]:
    """The function that holds the backward, for whoever looks for its source; none where the forward returns it."""
    found = getattr(kind, method, None) if isinstance(method, str) else method
    return () if found is None else (found,)


def _endings(sample: Any, layer: Layer) -> dict[str, tuple[str, ...]]:
    """How the places end in which gradients are left, for whoever points at the line that does."""
    known = Words.of(sample).names
    found = {p.name: tuple(place.ending for place in p.gradients) for p in layer.parameters}
    for name in layer.forward.inputs:
        places = [f".{other}" for other in names_of_gradient(name, layer.forward.inputs) if other in known]
        found |= {name: tuple(places)} if places else {}
    return found


def _clear(parameters: Sequence[Parameter], instance: Any) -> None:
    for parameter in parameters:
        place = parameter.gradients[0]
        gradient = place.get(instance)
        if gradient is not ABSENT:
            place.put(instance, 0 * gradient)
