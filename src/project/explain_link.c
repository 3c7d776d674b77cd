/* What `portrait explain E05xx` says of rules of linking. */
#include "link/codes.h"
#include "project/project.h"

const pt_diag_info pt_link_diag_infos[] = {
    {PT_E_LINK_FUNCTION, "no function of keys, or not used so",
     "Expressions under 'blocking' and 'sure', and after 'of' in a level, are made of columns and functions of one "
     "value; "
     "docs/linking.md lists them. Numbers come after the value.\n"
     "  wrong: prefix(3, name)\n"
     "  right: prefix(name, 3)",
     "没有这个函数，或用法不对",
     "blocking、sure 里的表达式，以及档次里 of 后面的表达式，由列和单值函数组成，函数见 "
     "docs/linking.md。数字写在值的后面。\n"
     "  错: prefix(3, name)\n"
     "  对: prefix(name, 3)"},
    {PT_E_LINK_EXPRESSION, "no expression for a key",
     "Records with an equal key are compared. A key is a column, a function of one, or several of these with '+': then "
     "all must be "
     "there. Conditions and arithmetic mean nothing here.\n"
     "  wrong: name = 'Li'\n"
     "  right: soundex(family(name)) + year(birth)",
     "不能作为键的表达式",
     "键相同的记录才会互相比较。键可以是一列、一列的函数，或用 + "
     "连起来的几项（各项都有值才算）。条件和运算在这里没有意义。\n"
     "  错: name = 'Li'\n"
     "  对: soundex(family(name)) + year(birth)"},
    {PT_E_LINK_LEVEL, "not a level of a comparison",
     "A level is a test with its bound: same, jaro_winkler 0.92, edits 1, bigrams 0.8, covered 0.8, masked 5, shared "
     "2, within 30d, "
     "within 5, within 2%, near 5km, inside, swapped with COLUMN; 'of EXPRESSION' says of what, 'and' joins two "
     "tests.\n"
     "  wrong: email: [jaro_winkler > 0.9]\n"
     "  right: email: [same, jaro_winkler 0.92, same of user(email)]",
     "不是比较的档次",
     "一档是一个检验加上界限：same、jaro_winkler 0.92、edits 1、bigrams 0.8、covered 0.8、masked 5、shared 2、within "
     "30d、within "
     "5、within 2%、near 5km、inside、swapped with 列；of 后面写比较什么，and 连接两个检验。\n"
     "  错: email: [jaro_winkler > 0.9]\n"
     "  对: email: [same, jaro_winkler 0.92, same of user(email)]"},
    {PT_E_LINK_COLUMN, "no linked source has this column",
     "Rules of 'link' name columns of the sources that are linked, alone or as SOURCE.COLUMN, names given with 'as', "
     "and kinds of "
     "columns such as 'phone'.",
     "参与关联的数据源没有这一列",
     "link 的规则引用参与关联的数据源的列（只写列名，或写成 数据源.列）、用 as 起的名称，或 phone 之类的列的种类。"},
    {PT_E_LINK_KIND, "unknown kind of column",
     "'columns' of 'link' says what a column is about: a person's name, a phone, a date of birth; docs/linking.md "
     "lists the kinds. "
     "'ignore' leaves the column out.",
     "未知的列的种类",
     "link 的 columns 说明一列是什么：姓名、电话、出生日期等，种类见 docs/linking.md；ignore 表示不使用这一列。"},
    {PT_E_LINK_SOURCE, "not a source that can be linked",
     "Rows of record sources are linked, by the identifiers that they have. Events and references are not compared, "
     "nor are records "
     "without an identifier.",
     "不能关联的数据源", "只有带标识的 record 数据源的行可以关联；事件、参照数据，以及没有标识的记录都不参与比较。"},
    {PT_E_LINK_NOTHING, "linking can link nothing",
     "Rows of record sources are compared by what is known of people: names, birth dates, phones, addresses. What a "
     "column "
     "holds is told by its name and label, in English or Chinese, or said under 'columns' of 'link'. Records whose "
     "strongest "
     "identifier is of a type with limit 1 are never joined: a customer would have two of it.",
     "没有可以关联的记录",
     "参与比较的是 record 数据源的行，依据姓名、出生日期、电话、地址等。列的含义由中英文列名或标签判断，也可以在 link "
     "的 "
     "columns 里写明。若记录最强的标识类型限制为 1，这些记录永远不会合并，否则一个客户就会有两个这样的标识。"},
    {0, NULL, NULL, NULL, NULL},
};
