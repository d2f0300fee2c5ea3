"""The attention of attention.c, once it is built: ``gradcheck run cases.py``."""

from pathlib import Path

from gradcheck import Case
from gradcheck.adapters import from_library

attention = from_library(
    Path(__file__).with_name("attention.so"),
    forward="""void attention_forward(int n, int m, int d, int e, const double q[n][d], const double k[m][d],
                                      const double v[m][e], int causal, double y[n][e], double p[n][m])""",
    backward="""void attention_backward(int n, int m, int d, int e, const double dy[n][e], const double q[n][d],
                                        const double k[m][d], const double v[m][e], const double p[n][m],
                                        double dq[n][d], double dk[m][d], double dv[m][e], double row[m])""",
)

# Without a key there is nothing to attend to.
CASES = [Case(attention, options={"causal": [0, 1]}, sizes={"m": (1, None), "d": (1, None)})]
