/* X(name, english, chinese): the texts of `portrait identity`. No include guard: included as a list. */
X(IDENTITY_SUMMARY, "merge, split and pin customers by hand; their history", "手工合并、拆分、固定客户，查看客户的身份历史")
X(IDENTITY_ABOUT,
  "Decides by hand who is who. `merge` says that customers are one, `split` that some identifiers of a customer belong to "
  "somebody else, `pin` that a customer stays as it is: identifiers that others have, too, no longer join it. Each decision is "
  "written down with who, why and when, shows what it will change, and is applied by the next build; decisions come before all "
  "that data say, the latest first. `undo` takes one back, and the next build gives what would be without it; nothing is ever "
  "deleted. `list` (or no argument) lists decisions, `show` how the identifiers of a customer hang together, `history` how they "
  "came together. docs/identity.md has the rules.",
  "手工决定谁是谁。merge 认定几个客户是同一人；split 认定某些标识不属于该客户；pin 固定一个客户：别人也在用的标识不再并入。"
  "每个决定都记下谁、为什么、何时，并预告将改变什么，由下次构建生效；手工决定先于数据，后作的决定优先。"
  "undo 撤销一个决定，下次构建得到的就是没有它时的结果；任何记录都不会删除。list（或不带参数）列出决定，"
  "show 说明客户的各个标识如何相连，history 说明它们何时、因何走到一起。规则见 docs/identity.md。")
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
  "这里相连的标识太多，无法预告将改变什么\n")
X(IDENTITY_WILL, "what the next build changes\n", "下次构建将改变的客户\n")
X(IDENTITY_CUSTOMER, "customer", "客户")
X(IDENTITY_IDENTIFIERS, "identifiers", "标识数")
X(IDENTITY_IDENTIFIER, "identifier", "标识")
X(IDENTITY_NOW, "now", "现在")
X(IDENTITY_THEN, "then", "之后")
X(IDENTITY_A_NEW, "a new customer", "新客户")
X(IDENTITY_PART_OF, "part of {0}", "并入 {0}")
X(IDENTITY_MOVES, "identifiers that change customers\n", "改换客户的标识\n")
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
