"""The layer norm of layernorm.c, once it is built: ``gradcheck run cases.py``."""

from pathlib import Path

from gradcheck import Case
from gradcheck.adapters import from_library

layernorm = from_library(
    Path(__file__).with_name("layernorm.so"),
    forward="""void layernorm_forward(int n, int d, const double x[n][d], const double gamma[d], const double beta[d],
                                      double eps, double y[n][d], double mean[n], double rstd[n])""",
    backward="""void layernorm_backward(int n, int d, const double dy[n][d], const double x[n][d],
                                        const double gamma[d], const double mean[n], const double rstd[n],
                                        double dx[n][d], double dgamma[d], double dbeta[d])""",
)

# A row of one entry has no variance: its y does not depend on x.
CASES = [Case(layernorm, options={"eps": 1e-5}, sizes={"d": (2, None)})]
