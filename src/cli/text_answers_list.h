/* X(name, english, chinese): the texts of `portrait link evaluate | explain | review | shadow`. No include guard: included as a list. */
X(OPT_LINK_LABELS, "evaluate: what is known, CSV with a header: record_id,person or a,b,same",
  "evaluate：已知真相的 CSV（含表头）：record_id,person 或 a,b,same")
X(OPT_LINK_EXAMPLES, "show the values of example pairs", "显示示例记录对的具体取值")
X(LINK_LABELS_RECORDS, "labels: {0} rows, {1} records known\n", "标注：{0} 行，已知 {1} 条记录\n")
X(LINK_LABELS_PAIRS, "labels: {0} rows, {1} pairs known\n", "标注：{0} 行，已知 {1} 对\n")
X(LINK_LABELS_OPEN, "  {0} rows have no answer and are passed over\n", "  {0} 行没有答案，已跳过\n")
X(LINK_LABELS_UNKNOWN, "  {0} rows name a record there is not (line {1})\n", "  {0} 行所指的记录不存在（第 {1} 行）\n")
X(LINK_BY_THRESHOLD, "\nPairs by threshold, of {0} that are one person\n",
  "\n按阈值看记录对（真正属于同一人的共 {0} 对）\n")
X(LINK_FROM_PROBABILITY, "from", "概率下限")
X(LINK_BITS, "bits", "比特")
X(LINK_FOUND, "pairs", "记录对")
X(LINK_RIGHT, "right", "正确")
X(LINK_PRECISION, "precision", "精确率")
X(LINK_RECALL, "recall", "召回率")
X(LINK_OWN_THRESHOLD, "  * linked without being asked: from {0}\n", "  * 自动匹配的下限：{0}\n")
X(LINK_BEST, "  best from {0} ({1} bits): F1 {2}, precision {3}, recall {4}\n",
  "  最佳阈值 {0}（{1} 比特）：F1 {2}，精确率 {3}，召回率 {4}\n")
X(LINK_BY_GROUPS, "\nCustomers that follow, linked from {0} (95% intervals)\n",
  "\n自动匹配下限为 {0} 时得到的客户（95% 区间）\n")
X(LINK_MEASURE_PAIRS, "pairs", "记录对")
X(LINK_MEASURE_GROUPS, "whole customers", "完整客户")
X(LINK_MEASURE_RECORDS, "records (B-cubed)", "记录（B-cubed）")
X(LINK_EXACT, "  {0} of {1} persons are one customer with nothing else in it; {2} customers\n",
  "  {1} 个人中有 {0} 个恰好对应一位客户，不多不少；共 {2} 位客户\n")
X(LINK_MISSED, "\nPairs of one person that are apart: {0} ({1})\n", "\n同一个人却未合并：{0} 对（{1}）\n")
X(LINK_MISSED_BLOCKED, "  {0} no blocking rule brought together, or nothing speaks for\n",
  "  {0} 对没有任何分块规则选中，或毫无相似之处\n")
X(LINK_MISSED_WEAK, "  {0} below {1}\n", "  {0} 对低于 {1}\n")
X(LINK_MISSED_APART, "  {0} above it, but their groups speak against each other\n",
  "  {0} 对达到下限，但所在的分组彼此矛盾\n")
X(LINK_WRONG, "Pairs of two persons that are together: {0} ({1})\n", "不同的人却被合并：{0} 对（{1}）\n")
X(LINK_WRONG_EQUAL, "  {0} by equal identifiers\n", "  其中 {0} 对因标识符相同\n")
X(LINK_WORST, "\nThe worst\n", "\n最严重的错误\n")
X(LINK_FAULT_BLOCKED, "missed: never compared", "漏掉：从未比较")
X(LINK_FAULT_WEAK, "missed: too weak", "漏掉：证据不足")
X(LINK_FAULT_APART, "missed: kept apart", "漏掉：被分开")
X(LINK_FAULT_WRONG, "wrong: two persons", "误合并：不同的人")
X(LINK_STEP, "column", "列")
X(LINK_EVIDENCE, "evidence", "证据")
X(LINK_SUM, "sum", "累计")
X(LINK_PRIOR, "prior", "先验")
X(LINK_PRIOR_ABOUT, "any two records", "任意两条记录")
X(LINK_OF_MANY, "  of {0} and {1} records the two that are most alike\n\n", "  {0} 条与 {1} 条记录中最相似的一对\n\n")
X(LINK_PAGE_WRITTEN, "{0} written\n", "已写入 {0}\n")
X(OPT_LINK_ANSWERS, "review: answers, a file that --out wrote with yes or no in its column same",
  "review：答案文件，即 --out 写出的文件，在 same 列填写 yes 或 no")
X(OPT_LINK_BY, "review: who answers (default: the user of the machine)", "review：由谁回答（默认：当前系统用户）")
X(OPT_LINK_WHY, "review: the reason, one line", "review：理由，一行文字")
X(LINK_QUESTION, "\nQuestion {0} of {1}\n", "\n第 {0} 问，共 {1} 问\n")
X(LINK_QUESTION_DOUBT, "  {0} ({1} bits); {2} pairs of records hang on it\n",
  "  概率 {0}（{1} 比特）；关系到 {2} 对记录\n")
