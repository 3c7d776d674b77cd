/* portrait lineage */
X(LINEAGE_SUMMARY, "what something is made from, and what breaks without it", "查看来源，以及少了它会影响什么")
X(LINEAGE_ABOUT,
  "Follows a tag, a source, a column or a file both ways: back to files, their columns and cleaning rules, and on to "
  "every "
  "tag that uses it and the card. Needs no build. --format svg draws it; layers with many boxes are folded.",
  "从标签、数据源、列或文件出发，向上追到文件、文件中的列和清洗规则，向下列出用到它的全部标签和名片。不需要构建。"
  "--format svg 画成图；一层太多时会折叠。")
X(OPT_LINEAGE_FORMAT, "text (default), json, dot for Graphviz, or svg", "text（默认）、json、dot（Graphviz）或 svg")
X(LINEAGE_MADE_FROM, "made from", "来自")
X(LINEAGE_FROM_NOTHING, "made from nothing else", "没有上游")
X(LINEAGE_BREAKS, "what breaks without it", "少了它会影响")
X(LINEAGE_BREAKS_NOTHING, "nothing uses it", "没有别处用到它")
X(LINEAGE_ABOVE, "  (see above)", "  （见上）")
X(LINEAGE_FOLDED, "+ {0} more: {1}", "另有 {0} 个：{1}")
X(DEP_FILE, "file", "文件")
X(DEP_FILE_COLUMN, "in the file", "文件中的列")
X(DEP_RULE, "cleaning rule", "清洗规则")
X(DEP_ROWS, "rows", "行")
X(DEP_COLUMN, "column", "列")
X(DEP_TAG, "tag", "标签")
X(DEP_CHECK, "quality rule", "质量规则")
X(DEP_CARD, "profile card", "画像名片")
