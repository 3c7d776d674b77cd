/* Messages of models of buying again, value and survival. No include guard: included as a list. */
X("there are no customers with purchases", "没有任何有购买记录的客户")
X("no customer has bought a second time: nothing can be learned about buying again",
  "没有客户再次购买，无从学习复购规律")
X("no customer has bought a second time: nothing can be learned about spending", "没有客户再次购买，无从学习消费金额")
X("all customers spend the same at each purchase: there is nothing to learn", "所有客户每次消费金额都相同，没有可学习的内容")
X("a customer with purchases has spent nothing, or less than nothing", "有客户虽有购买，但消费金额为零或为负")
X("customer {0}: the last purchase does not go with the number of purchases and the age",
  "客户 {0}：最后一次购买的时间与购买次数、首购时间不符")
X("more than {0} purchases or units of time since the first", "购买次数或距首购的时间单位数超过 {0}")
X("more than {0} purchases of one customer", "单个客户的购买次数超过 {0}")
X("too many customers, or no unit of time", "客户过多，或没有时间单位")
X("the likelihood of these customers cannot be computed", "无法计算这些客户的似然函数")
X("there is nobody to watch", "没有可观察的对象")
X("too many rows for a survival curve", "行数过多，无法绘制生存曲线")
X("row {0} was watched for a time that is missing, negative or endless", "第 {0} 行的观察时长缺失、为负或无穷大")
X("{0} groups to compare, of at most {1}", "共 {0} 组待比较，最多 {1} 组")
X("row {0} is of group {1}, of {2}", "第 {0} 行属于第 {1} 组，而只有 {2} 组")
X("a survival model takes at most {0} columns", "生存模型最多接受 {0} 列")
X("column {0} of row {1} is missing or infinite", "第 {1} 行第 {0} 列的值缺失或无穷大")
X("it has not happened to anybody: there is nothing to learn", "该事件尚未在任何人身上发生，没有可学习的内容")
X("a horizon above 0, a discount of at least 0 and a coverage between 0 and 1 are needed",
  "预测期须大于 0，折现率不得为负，区间覆盖率须在 0 与 1 之间")
X("{0} states, of at most {1}", "共 {0} 个状态，最多 {1} 个")
