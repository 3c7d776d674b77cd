/* Messages of cross-tabs, grids, flows and trees over tags. No include guard: included as a list. */
X("tags '{0}' and '{1}' have too many values to be set against each other", "标签“{0}”和“{1}”的取值太多，无法交叉统计")
