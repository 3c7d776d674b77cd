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
