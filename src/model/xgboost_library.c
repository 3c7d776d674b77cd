/* Loads XGBoost. */
#include "base/library.h"
#include "model/xgboost_int.h"

static xgboost_api api;

static const char *const symbols[] = {
#define XGBOOST_NAME(name) #name,
    XGBOOST_FUNCTIONS(XGBOOST_NAME)
#undef XGBOOST_NAME
};
_Static_assert(sizeof symbols == sizeof api, "the table holds nothing but function pointers");

static const char *const files[] = {"libxgboost.so.0", "libxgboost.so", NULL};

static void be_quiet(const pt_library *l)
{
    (void)l;
    api.XGBSetGlobalConfig("{\"verbosity\": 0}");
}

static pt_library library = {
    .name = "XGBoost",
    .file = "libxgboost.so",
    .files = files,
    .variable = "PORTRAIT_XGBOOST",
    .package = "libxgboost0",
    .loaded = be_quiet,
    .symbols = symbols,
    .n_symbols = PT_COUNT(symbols),
    .table = &api,
};

pt_rc xgboost_load(const xgboost_api **out, pt_err *err)
{
    pt_rc rc = pt_library_load(&library, err);

    *out = rc == PT_OK ? &api : NULL;
    return rc;
}
