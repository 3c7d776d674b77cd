/* Messages of clustering and of lookalike customers. No include guard: included as a list. */
X("values are too large to measure distances between customers", "数值过大，无法计算客户之间的距离")
X("the seed has {0} customers: too few to tell what they have in common (at least {1})",
  "种子人群只有 {0} 人：人数太少，看不出共同点（至少需要 {1} 人）")
X("all customers but {0} are in the seed: there is nobody to choose from",
  "除 {0} 人外，所有客户都在种子人群中：没有可供挑选的人")
X("there are more than {0} customers, too many for hdbscan", "客户超过 {0} 人，hdbscan 无法处理")
X("name a segment or give a condition: who is to be looked like", "请给出分群名或条件：要与谁相似")
X("--out takes csv or ids, not '{0}'", "--out 可取 csv 或 ids，而不是“{0}”")
X("the ranking", "排名")
