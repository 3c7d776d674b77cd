/* X(name, english, chinese): the texts of `portrait identity`. No include guard: included as a list. */
X(IDENTITY_SUMMARY, "merge, split and pin customers by hand; their history",
  "手工合并、拆分、固定客户，查看客户的身份历史")
X(IDENTITY_ABOUT,
  "Decides by hand who is who. `merge` says that customers are one, `split` that some identifiers of a customer belong "
  "to "
  "somebody else, `pin` that a customer stays as it is: identifiers that others have, too, no longer join it. Each "
  "decision is "
  "written down with who, why and when, shows what it will change, and is applied by the next build; decisions come "
  "before all "
  "that data say, the latest first. `undo` takes one back, and the next build gives what would be without it; nothing "
  "is ever "
  "deleted. `list` (or no argument) lists decisions, `show` how the identifiers of a customer hang together, `history` "
  "how they "
  "came together. docs/identity.md has the rules.",
  "手工决定谁是谁。merge 认定几个客户是同一人；split 认定某些标识符不属于该客户；pin "
  "固定一个客户：别人也在用的标识符不再并入。"
  "每个决定都记下谁、为什么、何时，并预告将改变什么，由下次构建生效；手工决定先于数据，后作的决定优先。"
  "undo 撤销一个决定，下次构建得到的就是没有它时的结果；任何记录都不会删除。list（或不带参数）列出决定，"
  "show 说明客户的各个标识符如何相连，history 说明它们何时、因何走到一起。规则见 docs/identity.md。")
X(OPT_IDENTITY_WHY, "the reason, one line; merge and split need one", "理由，一行文字；merge 和 split 必须给出")
X(OPT_IDENTITY_BY, "who decides (default: the user of the machine)", "由谁决定（默认：当前系统用户）")
X(OPT_IDENTITY_BUILD, "build at once, so that it holds", "立即构建，使决定生效")
X(OPT_IDENTITY_DRY_RUN, "show what would change and decide nothing", "只显示将改变什么，不作决定")
X(IDENTITY_DECIDED, "decision {0} by {1}\n", "第 {0} 号决定，决定人：{1}\n")
X(IDENTITY_WOULD, "this would be decision {0} by {1}; nothing is decided\n",
  "若执行，将是第 {0} 号决定，决定人：{1}；现在什么也没有决定\n")
X(IDENTITY_SAME, "{0} and {1} are one customer", "{0} 与 {1} 是同一客户")
X(IDENTITY_DIFFERENT, "{0} and {1} are different customers", "{0} 与 {1} 不是同一客户")
X(IDENTITY_PIN, "{0} is pinned", "固定 {0}")
X(IDENTITY_UNDO, "decision {0} no longer holds", "第 {0} 号决定不再有效")
X(IDENTITY_MORE, "  and {0} more\n", "  另有 {0} 条\n")
X(IDENTITY_AND_MORE, "{0}, and {1} more", "{0}，另有 {1} 条")
X(IDENTITY_NO_CHANGE, "no customer changes with it\n", "没有客户因此改变\n")
X(IDENTITY_UNKNOWN, "too many identifiers hang together here to say what will change\n",
  "这里相连的标识符太多，无法预告将改变什么\n")
X(IDENTITY_WILL, "what the next build changes\n", "下次构建将改变的客户\n")
X(IDENTITY_CUSTOMER, "customer", "客户")
X(IDENTITY_IDENTIFIERS, "identifiers", "标识符数")
X(IDENTITY_IDENTIFIER, "identifier", "标识符")
X(IDENTITY_NOW, "now", "现在")
X(IDENTITY_THEN, "then", "之后")
X(IDENTITY_A_NEW, "a new customer", "新客户")
X(IDENTITY_PART_OF, "part of {0}", "并入 {0}")
X(IDENTITY_MOVES, "identifiers that change customers\n", "改换客户的标识符\n")
X(IDENTITY_NEXT, "portrait build applies it; portrait identity undo {0} takes it back\n",
  "portrait build 使其生效；portrait identity undo {0} 可撤销\n")
