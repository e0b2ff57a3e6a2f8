/* Where a row lies in the graph: its coordinates along the largest eigenvectors of the adjacency matrix (adjacency
 * spectral embedding; Sussman et al. 2012). Neighbours, and rows with the same neighbours, lie close together; no label
 * is used.
 *
 * Orthogonal iteration of a block a little wider than what is wanted, then Rayleigh–Ritz with Jacobi's method, and the
 * sign that makes a vector's largest coordinate positive. Sequential and in double precision, from a fixed start: the
 * same graph gives the same coordinates. Cost: O(iterations · block · edges); 8 bytes a row and column of the block,
 * twice. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "detect/model_private.h"

enum { BLOCK = SPECTRAL_PLACES + 6, ITERATIONS = 40, SWEEPS = 30 };

/* out = A · in, column by column side by side: [row * BLOCK]. */
static void multiply(const uint32_t *first, const uint32_t *places, size_t rows, const double *in, double *out) {
    for (size_t row = 0; row < rows; row++) {
        double sums[BLOCK] = {0};
        for (uint32_t i = first[row]; i < first[row + 1]; i++) {
            const double *other = in + (size_t)places[i] * BLOCK;
            for (int k = 0; k < BLOCK; k++) {
                sums[k] += other[k];
            }
        }
        memcpy(out + row * BLOCK, sums, sizeof sums);
    }
}

/* Modified Gram–Schmidt, twice; a column that vanishes becomes zero. */
static void orthonormalize(double *v, size_t rows) {
    for (int k = 0; k < BLOCK; k++) {
        for (int pass = 0; pass < 2; pass++) {
            for (int j = 0; j < k; j++) {
                double dot = 0;
                for (size_t row = 0; row < rows; row++) {
                    dot += v[row * BLOCK + (size_t)k] * v[row * BLOCK + (size_t)j];
                }
                for (size_t row = 0; row < rows; row++) {
                    v[row * BLOCK + (size_t)k] -= dot * v[row * BLOCK + (size_t)j];
                }
            }
        }
        double square = 0;
        for (size_t row = 0; row < rows; row++) {
            square += v[row * BLOCK + (size_t)k] * v[row * BLOCK + (size_t)k];
        }
        double scale = square > 1e-24 ? 1 / sqrt(square) : 0;
        for (size_t row = 0; row < rows; row++) {
            v[row * BLOCK + (size_t)k] *= scale;
        }
    }
}

/* Jacobi's eigenvalue method: h becomes diagonal, u the eigenvectors in its columns. */
static void diagonalize(double h[BLOCK][BLOCK], double u[BLOCK][BLOCK]) {
    for (int i = 0; i < BLOCK; i++) {
        for (int j = 0; j < BLOCK; j++) {
            u[i][j] = i == j;
        }
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (int p = 0; p < BLOCK; p++) {
            for (int q = p + 1; q < BLOCK; q++) {
                if (fabs(h[p][q]) < 1e-300) {
                    continue;
                }
                double theta = (h[q][q] - h[p][p]) / (2 * h[p][q]);
                double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
                double c = 1 / sqrt(t * t + 1), s = t * c;
                for (int k = 0; k < BLOCK; k++) {
                    double a = h[k][p], b = h[k][q];
                    h[k][p] = c * a - s * b;
                    h[k][q] = s * a + c * b;
                }
                for (int k = 0; k < BLOCK; k++) {
                    double a = h[p][k], b = h[q][k];
                    h[p][k] = c * a - s * b;
                    h[q][k] = s * a + c * b;
                }
                for (int k = 0; k < BLOCK; k++) {
                    double a = u[k][p], b = u[k][q];
                    u[k][p] = c * a - s * b;
                    u[k][q] = s * a + c * b;
                }
            }
        }
    }
}

/* Coordinate `place` of every row: v · u's column, with the eigenvalue's root as scale. */
static void take_vector(const double *v, size_t rows, double u[BLOCK][BLOCK], int column, double scale, float *out,
                        size_t stride) {
    double largest = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t row = 0; row < rows; row++) {
            double sum = 0;
            for (int k = 0; k < BLOCK; k++) {
                sum += v[row * BLOCK + (size_t)k] * u[k][column];
            }
            if (pass == 0) {
                largest = fabs(sum) > fabs(largest) ? sum : largest;
            } else {
                out[row * stride] = (float)((largest < 0 ? -sum : sum) * scale);
            }
        }
    }
}

bool spectral_places(const uint32_t *first, const uint32_t *places, size_t rows, float *out, size_t stride) {
    double *v = memory_new(rows * BLOCK * sizeof *v), *w = memory_new(rows * BLOCK * sizeof *w);
    bool made = v != NULL && w != NULL;
    uint64_t state = 1;
    for (size_t i = 0; i < rows * BLOCK && made; i++) {
        v[i] = (double)(random_next(&state) >> 11) / 9007199254740992.0 - 0.5;
    }
    for (int i = 0; i < ITERATIONS && made; i++) {
        orthonormalize(v, rows);
        multiply(first, places, rows, v, w);
        double *other = v;
        v = w;
        w = other;
    }
    if (made) {
        double h[BLOCK][BLOCK] = {{0}}, u[BLOCK][BLOCK];
        orthonormalize(v, rows);
        multiply(first, places, rows, v, w);
        for (size_t row = 0; row < rows; row++) {
            for (int i = 0; i < BLOCK; i++) {
                for (int j = 0; j < BLOCK; j++) {
                    h[i][j] += v[row * BLOCK + (size_t)i] * w[row * BLOCK + (size_t)j];
                }
            }
        }
        diagonalize(h, u);
        bool taken[BLOCK] = {false};
        for (size_t place = 0; place < SPECTRAL_PLACES; place++) {
            int best = -1;
            for (int k = 0; k < BLOCK; k++) {
                best = !taken[k] && (best < 0 || fabs(h[k][k]) > fabs(h[best][best])) ? k : best;
            }
            taken[best] = true;
            take_vector(v, rows, u, best, sqrt(fabs(h[best][best])), out + place, stride);
        }
    }
    memory_free(v);
    memory_free(w);
    return made;
}
