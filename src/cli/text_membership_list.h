/* Why a customer is in a segment or not, who came and went: X(name, english, chinese). Part of text_list.h. */
X(WHY_MEMBER, "Customer {0} is in this segment (as of {1}).\n", "客户 {0} 属于该人群（截至 {1}）。\n")
X(WHY_NO_MEMBER, "Customer {0} is not in this segment (as of {1}).\n", "客户 {0} 不属于该人群（截至 {1}）。\n")
X(WHY_NOT_KNOWN, "Customer {0} is not in this segment (as of {1}): what it asks is not known of them.\n",
  "客户 {0} 不属于该人群（截至 {1}）：缺少判断所需的信息。\n")
X(WHY_BECAUSE, "\nWhat makes it so\n", "\n依据\n")
X(WHY_OBSTACLES, "\nWhat stands in the way\n", "\n未满足的条件\n")
X(WHY_RULE, "\nThe rule, part by part (✓ true, ✗ false, ? missing)\n",
  "\n逐项检查规则（✓ 成立，✗ 不成立，? 信息缺失）\n")
X(WHY_ALL_OF, "all of", "同时满足")
X(WHY_ANY_OF, "any of", "满足任意一项")
X(WHY_NOT, "not", "不满足")
X(WHY_SEGMENT, "segment {0}", "人群 {0}")
X(WHY_IS, "{0} is {1}", "{0} 为 {1}")
X(WHY_HAS_NO_VALUE, "{0} has no value", "{0} 没有值")
X(WHY_COUNTED, "events: {0}\n", "计入 {0} 个事件\n")
X(WHY_NOW, "now {0}", "目前为 {0}")
X(WHY_DEFINED, "defined as {0}", "定义：{0}")
X(WHY_EXPLAIN_TAG, "  (portrait explain {0} --customer {1})", "（详见 portrait explain {0} --customer {1}）")
X(WHY_STARTS, "by time alone: true from {0}\n", "若无新事件：{0}起成立\n")
X(WHY_ENDS, "by time alone: no longer true from {0}\n", "若无新事件：{0}起不再成立\n")
X(WHY_UNKNOWN_FROM, "by time alone: no longer known from {0}\n", "若无新事件：{0}起信息缺失\n")
X(WHY_ENTERS, "If nothing happens: in the segment from {0}.\n", "若无新事件：{0}起进入该人群。\n")
X(WHY_LEAVES, "If nothing happens: leaves the segment on {0}.\n", "若无新事件：{0}起离开该人群。\n")

X(WHY_NEEDS_LEAST, "needs at least {0}", "需不低于 {0}")
X(WHY_NEEDS_ABOVE, "needs more than {0}", "需高于 {0}")
X(WHY_NEEDS_MOST, "needs at most {0}", "需不超过 {0}")
X(WHY_NEEDS_BELOW, "needs less than {0}", "需低于 {0}")
X(WHY_NEEDS_FROM, "needs {0} or later", "需在 {0} 当天或之后")
X(WHY_NEEDS_AFTER, "needs to be after {0}", "需晚于 {0}")
X(WHY_NEEDS_UNTIL, "needs {0} or earlier", "需在 {0} 当天或之前")
X(WHY_NEEDS_BEFORE, "needs to be before {0}", "需早于 {0}")
X(WHY_GAP_MORE, ": {0} more", "，还差 {0}")
X(WHY_GAP_LESS, ": {0} less", "，需减少 {0}")
X(WHY_GAP_PAST_MORE, ": more than {0} more", "，还差 {0} 以上")
X(WHY_GAP_PAST_LESS, ": more than {0} less", "，需减少 {0} 以上")
X(WHY_GAP_ANY_MORE, ": any more will do", "，再多一点即可")
X(WHY_GAP_ANY_LESS, ": any less will do", "，再少一点即可")
X(WHY_GAP_LATER, ": {0} later", "，还需晚 {0}")
X(WHY_GAP_EARLIER, ": {0} earlier", "，还需早 {0}")
X(WHY_NEEDS_ONE, "needs {0}", "需为 {0}")
X(WHY_NEEDS_ONE_OF, "needs one of {0}", "需为以下之一：{0}")
X(WHY_NEEDS_OTHER, "needs anything but {0}", "需为 {0} 以外的值")
X(WHY_NEEDS_BETWEEN, "needs {0} to {1}", "需在 {0} 至 {1} 之间")
X(WHY_NEEDS_OUTSIDE, "needs less than {0} or more than {1}", "需低于 {0} 或高于 {1}")
X(WHY_NEEDS_HAVING, "needs to have {0}", "需包含 {0}")
X(WHY_NEEDS_HAVING_ANY, "needs to have one of {0}", "需包含以下之一：{0}")
X(WHY_NEEDS_NOT_HAVING, "needs to have none of {0}", "不得包含 {0}")
X(WHY_NEEDS_LACKING, "needs to lack at least one of {0}", "不得同时包含 {0}")
X(WHY_NEEDS_VALUE, "needs a value", "需要有值")
X(WHY_NEEDS_NO_VALUE, "needs to have no value", "需要没有值")
X(WHY_NEEDS_MATCH, "needs to match {0}", "需匹配 {0}")
X(WHY_NEEDS_NO_MATCH, "needs not to match {0}", "不得匹配 {0}")
X(WHY_NEEDS_EVENTS, "needs {0} more: {1}", "还需 {0} 次：{1}")
X(WHY_NEEDS_FEWER_EVENTS, "needs {0} fewer: {1}", "需减少 {0} 次：{1}")
X(WHY_NEEDS_STEPS, "{0} of {1} steps done, needs the next: {2}", "已完成 {1} 步中的前 {0} 步，还需：{2}")
X(WHY_NEEDS_NO_STEPS, "needs these steps not to happen in this order", "需要这些步骤未按此顺序发生")
X(WHY_NEEDS_FIXED, "is fixed: nothing the customer does changes it", "固定不变：客户做什么都不会改变它")
X(WHY_NEEDS_LISTED, "needs to be among those chosen for it", "需列入该人群的名单")
X(WHY_NEEDS_UNLISTED, "needs not to be among those chosen for it", "不得在该人群的名单中")
X(WHY_NEEDS_TRUE, "needs to be true", "需要成立")
X(WHY_NEEDS_FALSE, "needs to be false", "需要不成立")

