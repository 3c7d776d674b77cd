/* Messages of preparing features, fitting and measuring models. No include guard: included as a list. */
X("there are no rows to learn from", "没有可供学习的数据行")
X("the {0} model is damaged", "模型 {0} 已损坏")
