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
    {PT_E_UNKNOWN_TEMPLATE, "a tag stands for a template that does not exist",
     "'template' of a tag names the template of the catalogue that the tag answers under a name of its own: views then "
     "show "
     "it, and templates that need that one use it. `portrait tags --templates` lists the names.",
     "标签对应的模板不存在",
     "标签的 template 写明它以自己的名称对应目录中的哪个模板：清单会显示它，需要该模板的其他模板也会用它。"
     "用 `portrait tags --templates` 查看模板名称。"},
    {0, NULL, NULL, NULL, NULL},
};
