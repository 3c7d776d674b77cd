/* X(name, english, chinese): the texts of `portrait link`. No include guard: included as a list. */
X(LINK_SUMMARY, "find records of the same person that share no identifier", "找出没有共同标识符的同一个人的记录")
X(LINK_ABOUT,
  "Compares the records of the last build (sources of kind record) by names, birth dates, phones, addresses and the like, "
  "learns how much each agreement says, and shows which pairs and groups follow. What a column holds is told by its type and "
  "name; identity.yaml may say otherwise under link:. Nothing is changed: `portrait build` joins customers by links when "
  "identity.yaml has link:.",
  "按姓名、出生日期、电话、地址等比较上次构建的记录（kind 为 record 的来源），从数据中学习每种一致说明了多少，"
  "并给出由此得到的记录对和分组。各列的含义由类型和列名判断，也可在 identity.yaml 的 link: 中指定。"
  "本命令不修改任何内容：identity.yaml 写有 link: 时，portrait build 才按匹配结果合并客户。")
X(OPT_LINK_OUT, "write the pairs to this file, .csv or .parquet", "把记录对写入文件（.csv 或 .parquet）")
X(LINK_HEAD, "{0} records, {1} columns compared\n", "{0} 条记录，比较 {1} 列\n")
X(LINK_COLUMN, "column", "列")
X(LINK_KIND, "kind", "种类")
X(LINK_FROM, "from", "取自")
X(LINK_FILLED, "filled", "有值")
X(LINK_DISTINCT, "values", "不同值")
X(LINK_PAIRS, "{0} pairs may be one person: {1} linked by themselves, {2} to review\n",
  "{0} 对记录可能是同一个人：{1} 对自动匹配，{2} 对待人工确认\n")
X(LINK_GROUPS, "{0} groups of records that no identifier joins, the largest of {1}\n",
  "得到 {0} 个由匹配形成的分组，最大的含 {1} 条记录\n")
X(BUILD_LINKED, "  linking: {0} records compared, {1} pairs alike, {2} links, {3} to review (portrait link shows them)\n",
  "  匹配：比较 {0} 条记录，{1} 对相似，建立 {2} 条关联，{3} 对待确认（portrait link 可查看）\n")
X(BUILD_NOT_LINKED, "  linking: nothing compared, {0}\n", "  匹配：未比较任何记录，{0}\n")
