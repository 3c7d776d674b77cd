/* X(name, english, chinese): the texts of `count`. Included by text_list.h. */
X(OPT_BY, "how the members spread over the values of this tag", "按此标签的取值列出成员分布")
X(COUNT_SUMMARY, "count the customers for whom a condition holds", "统计满足条件的客户数")
X(COUNT_ABOUT,
  "Counts, as of the last build, the customers for whom a condition of the portrait language is true: over tags, over "
  "behaviour, in any combination. Without a condition: all customers.",
  "以上次构建为准，统计满足条件的客户数。条件用画像语言书写，可任意组合标签与行为。不给条件时统计全部客户。")
X(COUNT_RESULT, "{0} of {1} customers ({2}%)\n", "{1} 位客户中有 {0} 位（{2}%）\n")
X(COUNT_ALL, "all customers", "全部客户")
X(COUNT_MEMBERS, "customers", "客户数")
X(COUNT_SHARE, "share", "占比")
X(COUNT_BASE_SHARE, "of all", "总体占比")
X(COUNT_NO_VALUE, "(no value)", "（无值）")
X(COUNT_MORE, "... and {0} more values (--json lists all)\n", "…… 另有 {0} 个取值（--json 列出全部）\n")