X(LINK_QUESTION_KEYS,
  "The same person? y yes, n no, s skip, u undo, q quit: ", "是同一个人吗？y 是，n 不是，s 跳过，u 撤销，q 退出：")
X(LINK_QUESTION_INSIDE, "  asked because they are one customer now, by this link alone\n",
  "  之所以提问：两者目前是同一位客户，而连接它们的只有这一条\n")
X(LINK_NOW_ONE, "one customer", "同一位客户")
X(LINK_NOW_TWO, "two customers", "两位客户")
X(LINK_SPEAKS_FOR, "for", "支持")
X(LINK_SPEAKS_AGAINST, "against", "反对")
X(LINK_NO_QUESTIONS,
  "nothing to ask: no two customers are alike from {0} on, and no customer hangs on a link below 99%\n",
  "没有要问的：没有两位客户的相似概率达到 {0}，也没有客户只靠低于 99% 的匹配维系\n")
X(LINK_NOTHING_TO_UNDO, "there is nothing to undo\n", "没有可撤销的答案\n")
X(LINK_ANSWERED, "{0} answers are kept: {1} the same person, {2} not\n",
  "已保存 {0} 个答案：{1} 个是同一人，{2} 个不是\n")
X(LINK_ANSWERS_CHANGE, "{0} customers would be merged with others, {1} split\n",
  "将有 {0} 位客户与他人合并，{1} 位被拆分\n")
X(LINK_ANSWERS_NEXT,
  "portrait build applies it; portrait identity list shows the answers, portrait identity undo takes one back\n",
  "portrait build 使其生效；portrait identity list 可查看答案，portrait identity undo 可撤销\n")
X(LINK_QUESTIONS_WRITTEN, "{0} questions written to {1}: fill in the column same with yes or no, then --answers\n",
  "已将 {0} 个问题写入 {1}：在 same 列填写 yes 或 no，再用 --answers 读回\n")
X(LINK_QUESTIONS, "{0} questions, those whose answers tell most first\n", "{0} 个问题，答案最有价值的在前\n")
X(LINK_QUESTIONS_MORE, "    and {0} more\n", "    另有 {0} 个\n")
X(LINK_QUESTIONS_HOW,
  "on a terminal they are asked one by one; --out FILE writes them, --answers FILE reads them back\n",
  "在终端上会逐个提问；--out FILE 写出问题，--answers FILE 读回答案\n")
X(OPT_LINK_AUTO, "shadow: link from this probability", "shadow：改用这个自动匹配概率下限")
X(OPT_LINK_DROP_RULE, "shadow: leave out a blocking rule", "shadow：去掉一条分块规则")
X(OPT_LINK_DROP_SOURCE, "shadow: leave out the records of a source", "shadow：去掉一个来源的记录")
X(OPT_LINK_DROP_COLUMN, "shadow: do not compare a column", "shadow：不比较某一列")
X(OPT_LINK_IDENTITY, "shadow: this file instead of identity.yaml", "shadow：用此文件代替 identity.yaml")
X(LINK_NOW, "now", "现在")
X(LINK_THEN, "then", "之后")
X(LINK_ROW_PAIRS, "pairs linked", "匹配的记录对")
X(LINK_ROW_CUSTOMERS, "customers", "客户")
X(LINK_ROW_REFUSED, "links that a limit, a fact or a decision forbids", "因上限、互斥取值或决定而未采用的连接")
X(LINK_SEGMENTS_HEAD, "\nSegments of the last build with customers that change\n", "\n上次构建的人群中会变化的客户\n")
X(LINK_SEGMENT, "segment", "人群")
X(LINK_MEMBERS, "members", "成员")
X(LINK_MEMBERS_CHANGE, "merged or split", "被合并或拆分")
X(LINK_MEMBERS_FEWER, "at least fewer", "至少减少")
X(LINK_ROW_LARGEST, "identifiers of the largest", "最大客户的标识符")
X(LINK_GONE, "{0} identifiers are no longer linked, {1} are linked for the first time\n",
  "{0} 个标识符不再参与匹配，{1} 个首次参与\n")
X(LINK_UNTOUCHED, "no customer would change\n", "没有客户会改变\n")
X(LINK_TOUCHED, "{0} customers would be merged with others, {1} split: {2} of all\n",
  "{0} 位客户会与他人合并，{1} 位会被拆分：占全部的 {2}\n")
X(LINK_EXAMPLES_HEAD, "\nThe largest changes\n", "\n最大的变化\n")
X(LINK_EXAMPLE_MERGED,
  "  {0} customers become {1}, of {2} identifiers: two that come together have {3} bits now, {4} then\n",
  "  {0} 位客户变为 {1} 位，共 {2} 个标识符：其中合到一起的两条记录现为 {3} 比特，之后为 {4} 比特\n")
X(LINK_EXAMPLE_SPLIT,
  "  {0} customers become {1}, of {2} identifiers: two that come apart have {3} bits now, {4} then\n",
  "  {0} 位客户变为 {1} 位，共 {2} 个标识符：其中被分开的两条记录现为 {3} 比特，之后为 {4} 比特\n")
X(LINK_SHADOW_END, "\nnothing was written\n", "\n没有写入任何内容\n")
