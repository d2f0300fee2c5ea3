"""A class as a layer: how an instance is made, run, and asked for its gradients."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.wording import listed

from .layer_call import Backward, Forward, Method, Ran, of_inputs, read_backward, read_forward
from .layer_class import Parameter, find_parameters, unclaimed
from .layer_make import Maker
from .layer_named import Names, named_parameters, with_gradients
from .layer_names import gradient_names
from .layer_places import ABSENT, is_floats
from .layer_rewound import Counted, counted, rewind
from .limits import RATE


@dataclass(frozen=True)
class Layer:
    """What is known of a class: how an instance is made and called, and where its parameters are.

    ``reset`` clears the gradients of an instance; ``constants`` are inputs of which no gradient is asked. With
    ``steps`` the first axis of the inputs of the forward is time: it runs once for each step, and the backward from the
    last one to the first, on one instance.
    """

    name: str
    maker: Maker
    forward: Forward
    backward: Backward
    parameters: tuple[Parameter, ...]
    reset: Callable[[Any], object] | None = None
    constants: tuple[str, ...] = ()
    steps: bool = False

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs of the op: those of the forward, then the parameters."""
        return (*self.forward.inputs, *(parameter.name for parameter in self.parameters))

    def start(self, arrays: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """An instance that holds these parameters; one that builds its own at its first forward is run once before."""
        instance = self._made(arrays)
        if any(place.get(instance) is None for parameter in self.parameters for place in parameter.places):
            self.run(instance, arrays, options)
            if not rewind(instance, partial(self._run_twice, arrays, options)) and self.reset is not None:
                self.reset(instance)
        self.hold(instance, arrays)
        return instance

    def _made(self, arrays: Sequence[Any]) -> Any:
        return self.maker(dict(zip(self.inputs, arrays, strict=True)))

    def _run_twice(
        self, arrays: Sequence[Any], options: Mapping[str, Any]
    ) -> tuple[dict[str, Counted], dict[str, Counted]]:
        """What an instance has counted after one forward, and after the next."""
        other = self._made(arrays)
        self.run(other, arrays, options)
        once = counted(other)
        self.run(other, arrays, options)
        return once, counted(other)

    def hold(self, instance: Any, arrays: Sequence[Any]) -> None:
        """Put parameters into an instance: copies, where its backward moves them.

        A gradient that is there already, as long as the parameter was, is there to be added to or written into: it
        becomes zeros as long as the parameter is.
        """
        for parameter, array in zip(self.parameters, arrays[len(self.forward.inputs) :], strict=True):
            before = parameter.places[0].get(instance)
            zeros: dict[int, Any] = {}  # one array where it was one under several names
            for place in parameter.gradients:
                ready = place.get(instance)
                if is_floats(ready) and ready.shape == np.shape(before):
                    place.put(instance, zeros.setdefault(id(ready), np.zeros_like(array)))
            for place in parameter.places:
                place.put(instance, np.array(array) if self.backward.updates else array)

    def run(self, instance: Any, arrays: Sequence[Any], options: Mapping[str, Any]) -> Ran:
        """The forward."""
        given = arrays[: len(self.forward.inputs)]
        if not self.steps:
            return self.forward(instance, given, options)
        runs = [self.forward(instance, now, options) for now in self._each_step(given)]
        values = [one.y for one in runs]
        several = isinstance(values[0], tuple)
        return Ran(tuple(map(np.stack, zip(*values, strict=True))) if several else np.stack(values), saved=runs)

    def _each_step(self, given: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """What the forward gets at each step."""
        lengths = {len(array) if np.ndim(array) else 0 for array in given}
        if len(lengths) != 1 or lengths == {0}:
            shapes = listed([f"{n} {np.shape(a)}" for n, a in zip(self.forward.inputs, given, strict=True)])
            raise ConventionError(
                f"from_layer: with steps=True the first axis of every input of `{self.name}` is time, as long in each: "
                f"these are {shapes}"
            )
        yield from zip(*given, strict=True)

    def pull(self, instance: Any, ran: Ran, arrays: Sequence[Any], dy: Any) -> tuple[Any, ...]:
        """The backward: the gradient of each input of the op, as the layer gives it."""
        inputs = dict(zip(self.inputs, arrays, strict=True))
        before = {p.name: np.array(inputs[p.name]) for p in self.parameters} if self.backward.updates else {}
        alone = ran.backprop is None and "cotangent" not in self.backward.takes
        if alone and np.size(ran.y) != 1:
            raise ConventionError(
                f"the backward of `{self.name}` takes no gradient of the output, which has shape {np.shape(ran.y)}: "
                "only a layer whose output is one number can do without"
            )
        found = self._pull_steps(instance, ran, inputs, dy) if self.steps else self._asked(instance, ran, inputs, dy)
        for parameter in self.parameters:
            if parameter.name not in found:
                found[parameter.name] = self._left(instance, parameter, before.get(parameter.name))
        gradients = tuple(found.get(name) for name in self.inputs)
        if not alone:
            return gradients
        factor = np.asarray(dy).item()  # a plain number: it leaves the dtype of a gradient alone
        return tuple(g * factor if isinstance(g, np.ndarray | np.floating | float) else g for g in gradients)

    def _asked(self, instance: Any, ran: Ran, inputs: Mapping[str, Any], dy: Any) -> dict[str, Any]:
        """What one backward returned, by name.

        One that takes a single gradient may mean those of all outputs, or that of the first: what fails with all of
        them and works with that one is the latter.
        """
        if not isinstance(dy, tuple) or ran.backprop is not None or self.backward.takes.count("cotangent") != 1:
            return self._returned(instance, self.backward(instance, ran, inputs, dy), inputs)
        another = copy.deepcopy(instance)
        try:
            found = self._returned(instance, self.backward(instance, ran, inputs, dy), inputs)
        except ConventionError:
            raise
        except Exception as error:
            if self._takes_the_first(another, ran, inputs, dy[0]):
                raise ConventionError(
                    f"the forward of `{self.name}` returns {len(dy)} outputs, and its backward takes the gradient of "
                    f"the first only: judge that one, forward=lambda layer, {', '.join(self.forward.inputs)}: "
                    f"layer.{self.forward.called}({', '.join(self.forward.inputs)})[0]"
                ) from error
            raise
        return found

    def _takes_the_first(self, instance: Any, ran: Ran, inputs: Mapping[str, Any], dy: Any) -> bool:
        try:
            self.backward(instance, ran, inputs, dy)
        except Exception:  # noqa: BLE001 - it is asked whether it raises
            return False
        return True

    def _pull_steps(self, instance: Any, ran: Ran, inputs: Mapping[str, Any], dy: Any) -> dict[str, Any]:
        """The backward of each step, the last one first: gradients of inputs by step, those of parameters added up."""
        names = self.forward.inputs
        every: list[dict[str, Any]] = []
        for step in reversed(range(len(ran.saved))):
            now = {**inputs, **{name: inputs[name][step] for name in names}}
            part = tuple(u[step] for u in dy) if isinstance(dy, tuple) else dy[step]
            every.append(self._asked(instance, ran.saved[step], now, part))
        found: dict[str, Any] = {}
        for name in every[0]:
            parts = [one.get(name) for one in reversed(every)]
            known = [np.asarray(part) for part in parts if part is not None]
            if len(known) < len(parts):
                found[name] = None
            elif name in names:
                found[name] = np.stack(known) if len({part.shape for part in known}) == 1 else None
            else:
                found[name] = sum(known)
        return found

    def _returned(self, instance: Any, given: Any, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """The gradients that the backward returned, by name: of the inputs, and of the parameters where it does."""
        inputs = self.forward.inputs
        own = self.inputs[len(inputs) :]
        asked = tuple(name for name in inputs if name not in self.constants)
        if isinstance(given, Mapping):
            names = {name: next((k for k in (*gradient_names(name), name) if k in given), None) for name in self.inputs}
            return {name: given[key] for name, key in names.items() if key is not None}
        if given is None:
            given = tuple(of_inputs(instance, asked))
        if len(asked) == 1 and _is_one_of_several(given, arrays[asked[0]]):
            return {asked[0]: given}
        given = tuple(given) if isinstance(given, list | tuple) else (given,)
        for names_ in (asked, inputs, (*asked, *own), self.inputs):
            if len(names_) == len(given):
                return dict(zip(names_, given, strict=True))
        if len(given) == 1:
            return dict(zip(asked, given, strict=False))  # a loss has no gradient of its targets
        raise ConventionError(
            f"the backward of `{self.name}` returned {len(given)} values, but its inputs are {listed(asked)} "
            f"and its parameters {listed(own) or 'none'}: return the gradients of the inputs, or of all of "
            "these, in this order, or a dict by name"
        )

    def _left(self, instance: Any, parameter: Parameter, before: Any) -> Any:
        """The gradient of a parameter that the backward left on the instance, or the update that it made of it."""
        places = [(place, place.get(instance)) for place in parameter.gradients]
        places = [(place, value) for place, value in places if value is not ABSENT and not isinstance(value, Mapping)]
        known = [(place, value) for place, value in places if value is not None]
        for place, value in known[1:]:
            if value is not known[0][1] and not np.array_equal(value, known[0][1]):
                raise ConventionError(
                    f"the gradient of `{parameter.name}` is found under two names, {known[0][0]} and {place}, which "
                    f"differ: say which one is meant, gradients={{{parameter.name!r}: {known[0][0].short!r}}}"
                )
        if known:
            return known[0][1]
        if self.backward.updates:
            return (before - parameter.places[0].get(instance)) / RATE
        if places:
            return None
        looked = ", ".join(map(str, parameter.gradients)) or f"self.d{parameter.name} and the like"
        raise ConventionError(
            f"after the backward of `{self.name}` no gradient of its parameter `{parameter.name}` is found, neither "
            f"returned nor under a usual name ({looked}): say where it is left, "
            f'gradients={{{parameter.name!r}: "..."}}, or, where none is due, name the parameters that have one, '
            f"parameters=({''.join(f'{p.name!r}, ' for p in self.parameters if p is not parameter).rstrip(' ')})"
        )


def _is_one_of_several(given: object, value: object) -> bool:
    """Whether what was returned is one gradient of an input that is a list of arrays itself."""
    several = isinstance(given, list | tuple) and isinstance(value, list | tuple)
    return several and len(given) == len(value)  # type: ignore[arg-type]


def describe(
    maker: Maker,
    sample: Any,
    forward: Method | None,
    backward: Method | None,
    parameters: Names | None,
    gradients: Names | None,
) -> Layer:
    """Read a class off an instance; UsageError with one sentence where something cannot be found, or not told."""
    name = type(sample).__name__
    ahead = read_forward(sample, forward)
    back = read_backward(sample, backward, ahead.inputs)
    ahead = replace(ahead, saves="saved" in back.takes)
    found = find_parameters(sample) if parameters is None else named_parameters(sample, parameters)
    if parameters is None:
        _demand_all(sample, ahead, found)
    found = [_renamed(sample, maker, parameter) for parameter in with_gradients(found, gradients)]
    for parameter in found:
        if parameter.name in ahead.inputs:
            raise UsageError(
                f"from_layer: `{parameter.name}` is an input of the forward of `{name}` and a parameter too: give the "
                f"parameter another name, parameters={{'own_{parameter.name}': {parameter.places[0].short!r}}}"
            )
    layer = Layer(name, maker, ahead, back, tuple(found))
    maker.demand(layer.inputs)
    return layer


def _demand_all(sample: Any, forward: Forward, found: Sequence[Parameter]) -> None:
    """Raise UsageError where the forward reads an array of which nothing would be judged."""
    method = getattr(sample, forward.method) if isinstance(forward.method, str) else forward.method
    lost = unclaimed(sample, method, found)
    if lost:
        known = "".join(f"{parameter.name!r}, " for parameter in found)
        names = "".join(f"{part!r}, " for part in lost)
        places = ", ".join(f'{part!r}: "..."' for part in lost)
        arrays = listed([f"self.{part}" for part in lost])
        raise UsageError(
            f"from_layer: the forward of `{type(sample).__name__}` reads {arrays}, of which no gradient is found by a "
            f"usual name (d{lost[0]}, {lost[0]}_grad, grads[{lost[0]!r}]): say where it is left, "
            f"parameters=({known}{names.rstrip(' ')}) and gradients={{{places}}}; or, where none is due, name the "
            f"parameters that have one, parameters=({known.rstrip(' ')})"
        )


def _renamed(sample: Any, maker: Maker, parameter: Parameter) -> Parameter:
    """A parameter that the instance was made of is called as its constructor calls it."""
    value = parameter.places[0].get(sample)
    name = next((name for name, array in maker.sampled.items() if array is value), parameter.name)
    return replace(parameter, name=name)