X(IDENTITY_NONE, "nothing has been decided by hand\n", "还没有手工决定\n")
X(IDENTITY_NUMBER, "no.", "编号")
X(IDENTITY_WHEN, "when", "时间")
X(IDENTITY_WHO, "who", "决定人")
X(IDENTITY_WHAT, "what", "内容")
X(IDENTITY_WHY, "why", "理由")
X(IDENTITY_STATE, "state", "状态")
X(IDENTITY_HOLDS, "holds", "有效")
X(IDENTITY_WAITS, "waits for a build", "等待构建")
X(IDENTITY_UNDONE, "undone by {0}", "已由第 {0} 号撤销")
X(IDENTITY_REFUSED, "not followed: {0}", "未采用：{0}")
X(IDENTITY_OVER_LIMIT, "over a limit of identity.yaml", "超出 identity.yaml 的上限")
X(IDENTITY_TOO_LARGE, "the customer would be too large", "客户会过大")
X(IDENTITY_APART, "a decision keeps them apart", "有决定认定双方不是同一客户")
X(IDENTITY_PINNED, "one of them is pinned", "其中一方已固定")
X(IDENTITY_OTHER_FACT, "a value that may not differ does", "不得不同的值不一致")
X(IDENTITY_CONTRADICTED, "a later decision says the opposite", "后来的决定与之相反")
X(BUILD_DECISIONS_REFUSED,
  "  {0} decisions made by hand were not followed: a limit or a later decision is against them (portrait identity "
  "list)\n",
  "  {0} 条手工决定未采用：与上限或后来的决定冲突（见 portrait identity list）\n")
X(PAST_OF, "{0}: how it came to be\n", "{0} 的由来\n")
X(PAST_OF_IDENTIFIER, "{0}, now of {1}\n", "{0}（现属 {1}）\n")
X(PAST_FORWARDED, "{0} is now part of {1}\n", "{0} 现已并入 {1}\n")
X(PAST_BUILD, "build", "构建")
X(PAST_BORN, "customer {0} is made", "产生客户 {0}")
X(PAST_SEEN, "{0} is seen for the first time, in {1}", "{0} 首次出现，属于 {1}")
X(PAST_LINKED, "{0} and {1} are linked ({2}: {3})", "{0} 与 {1} 相连（{2}：{3}）")
X(PAST_LINKED_SCORE, "{0} and {1} are linked ({2}: {3}, {4} sure)", "{0} 与 {1} 相连（{2}：{3}，把握 {4}）")
X(PAST_UNLINKED, "{0} and {1}: {2} does not say so any more", "{0} 与 {1}：{2} 不再这样认为")
X(PAST_LINKED_HAND, "{0} and {1} are linked ({2})", "{0} 与 {1} 相连（{2}）")
X(PAST_UNLINKED_HAND, "{0} and {1}: the decision that linked them no longer holds",
  "{0} 与 {1}：把它们相连的决定不再有效")
X(PAST_MOVED, "{0} leaves {1} for {2}", "{0} 离开 {1}，归入 {2}")
X(PAST_MERGED, "{0} becomes part of {1}", "{0} 并入 {1}")
X(PAST_PARTED, "{0} is a customer of its own again", "{0} 恢复为独立客户")
X(PAST_REFUSED, "{0} and {1} are kept apart although linked: {2}", "{0} 与 {1} 虽相连但未合并：{2}")
X(PAST_REFUSED_BY, "{0} and {1} are kept apart although linked: {2} (decision {3})",
  "{0} 与 {1} 虽相连但未合并：{2}（第 {3} 号决定）")
X(PAST_REFUSED_DECISION, "decision {0} about {1} and {2} is not followed: {3}",
  "第 {0} 号决定（{1} 与 {2}）未采用：{3}")
X(PAST_DECIDED, "decision {0} by {1}: {2}", "第 {0} 号决定（{1}）：{2}")
X(PAST_BECAUSE, " - {0}", "——{0}")
X(PAST_UNDONE, " (undone)", "（已撤销）")
X(PAST_CUT, "there is more than is listed here; --json has no more either, the store has all of it\n",
  "此处未列出全部；--json 也不会更多，完整记录在原始库中\n")
X(PAST_SAME_ROW, "same row", "同一行")
X(PAST_BY_HAND, "by hand", "手工")
X(PAST_REVIEW, "review", "人工审核")
X(PAST_ALONG, "taken along", "随同并入")
X(IDENTITY_HANGS, "{0}: how its identifiers hang together\n", "{0} 的各个标识符如何相连\n")
X(IDENTITY_ALONE, "nothing links its identifiers\n", "没有连接其标识符的关系\n")
X(DOCTOR_IDENTITY, "links and decisions", "连接与决定")
X(DOCTOR_IDENTITY_ADVICE,
  "links are made anew by portrait build once rows, rules or decisions have changed; with few records look at portrait link "
  "and portrait link review before relying on them; a table that is damaged: put back a copy of store.duckdb",
  "数据、规则或决定改变后，portrait build 会重新产生连接；记录很少时，请先看 portrait link 和 portrait link review 再采用；"
  "表已损坏时，放回 store.duckdb 的副本")
