/* X(name, english, chinese): the texts of `insight`. Included by text_list.h. */
X(INSIGHT_SUMMARY, "what a segment is like, and what sets it apart",
  "人群洞察：这群客户是什么样的人，与其他客户有何不同")
X(INSIGHT_ABOUT,
  "Compares the customers for whom a condition is true with all customers, or with others, over all tags of the last "
  "build: "
  "how frequent each value is among them, its TGI (100: as usual, 200: twice as frequent) with a 95% interval, and "
  "whether "
  "the difference may be chance. What sets them apart most comes first. Groups smaller than privacy.min_group are not "
  "shown.",
  "把满足条件的客户与全部客户（或另一群客户）在上次构建的全部标签上逐一比较：每个取值的占比、TGI（100 "
  "为持平，200 为两倍）及其 95% 置信区间，以及差异是否可能出于偶然。最能体现差异的排在最前。人数少于 "
  "privacy.min_group 的分组不予显示。")
X(OPT_INSIGHT_VS, "compare with those of this condition who are not in the segment",
  "与满足此条件、但不在该人群中的客户比较")
X(OPT_INSIGHT_BY, "split the segment by the values of this tag", "按此标签的取值拆分人群")
X(OPT_INSIGHT_CROSS, "cross-tabulate tags within the segment, each with each", "在人群内对这些标签两两交叉制表")
X(OPT_INSIGHT_TAGS, "look at these tags only", "只看这些标签")
X(OPT_INSIGHT_TOP, "how many lines stand out at the top (5)", "开头列出几条最突出的特征（默认 5）")
X(OPT_INSIGHT_ALL, "every value of every tag, also where nothing differs", "列出全部标签的全部取值，无论有无差异")
X(OPT_INSIGHT_SENSITIVE, "tags on sensitive personal information too", "包括涉及敏感个人信息的标签")
X(INSIGHT_YES, "yes", "是")
X(INSIGHT_NO, "no", "否")
X(INSIGHT_ONLY_HERE, "only here", "独有")
X(INSIGHT_VERSUS, "compared with {0} others: {1}\n", "对照：另外 {0} 位客户，条件为 {1}\n")
X(INSIGHT_HEADLINE, "Who they are", "他们是谁")
X(INSIGHT_TOGETHER, "Together more than each alone", "组合特征（同时具备时，差异大于各自单独）")
X(INSIGHT_THEM, "of them", "人群占比")
X(INSIGHT_BASE, "of all", "总体占比")
X(INSIGHT_OTHERS, "of the others", "对照占比")
X(INSIGHT_ALONE, "each alone", "各自 TGI")
X(INSIGHT_EXPECTED, "expected", "预期")
X(INSIGHT_NOTHING, "nothing sets them apart beyond chance", "没有超出偶然的差异")
X(INSIGHT_TINY, "hardly any", "几乎没有")
X(INSIGHT_SMALL, "small", "小")
X(INSIGHT_MIDDLING, "middling", "中等")
X(INSIGHT_LARGE, "large", "大")
X(INSIGHT_FIGURES, " median {0} (all: {1}), mean {2} (all: {3})", "中位数 {0}（总体 {1}），均值 {2}（总体 {3}）")
X(INSIGHT_FIGURES_VERSUS, " median {0} (others: {1}), mean {2} (others: {3})",
  "中位数 {0}（对照 {1}），均值 {2}（对照 {3}）")
X(INSIGHT_FIGURES_ALONE, " median {0}, mean {1}", "中位数 {0}，均值 {1}")
X(INSIGHT_EFFECT, "; difference: {0} (delta {1}, d {2})", "；差异：{0}（delta {1}，d {2}）")
X(INSIGHT_QUANTILES, "    5% below {0}, 25% below {1}, half below {2}, 75% below {3}, 95% below {4}\n",
  "    5% 低于 {0}，25% 低于 {1}，一半低于 {2}，75% 低于 {3}，95% 低于 {4}\n")
