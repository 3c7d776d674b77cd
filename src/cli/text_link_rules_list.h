/* X(name, english, chinese): the texts of `portrait link blocks`. No include guard: included as a list. */
X(LINK_RULE, "records that share", "相同的内容")
X(LINK_RULE_PAIRS, "pairs", "记录对")
X(LINK_NEW, "new", "新增")
X(LINK_TOGETHER, "together", "累计")
X(LINK_LARGEST, "largest block", "最大的块")
X(LINK_LEFT_OUT, "left out", "略去")
X(LINK_ALL_PAIRS, "{0} pairs of {1} records would be compared\n", "将比较 {1} 条记录中的 {0} 对\n")
X(LINK_MOST_PAIRS, "at most {0} pairs of {1} records would be compared; there are too many to count each once\n",
  "将比较 {1} 条记录中的至多 {0} 对；数量过大，未去掉重复的记录对\n")
X(LINK_SPLIT, "{0}: {1} blocks of more than {2} records, the largest of {3}, were split by other columns\n",
  "{0}：{1} 个块超过 {2} 条记录（最大 {3} 条），已按其他列拆分\n")
X(LINK_CROWDED,
  "{0}: {1} blocks of more than {2} records are left out, {3} pairs; other rules may bring them together\n",
  "{0}：略去 {1} 个超过 {2} 条记录的块，共 {3} 对；其他规则仍可能比较其中的记录\n")
