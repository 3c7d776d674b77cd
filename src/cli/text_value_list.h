/* Texts of flows that go on, of models of buying again and of survival. No include guard: included as a list. */
X(FLOW_CHAIN_HEAD, "if it goes on like this, {0} days at a time:\n", "若照此每 {0} 天演变下去：\n")
X(FLOW_CHAIN_STAYS, "stay", "留存")
X(FLOW_CHAIN_DAYS, "days stayed", "平均停留天数")
X(FLOW_CHAIN_NOW, "now", "目前占比")
X(FLOW_CHAIN_END, "in the end", "长期占比")
X(FLOW_CHAIN_NEVER, "for ever", "一直")
