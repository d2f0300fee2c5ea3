"""A function and its mutants, called with the very same arguments.

A mutant that gives the answer of the original at every call of a run, to the last bit, cannot be told apart by
anything further up in that run. It is called weak mutation (Howden, 1982, "Weak mutation testing and completeness of
test sets"), and used to spare whole runs by Just, Ernst and Fraser (2014, "Efficient mutation analysis by propagating
and partitioning test execution").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

from .held import Form, Held, OpaqueError, SpoiltError, form_of, form_of_error

_MARK = "in the place of this constant stands whatever is to be called"


@dataclass
class Run:
    """One run of an original: what all that stand in for its functions must know.

    While a mutant runs (``aside``) what it calls is not compared. A run is ``spoilt`` where a mutant has left something
    behind that cannot be put back: what is called afterwards may be called otherwise.
    """

    aside: bool = False
    spoilt: bool = False


@dataclass
class Lockstep:
    """Stands in for a function: answers as it does, and asks each of its mutants the same.

    ``alike`` are the numbers of the mutants that have given its answer every time. None are where something was met of
    which nobody can say whether it is the same.
    """

    function: FunctionType
    mutants: Mapping[int, CodeType]
    run: Run
    alike: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.alike = set(self.mutants)
        self._original = _twin(self.function, self.function.__code__)
        self._mutants = {number: _twin(self.function, code) for number, code in self.mutants.items()}

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        """As long as it lasts, whoever calls the function gets here."""
        before = self.function.__code__
        self.function.__code__ = _calling(self)
        try:
            yield
        finally:
            self.function.__code__ = before

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """The answer of the original."""
        if self.run.aside or self.run.spoilt or not self.alike:
            return self._original(*arguments, **options)
        try:
            held = Held([*arguments, *options.values()])
        except OpaqueError:
            self.alike.clear()
            return self._original(*arguments, **options)
        with ExitStack() as stack:
            for handed in held.functions:
                stack.enter_context(self._unless_called(handed))
            return self._in_step(held, arguments, options)

    def _in_step(self, held: Held, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        answer: Any = None
        raised: Exception | None = None
        try:
            answer = self._original(*arguments, **options)
        except Exception as error:  # noqa: BLE001 - a mutant may raise the same
            raised = error
        after = [array.copy() for array in held.arrays] if held.changed else None
        self.run.aside = True
        try:
            said = form_of(answer, held) if raised is None else form_of_error(raised)
            self._compare(said, answer, held, held.now(), arguments, options)
        except OpaqueError:
            self.alike.clear()
        except SpoiltError:
            self.run.spoilt = True
        finally:
            self.run.aside = False
            for array, copy in zip(held.arrays, after or (), strict=False):
                array[...] = copy
        if raised is not None:
            raise raised
        return answer

    def _compare(
        self,
        said: Form,
        answer: Any,
        held: Held,
        left: list[Form],
        arguments: tuple[Any, ...],
        options: dict[str, Any],
    ) -> None:
        """Keep those mutants that say the same and leave the arrays the same."""
        for number in [*self.alike]:
            held.put_back()
            if not self._says(number, said, answer, held, arguments, options) or held.now() != left:
                self.alike.discard(number)
        held.put_back()

    def _says(
        self,
        number: int,
        said: Form,
        answer: Any,
        held: Held,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
    ) -> bool:
        try:
            try:
                other = self._mutants[number](*arguments, **options)
            except Exception as error:  # noqa: BLE001 - as the original may
                return form_of_error(error) == said
            return (other is answer and answer is not None) or form_of(other, held) == said
        except OpaqueError:
            return False

    @contextmanager
    def _unless_called(self, function: FunctionType) -> Iterator[None]:
        """Nothing is alike if this function is called meanwhile: it may keep what nobody sees."""
        through = _twin(function, function.__code__)

        def called(*arguments: Any, **options: Any) -> Any:
            self.alike.clear()
            return through(*arguments, **options)

        before = function.__code__
        function.__code__ = _calling(called)
        try:
            yield
        finally:
            function.__code__ = before


def _twin(function: FunctionType, code: CodeType) -> FunctionType:
    """The function with other code."""
    twin = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def _calling(stand_in: Callable[..., Any]) -> CodeType:
    """The code of a function that hands on whatever it is called with."""
    code = _through.__code__
    return code.replace(co_consts=tuple(stand_in if constant == _MARK else constant for constant in code.co_consts))


def _through(*arguments: Any, **options: Any) -> Any:
    stand_in: Any = "in the place of this constant stands whatever is to be called"
    return stand_in(*arguments, **options)
