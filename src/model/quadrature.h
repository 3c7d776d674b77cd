/* The rule of Gauss and Legendre with 24 points: exact for polynomials of degree 47. */
#ifndef PT_MODEL_QUADRATURE_H
#define PT_MODEL_QUADRATURE_H

enum { PT_QUADRATURE = 24 };

typedef struct pt_quadrature_point {
    double place, weight; /* on [0, 1]; weights add up to 1 */
} pt_quadrature_point;

extern const pt_quadrature_point pt_quadrature[PT_QUADRATURE];

#endif
