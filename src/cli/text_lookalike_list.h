/* X(name, english, chinese): the texts of `lookalike`. Included by text_list.h. */
X(LOOKALIKE_SUMMARY, "customers who are like those of a segment, the likest first",
  "寻找与某分群相似的客户，最相似者在前")
X(LOOKALIKE_ABOUT,
  "Learns, as of the last build, what sets the segment's customers apart and ranks everybody else by it; says how many "
  "of "
  "them to expect to be alike at each depth. Nothing is kept: a model of `task: lookalike` does the same in every "
  "build.",
  "按最近一次构建的数据学习该分群客户的特点，并据此给其他所有客户排名；同时给出选取不同人数时预计有多少人真正相似。"
  "结果不会保存：task: lookalike 的模型可在每次构建中做同样的事。")
X(OPT_LOOKALIKE_TOP, "list the first N (default: 1000)", "列出前 N 位（默认：1000）")
X(OPT_LOOKALIKE_OUT, "list them: ids, or with rank and score", "列出客户：仅编号，或附名次与相似概率")
X(OPT_LOOKALIKE_FILE, "write the list into this file (default: standard output)", "把名单写入此文件（默认：标准输出）")
X(OPT_LOOKALIKE_FEATURES, "learn from these tags alone: recency,city", "只用这些标签学习：recency,city")
X(OPT_LOOKALIKE_EXCEPT, "learn from all tags but these", "不用这些标签学习")
X(LOOKALIKE_HEAD, "{0} customers ranked by how like the {1} of the seed they are\n",
  "已按与 {1} 位种子客户的相似程度为 {0} 位客户排名\n")
X(LOOKALIKE_WROTE, "\nwrote {0}: the first {1}\n", "\n已写入 {0}：前 {1} 位\n")
X(LOOKALIKE_HINT, "\n--out csv --top N lists them\n", "\n用 --out csv --top N 列出名单\n")
