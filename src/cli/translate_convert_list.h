/* Conversions of `clean:` (form/, source/rules.c). */
X("not of this form", "不是这种格式")
X("it has several readings", "有多种读法")
X("there is no such value", "没有这样的值")
X("a wrong check digit", "校验位不对")
X("there is no conversion '{0}'", "没有转换 '{0}'")
X("there is no unit '{0}'", "没有单位 '{0}'")
X("number has no option '{0}'", "number 没有选项 '{0}'")
X("date has no option '{0}'", "date 没有选项 '{0}'")
X("region has no option '{0}'", "region 没有选项 '{0}'")
X("this conversion has no option '{0}'", "这种转换没有选项 '{0}'")
X("after 'else' comes missing, keep or quarantine, not '{0}'",
  "else 之后应是 missing、keep 或 quarantine，而不是 '{0}'")
X("decimals begin with a comma or a point, not '{0}'", "小数点写作 comma 或 point，而不是 '{0}'")
X("'from' needs 'in' before it, the unit of the result", "有 from 就要有 in：结果用什么单位")
X("the two units do not measure the same", "两个单位量的不是同一种东西")
X("no text is read from a column '{0}'", "没有从列 '{0}' 读取任何文本")
X("convert and map change columns of the file that this source uses, before types and expressions",
  "convert 和 map 改的是本数据源所用的文件列，在类型和表达式之前")