X(INSIGHT_QUARTILES, "    25% below {0}, half below {1}, 75% below {2}\n",
  "    25% 低于 {0}，一半低于 {1}，75% 低于 {2}\n")
X(INSIGHT_DEFINITION, "(part of the definition)", "（属于条件本身）")
X(INSIGHT_DEFINITIONS, "not compared, because the condition is made of them: {0}\n",
  "未列出（条件本身由它们构成）：{0}\n")
X(INSIGHT_HIDDEN_HERE, "    {0} more values are not shown: fewer than {1} customers\n",
  "    另有 {0} 个取值未显示：不足 {1} 位客户\n")
X(INSIGHT_HIDDEN,
  "{0} values are not shown, because they are of fewer than {1} customers or would give such a value away\n",
  "{0} 个取值未显示：人数不足 {1} 位，或会使此类取值被推算出来\n")
X(INSIGHT_FEW, "not shown, each value or all of them of too few customers: {0}\n",
  "未显示（有值或各取值的客户太少）：{0}\n")
X(INSIGHT_SENSITIVE, "left out as sensitive (--sensitive shows them): {0}\n",
  "涉及敏感信息，未列出（--sensitive 可显示）：{0}\n")
X(INSIGHT_MANY, "left out, too many different values: {0}\n", "取值太多，未列出：{0}\n")
X(INSIGHT_NOT_BUILT, "not built yet: {0}\n", "尚未构建：{0}\n")
X(INSIGHT_SIGNIFICANT,
  "{0} of {1} values differ beyond chance (marked *: false discovery rate under 5%; **: under 0.1%)\n",
  "{1} 个取值中有 {0} 个的差异超出偶然（* 错误发现率低于 5%，** 低于 0.1%）\n")
X(INSIGHT_TOO_SMALL, "A group of fewer than {0} customers is not described (privacy.min_group).\n",
  "人数少于 {0} 位的人群不做描述（privacy.min_group）。\n")
X(INSIGHT_NO_OTHERS, "None of those is outside the segment: there is nobody to compare with.\n",
  "对比人群全都在该人群之内：没有可比较的客户。\n")
X(INSIGHT_EVERYBODY, "Nobody is outside: values are listed, and nothing is compared.\n",
  "所有客户都在其中：只列出取值，不做比较。\n")
X(INSIGHT_PARTS, "By {0}", "按{0}拆分")
X(INSIGHT_PARTS_HIDDEN, "  {0} more parts are not shown: too small, or not among the most frequent\n",
  "  另有 {0} 个部分未显示：人数太少，或不在最常见之列\n")
X(INSIGHT_MEAN_OF, "mean {0}", "{0}均值")
X(INSIGHT_CROSS, "{0} by {1}", "{0}与{1}")
X(INSIGHT_CROSS_TEST, "  Cramér's V {0} (corrected {1}), chi-square {2} with {3} degrees of freedom, p {4}\n",
  "  Cramér V {0}（校正后 {1}），卡方 {2}，自由度 {3}，p {4}\n")
X(INSIGHT_CROSS_KEY, "  each cell: share of its row, TGI against independence; + and - mark what is beyond chance\n",
  "  每格：行内占比与 TGI（相对于两者独立）；+ 与 - 表示差异超出偶然\n")
X(INSIGHT_CROSS_HIDDEN, "  {0} cells are not shown: too few customers\n", "  {0} 格未显示：客户太少\n")
X(INSIGHT_CROSS_LEFT_OUT, "  values left out: {0}\n", "  未列出的取值：{0} 个\n")
X(INSIGHT_TOTAL, "total", "合计")
X(INSIGHT_NOTHING_IN_PART, "as the whole segment", "与整个人群无明显差异")
X(INSIGHT_CROSS_NOTHING, "nothing to show: too few customers have both", "无可显示：同时有值的客户太少")
X(INSIGHT_SAME, "nearly the same customers: {0}\n", "几乎是同一批客户：{0}\n")
X(INSIGHT_MORE_TAGS, "  ... {0} more tags differ (--all lists them)\n",
  "  …… 另有 {0} 个标签也有差异（--all 列出全部）\n")
