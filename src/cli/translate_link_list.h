/* Messages of record linkage. No include guard: included as a list. */
X("there may be {0} blocking rules, not {1}", "分块规则最多 {0} 条，此处有 {1} 条")
X("linking needs two records at least", "记录匹配至少需要两条记录")
X("linking takes 1 to {0} comparisons, not {1}", "记录匹配可用 1 到 {0} 项比较，此处为 {1} 项")
X("comparison '{0}' takes 1 to {1} levels, not {2}", "比较项“{0}”可有 1 到 {1} 个等级，此处为 {2} 个")
X("comparison '{0}' asks of a column what it does not have", "比较项“{0}”所需的内容，相应列中没有")
X("linking takes {0} columns at most", "记录匹配最多使用 {0} 列")
X("ICU has no readings of names: {0}", "ICU 无法给出姓名的读音：{0}")
X("no source has records that could be compared", "没有可供比较记录的来源")
X("linking compares sources of kind record with an identifier and two columns such as a name, a birth date, a phone or an "
  "address",
  "匹配所比较的是 kind 为 record、有标识符，并至少有两列（如姓名、出生日期、电话、地址）的来源")
X("there are fewer than two records to compare", "可供比较的记录不足两条")
X("there are fewer than two columns to compare that have different values", "可供比较且取值不全相同的列不足两列")
X("there are more records than linking can number", "记录数超出了匹配所能编号的范围")
