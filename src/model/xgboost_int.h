/* Boosting: XGBoost's library trains, what it learned is read into a pt_forest, and that is what is stored, scored and explained.
 * So scoring needs no library, and no bytes of ours are ever given to the library's reader. */
#ifndef PT_MODEL_XGBOOST_INT_H
#define PT_MODEL_XGBOOST_INT_H

#include <xgboost/c_api.h>

#include "model/forest.h"

/* Every function of XGBoost's C API that this program uses. */
/* clang-format off */
#define XGBOOST_FUNCTIONS(X)                                                                                           \
    X(XGBGetLastError) X(XGBSetGlobalConfig)                                                                           \
    X(XGDMatrixCreateFromDense) X(XGDMatrixSetFloatInfo) X(XGDMatrixFree)                                              \
    X(XGProxyDMatrixCreate) X(XGProxyDMatrixSetDataDense) X(XGQuantileDMatrixCreateFromCallback)                       \
    X(XGBoosterCreate) X(XGBoosterSetParam) X(XGBoosterUpdateOneIter) X(XGBoosterEvalOneIter)                          \
    X(XGBoosterSaveModelToBuffer) X(XGBoosterFree)
/* clang-format on */

typedef struct xgboost_api {
#define XGBOOST_MEMBER(name) __typeof__(&name) name;
    XGBOOST_FUNCTIONS(XGBOOST_MEMBER)
#undef XGBOOST_MEMBER
} xgboost_api;

/* Loads the library; PT_EENGINE where it is not installed. */
pt_rc xgboost_load(const xgboost_api **out, pt_err *err);

/* A model in Universal Binary JSON, as XGBoost writes it: the trees of the first `rounds` rounds. `shape` has link, columns and
 * outputs. PT_EENGINE for bytes that are none, or of trees that a forest cannot be. */
pt_rc xgboost_read(pt_forest **out, const pt_forest *shape, size_t rounds, pt_sv bytes, pt_err *err);

#endif
