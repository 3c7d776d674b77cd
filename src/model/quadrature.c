#include "model/quadrature.h"

const pt_quadrature_point pt_quadrature[PT_QUADRATURE] = {
#define X(place, weight) {place, weight},
#include "model/quadrature_list.h"
#undef X
};
