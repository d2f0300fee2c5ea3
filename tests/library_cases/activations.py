"""Activations on random shapes, with their options. (Sigmoid, tanh, relu and softmax stand in tests/cases.py.)"""

from __future__ import annotations

import manual_bp
from tests.library_cases import in_both_dtypes

CASES = [
    *in_both_dtypes(manual_bp.leaky_relu, options={"negative_slope": [0.01, 0.3, -0.5]}),
    *in_both_dtypes(manual_bp.elu, options={"alpha": [1.0, 0.4]}),
    *in_both_dtypes(manual_bp.softplus, options={"beta": [1.0, 2.5], "threshold": [20.0, 40.0]}),
    *in_both_dtypes(manual_bp.silu),
    *in_both_dtypes(manual_bp.gelu, options={"approximate": ["none", "tanh"]}),
    *in_both_dtypes(manual_bp.mish),
    *in_both_dtypes(manual_bp.hardtanh, options={"min_val": [-1.0, 0.0], "max_val": [1.0, 6.0]}),
    *in_both_dtypes(manual_bp.hardsigmoid),
    *in_both_dtypes(manual_bp.log_sigmoid),
    *in_both_dtypes(manual_bp.log_softmax, options={"dim": [-1, 0]}),
    *in_both_dtypes(manual_bp.glu, "(2*n,2*c)->(_,_)", options={"dim": [-1, 0]}),
    *in_both_dtypes(manual_bp.swiglu),
]
