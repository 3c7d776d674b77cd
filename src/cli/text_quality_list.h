/* X(name, english, chinese): what `portrait quality` says. Included by text_list.h. */
X(QUALITY_SUMMARY, "how good the data is, the worst first", "数据质量：最差的排在最前")
X(QUALITY_ABOUT,
  "Shows what the last build found about the data of each source: how full, unique, right, consistent, credible and "
  "fresh its columns are, what is wrong and in which rows, and the trend against earlier builds. docs/quality.md says how "
  "each figure is made.",
  "展示上次构建对各数据源的检查结果：各列的完整性、唯一性、准确性、一致性、可信度和时效性，有什么问题、在哪些行，以及与以往"
  "构建相比的变化。各项指标的算法见 docs/quality.md。")
X(QUALITY_TITLE, "{0}: data quality as of {1}\n", "{0}：数据质量，截至 {1}\n")
X(QUALITY_SOURCE, "\n{0} · rows: {1}\n", "\n{0} · {1} 行\n")
X(COL_COLUMN, "column", "列")
X(COL_TYPE, "type", "类型")
X(COL_FILLED, "filled", "有值")
X(COL_DISTINCT, "different", "不同值")
X(COL_VALUES, "values", "取值")
X(QUALITY_LENGTHS, "{0} to {1} characters", "{0} 至 {1} 个字符")
