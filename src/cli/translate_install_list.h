/* Messages of src/lib and src/app/evaluator.c. No include guard: included as a list. */
X("rows need an as-of: the project's is no fixed instant", "内存中的行需要 as-of：项目的 as_of 不是固定时刻")
X("this needs a query over the store, which rows in memory do not have", "这要查询原始库，内存中的行没有")
X("no customer's rows have been begun", "还没有开始任何客户的行")
X("'{0}' is no time", "“{0}”不是时间")
