"""Cases of attention and of the rotary embedding; each in float64 and in float32.

``gradcheck run tests/library_cases/attention.py`` judges all of them. The twin of each op is the
function of the same name in ``reference``; without torch there is none.
"""

from __future__ import annotations

import manual_bp
from gradcheck import Integers
from tests.library_cases import in_both_dtypes, twin


def scaled_dot_product_attention(query, key, value, attn_mask, **options):
    """Attention whose boolean mask is drawn as 0 and 1."""
    return manual_bp.scaled_dot_product_attention(query, key, value, attn_mask.astype(bool), **options)


def multi_head_attention(*inputs, **options):
    """Attention by several heads whose last two inputs, boolean masks, are drawn as 0 and 1."""
    *arrays, attn_mask, key_padding_mask = inputs
    return manual_bp.multi_head_attention(*arrays, attn_mask.astype(bool), key_padding_mask.astype(bool), **options)


def masked_twin(op):
    """The twin with its masks, the inputs of whole numbers, as booleans."""
    function = twin(op)
    if function is None:
        return None
    return lambda *inputs, **options: function(*(x if x.is_floating_point() else x.bool() for x in inputs), **options)


ATTENTION = [
    *in_both_dtypes(manual_bp.scaled_dot_product_attention, options={"is_causal": [False, True], "scale": [None, 0.3]}),
    *in_both_dtypes(
        manual_bp.scaled_dot_product_attention,
        "(b,h,l,e),(h,s,e),(b,1,s,v),(l,s)->(b,h,l,v)",
        name="scaled_dot_product_attention with a mask that is added, broadcast",
    ),
    *in_both_dtypes(
        scaled_dot_product_attention,
        "(b,l,e),(b,s,e),(b,s,v),(l,s)->(b,l,v)",
        name="scaled_dot_product_attention with a boolean mask",
        reference=masked_twin(manual_bp.scaled_dot_product_attention),
        domains={"attn_mask": Integers(0, 2)},
    ),
]

# So large at most that an example in float32, which has long axes, takes a second: a mask has l times s entries.
HEADED = {"l": (1, 70), "s": (1, 70), "n": (1, 6), "e": (1, 20)}
HEADS = "(l,n,2*e),(s,n,2*e),(s,n,2*e),(6*e,2*e),(6*e),(2*e,2*e),(2*e)"

MULTI_HEAD = [
    *in_both_dtypes(manual_bp.multi_head_attention, options={"is_causal": [False, True]}, sizes=HEADED),
    *in_both_dtypes(
        manual_bp.multi_head_attention,
        f"{HEADS},(l,s)->(l,n,2*e)",
        name="multi_head_attention by two heads, with a mask that is added",
        options={"num_heads": 2},
        sizes=HEADED,
    ),
    *in_both_dtypes(
        multi_head_attention,
        f"{HEADS},(2*n,l,s),(n,s)->(l,n,2*e)",
        name="multi_head_attention by two heads, with boolean masks",
        reference=masked_twin(manual_bp.multi_head_attention),
        domains={"inputs[7]": Integers(0, 2), "inputs[8]": Integers(0, 2)},
        options={"num_heads": 2},
        sizes=HEADED,
    ),
    *in_both_dtypes(
        manual_bp.multi_head_attention,
        "(n,l,2*e),(n,s,2*e),(n,s,2*e),(6*e,2*e),(6*e),(2*e,2*e)->(n,l,2*e)",
        name="multi_head_attention samples first, no bias at the end",
        options={"num_heads": 2, "batch_first": True},
        sizes=HEADED,
    ),
]

ROTARY = in_both_dtypes(
    manual_bp.rotary_embedding, options={"base": [10000.0, 10.0], "offset": [0, 7], "interleaved": [False, True]}
)

CASES = [*ATTENTION, *MULTI_HEAD, *ROTARY]
