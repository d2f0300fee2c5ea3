"""The forward and the backward of a layer: which arguments they take, and what they return."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated
from gradcheck.wording import listed

from .layer_names import BACKWARDS, FORWARDS, OF_INPUTS, OUTPUTS, RATES, SAVED, gradient_names
from .layer_places import HERE, attribute
from .limits import RATE

Method = str | Callable[..., Any]


@dataclass(frozen=True)
class Ran:
    """What a forward returned: its value, and what it handed over for the backward, or the backward itself."""

    y: Any
    saved: Any = None
    backprop: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Forward:
    """How the forward is called: ``inputs`` by position, ``options`` by name.

    ``saves``: whether it returns ``(y, saved)``, where the backward asks for what was saved.
    """

    method: Method
    inputs: tuple[str, ...]
    options: tuple[inspect.Parameter, ...]
    saves: bool = False

    @property
    def called(self) -> str:
        """The name of the method."""
        return self.method if isinstance(self.method, str) else "forward"

    def __call__(self, layer: Any, inputs: Sequence[Any], options: Mapping[str, Any]) -> Ran:
        """Call it on an instance."""
        given = _bound(layer, self.method)(*inputs, **options)
        if isinstance(given, tuple) and len(given) == 2 and callable(given[1]):
            return Ran(given[0], backprop=given[1])
        if self.saves and isinstance(given, tuple) and len(given) == 2:
            return Ran(given[0], saved=given[1])
        if given is None:
            given = next((getattr(layer, name) for name in OUTPUTS if getattr(layer, name, None) is not None), None)
            if given is None:
                raise ConventionError(
                    f"{_called(layer, self.method)} returned None, and the layer keeps no {listed(OUTPUTS, 'or')}: "
                    "return its value, or pass a function that gets it, forward=lambda layer, x: ..."
                )
        return Ran(given)


@dataclass(frozen=True)
class Backward:
    """How the backward is called: ``takes`` names its required arguments, each one of the words below, or an input."""

    method: Method | None
    takes: tuple[str, ...] = field(default=("cotangent",))

    @property
    def updates(self) -> bool:
        """Whether it is told a learning rate, and moves the parameters itself."""
        return "rate" in self.takes

    def __call__(self, layer: Any, ran: Ran, inputs: Mapping[str, Any], dy: Any) -> Any:
        """What it returns for a cotangent."""
        if ran.backprop is not None:
            return ran.backprop(dy)
        if self.method is None:
            raise ConventionError(
                f"`{type(layer).__name__}` has no method {listed(BACKWARDS, 'or')}, and its forward returned no pair "
                '(y, backprop): name the method, backward="..."'
            )
        wanted = self.takes.count("cotangent")
        given = list(dy) if isinstance(dy, tuple) and wanted > 1 else [dy]
        if wanted not in (0, len(given)):
            raise ConventionError(
                f"{_called(layer, self.method)} takes {wanted} arguments that may be gradients of outputs, and its "
                f"forward returns {len(given)}: pass a function, backward=lambda layer, dy: layer.backward(...)"
            )
        rest = iter(given)
        words = {"saved": ran.saved, "rate": RATE}
        return _bound(layer, self.method)(
            *(
                next(rest) if name == "cotangent" else inputs[name[6:]] if name[:6] == "input " else words[name]
                for name in self.takes
            )
        )


def read_forward(layer: Any, method: Method | None) -> Forward:
    """How the forward of an instance is called; UsageError where it has none, or none that can be read."""
    chosen = method if method is not None else _first(layer, FORWARDS)
    if chosen is None:
        raise UsageError(
            f'from_layer: `{type(layer).__name__}` has no method {listed(FORWARDS, "or")}: name it, forward="..."'
        )
    inputs: list[str] = []
    options: list[inspect.Parameter] = []
    for parameter in _parameters(layer, chosen, "forward"):
        if parameter.kind is parameter.VAR_KEYWORD or parameter.kind is parameter.KEYWORD_ONLY:
            options.append(parameter)
        elif parameter.kind is parameter.VAR_POSITIONAL:
            raise UsageError(
                f"from_layer: {_called(layer, chosen)} takes *{parameter.name}, so that its inputs have no names: pass "
                "a function that names them, forward=lambda layer, x: layer.forward(x)"
            )
        elif parameter.default is parameter.empty:
            inputs.append(parameter.name)
        else:
            options.append(parameter.replace(kind=parameter.KEYWORD_ONLY))
    if not inputs:
        raise UsageError(f"from_layer: {_called(layer, chosen)} takes no input, so there is nothing to differentiate")
    return Forward(chosen, tuple(inputs), tuple(options))


def read_backward(layer: Any, method: Method | None, inputs: Sequence[str]) -> Backward:
    """How the backward is called, told by the names of its arguments; UsageError where they do not tell."""
    chosen = method if method is not None else _first(layer, BACKWARDS)
    if chosen is None:
        return Backward(None)
    parameters = _parameters(layer, chosen, "backward")
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return Backward(chosen)
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p.name for p in positional if p.default is p.empty]
    takes = [_meaning(name, inputs) for name in required]
    if positional and not takes and not isinstance(positional[0].default, bool):
        takes = ["cotangent"]
    return Backward(chosen, tuple(takes))


def _meaning(name: str, inputs: Sequence[str]) -> str:
    if name in inputs:
        return f"input {name}"
    return "rate" if name in RATES else "saved" if name in SAVED else "cotangent"


def of_inputs(layer: Any, inputs: Sequence[str]) -> list[Any]:
    """The gradients of inputs that a backward which returns nothing has left on the instance; None where it has not."""
    found = []
    for name in inputs:
        values = (HERE.under(attribute(other)).get(layer) for other in names_of_gradient(name, inputs))
        found.append(next((value for value in values if isinstance(value, np.ndarray | np.generic)), None))
    return found


def names_of_gradient(name: str, inputs: Sequence[str]) -> tuple[str, ...]:
    """Under which attributes the gradient of an input may be left."""
    return (*gradient_names(name), *(OF_INPUTS if len(inputs) == 1 else ()))


def _bound(layer: Any, method: Method) -> Callable[..., Any]:
    if isinstance(method, str):
        bound: Callable[..., Any] = getattr(layer, method)
        return bound

    def with_layer(*given: Any, **options: Any) -> Any:
        return method(layer, *given, **options)

    return with_layer


def _first(layer: Any, names: Sequence[str]) -> str | None:
    return next((name for name in names if callable(getattr(layer, name, None))), None)


def _parameters(layer: Any, method: Method, what: str) -> list[inspect.Parameter]:
    if not isinstance(method, str) and not callable(method):
        raise UsageError(
            f"from_layer: {what} is {repeated(method)}; write the name of a method, or a function of the layer"
        )
    if isinstance(method, str) and not callable(getattr(layer, method, None)):
        raise UsageError(f"from_layer: `{type(layer).__name__}` has no method `{method}`, which {what}= names")
    try:
        found = list(
            inspect.signature(getattr(layer, method) if isinstance(method, str) else method).parameters.values()
        )
    except (TypeError, ValueError):
        raise UsageError(
            f"from_layer: the arguments of {_called(layer, method)} cannot be read: pass a function, "
            f"{what}=lambda layer, ...: ..."
        ) from None
    return found if isinstance(method, str) else found[1:]


def _called(layer: Any, method: Method) -> str:
    name = method if isinstance(method, str) else getattr(method, "__name__", "the function")
    return f"`{type(layer).__name__}.{name}`" if isinstance(method, str) else f"`{name}`"
