"""Calls functions of one library, each argument in guarded memory: a process of its own, run by its file name.

It needs neither NumPy nor gradcheck. Reads pickles from standard input: first the path of the library, the length of
guards and the alignment of arrays, answered by None or by why it cannot be loaded; then one call each: the name of the
function, the kind of what it returns, and its arguments. An argument is ``("read", bytes)``, ``("write", length,
fill)`` or ``("value", kind, number)``. The answer to a call is what was returned; the bytes of everything written, by
the number of the argument; and, by that number, what was touched that must not be: the first and the last byte in front
(negative) or behind, or None where an array changed that is only read. Answers are pickles too, the length of each in
front, in eight bytes.
"""

import ctypes
import os
import pickle
from typing import Any

# Words of 16 bits that are NaN in every width of floating numbers, each of another kind, so that NaN which was computed
# from what lies behind an input is seen where it is written behind an output.
BEHIND_READ = b"\xfd\xff"
BEHIND_WRITTEN = b"\xfe\xff"


class Guarded:
    """Memory for an array, with guards in front and behind that are at least as long as the array."""

    def __init__(self, content: bytes, guard: int, alignment: int, word: bytes) -> None:
        self.length, self.content = len(content), content
        side = -(-max(guard, self.length) // alignment) * alignment
        self.memory = ctypes.create_string_buffer(2 * side + self.length + 2 * alignment)
        start = ctypes.addressof(self.memory)
        self.first = -(start + side) % alignment + side
        self.whole = word * (len(self.memory) // 2)
        ctypes.memmove(start, self.whole, len(self.whole))
        ctypes.memmove(start + self.first, content, self.length)
        self.address = ctypes.c_void_p(start + self.first)

    def now(self) -> bytes:
        """The bytes of the array."""
        return self.memory.raw[self.first : self.first + self.length]

    def touched(self) -> tuple[int, int] | None:
        """The first and last byte around the array that are no longer as they were; None where all are."""
        raw, last = self.memory.raw[: len(self.whole)], self.first + self.length
        if raw[: self.first] == self.whole[: self.first] and raw[last:] == self.whole[last:]:
            return None
        where = [n for n, byte in enumerate(raw) if byte != self.whole[n] and not self.first <= n < last]
        behind = [n for n in where if n >= last]
        return (behind[0] - last, behind[-1] - last) if behind else (where[0] - self.first, where[-1] - self.first)


def call(library: ctypes.CDLL, memory: tuple[int, int], name: str, returns: str | None, arguments: list[Any]) -> Any:
    """Call a function: what it returned, what it wrote, and what it touched that it must not."""
    function = getattr(library, name)
    function.restype = getattr(ctypes, returns) if returns else None
    given: list[Any] = []
    arrays: dict[int, tuple[bool, Guarded]] = {}
    for number, argument in enumerate(arguments):
        if argument[0] == "value":
            given.append(getattr(ctypes, argument[1])(argument[2]))
            continue
        read = argument[0] == "read"
        content = argument[1] if read else argument[2] * argument[1]
        arrays[number] = read, Guarded(content, *memory, BEHIND_READ if read else BEHIND_WRITTEN)
        given.append(arrays[number][1].address)
    returned = function(*given)
    written = {number: array.now() for number, (read, array) in arrays.items() if not read}
    around = {number: array.touched() for number, (_, array) in arrays.items()}
    touched = {number: where for number, where in around.items() if where is not None}
    changed = [number for number, (read, array) in arrays.items() if read and array.now() != array.content]
    return returned, written, {**dict.fromkeys(changed), **touched}


def main() -> None:
    """Load the library, then answer calls until the input ends."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what the library prints is no answer
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass
    path, *memory = pickle.load(questions)
    library: ctypes.CDLL | None = None
    answer: Any
    while True:
        try:
            if library is None:
                library = ctypes.CDLL(path)
                answer = None
            else:
                answer = call(library, memory, *pickle.load(questions))
        except EOFError:
            return
        except (OSError, AttributeError) as error:
            answer = str(error)
        whole = pickle.dumps(answer)
        answers.write(len(whole).to_bytes(8, "little") + whole)
        answers.flush()
        if library is None:
            return


if __name__ == "__main__":
    main()
