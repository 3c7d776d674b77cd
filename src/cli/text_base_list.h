/* Statistics of the base and the mechanics of tags. */
X(OPT_BASE, "statistics of the base (base.txt of a build); default: those of the last build",
  "总体统计文件（某次构建的 base.txt）；默认取上次构建的")
X(TAG_PAST, "earlier definition, version {0}; the present one is version {1}:\n",
  "旧定义，第 {0} 版（当前为第 {1} 版）：\n")
X(TAG_TTL, "time to live: {0} after the newest event or record behind it\n", "有效期：最近一次相关事件或记录之后 {0}\n")
X(TAG_KEEPS, "keeps what was known where there is no value now\n", "当前没有值时保留此前的值\n")
X(TAG_VERSION, "version: {0}\n", "版本：{0}\n")
X(TAG_CONFIDENCE, "confidence: {0}\n", "置信度：{0}\n")
X(WHY_CONFIDENCE, "  (confidence {0})", "（置信度 {0}）")
X(EXPLAIN_CONFIDENCE, "    confidence {0}\n", "    置信度 {0}\n")
X(EXPLAIN_KEPT, "    no value now: kept from {0}\n", "    当前没有值：保留自 {0}\n")
X(EXPLAIN_BASE, "statistics of all customers, as of {0}:\n", "全体客户的统计，截至 {0}：\n")
X(SHOW_BASE, "  statistics of all customers are those of the last build, as of {0}\n",
  "  全体客户的统计取自上次构建，截至 {0}\n")
