/* X(name, english, chinese): the texts of `funnel`, `paths`, `cohort` and `heatmap`. Included by text_list.h. */
X(OPT_JOURNEY_SEGMENT, "only the customers for whom this condition holds", "只看满足此条件的客户")
X(OPT_JOURNEY_FROM, "the first day that counts", "计入的第一天")
X(OPT_JOURNEY_TO, "the last day that counts", "计入的最后一天")
X(JOURNEY_SEGMENT, "{0}: {1} of {2} customers\n", "{0}：{2} 位客户中的 {1} 位\n")
X(JOURNEY_ALL, "all {0} customers\n", "全部 {0} 位客户\n")
X(JOURNEY_NOTHING_MORE, "nothing more", "再无行为")
X(JOURNEY_OTHERS, "others", "其他")
X(JOURNEY_HIDDEN_GROUPS, "{0} values of small groups (privacy.min_group: {1}) are not shown\n",
  "另有 {0} 个取值人数过少，不予显示（privacy.min_group：{1}）\n")
X(UNIT_DAYS, "d", "天")
X(UNIT_HOURS, "h", "小时")
X(UNIT_MINUTES, "m", "分")
X(UNIT_SECONDS, "s", "秒")

X(OPT_FUNNEL_WITHIN, "the longest time from the first step to the last", "从第一步到最后一步的最长时间")
X(OPT_FUNNEL_BY, "the same for each value of this tag", "按此标签的取值分别统计")
X(OPT_FUNNEL_STRICT, "nothing else of the steps' sources in between", "各步之间不允许夹有同来源的其他事件")
X(FUNNEL_SUMMARY, "how many customers go from step to step, and where they stop", "各步的客户数，以及在哪一步流失")
X(FUNNEL_ABOUT,
  "A step is a source, with a condition if need be: 'visits where page = \"cart\"'. A customer reaches a step when it came "
  "strictly after the step before, the best of all starting points counts, and customers are counted, not events. Also: "
  "the median time between steps, and what those who stopped did next.",
  "每一步写作一个来源，可带条件：'visits where page = \"cart\"'。后一步必须严格晚于前一步；从哪个起点走得最远就算哪个；"
  "统计的是客户数而非事件数。同时给出两步之间的时间中位数，以及停下的客户接着做了什么。")
X(FUNNEL_STEP, "step", "步骤")
X(FUNNEL_STEP_N, "step {0}", "第 {0} 步")
X(FUNNEL_OF_BEFORE, "of step before", "占上一步")
X(FUNNEL_OF_FIRST, "of first", "占第一步")
X(FUNNEL_WAIT, "median wait", "间隔中位数")
X(FUNNEL_CONDITION, "as a condition: {0} >= 1, 2, ...\n", "写成条件：{0} >= 1、2……\n")
X(FUNNEL_STOPPED, "\n  stopped after step {0}: {1} customers ({2}); next they did:\n",
  "\n  止于第 {0} 步：{1} 位客户（{2}），接下来：\n")
X(FUNNEL_NEXT, "    {0}  {1}  {2}\n", "    {0}  {1}  {2}\n")
X(FUNNEL_MOST, "    most of them  {0}\n", "    多数  {0}\n")
X(FUNNEL_HIDDEN, "\n–: fewer than {0} customers are behind the figure, or stopped before it\n",
  "\n–：该数字涉及的客户，或在此之前停下的客户，不足 {0} 位\n")
