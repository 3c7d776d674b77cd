/* X(name, english, chinese): the texts of `associate` and `recommend`. Included by text_list.h. */
X(ASSOCIATE_SUMMARY, "what goes together: items in baskets, or what customers of a kind like",
  "关联分析：哪些商品常一起购买，某类客户偏好什么")
X(ASSOCIATE_ABOUT,
  "Rules \"who has this, has that\" with support (how many have both), confidence (of those who have this, how many "
  "have "
  "that), lift (how many times as many as among all) and how likely chance alone gives as much. LEFT is an item, a "
  "part of "
  "its name, or a condition over customers; without it all items are compared with each other. --with names the column "
  "or "
  "tag whose values stand on the right. A basket is a customer, unless --by says otherwise.",
  "给出“有甲则有乙”的关联规则：支持度（两者兼有的占比）、置信度（有甲者中有乙的占比）、提升度（是总体占比的几倍），以及"
  "纯属偶然"
  "的可能性。LEFT 是商品、商品名的一部分，或客户条件；不给时比较全部商品。--with "
  "指定右侧取值的列或标签。默认以客户为一个购物"
  "篮，可用 --by 改变。")
X(OPT_ASSOCIATE_WITH, "the column or tag on the right (default: the items' own)",
  "右侧的列或标签（默认：商品所在的列）")
X(OPT_ASSOCIATE_SOURCE, "the source of events, with a condition if need be", "事件来源，可带条件")
X(OPT_ASSOCIATE_ITEM, "the column that names the items of LEFT", "LEFT 所指商品所在的列")
X(OPT_ASSOCIATE_BY, "what a basket is: customer, basket, or a column (default: customer)",
  "以什么为一个购物篮：customer（客户）、basket（单次购物）或某一列（默认：customer）")
X(OPT_ASSOCIATE_SUPPORT, "least share of baskets with both sides (default: 1% without LEFT, else 0)",
  "两侧兼有的最小占比（默认：不给 LEFT 时 1%，否则 0）")
X(OPT_ASSOCIATE_CONFIDENCE, "least confidence (default: 20% without LEFT, else 0)",
  "最小置信度（默认：不给 LEFT 时 20%，否则 0）")
X(OPT_ASSOCIATE_LIFT, "least lift (default: 1, as often as among all)", "最小提升度（默认：1，即与总体相同）")
X(OPT_ASSOCIATE_SIZE, "most items in a rule (default: 3)", "一条规则最多含几种商品（默认：3）")
X(OPT_ASSOCIATE_TOP, "how many rules to show (default: 20)", "显示多少条规则（默认：20）")
X(ASSOCIATE_ITEMS, "items: {0}\n", "商品：{0}\n")
X(ASSOCIATE_MORE_ITEMS, "{0} and {1} more", "{0} 等另外 {1} 种")
X(ASSOCIATE_CONDITION, "customers: {0}\n", "客户：{0}\n")
X(ASSOCIATE_CUSTOMERS, "{0} customers", "{0} 位客户")
X(ASSOCIATE_BASKETS, "{0} baskets ({1})", "{0} 个购物篮（{1}）")
X(ASSOCIATE_LEFT_OF, "{0} of {1}: {2}%\n", "{0}，共 {1}，占 {2}%\n")
X(ASSOCIATE_ALL_OF, "{0}\n", "{0}\n")
X(ASSOCIATE_HEAD_LEFT, "who has", "有")
X(ASSOCIATE_HEAD_RIGHT, "has", "也有")
X(ASSOCIATE_HEAD_BOTH, "both", "两者兼有")
X(ASSOCIATE_HEAD_CONFIDENCE, "confidence", "置信度")
X(ASSOCIATE_HEAD_USUAL, "usual", "总体占比")
X(ASSOCIATE_HEAD_LIFT, "lift", "提升度")
X(ASSOCIATE_HEAD_CHANCE, "chance", "偶然性")
X(ASSOCIATE_BEST, "\n{0} stands out: {1}% have it, against {2}% of all ({3} times as many).\n",
  "\n最突出的是{0}：占 {1}%，总体为 {2}%（{3} 倍）。\n")
X(ASSOCIATE_BEST_RULE, "\nWho has {0} has {1} in {2}% of cases, {3} times as often as usual.\n",
  "\n有“{0}”的购物篮中，{2}% 也有“{1}”，是平时的 {3} 倍。\n")
X(ASSOCIATE_CHANCE_ONLY, "\nNothing stands out beyond chance.\n", "\n没有超出偶然的差异。\n")
X(ASSOCIATE_NONE, "\nNo rule is that frequent and that strong; try a lower --min-support or --min-confidence.\n",
  "\n没有达到要求的规则；可以调低 --min-support 或 --min-confidence。\n")
X(ASSOCIATE_MORE, "... and {0} more (--top)\n", "…… 另有 {0} 条（--top）\n")
X(ASSOCIATE_HIDDEN, "{0} not shown: fewer than {1} customers each\n", "另有 {0} 条未显示：每条不足 {1} 位客户\n")
X(RECOMMEND_SUMMARY, "the next best products of a customer, or what goes with an item",
  "为客户推荐下一件商品，或查看某商品的搭配")
X(RECOMMEND_ABOUT,
  "What a model of `task: recommend` says of a customer: items with how well they fit and why. What the customer has, "
  "what "
  "is not available and what the model excludes is left out. With --item: what goes with an item.",
  "由 task: recommend 的模型给出客户可能想要的商品、契合程度及理由。客户已有的、缺货的和模型排除的商品不会出现。用 "
  "--item "
  "查看与某商品搭配的商品。")
X(OPT_RECOMMEND_ITEM, "what goes with this item (its value, its name or a part of it)",
  "与此商品（取值、名称或其中一部分）搭配的商品")
X(OPT_RECOMMEND_MODEL, "the model, if several recommend", "模型名（有多个推荐模型时）")
X(OPT_RECOMMEND_TOP, "how many items (default: 10)", "推荐多少件（默认：10）")
X(RECOMMEND_CUSTOMER, "{0} has {1} of the items the model knows\n", "{0} 已有模型所知商品中的 {1} 种\n")
X(RECOMMEND_ITEM, "what goes with {0}\n", "与“{0}”搭配的商品\n")
X(RECOMMEND_LEARNED, "(model {0}, learned just now)\n", "（模型 {0}，刚刚学得）\n")
X(RECOMMEND_VERSION, "(model {0}, version {1})\n", "（模型 {0}，版本 {1}）\n")
X(RECOMMEND_OUTSIDE, "the customer is not in the model's population: tags have no recommendation\n",
  "该客户不在模型的适用人群内：标签中不会有推荐\n")
X(RECOMMEND_REFUSED, "the customer has not agreed to recommendations\n", "该客户未同意接受推荐\n")
X(RECOMMEND_NONE, "nothing can be recommended\n", "没有可推荐的商品\n")
X(RECOMMEND_HEAD_ITEM, "item", "商品")
X(RECOMMEND_HEAD_NAME, "name", "名称")
X(RECOMMEND_HEAD_FIT, "fit", "契合度")
X(RECOMMEND_HEAD_REASON, "reason", "理由")
