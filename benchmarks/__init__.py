"""Measurements of gradcheck beside its peers; ``python -m benchmarks`` runs them all.

One thread: the libraries read these variables when they are first imported, which the parts do below.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_name] = "1"
