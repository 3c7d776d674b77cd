/* merged attributes: where sources disagree, where values come from */
X(CONFLICTS_LINE, "  {0}: its sources disagree for {1} of {2} customers known to several ({3})\n",
  "  {0}：{2} 位客户有多个来源的值，其中 {1} 位不一致（{3}）\n")
X(CONFLICTS_TITLE,
  "{0} is merged ({1}): {2} customers have a value, {3} from several sources, {4} of these differ ({5})\n",
  "{0} 由多个来源合并（{1}）：{2} 位客户有值，{3} 位有多个来源，其中 {4} 位不一致（{5}）\n")
X(CONFLICTS_HOW, "how often two sources differ, of customers known to both\n", "两个来源都有值的客户中，有多少不一致\n")
X(CONFLICTS_TRUST, "trust", "可信度")
X(CONFLICTS_KNOWN, "known", "有值")
X(CONFLICTS_SAMPLES, "for example ", "例如 ")
X(CONFLICTS_WHY, "; portrait show ID {0} shows who says what\n", "；portrait show ID {0} 显示各来源的说法\n")
X(OPT_WHY, "say where each value comes from", "说明每个值从哪里来")
X(WHY_TITLE, "where the values come from\n", "各个值的来源\n")
X(WHY_POLICY, "  (merged: {0})", "  （合并：{0}）")
X(WHY_PLACE, "{0} row {1}", "{0} 第 {1} 行")
X(WHY_ALWAYS, "from the beginning", "一直如此")
X(WHY_TRUST, "trust {0}", "可信度 {0}")
X(WHY_COUNTS, "counts", "采用")
X(WHY_OLDER, "lost: older", "未采用：较旧")
X(WHY_LESS_TRUSTED, "lost: less trusted", "未采用：可信度较低")
X(WHY_FEWER, "lost: fewer sources say so", "未采用：支持的来源较少")
X(WHY_LISTED, "lost: listed later", "未采用：排序靠后")
X(WHY_QUERY, "    from a query, when the last build ran\n", "    由查询得出（上次构建时）\n")
X(WHY_EVENTS, "    {0} (events: {1})  {2} … {3}\n", "    {0}（事件数：{1}） {2} … {3}\n")
X(WHY_FROM_TAGS, "    from the tags ", "    由标签 ")
X(WHY_NOT_PLACED, "the store is in use or absent: files and rows are not shown\n",
  "原始库正被占用或不存在：未显示文件和行号\n")
X(TAG_MERGE, "merged: {0} of ", "合并（{0}）：")
X(TAG_MERGE_SOURCE, "{0} (trust {1})", "{0}（可信度 {1}）")
X(TAG_MERGE_HALF_LIFE, "; trust halves every {0}", "；可信度每 {0} 减半")
X(DOCTOR_STORE, "raw store", "原始库")
X(DOCTOR_STORE_ADVICE,
  "absent: the next portrait build reads all files again; in use: wait for the build; damaged: put back a copy of "
  "store.duckdb",
  "不存在：下次 portrait build 重新读取全部文件；被占用：等待构建结束；已损坏：放回 store.duckdb 的副本")
