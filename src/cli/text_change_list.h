/* portrait plan */
X(PLAN_SUMMARY, "what a build would do, and what has changed since the last", "预览构建：自上次以来改了什么、要做什么")
X(PLAN_ABOUT,
  "Compares the project with the last build: definitions that are new, changed or gone, tags that change with them, "
  "files "
  "to read, what is kept. Reads no data, but for files whose size or time stamp has changed.",
  "把项目与上次构建相比：新增、改动、删除的定义，随之变化的标签，要读取的文件，可以保留的部分。"
  "除了大小或时间变过的文件，不读取数据。")
X(PLAN_FIRST, "nothing has been built yet: everything is new\n", "尚未构建过：一切都是新的\n")
X(PLAN_SINCE, "since {0}, built {1}, as of {2}\n", "相对于 {0}：构建于 {1}，截至 {2}\n")
X(PLAN_NOTHING, "nothing has changed: the same as-of would give the same tags\n",
  "没有变化：同一截止时刻会得到相同的标签\n")
X(PLAN_DEFINITIONS, "\ndefinitions: {0}\n", "\n定义变化：{0} 处\n")
X(PLAN_TAGS, "\ntags that change with them: {0}\n", "\n随之变化的标签：{0} 个\n")
X(PLAN_UNVERSIONED, "  defined anew without a raised version: ", "  改了定义但没有提高 version：")
X(PLAN_FILES, "\nfiles\n", "\n文件\n")
X(PLAN_NO_FILES, "  none to read\n", "  无需读取\n")
X(PLAN_SOURCE, "  {0}: {1} of {3} to read ({2})", "  {0}：{3} 个中读取 {1} 个（{2}）")
X(PLAN_REREADS, "; its definition has changed", "；定义有变化")
X(PLAN_RECLEANS, "; cleaned anew", "；重新清洗")
X(PLAN_WORK,
  "\nwork: read {0}; {1} timelines made anew, {2} kept; {3} tags computed, {4} of them over rows that change\n",
  "\n工作量：读取 {0}；重做 {1} 条时间线，保留 {2} 条；计算 {3} 个标签，其中 {4} 个的数据有变化\n")
X(PLAN_CUSTOMERS, "customers are settled again; when someone is new or merged, all timelines are made anew\n",
  "重新识别客户；若有新增或合并，全部时间线都要重做\n")
X(PLAN_CUSTOMERS_KEPT, "customers stay as they are\n", "客户保持不变\n")
X(PLAN_LAST, "the last build took {0}\n", "上次构建用时 {0}\n")
X(CHANGE_NEW, "new    ", "新增")
X(CHANGE_CHANGED, "changed", "改动")
X(CHANGE_GONE, "gone   ", "删除")
X(CHANGE_WAS, "was  ", "原为  ")
X(CHANGE_NOW, "now  ", "现为  ")
X(CHANGE_TAG, "tag", "标签")
X(CHANGE_COLUMN, "column", "列")
X(CHANGE_ROWS, "rows of", "数据源的行")
X(CHANGE_RULE, "cleaning rule of", "清洗规则")
X(CHANGE_READ, "how files are read:", "文件读取方式")
X(CHANGE_CLEAN, "order of cleaning rules:", "清洗规则的次序")
X(CHANGE_IDENTITY, "identity", "客户识别规则")
X(CHANGE_PROJECT, "project (time zone)", "项目（时区）")

/* portrait diff */
X(DIFF_SUMMARY, "what the last build changed: tags that moved, customers who moved", "查看上次构建带来的变化")
X(DIFF_ABOUT,
  "Compares two kept builds, the last two when none are named: definitions, distributions of tags (the worst first), "
  "customers who moved between the tiers of a tag, came, went or were merged, and figures of the data. docs/diff.md "
  "explains the measures.",
  "比较保留的两次构建（默认为最近两次）：定义、标签分布（变化大的在前）、在各档之间移动的客户、新增、消失与合并的客户，"
  "以及数据量。度量方法见 docs/diff.md。")
X(OPT_DIFF_FROM, "the earlier build, for example g000011", "较早的构建，例如 g000011")
X(OPT_DIFF_TO, "the later build", "较晚的构建")
X(DIFF_HEAD, "{0} (as of {1}) → {2} (as of {3})\n", "{0}，截至 {1} → {2}，截至 {3}\n")
X(DIFF_SAME, "no difference\n", "没有差别\n")
X(DIFF_CUSTOMERS, "customers {0} → {1}: {2} new, {3} gone, {4} merged into others\n",
  "客户 {0} → {1}：新增 {2}，消失 {3}，并入他人 {4}\n")
X(DIFF_TAGS, "\ntags\n", "\n标签\n")
X(DIFF_NOT, "as before ", "基本不变")
X(DIFF_SOME, "moved     ", "有变化  ")
X(DIFF_MUCH, "moved much", "变化很大")
X(DIFF_KNOWN, "known {0} → {1}", "有值 {0} → {1}")
X(DIFF_MEAN, "  mean {0} → {1}", "  均值 {0} → {1}")
X(DIFF_REDEFINED, "  (defined anew)", "  （定义有改动）")
X(DIFF_MISSING, "missing", "无值")
X(DIFF_QUIET, "  {0} others have not moved\n", "  其余 {0} 个没有明显变化\n")
X(DIFF_MOVES, "\n{0}: {1} customers moved\n", "\n{0}：{1} 位客户发生移动\n")
X(DIFF_FROM_TO, "from ↓ to →", "由↓ 到→")
X(DIFF_COUNTS, "\nfigures\n", "\n数据量\n")
X(DIFF_EXPLAIN,
  "\nPSI: 0.1 and more is a move, 0.25 a large one; KS: 0.1 and 0.2; known: 5 and 20 points. Less than chance explains "
  "is none.\n",
  "\nPSI：0.1 起算变化，0.25 起算很大；KS：0.1 与 0.2；有值比例：5 个与 20 个百分点。随机波动可以解释的不算。\n")
