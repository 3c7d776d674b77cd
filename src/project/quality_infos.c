/* What `portrait explain E08xx` says. */
#include "project/codes.h"
#include "project/project.h"

const pt_diag_info pt_quality_diag_infos[] = {
    {PT_E_QUALITY_RULE, "not a quality rule",
     "A rule under 'quality' is one line: unique COLUMN · complete COLUMN >= 0.95 · COLUMN between A and B · COLUMN in "
     "[A, B] · format COLUMN FORMAT · reference COLUMN in SOURCE.COLUMN · fresh time within 2d · rows >= 1000 · expect "
     "CONDITION. Written as 'error: RULE', a build stops when it fails.\n"
     "  wrong: - amount from 0 to 100\n"
     "  right: - amount between 0 and 100",
     "不是质量规则",
     "“quality” 下的每条规则是一行：unique 列 · complete 列 >= 0.95 · 列 between A and B · 列 in [A, B] · format 列 "
     "格式 · "
     "reference 列 in 数据源.列 · fresh time within 2d · rows >= 1000 · expect 条件。写成“error: "
     "规则”时，不满足就停止构建。\n"
     "  错: - amount from 0 to 100\n"
     "  对: - amount between 0 and 100"},
    {PT_E_QUALITY_COLUMN, "a quality rule names an unknown column",
     "A rule may name the declared columns of its source, its identifier types, and 'time'. Columns of the file that "
     "are "
     "not declared under 'columns' are not there.",
     "质量规则引用了未知的列",
     "规则可以引用本数据源声明的列、标识符类型和 time。文件里有但没有在 columns 中声明的列不能引用。"},
    {PT_E_QUALITY_SOURCE, "a quality rule names an unknown source",
     "'reference COLUMN in SOURCE.COLUMN' needs a source of this project.", "质量规则引用了未知的数据源",
     "“reference 列 in 数据源.列”中的数据源必须是本项目的数据源。"},
    {PT_E_QUALITY_VALUE, "a value that a quality rule cannot use",
     "Bounds and listed values must be of the column's type, shares lie between 0 and 1 (or 0% and 100%), durations "
     "are "
     "written 2d or 12h, and formats are phone_cn, email, id_cn, uuid, url, ip, digits, word or a /regular "
     "expression/.",
     "质量规则中的值不可用",
     "边界和列出的值须与列的类型一致；比例在 0 与 1（或 0% 与 100%）之间；时长写作 2d 或 12h；格式为 "
     "phone_cn、email、id_cn、"
     "uuid、url、ip、digits、word 或 /正则表达式/。"},
    {PT_E_QUALITY_TYPE, "a quality rule for another type of column",
     "'between' needs something with an order (number, money, date, instant), 'format' needs a text or category, "
     "'fresh' "
     "a date or an instant.",
     "质量规则与列的类型不符",
     "between 用于有大小的类型（数值、金额、日期、时刻），format 用于文本或类别，fresh 用于日期或时刻。"},
    {0, NULL, NULL, NULL, NULL}};
