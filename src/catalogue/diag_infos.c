/* What `portrait explain E0902` says; the other codes of E09xx are reported by project/. */
#include "catalogue/catalogue.h"
#include "project/codes.h"

const pt_diag_info pt_catalogue_diag_infos[] = {
    {PT_E_UNKNOWN_ROLE, "a role that does not fit",
     "'roles' in portrait.yaml binds roles of the catalogue to sources. Here the catalogue knows no such role or no "
     "such "
     "column of it, or the source is of another kind (an event where a record is needed), or its column is of a type "
     "that "
     "the role's column cannot have. `portrait tags --roles` lists roles, their columns and types.\n"
     "  right: purchases: {source: orders, amount: amount, category: category}",
     "角色不相符",
     "portrait.yaml 的 roles "
     "把目录中的角色绑定到数据源。这里写的角色或角色的列在目录中不存在，或者数据源类型不符（需要 record 却是 "
     "event），或者列的类型不符。用 `portrait tags --roles` 查看角色、列和类型。\n"
     "  对: purchases: {source: orders, amount: amount, category: category}"},
    {0, NULL, NULL, NULL, NULL},
};
