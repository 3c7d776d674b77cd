/* Messages of clustering and of lookalike customers. No include guard: included as a list. */
X("values are too large to measure distances between customers", "数值过大，无法计算客户之间的距离")
