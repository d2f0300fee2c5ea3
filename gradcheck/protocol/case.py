"""A case: one row of data that says what is to be checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from gradcheck.errors import SignatureError, UsageError
from gradcheck.foreign import repeated, shown
from gradcheck.wording import listed

from .arguments import (
    Arguments,
    Array,
    check_constants,
    is_part,
    name_inputs,
    op_name,
    read_inputs,
    read_parameters,
)
from .calling import Op, adapted, offered
from .case_checks import (
    are_names,
    check_block,
    check_bounds,
    check_dtypes,
    check_names,
    check_options,
    check_parameters,
    is_floating,
    positional,
    why_not,
)
from .domain import Domain, Integers
from .dtypes import dtype_name
from .limits import LEAST_ACCURACY, LONGEST_NAME, MOST_K
from .no_function import taken_by_another
from .numbers import is_number, is_whole
from .sets import ArraySet, EntryOf
from .signature import Signature, parse_signature
from .stand_in import asked_anew, stood_for, valued_by


@dataclass(frozen=True)
class Descent:
    """How a cost is meant to be trained, so that the gate can watch it fall.

    ``update(parameters, gradients, learning_rate)`` returns the new parameters; ``parameters`` names the
    inputs that it moves. ``steps`` full steps at ``learning_rate`` are taken at the case's own inputs (for a
    case that has some) and must never raise the cost; with 0 steps only the direction of one update is judged.
    """

    update: Callable[[Sequence[Array], Sequence[Array], float], Sequence[Array]]
    parameters: tuple[str, ...]
    learning_rate: float = 1.0
    steps: int = 0


@dataclass(frozen=True, eq=False)
class Case:
    """One op and what is needed to check it.

    Parameters
    ----------
    op
        ``y, vjp = op(*inputs, **options)``.
    signature
        Shapes of inputs and outputs, ``"(o,i),(i,m),(o,1)->(o,m)"``; default: the op's attribute ``signature``.
    name
        What reports call the case; default: the name of the op. ``str(case)`` gives it.
    reference
        The twin: the same function, forward only, on torch tensors, or an op made by an adapter.
    options
        Keyword-only options by name. A list holds alternatives to draw from; anything else is the one value.
    inputs
        A tuple of arrays: the case is judged at this point. Or a function of a NumPy generator that returns such
        a tuple, for inputs that no signature describes. Default: random inputs drawn from the signature.
    domains
        Where the values of an input lie, by input name: ``Reals(0, None)``, ``Integers(0, "c")``; or what the array is
        as a whole: ``Symmetric()``, ``PositiveDefinite()``, ``Invertible()``, ``Orthogonal()``, ``Simplex()``,
        ``OneHot()``, ``Sorted()``, ``EntryOf("x")``. In a thin set a gradient is judged along it.
    borders
        Values at which the op changes its rule, by input name: ``{"x": (0.0, 6.0)}``; they are planted among the
        entries. Default: those that a scan of the forward finds; ``{}``: none.
    broadcast
        Whether inputs may have further axes in front that broadcast against each other, as in NumPy. An
        elementwise op has the signature ``"(),()->()"`` and ``broadcast=True``.
    block
        The block length of a kernel, or several by size name: sizes next to its multiples are drawn too.
    dtype
        Of the floating inputs that are drawn; default: the one that the op's adapter was told of
        (``from_torch(f, dtype=)``), else float64. ``"complex128"`` draws complex ones. In ``"float32"``,
        ``"float16"`` and ``"bfloat16"`` outputs and gradients are held against the error of PyTorch's autograd through
        the ``reference`` (the ``surrogate`` where there is one) at the same dtype and inputs.
    k
        How many times that error is allowed, beside the rounding to the dtype.
    descent
        How a cost is trained (see `Descent`).
    order
        2 where the op claims second derivatives too: its attribute ``second`` is then judged, an op of
        ``(*inputs, dy)`` whose value is the gradient of each input that has one. Default: the op's attribute ``order``,
        which adapters set that are given a Hessian, else 1.
    least_examples
        How many examples are enough where the time of the case does not suffice for all that were asked for.
    accuracy
        What the op promises, where it is less than rounding (a solver, an adjoint, a guarded division): a gap of no
        more than this part of the largest entry of a gradient is no error. The report says so.
    sizes
        The least and the largest value of a size that the op takes, ``{"c": (2, None)}``; None: any.
    constants
        The inputs that are data, by name, ``("X", "Y", "mask")``: no gradient is asked of them, and whatever the vjp
        says of them (None, zeros, nothing at all) is not judged. Parts of a nested input as reports write them,
        ``"batch['X']"``. Default: the op's attribute ``constants``.
    surrogate
        The function whose derivative the backward is on purpose, where that is not the op itself (straight-through
        estimator, gradient reversal, ``padding_idx``): a forward in NumPy, or on tensors where the op is of a
        framework. The backward is judged against it, the value of the op against its ``reference``.
    once
        Whether a vjp may be asked once only, since it overwrites its cotangent or what was saved by design: each is
        then asked of a fresh forward, on inputs of its own.
    """

    op: Op
    signature: str | None = None
    _: KW_ONLY
    name: str | None = None
    reference: Callable[..., Any] | None = None
    options: Mapping[str, Any] | None = None
    inputs: Sequence[Any] | Callable[[np.random.Generator], Sequence[Any]] | None = None
    domains: Mapping[str, Domain] | None = None
    borders: Mapping[str, Sequence[float]] | None = None
    broadcast: bool = False
    block: int | Mapping[str, int] | None = None
    dtype: str = ""
    descent: Descent | None = None
    order: int | None = None
    least_examples: int | None = None
    accuracy: float | None = None
    sizes: Mapping[str, tuple[int | None, int | None]] | None = None
    constants: Sequence[str] | None = None
    k: float = 2.0
    surrogate: Callable[..., Any] | None = None
    once: bool = False
    parsed: Signature | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check what can be checked without calling the op."""
        other = taken_by_another(self.op)
        if other is not None:
            raise UsageError(f"Case needs an op, a function returning (y, vjp), and {other}")
        if not callable(self.op):
            raise UsageError(f"Case needs an op, a function returning (y, vjp), not {repeated(self.op)}")
        if not isinstance(self.broadcast, bool | np.bool_):
            raise UsageError(f"broadcast is {repeated(self.broadcast)}; it is True or False")
        if self.name is not None and not isinstance(self.name, str):
            raise UsageError(f"the name of a case is a string, not a {type(self.name).__name__}")
        chosen = (
            (adapted(self.op, "dtype") or "float64") if isinstance(self.dtype, str) and not self.dtype else self.dtype
        )
        object.__setattr__(self, "dtype", dtype_name(chosen))
        text = self.signature if self.signature is not None else getattr(self.op, "signature", None)
        object.__setattr__(self, "name", self.name or op_name(self.op))
        object.__setattr__(self, "parsed", None if text is None else self._parse(text))
        if self.order is None:
            object.__setattr__(self, "order", adapted(self.op, "order") or 1)
        if self.constants is None:
            own = offered(self.op, "constants")  # an object's attribute may be the constants of physics
            object.__setattr__(self, "constants", own if isinstance(own, tuple) and are_names(own) else ())
        self._check_kinds()
        object.__setattr__(self, "constants", tuple(self.constants or ()))
        self._check()
        object.__setattr__(self, "op", self._standing_in())

    def _standing_in(self) -> Op:
        """The op, or what stands in for it; what stands in already, as in a copy of a case, stays."""
        if stood_for(self.op) is not None:
            return self.op
        op = asked_anew(self.op) if self.once else self.op
        return op if self.surrogate is None else valued_by(op, self.surrogate)

    def _parse(self, text: str) -> Signature:
        """The signature, in which a size of an output may have the name of an option."""
        options = list(self.options) if isinstance(self.options, Mapping) else []
        options += [p.name for p in read_parameters(self.op) or () if p.kind is p.KEYWORD_ONLY]
        return parse_signature(text, broadcast=self.broadcast, options=options)

    def _check_kinds(self) -> None:
        """Refuse what is no table by name where one belongs, before anything looks into it."""
        for part in ("options", "domains", "borders"):
            value = getattr(self, part)
            if value is not None and not isinstance(value, Mapping):
                raise UsageError(f"case `{self}`: {part} is a {type(value).__name__}; write a dict by name")
            for key in value or ():
                if not isinstance(key, str):
                    raise UsageError(f"case `{self}`: {part} has the key {repeated(key)}; its keys are names")
        if not (type(self.constants) is tuple and not self.constants):
            check_names(self.constants, f"case `{self}`: constants")
        if not isinstance(self.once, bool):
            raise UsageError(f"case `{self}`: once is {repeated(self.once)}; it is True or False")
        if self.surrogate is not None and not callable(self.surrogate):
            raise UsageError(
                f"case `{self}`: surrogate is {repeated(self.surrogate)}; it is the function whose derivative the "
                "backward is"
            )
        if self.descent is not None and not isinstance(self.descent, Descent):
            raise UsageError(f"case `{self}`: descent is {repeated(self.descent)}; write Descent(update, parameters)")

    def _check(self) -> None:
        if self.inputs is not None and not isinstance(self.inputs, tuple | list) and not callable(self.inputs):
            raise UsageError(
                f"case `{self}`: inputs is a {type(self.inputs).__name__}; write a tuple with one array per input, (x,)"
            )
        if self.parsed is None and self.inputs is None:
            raise SignatureError(
                f"case `{self}` has neither a signature nor inputs: "
                'write Case(op, "(m,n)->(m,n)") or Case(op, inputs=(x,))'
            )
        count = self._count_inputs()
        options = self.options or {}
        if not (self.parsed is None and callable(self.inputs)):
            source = f'signature "{self.parsed.text}"' if self.parsed else "`inputs`"
            check_parameters(self.op, count, options, source)
        names = name_inputs(self.op, count, options)
        if self.constants and (names or not (self.parsed is None and callable(self.inputs))):
            check_constants(self.constants or (), names, (), str(self))
        sizes = self.parsed.names if self.parsed else ()
        for name, domain in (self.domains or {}).items():
            if not any(is_part(name, known) for known in names) or (name not in names and self.inputs is None):
                raise UsageError(f"case `{self}`: domain for `{name}`, but the inputs are {listed(names)}")
            if not isinstance(domain, Domain):
                hint = f"; write {op_name(domain)}(...)" if isinstance(domain, type) else ""
                raise UsageError(f"case `{self}`: the domain of `{name}` is {repeated(domain)}{hint or _DOMAINS}")
            if isinstance(domain, ArraySet):
                self._check_set(name, domain, names)
            ends = (domain.low, domain.high) if isinstance(domain, Integers) else ()
            for end in ends:
                if isinstance(end, str) and end not in sizes:
                    raise UsageError(
                        f"case `{self}`: domain of `{name}` names the size `{end}`, which the signature does not have"
                    )
        for name, values in (self.borders or {}).items():
            if name not in names:
                raise UsageError(f"case `{self}`: borders for `{name}`, but the inputs are {listed(names)}")
            if not isinstance(values, tuple | list) or not all(is_number(value) for value in values):
                said = repeated(values)
                raise UsageError(f"case `{self}`: the borders of `{name}` are {said}; write a tuple of numbers")
        if self.block is not None:
            check_block(self.block, sizes, str(self))
        if self.sizes is not None:
            check_bounds(self.sizes, sizes, str(self))
        self._check_numbers()
        for name in self.descent.parameters if self.descent else ():
            if name not in names:
                raise UsageError(f"case `{self}`: descent moves `{name}`, but the inputs are {listed(names)}")
        check_options(self.op, self.options or {}, str(self))
        if not is_floating(self.dtype):
            raise UsageError(f"case `{self}`: {why_not(self.dtype)}")
        if not is_whole(self.order, 1) or self.order > 2:
            raise UsageError(
                f"case `{self}`: order is {repeated(self.order)}; it is 1, or 2 for second derivatives too"
            )
        if self.order == 2 and not callable(getattr(self.op, "second", None)):
            why = adapted(self.op, "why_no_second") or (
                f"`{op_name(self.op)}` has no attribute `second`: give it one, an op of (*inputs, dy) whose value is "
                "the gradients, or make the op with from_torch or from_jax"
            )
            raise UsageError(f"case `{self}`: order=2, but {why}")

    def _check_set(self, name: str, domain: ArraySet, names: Sequence[str]) -> None:
        """Raise UsageError where no array of these axes lies in the set, or where it refers to no other input."""
        refusal = domain.refusal(self.parsed.inputs[names.index(name)]) if self.parsed and name in names else None
        if refusal is not None:
            raise UsageError(f"case `{self}`: domain of `{name}`: {refusal}")
        if isinstance(domain, EntryOf) and (domain.of not in names or domain.of == name):
            others = [other for other in names if other != name]
            raise UsageError(
                f"case `{self}`: `{name}` is an entry of `{domain.of}`, but the inputs are {listed(others)}"
            )

    def read(self, inputs: Sequence[object], options: Mapping[str, Any] | None = None) -> Arguments:
        """Name and check inputs of this case, with what it says of them."""
        domains = self.domains.items() if self.domains else ()
        sets = {name: domain for name, domain in domains if isinstance(domain, ArraySet)}
        read = read_inputs(self.op, inputs, options or (), self.constants or (), sets)
        dtype = adapted(self.op, "dtype")
        if dtype:
            check_dtypes(dtype, read.leaves, str(self))
        return read

    @property
    def witness(self) -> Callable[..., Any] | None:
        """The function of a framework whose derivative the backward is: the reference, or else the surrogate.

        None where there is no such function.
        """
        if self.surrogate is None:
            return self.reference
        of_framework = hasattr(self.surrogate, "adapter") or adapted(self.op, "adapter") == "torch"
        return self.surrogate if of_framework else None

    def _check_numbers(self) -> None:
        least, accuracy = self.least_examples, self.accuracy
        if least is not None and not is_whole(least, 1):
            raise UsageError(f"case `{self}`: least_examples is {repeated(least)}; it is a whole number, 1 or larger")
        if not is_number(self.k) or not 1 <= self.k <= MOST_K:
            raise UsageError(
                f"case `{self}`: k is {repeated(self.k)}; it says how many times the error of the yardstick is "
                f"allowed, from 1 to {MOST_K:g}"
            )
        if accuracy is not None and (not is_number(accuracy) or not 0 < accuracy < LEAST_ACCURACY):
            raise UsageError(
                f"case `{self}`: accuracy is {repeated(accuracy)}; it is the part of a gradient by which the op may be "
                f"off, such as 1e-6, and smaller than {LEAST_ACCURACY:g}, from where on a check shows nothing"
            )

    def _count_inputs(self) -> int:
        """How many inputs the op gets; those that it has parameters for, where a function makes them."""
        if self.parsed is not None:
            return len(self.parsed.inputs)
        if callable(self.inputs):
            return len([name for name in positional(self.op) if name not in (self.options or {})])
        return len(self.inputs or ())

    def __str__(self) -> str:
        return shown(self.name, LONGEST_NAME)


_DOMAINS = "; write Reals(low, high), Integers(low, high), or a set of arrays such as Symmetric()"


def read_seed(seed: object) -> int:
    """A seed as a plain number, NumPy's own too; UsageError where it is none."""
    if not is_whole(seed, 0):
        raise UsageError(f"seed is {repeated(seed)}: a seed is a whole number, 0 or larger")
    return int(seed)
