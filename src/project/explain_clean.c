/* What `portrait explain E07xx` says. */
#include "project/codes.h"
#include "project/project.h"

const pt_diag_info pt_clean_diag_infos[] = {
    {PT_E_CLEAN_RULE, "not a rule of cleaning",
     "Under 'clean' stands a list of rules, one line each. A rule begins with what it does: convert, map, drop, flag, "
     "fill, "
     "cap, dedupe. docs/cleaning.md has all forms.\n"
     "  wrong: - remove when amount is missing\n"
     "  right: - drop when amount is missing",
     "不是清洗规则",
     "clean 下是规则的列表，一行一条。规则以动作开头：convert、map、drop、flag、fill、cap、dedupe。"
     "全部写法见 docs/cleaning.md。\n"
     "  错: - remove when amount is missing\n"
     "  对: - drop when amount is missing"},
    {PT_E_CLEAN_METHOD, "unknown method",
     "Outliers are found by iqr (distance from the quartiles), zscore (from the mean), mad (from the median) or a "
     "range; of "
     "rows with the same key the first, last, oldest or newest is kept.\n"
     "  wrong: - cap amount: sigma 3\n"
     "  right: - cap amount: zscore 3",
     "未知的方法",
     "离群值可按 iqr（距四分位数）、zscore（距均值）、mad（距中位数）或一个范围来判断；键相同的行可保留 "
     "first、last、oldest 或 newest。\n"
     "  错: - cap amount: sigma 3\n"
     "  对: - cap amount: zscore 3"},
    {PT_E_CLEAN_VALUE, "a number that cannot be",
     "The factor of iqr, zscore and mad is above 0 and at most 1000; a range goes from low to high; the nearness of "
     "texts is "
     "from 0.5 to 1.\n"
     "  wrong: - cap amount: 1000..0\n"
     "  right: - cap amount: 0..1000",
     "数值不可能",
     "iqr、zscore、mad 的倍数大于 0、不超过 1000；范围从小到大；文本相似度在 0.5 到 1 之间。\n"
     "  错: - cap amount: 1000..0\n"
     "  对: - cap amount: 0..1000"},
    {PT_E_CLEAN_COLUMN, "the rule names no column of the source",
     "Rules over the whole source name its declared columns, columns that an earlier rule added, and after 'by' also "
     "its "
     "identifier types. Columns of the file that are not declared are not kept and cannot be cleaned: declare them.",
     "规则里的列不属于这个数据源",
     "针对整个数据源的规则可以写：已声明的列、前面规则新增的列；by "
     "之后还可以写标识类型。文件中未声明的列不会保留，也就无法清洗：请先声明。"},
    {PT_E_CLEAN_TYPE, "the rule does not fit the column",
     "mean, median, iqr, zscore and mad are for numbers and money, ranges also for dates and instants, near for texts. "
     "A "
     "value to fill in is written as the column's type is read.\n"
     "  wrong: - fill amount: none\n"
     "  right: - fill amount: 0",
     "规则与列的类型不符",
     "mean、median、iqr、zscore、mad 用于数值和金额，范围还可用于日期和时刻，near "
     "用于文本。填充的常量要符合列的类型。\n"
     "  错: - fill amount: none\n"
     "  对: - fill amount: 0"},
    {PT_E_CLEAN_NO_TIME, "a rule that needs order in time",
     "'keep newest' and 'keep oldest' compare times, and 'previous' is the value before in time of the same customer. "
     "A "
     "source without a time keeps first or last, in the order of its files; one without customers says whose previous "
     "value "
     "is meant with 'by'.",
     "规则需要时间先后",
     "keep newest、keep oldest 比较时间；previous "
     "是同一客户在时间上的前一个值。没有时间的数据源可按文件顺序保留 first 或 last；没有客户的数据源要用 by "
     "写明分组。"},
    {PT_E_CLEAN_FLAG_TAKEN, "the flag's name is taken",
     "A flag is a new bool column of the source, and the source has a column of this name. 'flag amount: iqr 3' adds "
     "'amount_outlier'; 'flag NAME when ...' adds NAME.",
     "标记的名称已被占用",
     "标记是数据源新增的一个布尔列，而这个名称的列已经有了。flag amount: iqr 3 新增 amount_outlier；flag 名称 when ... "
     "新增这个名称的列。"},
    {PT_E_CLEAN_CONDITION, "not a condition over one row",
     "After 'when' stands an SQL condition over the columns of one row: declared columns, flags of earlier rules, "
     "'time', "
     "identifier types. Aggregates, queries, random numbers and the time of day are refused, as in 'from'.\n"
     "  wrong: - drop when amount > avg(amount)\n"
     "  right: - drop when amount > 10000",
     "不是对一行的条件",
     "when 之后是对一行各列的 SQL 条件：可用已声明的列、前面规则的标记、time、标识类型。与 from "
     "一样，不允许聚合、查询、随机数和当前时间。\n"
     "  错: - drop when amount > avg(amount)\n"
     "  对: - drop when amount > 10000"},
    {PT_E_CLEAN_CONVERTER, "unknown conversion",
     "'convert' names what the text is made into; docs/conversions.md lists all conversions.", "未知的转换",
     "convert 要写明把文本转换成什么；全部转换见 docs/conversions.md。"},
    {PT_E_CLEAN_ORDER, "a rule that acts earlier than it stands",
     "convert and map act while files are read, on the texts of values; all other rules act afterwards, over the whole "
     "source. "
     "Written below them they still act before them. Put them first, so that the list reads as it acts.",
     "规则的书写位置晚于它生效的时刻",
     "convert 和 map 在读文件时对文本起作用，其他规则在读完之后作用于整个数据源。写在后面也仍然先生效；"
     "请写在最前面，让书写顺序与生效顺序一致。"},
    {0, NULL, NULL, NULL, NULL},
};
