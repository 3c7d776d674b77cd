/* X(name, english, chinese): the texts of evaluating models. Included by text_list.h. */
X(EVALUATE_SUMMARY, "how models do on a later day, and what has moved since they were trained",
  "模型在之后日期的表现，以及训练以来的变化")
X(EVALUATE_ABOUT,
  "Scores the customers of a day whose outcome is known by now with the version in use, and compares: figures with "
  "their 95% "
  "intervals beside those of training, and how far features and predictions have moved (PSI: under 0.1 little, over "
  "0.25 a lot). "
  "Without MODEL all are evaluated.",
  "用启用的版本给结果已知的某一天的客户打分并比较：给出指标及 95% 区间（与训练时并列），以及特征和预测的分布变化"
  "（PSI：0.1 以下很小，0.25 以上很大）。不写 MODEL 时评估全部模型。")
X(OPT_EVALUATE_AS_OF, "the day to measure on; without it, the latest whose outcome is known",
  "用于评估的日期；默认取结果已知的最近一天")
X(OPT_CARD, "writes the model card: a page (FILE.html), JSON (FILE.json) or text (FILE.txt)",
  "写出模型卡：网页（FILE.html）、JSON（FILE.json）或文本（FILE.txt）")
X(CARD_WRITTEN, "{0}: {1}\n", "{0}：{1}\n")
X(EVALUATE_HEAD, "{0} v{1} ({2}), as of {3}\n", "{0} v{1}（{2}），评估日期 {3}\n")
X(EVALUATE_THEN, "in training", "训练时")
X(EVALUATE_NOW, "now", "现在")
X(EVALUATE_PSI, "PSI", "PSI")
X(EVALUATE_FEATURE, "what has moved", "变化")
X(EVALUATE_FAILED, "{0}: not evaluated: {1}\n", "{0}：未能评估：{1}\n")
