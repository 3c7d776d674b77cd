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
  "A step is a source, with a condition if need be: 'visits where page = \"cart\"'. A customer reaches a step when it "
  "came "
  "strictly after the step before, the best of all starting points counts, and customers are counted, not events. "
  "Also: "
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
X(FUNNEL_HIDDEN, "\n<, > and –: fewer than {0} customers are behind the figure, or stopped before it\n",
  "\n<、> 与 –：该数字涉及的客户，或在此之前停下的客户，不足 {0} 位\n")

X(OPT_COHORT_EVERY, "how long a period is (default: month)", "每期多长（默认：month，即月）")
X(OPT_COHORT_PERIODS, "how many periods after the first to follow (default: 12)", "首期之后跟踪多少期（默认：12）")
X(OPT_COHORT_OF, "a row for each value of this tag, not for each period", "按此标签的取值分行，而不是按首次发生的时期")
X(OPT_COHORT_MEASURE, "customers (who came), or sum(COLUMN) for each (default: customers)",
  "customers（谁来了）或 sum(列)（人均合计）；默认：customers")
X(OPT_COHORT_CUMULATIVE, "up to each period, not in it alone", "累计到各期，而不是只看当期")
X(OPT_COHORT_FROM, "the first day of a first event", "首次发生的最早日期")
X(OPT_COHORT_TO, "the last day of a first event", "首次发生的最晚日期")
X(COHORT_SUMMARY, "who came for the first time when, and who came back", "同期群留存：何时首次出现，之后是否再来")
X(COHORT_ABOUT,
  "Puts customers together by the calendar month or week of their first event (in the project's time zone) and says "
  "what "
  "share of them had an event in each period after. The step is a source, with a condition if need be.",
  "按首次发生所在的自然月或自然周（项目时区）把客户分群，给出之后每一期仍有发生的客户占比。事件写作一个来源，可带条件"
  "。")
X(COHORT_MONTH, "first month", "首次月份")
X(COHORT_WEEK, "first week", "首次周（周一）")
X(COHORT_ALL, "all", "合计")
X(COHORT_EVENT, "{0}: {1}\n\n", "{0}：{1}\n\n")
X(COHORT_SHARE, "share with an event in the k-th period after the first", "首期之后第 k 期有发生的客户占比")
X(COHORT_CAME_BACK, "share with an event up to the k-th period after the first",
  "首期之后到第 k 期为止曾再次发生的客户占比")
X(COHORT_SUM, "sum for each customer of the cohort", "群内人均合计")
X(COHORT_PARTIAL, "* the period is not over yet\n", "* 该期尚未结束\n")
X(COHORT_FIRST, "the first cohort holds all who were customers before the data begins, too\n",
  "第一群还包含数据开始之前就已是客户的人\n")
X(COHORT_HIDDEN_ROWS, "{0} rows with {1} customers are not shown: too few (privacy.min_group: {2})\n",
  "有 {0} 行（共 {1} 位客户）人数过少，不予显示（privacy.min_group：{2}）\n")
X(COHORT_HIDDEN, "< and >: fewer than {0} customers came, or fewer did not; –: that cannot be told either\n",
  "< 与 >：再来的或没有再来的客户不足 {0} 位；–：连范围也不便给出\n")

X(OPT_HEATMAP_WHERE, "only events for which this holds", "只看满足此条件的事件")
X(HEATMAP_SUMMARY, "events by hour and day of the week", "按星期与小时统计事件")
X(HEATMAP_ABOUT,
  "Counts the events of a source by local hour and weekday, in the project's time zone. With --segment also the index: "
  "the segment's share of an hour / the share among all customers x 100.",
  "按项目时区的星期与小时统计某个来源的事件。指定 --segment 时另给出指数：人群在该时段的占比 ÷ 全部客户在该时段的占比 "
  "× 100。")