X(WHY_NOT_MEMBER_ALREADY, "Nothing has to change.\n", "无需任何改变。\n")
X(WHY_NOT_WAYS, "\nThe shortest ways in\n", "\n进入该人群的最短途径\n")
X(WHY_NOT_WAY, "  {0}. one change\n", "  {0}. 只需一项改变\n")
X(WHY_NOT_WAY_OF, "  {0}. {1} changes, all of them\n", "  {0}. 同时改变 {1} 项\n")
X(WHY_NOT_MORE, "  ... and {0} ways more\n", "  …… 另有 {0} 种途径\n")
X(WHY_NOT_NONE, "\nThere is no way in: {0}\n", "\n无法进入该人群：{0}\n")
X(WHY_NOT_FIXED, "what stands in the way does not change with what the customer does.",
  "未满足的条件不会因客户的行为而改变。")
X(WHY_NOT_CONTRADICTION, "the conditions exclude one another.", "各项条件互相排斥。")
X(WHY_NOT_SUMMARY, "what would bring a customer into a segment", "客户怎样才能进入某个人群")
X(WHY_NOT_ABOUT,
  "For a customer who is not in a segment (saved, or a condition as for `count`): the smallest sets of its conditions "
  "that "
  "would have to change, each with what would make it true, and whether time alone does it.",
  "针对不在某人群（已保存的人群，或与 count "
  "相同的条件）中的客户：列出最少需要改变哪些条件、怎样才会成立，以及是否仅凭时间"
  "推移就会成立。")
X(OPT_WHY_NOT_CUSTOMER, "the customer: ID, TYPE:VALUE or VALUE", "客户：ID、类型:值 或 值")

X(SEGMENT_DIFF_FROM, "from {0}: {1} of {2} customers\n", "起点 {0}：{1} 人（共 {2} 位客户）\n")
X(SEGMENT_DIFF_TO, "to   {0}: {1} of {2} customers\n", "终点 {0}：{1} 人（共 {2} 位客户）\n")
X(SEGMENT_DIFF_COUNTS, "\n{0} entered, {1} left, {2} stayed\n", "\n进入 {0} 人，离开 {1} 人，留下 {2} 人\n")
X(SEGMENT_DIFF_NEW, "  {0} of those who entered are new customers\n", "  进入者中有 {0} 位新客户\n")
X(SEGMENT_DIFF_MERGED, "  {0} of those who left are now part of another customer\n",
  "  离开者中有 {0} 位已并入其他客户\n")
X(SEGMENT_DIFF_GONE, "  {0} of those who left are no customers any more\n", "  离开者中有 {0} 位已不再是客户\n")
X(SEGMENT_DIFF_LEAF, "Part of the rule that changed", "发生变化的规则条件")
X(SEGMENT_DIFF_TOGETHER, "Parts that changed together", "同时变化的条件")
X(SEGMENT_DIFF_ENTERED, "entered", "进入")
X(SEGMENT_DIFF_LEFT, "left", "离开")
X(SEGMENT_DIFF_CUSTOMER, "customer", "客户")
X(SEGMENT_DIFF_BECAUSE, "because of", "原因")
X(SEGMENT_DIFF_MORE, "  ... and {0} more\n", "  …… 另有 {0} 项\n")
X(SEGMENT_DIFF_NO_LEAVES,
  "\nOf one of the builds only the members are kept: which part of the rule changed is not known. Between two instants "
  "it "
  "is: --from 2017-07-01 --to 2018-01-01\n",
  "\n其中一次构建只保留了成员名单，无法得知哪些条件发生了变化。改为比较两个时刻即可得知：--from 2017-07-01 --to "
  "2018-01-01\n")
X(SEGMENT_DIFF_DEFINITION,
  "\nThe definition was another: {0}\n  by the change of definition alone {1} entered and {2} left; what follows is by "
  "the "
  "definition of now at both ends\n",
  "\n定义有变，原定义：{0}\n  仅因定义变化，进入 {1} 人，离开 {2} 人；以下两端均按现在的定义计算\n")
X(SEGMENT_DIFF_REDEFINED,
  "\nOne of the builds had another definition of the segment, and only its members are kept: some moved because of "
  "that.\n",
  "\n其中一次构建时该人群的定义不同，且只保留了成员名单：部分变动由定义变化引起。\n")
X(OPT_SEGMENT_FROM, "diff: the earlier end (default: the build before)", "diff：起点（默认：上一次构建）")
X(OPT_SEGMENT_TO, "diff: the later end (default: the last build)", "diff：终点（默认：最近一次构建）")
X(OPT_SEGMENT_LIST, "diff: name so many of the movers (--file: all)", "diff：列出若干进出客户（--file：全部）")

X(RULE_PART, "Part of the rule", "规则条件")
X(RULE_ALONE, "alone", "单独满足")
X(RULE_SO_FAR, "so far", "累计")
X(RULE_MEMBERS, "{0} of {1} customers are in it\n", "成员 {0} 人（共 {1} 位客户）\n")
