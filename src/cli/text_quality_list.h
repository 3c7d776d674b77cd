/* X(name, english, chinese): what `portrait quality` says. Included by text_list.h. */
X(QUALITY_SUMMARY, "how good the data is, the worst first", "数据质量：最差的排在最前")
X(QUALITY_ABOUT,
  "Shows what the last build found about the data of each source: how full, unique, right, consistent, credible and "
  "fresh its columns are, what is wrong and in which rows, and the trend against earlier builds. docs/quality.md says "
  "how "
  "each figure is made.",
  "展示上次构建对各数据源的检查结果：各列的完整性、唯一性、准确性、一致性、可信度和时效性，有什么问题、在哪些行，以及与"
  "以往"
  "构建相比的变化。各项指标的算法见 docs/quality.md。")
X(QUALITY_TITLE, "{0}: data quality as of {1}\n", "{0}：数据质量，截至 {1}\n")
X(QUALITY_SOURCE, "\n{0} · rows: {1}\n", "\n{0} · {1} 行\n")
X(COL_COLUMN, "column", "列")
X(COL_TYPE, "type", "类型")
X(COL_FILLED, "filled", "有值")
X(COL_DISTINCT, "different", "不同值")
X(COL_VALUES, "values", "取值")
X(QUALITY_LENGTHS, "{0} to {1} characters", "{0} 至 {1} 个字符")
X(COL_SCORE, "score", "得分")
X(COL_TREND, "trend", "变化")
X(COL_WEAK, "where it is weak", "薄弱之处")
X(DIMENSION_COMPLETENESS, "completeness", "完整性")
X(DIMENSION_UNIQUENESS, "uniqueness", "唯一性")
X(DIMENSION_ACCURACY, "accuracy", "准确性")
X(DIMENSION_CONSISTENCY, "consistency", "一致性")
X(DIMENSION_CREDIBILITY, "credibility", "可信度")
X(DIMENSION_FRESHNESS, "freshness", "时效性")
X(SEVERITY_ERROR, "error", "错误")
X(SEVERITY_WARN, "warn ", "注意")
X(SEVERITY_NOTE, "note ", "提示")
X(QUALITY_TREND, "  ({0} since the build before)", "（比上次构建 {0}）")
X(QUALITY_NOTHING, "\n  Nothing found.\n", "\n  未发现问题。\n")
X(QUALITY_MORE, "\n  ... and {0} more; portrait quality SOURCE shows all of a source\n",
  "\n  …… 另有 {0} 项；portrait quality 数据源 可查看该数据源的全部问题\n")
X(BUILD_QUALITY, "  data quality {0} of 100, findings: {1} (portrait quality shows them)\n",
  "  数据质量 {0} 分（满分 100），问题 {1} 项（详见 portrait quality）\n")
X(BUILD_BROKEN, "    {0}: the rule '{1}' does not hold: {2} of {3} rows{4}\n",
  "    {0}：规则“{1}”不成立：{3} 行中有 {2} 行{4}\n")
X(BUILD_BROKEN_FIRST, " (first: {0}:{1})", "（首个：{0}:{1}）")
X(OPT_FROM, "look at this file (more may follow, then DIR) and write a first project for it",
  "查看此文件（其后可跟更多文件和目录），并据此写出一个初始项目")
X(INIT_FROM_DONE, "Wrote a first project in {0}, with {1} tags. It is a guess from the files:\n",
  "已在 {0} 写出初始项目，含 {1} 个标签。内容由文件推测：\n")
X(INIT_FROM_ROWS, "{0} rows", "{0} 行")
X(INIT_FROM_COLUMNS, "{0} columns", "{0} 列")
X(INIT_FROM_NEXT,
  "Next: read and correct sources/, each line says why; then\n  cd {0}\n  portrait check\n  portrait build\n  portrait "
  "quality\n",
  "接下来：阅读并改正 sources/（每行注明了理由），然后\n  cd {0}\n  portrait check\n  portrait build\n  portrait "
  "quality\n")
X(KIND_RECORD, "record", "记录")
X(KIND_EVENT, "event", "事件")
X(KIND_REFERENCE, "reference", "参考表")
