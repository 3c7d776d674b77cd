/* Messages of cross-tabs, grids, flows and trees over tags. No include guard: included as a list. */
X("tags '{0}' and '{1}' have too many values to be set against each other", "标签“{0}”和“{1}”的取值太多，无法交叉统计")
X("no tag of the project is '{0}', and none answers that template", "项目中没有标签“{0}”，也没有标签对应此模板")
X("portrait add {0}, or {1} with a tag that says it", "可用 portrait add {0} 添加，或用 {1} 指定标签")
X("tag '{0}' is a list: a customer stands in several of its values", "标签“{0}”是列表：一位客户同时有多个取值")
X("tag '{0}' is {1}: names are wanted here, or yes and no", "标签“{0}”的类型是<1>：此处需要文本或是否类标签")
X("tag '{0}' has too many values for bands of age", "标签“{0}”的取值太多，无法划分年龄段")
