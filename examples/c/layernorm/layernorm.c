/* Layer norm over the last axis, with its backward written by hand.
 *
 *   forward    x^ = (x - mean) * rstd,  rstd = 1 / sqrt(var + eps),  y = x^ * gamma + beta
 *   backward   g = dy * gamma,  dx = rstd * (g - mean(g) - x^ * mean(g * x^))
 *              dgamma = sum over rows of dy * x^,  dbeta = sum over rows of dy
 *
 * The two means in dx are what is forgotten most: x moves the mean and the variance of its row, too.
 *
 *   cc -O2 -shared -fPIC -o layernorm.so layernorm.c -lm && gradcheck run cases.py
 *
 * -DREAL=float computes in single precision. Each of -DBUG_MEAN_TERM, -DBUG_VARIANCE_TERM,
 * -DBUG_LAST_ROW, -DBUG_ACCUMULATE and -DBUG_NEXT_ROW plants a mistake.
 */
#include <math.h>
#include <stddef.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;

void layernorm_forward(int n, int d, const real *x, const real *gamma, const real *beta, double eps, real *y, real *mean,
                       real *rstd)
{
    for (int i = 0; i < n; i++) {
        const real *row = x + (size_t)i * d;
        double sum = 0, squares = 0;
        for (int j = 0; j < d; j++)
            sum += row[j];
        for (int j = 0; j < d; j++)
            squares += (row[j] - sum / d) * (row[j] - sum / d);
        mean[i] = sum / d;
        rstd[i] = 1 / sqrt(squares / d + eps);
        for (int j = 0; j < d; j++)
            y[(size_t)i * d + j] = (row[j] - mean[i]) * rstd[i] * gamma[j] + beta[j];
    }
}

void layernorm_backward(int n, int d, const real *dy, const real *x, const real *gamma, const real *mean,
                        const real *rstd, real *dx, real *dgamma, real *dbeta)
{
#ifdef BUG_LAST_ROW
    int rows = n - 1; /* a loop that stops one row early */
#else
    int rows = n;
#endif
#ifndef BUG_ACCUMULATE /* with it, sums are added to whatever the memory held */
    for (int j = 0; j < d; j++)
        dgamma[j] = dbeta[j] = 0;
#endif
    for (int i = 0; i < rows; i++) {
        const real *row = x + (size_t)i * d, *g = dy + (size_t)i * d;
        double sum = 0, dot = 0;
        for (int j = 0; j < d; j++) {
            double hat = (row[j] - mean[i]) * rstd[i];
            sum += g[j] * gamma[j];
            dot += g[j] * gamma[j] * hat;
            dgamma[j] += g[j] * hat;
            dbeta[j] += g[j];
        }
#ifdef BUG_MEAN_TERM
        sum = 0;
#endif
#ifdef BUG_VARIANCE_TERM
        dot = 0;
#endif
        for (int j = 0; j < d; j++) {
            double hat = (row[j] - mean[i]) * rstd[i];
            dx[(size_t)i * d + j] = rstd[i] * (g[j] * gamma[j] - sum / d - hat * dot / d);
        }
    }
#ifdef BUG_LAST_ROW
    for (int j = 0; j < d; j++)
        dx[(size_t)rows * d + j] = 0;
#endif
#ifdef BUG_NEXT_ROW
    dx[(size_t)n * d] = 0; /* one entry past the end */
#endif
}
