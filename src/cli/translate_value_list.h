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
