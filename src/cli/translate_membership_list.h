/* Messages of why a customer is in a segment. No include guard: included as a list. */
X("say which customer", "请指明客户")
X("--customer ID", "--customer 客户ID")
