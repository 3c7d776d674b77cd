/* Messages of counts and of the index. No include guard: included as a list. */
X("tag '{0}' is not as it was when the last build ran", "标签“{0}”与上次构建时不同")
X("the index does not say who is a customer", "索引中没有客户名单")
X("tag '{0}' has too many values to count by", "标签“{0}”的取值太多，无法分组统计")
X("there is no tag '{0}'", "没有标签“{0}”")
X("{0} is no index file", "{0}不是索引文件")
X("{0} was written by another version or on another machine", "{0}由另一版本写成，或来自另一台机器")
