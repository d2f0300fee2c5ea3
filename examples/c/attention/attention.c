/* Attention of a single head, with its backward written by hand.
 *
 *   forward    s = scale * q k^T,  p = softmax of each row of s,  y = p v
 *   backward   dv = p^T dy,  dp = dy v^T,  ds = p * (dp - sum of p * dp over the row)
 *              dq = scale * ds k,  dk = scale * ds^T q
 *
 * Only p is kept. With causal, a query sees no key behind its own position.
 *
 *   cc -O2 -shared -fPIC -o attention.so attention.c -lm && gradcheck run cases.py
 *
 * -DREAL=float computes in single precision. Each of -DBUG_SCALE, -DBUG_ROW_SUM, -DBUG_TRANSPOSED, -DBUG_ACCUMULATE and
 * -DBUG_LAST_KEY plants a mistake.
 */
#include <math.h>
#include <stddef.h>
#include <string.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;

void attention_forward(int n, int m, int d, int e, const real *q, const real *k, const real *v, int causal, real *y,
                       real *p)
{
    double scale = 1 / sqrt((double)d);
    for (int i = 0; i < n; i++) {
        real *row = p + (size_t)i * m;
        int seen = causal && i + 1 < m ? i + 1 : m;
        double largest = -INFINITY, sum = 0;
        for (int j = 0; j < m; j++)
            row[j] = 0;
        for (int j = 0; j < seen; j++) {
            double s = 0;
            for (int c = 0; c < d; c++)
                s += q[(size_t)i * d + c] * k[(size_t)j * d + c];
            row[j] = scale * s;
            largest = row[j] > largest ? row[j] : largest;
        }
        for (int j = 0; j < seen; j++)
            sum += row[j] = exp(row[j] - largest);
        for (int j = 0; j < seen; j++)
            row[j] /= sum;
        for (int c = 0; c < e; c++) {
            double total = 0;
            for (int j = 0; j < seen; j++)
                total += row[j] * v[(size_t)j * e + c];
            y[(size_t)i * e + c] = total;
        }
    }
}

void attention_backward(int n, int m, int d, int e, const real *dy, const real *q, const real *k, const real *v,
                        const real *p, real *dq, real *dk, real *dv, real *ds)
{
#ifdef BUG_SCALE
    double scale = 1;
#else
    double scale = 1 / sqrt((double)d);
#endif
#ifdef BUG_LAST_KEY
    int keys = m > 1 ? m - 1 : m;
#else
    int keys = m;
#endif
    memset(dq, 0, sizeof(real) * n * d);
#ifndef BUG_ACCUMULATE /* with it, sums are added to whatever the memory held */
    memset(dk, 0, sizeof(real) * m * d);
#endif
    memset(dv, 0, sizeof(real) * m * e);
    for (int i = 0; i < n; i++) {
        const real *row = p + (size_t)i * m, *g = dy + (size_t)i * e;
        double sum = 0;
        for (int j = 0; j < m; j++) {
            double dp = 0;
            for (int c = 0; c < e; c++) {
                dp += g[c] * v[(size_t)j * e + c];
                dv[(size_t)j * e + c] += row[j] * g[c];
            }
            ds[j] = dp;
            sum += row[j] * dp;
        }
#ifdef BUG_ROW_SUM
        sum = 0;
#endif
        for (int j = 0; j < keys; j++) {
            double s = scale * row[j] * (ds[j] - sum);
            for (int c = 0; c < d; c++) {
                dq[(size_t)i * d + c] += s * k[(size_t)j * d + c];
#ifdef BUG_TRANSPOSED
                dk[(size_t)j * d + c] += s * k[(size_t)j * d + c];
#else
                dk[(size_t)j * d + c] += s * q[(size_t)i * d + c];
#endif
            }
        }
    }
}