X(HEATMAP_EVENT, "{0}: {1} events, hours of {2}\n", "{0}：{1} 个事件，时区 {2}\n")
X(HEATMAP_DAYS_ONLY, "all of them at midnight: the data knows days, not hours\n",
  "全部发生在零点：数据只精确到天，看不出小时\n")
X(HEATMAP_WEEK, "week", "全周")
X(HEATMAP_DAY, "all day", "全天")
X(HEATMAP_BUSIEST, "\nbusiest: {0} {1}, {2} events ({3})\n", "\n最忙：{0} {1}，{2} 个事件（{3}）\n")
X(HEATMAP_INDEX, "\nindex against all customers (100: as usual)\n", "\n与全部客户相比的指数（100 为持平）\n")
X(HEATMAP_HIDDEN, "\n–: {0} hours have fewer than {1} customers; sums beside shown hours leave them out\n",
  "\n–：{0} 个时段的客户不足 {1} 位，不予显示；同行或同列的合计也不含它们\n")
X(DAY_MONDAY, "Mon", "周一")
X(DAY_TUESDAY, "Tue", "周二")
X(DAY_WEDNESDAY, "Wed", "周三")
X(DAY_THURSDAY, "Thu", "周四")
X(DAY_FRIDAY, "Fri", "周五")
X(DAY_SATURDAY, "Sat", "周六")
X(DAY_SUNDAY, "Sun", "周日")

X(OPT_PATHS_BEFORE, "how many steps before the event to look at", "向前看多少步")
X(OPT_PATHS_AFTER, "how many steps after it (default: 4, without --before)", "向后看多少步（未给 --before 时默认：4）")
X(OPT_PATHS_BY, "tell events apart by this column, where a source has it", "来源有此列时，按其取值区分事件")
X(OPT_PATHS_THROUGH, "the sources that take part, by commas (default: all of events)",
  "参与的来源，以逗号分隔（默认：全部事件来源）")
X(OPT_PATHS_WITHIN, "no further than this from the event", "只看距该事件这么长时间以内")
X(OPT_PATHS_GAP, "a longer pause ends the path", "停顿超过此时长，路径即告结束")
X(OPT_PATHS_START, "a customer's first, last or each (default: first; with --before alone last)",
  "从客户的第一次（first）、最后一次（last）还是每一次（each）算起（默认：first；只给 --before 时为 last）")
X(PATHS_SUMMARY, "what customers do before and after an event", "某事件前后客户做了什么")
X(PATHS_ABOUT,
  "A tree of what comes strictly after an event (or before it, nearest first): each line is the share of all starts "
  "whose "
  "path begins so. Repeats in a row are one step. The step is a source, with a condition if need be.",
  "以树形列出某事件之后（或之前，由近及远）发生的事：每一行是路径如此开头的占比。连续重复算一步。事件写作一个来源，可带"
  "条件。")
X(PATHS_OTHER, "something rarer", "较少见的事件")
X(PATHS_REST, "(small groups)", "（人数过少）")
X(PATHS_MOST, "most", "多数")
X(PATHS_STARTS, "starts", "起点数")
X(PATHS_BEFORE, "before, nearest first", "之前（由近及远）")
X(PATHS_AFTER, "after", "之后")
X(PATHS_FIRST, "first of each customer", "每位客户的第一次")
X(PATHS_LAST, "last of each customer", "每位客户的最后一次")
X(PATHS_EACH, "each of them", "每一次")
X(PATHS_EVENT, "{0}, {1}: {2} starts of {3} customers\n", "{0}，{1}：{2} 个起点，{3} 位客户\n")
X(PATHS_TOO_FEW, "{0}: fewer than {1} customers did this\n", "{0}：发生过的客户不足 {1} 位\n")
X(PATHS_MORE, "... and {0} rarer (--json lists all)\n", "…… 另有 {0} 条更少见（--json 列出全部）\n")
X(PATHS_HIDDEN, "\n{0}: paths of fewer than {1} customers each, told together\n",
  "\n{0}：每条不足 {1} 位客户的路径，合并列出\n")
