"""Cases of the recurrent cells and of whole sequences; each in float64 and in float32.

``gradcheck run tests/library_cases/recurrent.py`` judges all of them. The twin of each op is the
function of the same name in ``reference``; without torch there is none.
"""

from __future__ import annotations

import manual_bp
from tests.library_cases import in_both_dtypes


def layers(gates, states):
    """The signature of two layers in both directions."""
    first = f"({gates}*h,i),({gates}*h,h),({gates}*h),({gates}*h)"
    second = first.replace(",i)", ",2*h)")
    ends = ",".join(["(4,n,h)"] * states)
    return f"(n,t,i),{ends},{first},{first},{second},{second}->(n,t,2*h),{ends}"


# So large at most that an example in float32, which has long axes, takes a second.
SMALL = {"n": (None, 70), "i": (None, 40), "h": (None, 40)}
# Torch refuses sequences of no step, and some others that are empty.
SEQUENCE = {"t": (1, 20), "n": (1, 12), "i": (1, 20), "h": (1, 12)}

CELLS = [
    *in_both_dtypes(manual_bp.rnn_cell, options={"nonlinearity": ["tanh", "relu"]}, sizes=SMALL),
    *in_both_dtypes(manual_bp.lstm_cell, sizes=SMALL),
    *in_both_dtypes(manual_bp.gru_cell, sizes=SMALL),
    *in_both_dtypes(manual_bp.gru_cell, "(n,i),(n,h),(3*h,i),(3*h,h)->(n,h)", name="gru_cell no bias", sizes=SMALL),
]

SEQUENCES = [
    *in_both_dtypes(manual_bp.rnn, options={"nonlinearity": ["tanh", "relu"]}, sizes=SEQUENCE),
    *in_both_dtypes(manual_bp.lstm, sizes=SEQUENCE),
    *in_both_dtypes(manual_bp.gru, sizes=SEQUENCE),
    *in_both_dtypes(
        manual_bp.gru,
        "(t,n,i),(1,n,h),(3*h,i),(3*h,h)->(t,n,h),(1,n,h)",
        name="gru no bias",
        options={"bias": False},
        sizes=SEQUENCE,
    ),
]

BOTH_WAYS = {"bidirectional": True, "batch_first": True}

STACKED = [
    *in_both_dtypes(
        manual_bp.rnn, layers(1, 1), name="rnn of two layers, both ways", options=BOTH_WAYS, sizes=SEQUENCE
    ),
    *in_both_dtypes(
        manual_bp.lstm, layers(4, 2), name="lstm of two layers, both ways", options=BOTH_WAYS, sizes=SEQUENCE
    ),
    *in_both_dtypes(
        manual_bp.gru, layers(3, 1), name="gru of two layers, both ways", options=BOTH_WAYS, sizes=SEQUENCE
    ),
]

CASES = [*CELLS, *SEQUENCES, *STACKED]
