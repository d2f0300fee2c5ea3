"""What the user's code raises where nobody has called it: in a trace function, an audit hook, a finaliser."""

from __future__ import annotations

from pathlib import Path

from gradcheck.foreign import message_of, shown
from gradcheck.protocol.files import owner_of


def uncalled(error: BaseException) -> str | None:
    """Where the user's code raised this amid ours, in words that end a sentence; None where ours did.

    Asks for no line of any file: an audit hook would be asked too.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or owner_of(trace.tb_frame.f_code.co_filename) != "":
        return None
    code = trace.tb_frame.f_code
    place = f"`{shown(code.co_name)}`, {shown(Path(code.co_filename).name)}:{trace.tb_lineno}"
    return f"{place}, raises where nobody has called it: {message_of(error)}"
