/* X(name, english, chinese): the texts of `portrait link`. No include guard: included as a list. */
X(LINK_SUMMARY, "find records of the same person that share no identifier", "找出没有共同标识符的同一个人的记录")
X(LINK_ABOUT,
  "Compares the records of the last build (sources of kind record) by names, birth dates, phones, addresses and the "
  "like, "
  "learns how much each agreement says, and shows which pairs and groups follow. What a column holds is told by its "
  "type and "
  "name; identity.yaml may say otherwise under link:. Nothing is changed: `portrait build` joins customers by links "
  "when "
  "identity.yaml has link:. `blocks` counts the pairs of blocking rules; `evaluate` measures against labels; `explain` "
  "shows the "
  "evidence of two records column by column; `review` asks about pairs in doubt and keeps the answers; `shadow` says "
  "what changed "
  "rules would merge or split. docs/linking-answers.md has them all.",
  "按姓名、出生日期、电话、地址等比较上次构建的记录（kind 为 record 的来源），从数据中学习每种一致说明了多少，"
  "并给出由此得到的记录对和分组。各列的含义由类型和列名判断，也可在 identity.yaml 的 link: 中指定。"
  "本命令不修改任何内容：identity.yaml 写有 link: 时，portrait build 才按匹配结果合并客户。"
  "blocks 统计各分块规则的记录对；evaluate 对照标注衡量效果；explain 逐列说明两条记录的证据；review "
  "就拿不准的记录对提问并保存答案；"
  "shadow 说明改变规则会合并或拆分哪些客户。详见 docs/linking-answers.md。")
X(OPT_LINK_OUT, "write the pairs to this file, .csv or .parquet", "把记录对写入文件（.csv 或 .parquet）")
X(LINK_HEAD, "{0} records, {1} columns compared\n", "{0} 条记录，比较 {1} 列\n")
X(LINK_COLUMN, "column", "列")
X(LINK_KIND, "kind", "种类")
X(LINK_FROM, "from", "取自")
X(LINK_FILLED, "filled", "有值")
X(LINK_DISTINCT, "values", "不同值")
X(LINK_NOT_COMPARED, "  {0} is not compared: {1}\n", "  不比较 {0}：{1}\n")
X(LINK_LEFT_EMPTY, "it has no values", "没有值")
X(LINK_LEFT_ONE_VALUE, "all records have the same value", "所有记录的值都相同")
X(LINK_LEFT_NAMES_RECORDS, "it is what tells the records apart", "它正是区分记录的标识符")
X(LINK_LEFT_TOO_MANY, "there are enough columns", "可比较的列已足够多")
X(LINK_LEARNED, "Learned: of two records drawn at random, {0} are of one person\n",
  "学习结果：任取两条记录，属于同一个人的比例为 {0}\n")
X(LINK_M, "one person", "同一人")
X(LINK_U, "two persons", "不同人")
X(LINK_UNTRAINED, "  * no pairs to learn from: as it usually is\n", "  * 没有可供学习的记录对，采用通常的数值\n")
X(LINK_PROBABILITY, "probability", "概率")
X(LINK_PAIRS, "{0} pairs may be one person, {1} of them surely enough to link\n",
  "{0} 对记录可能是同一个人，其中 {1} 对足以自动匹配\n")
X(LINK_CUSTOMERS, "Customers with records: {0} by equal identifiers, {1} with links\n",
  "有记录的客户：仅凭相同标识符为 {0} 位，加上匹配后为 {1} 位\n")
X(LINK_LARGEST_CUSTOMER, "  the largest joins {0} of them, with {1} records\n",
  "  其中最大的由 {0} 位合并而成，共 {1} 条记录\n")
X(LINK_TO_REVIEW, "  {0} pairs of customers are for people to decide (portrait link review)\n",
  "  {0} 对客户待人工确认（portrait link review）\n")
X(LINK_ON, "  `portrait build` links them: identity.yaml has `link:`\n",
  "  identity.yaml 中有 link:，portrait build 会按此合并\n")
X(LINK_OFF, "  nothing is changed; for builds to link them, write `link: auto` into identity.yaml\n",
  "  未修改任何内容；要让构建按此合并，请在 identity.yaml 中写 link: auto\n")
X(BUILD_LINKED,
  "  linking: {0} records compared, {1} pairs alike, {2} links, {3} to review (portrait link shows them)\n",
  "  匹配：比较 {0} 条记录，{1} 对相似，建立 {2} 条关联，{3} 对待确认（portrait link 可查看）\n")
X(BUILD_NOT_LINKED, "  linking: nothing compared, {0}\n", "  匹配：未比较任何记录，{0}\n")
X(WHY_LIKENESSES, "\nRecords that are alike hold it together\n", "\n因记录相似而合并\n")
X(WHY_LIKENESS, "  {0} and {1}: {2} sure, by {3}\n", "  {0} 与 {1}：把握 {2}，依据 {3}\n")
