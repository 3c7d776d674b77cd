/* Messages of circles. No include guard: included as a list. */
X("no source of customers has a column '{0}' with one value", "没有客户数据源含有单值列“{0}”")
X("no single source has all of these columns", "没有一个数据源同时含有这几列")
X("more than {0} columns that all have to be equal", "要求全部相同的列超过 {0} 个")
X("the circle '{0}' has the name of a source", "圈子“{0}”与数据源同名")
X("a row belongs to a customer that is not there", "有一行数据属于不存在的客户")
X("more shared values than circles can have", "相同的值多得超出圈子所能容纳的数量")
