#include "lang/lang.h"

const pt_diag_info pt_lang_diag_infos[] = {{0}};
