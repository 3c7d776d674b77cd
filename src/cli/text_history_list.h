/* X(name, english, chinese): the texts of trends and of kept history. Included by text_list.h. */
X(OPT_TREND, "how it went over time: one line for each build", "随时间的变化：每次构建一行")
X(TREND_AS_OF, "as of", "截至")
X(TREND_KNOWN, "known", "有值")
X(TREND_MEAN, "mean", "均值")
X(TREND_P25, "25%", "25%")
X(TREND_MEDIAN, "median", "中位数")
X(TREND_P75, "75%", "75%")
X(TREND_SCORE, "all", "总体")
X(TREND_EARLIER, "... and {0} earlier points (--json lists all)\n", "…… 另有 {0} 个更早的时点（--json 列出全部）\n")
X(TREND_RECOMPUTED, "* worked out later from the events, by portrait history backfill\n",
  "* 事后由 portrait history backfill 根据事件重新计算\n")
X(TREND_ONE_POINT,
  "A trend needs builds of different days. portrait history backfill works out past ones from the events.\n",
  "趋势需要不同日期的多次构建。portrait history backfill 可根据事件补算以往各时点。\n")
X(TREND_MORE_SOURCES, "... and {0} more sources (--json lists all)\n", "…… 另有 {0} 个数据源（--json 列出全部）\n")
X(TREND_NEEDS_TAG, "--trend needs the name of a tag", "--trend 需要标签名")
X(HISTORY_SUMMARY, "what is kept of the past, and working it out", "保留的历史，以及补算以往")
X(HISTORY_ABOUT,
  "Every build keeps what tags were, for was(...) and for trends. Without an argument: the states that are kept. "
  "`backfill` "
  "works out past states from the events of the last build, as `build --as-of` would; an earlier run's are replaced, "
  "states "
  "that builds kept are left alone.",
  "每次构建都会保留标签当时的取值，供 was(...) 与趋势使用。不带参数时列出已保留的各个状态。backfill "
  "根据上次构建的事件补算以往的状态，结果与 build --as-of 相同；先前补算的会被替换，构建保留的不受影响。")
X(OPT_BACKFILL_FROM, "the first state is as of this time", "第一个状态的截至时间")
X(OPT_BACKFILL_TO, "no state is later than this; default: the last build", "不晚于此时间；默认到上次构建为止")
X(OPT_BACKFILL_EVERY, "from state to state; default 30d", "相邻状态的间隔，默认 30d")
X(HISTORY_BUILD, "build", "构建")
X(HISTORY_OF_TAGS, "tags", "标签数")
X(HISTORY_CHANGES, "values stored", "存储的取值数")
X(HISTORY_RECOMPUTED, "worked out", "补算")
X(HISTORY_NONE, "Nothing is kept yet: the next build will.\n", "尚无历史：下次构建时开始保留。\n")
X(HISTORY_TAGS, "builds keep the history of {0} tags: {1}\n", "构建保留 {0} 个标签的历史：{1}\n")
X(HISTORY_SIZE, "{0} in history/\n", "history/ 共 {0}\n")
X(BACKFILL_DONE, "{0} states of {1} tags worked out, as of {2} to {3}\n",
  "已补算 {1} 个标签的 {0} 个状态，截至 {2} 至 {3}\n")
X(BACKFILL_NOTHING, "Nothing to work out: there is no such time before the last build that has no state yet.\n",
  "没有可补算的时点：上次构建之前没有尚缺状态的时点。\n")
X(BACKFILL_KEPT, "{0} times were left alone: a build kept their state\n", "{0} 个时点保持不变：已有构建保留的状态\n")
X(BACKFILL_FROZEN, "{0} tags were not worked out: they rest on queries, which know no past\n",
  "{0} 个标签未补算：它们依赖查询，而查询没有历史\n")
