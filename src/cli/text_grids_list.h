/* X(name, english, chinese): the texts of rfm, flow, regions, channels and pyramid. Included by text_list.h. */
X(OPT_GRID_SEGMENT, "only customers for whom this condition holds", "只看满足此条件的客户")
X(GRID_HIDDEN,
  "{0} groups are not shown (*): they have fewer than {1} customers, or would give away how many such a group has\n",
  "有 {0} 个分组未列出（*）：不足 {1} 位客户，或会由此推出这类分组的人数\n")
X(GRID_SMALL, "fewer than {0} customers: nothing else is shown\n", "不足 {0} 位客户，不显示更多内容\n")
X(GRID_YES, "yes", "是")
X(GRID_NO, "no", "否")
X(OPT_PYRAMID_AGE, "the tag for age: bands, or years (default: age_band, else age)",
  "表示年龄的标签：年龄段或岁数（默认：age_band，其次 age）")
X(OPT_PYRAMID_GENDER, "the tag for gender (default: gender)", "表示性别的标签（默认：gender）")
X(PYRAMID_SUMMARY, "ages by gender: the population pyramid", "年龄与性别：人口金字塔")
X(PYRAMID_ABOUT,
  "Draws how many customers of each age are men and women, back to back, as of the last build; those of another or no "
  "known gender stand apart. Shares are of all members. Which tags say age and gender follows from the catalogue's "
  "names "
  "(docs/grids.md), or from the options: any tag of two values may stand for gender.",
  "以上次构建为准，左右对照列出各年龄段的男女客户数；性别为其他值或未知的另列一栏。占比以全部成员为分母。年龄和性别取自"
  "哪些标签，"
  "由目录中的模板名决定（见 docs/grids.md），也可用选项指定：任何两值标签都可代替性别。")
X(PYRAMID_OTHER, "other or unknown", "其他或未知")
X(LEVELS_NONE, "nobody has a value of '{0}'\n", "没有客户有“{0}”的取值\n")
X(OPT_REGIONS_LEVEL, "down to this level (default: province)", "细分到哪一级（默认：province，即省份）")
X(OPT_REGIONS_TAG, "the tag of that level", "该级所用的标签")
X(REGIONS_SUMMARY, "where customers are: country, province, city, county", "客户来自哪里：国家、省份、城市、区县")
X(REGIONS_ABOUT,
  "Counts customers by region as of the last build, a city below its province. With --segment, beside the share of the "
  "members stands that of all customers, and the TGI: share among members / share of all x 100, so that 120 means a "
  "fifth "
  "more than usual. Which tags say region follows from the catalogue's names (docs/grids.md).",
  "以上次构建为准，按地域统计客户数，城市列在所属省份之下。给出 --segment 时，成员占比旁边列出总体占比和 TGI（成员占比 "
  "/ 总体占比 × "
  "100，120 即比总体高两成）。地域取自哪些标签，由目录中的模板名决定（见 docs/grids.md）。")
X(OPT_CHANNEL, "the tag for channel (default: acquisition_channel)", "渠道标签（默认：acquisition_channel）")
X(OPT_SUB_CHANNEL, "the tag for sub-channel (default: acquisition_sub_channel)",
  "子渠道标签（默认：acquisition_sub_channel）")
X(OPT_CAMPAIGN, "the tag for campaign (default: acquisition_campaign)", "活动标签（默认：acquisition_campaign）")
X(CHANNELS_SUMMARY, "where customers come from: channel, sub-channel, campaign", "客户的来源：渠道、子渠道、活动")
X(CHANNELS_ABOUT,
  "Counts customers by the channel that brought them as of the last build: sub-channels below their channel, campaigns "
  "below those; levels that the project has no tag for are left out. With --segment, beside the share of the members "
  "stands that of all customers, and the TGI: share among members / share of all x 100.",
  "以上次构建为准，按来源渠道统计客户数：子渠道列在渠道之下，活动列在子渠道之下；项目没有对应标签的层级略去。给出 "
  "--segment "
  "时，成员占比旁边列出总体占比和 TGI（成员占比 / 总体占比 × 100）。")
X(FLOW_FROM_TO, "from \\ to", "从 \\ 到")
X(FLOW_TOTAL, "total", "合计")
X(FLOW_HEAD, "{0}, from {1} to {2}\n", "{0}：从{1}到{2}\n")
X(FLOW_SUMS, "of those shown {0} stayed, {1} moved, {2} came in, {3} left\n",
  "列出的客户中：{0} 位未变，{1} 位移动，{2} 位进入，{3} 位离开\n")
X(OPT_FLOW_FROM, "a date or a build (default: the build before, else 90 days before the end)",
  "起点：日期或某次构建（默认：前一次构建；没有则为终点前 90 天）")
X(OPT_FLOW_TO, "a date or a build (default: the last build)", "终点：日期或某次构建（默认：上次构建）")
X(OPT_FLOW_LIST, "the ids of those who moved: active:sleeping; an empty side is no value",
  "列出移动者的客户 ID，例如 active:sleeping；一侧留空表示无值")
X(FLOW_SUMMARY, "who moved from which value of a tag to which between two dates",
  "两个日期之间，客户从标签的哪个值移到哪个值")
X(FLOW_ABOUT,
  "Sets the values of a tag (life_cycle when none is named) at one date against those at a later one, and counts the "
  "customers of each move. At a date, values are worked out from the timelines with today's definitions; of a build "
  "(g000012) those are taken that it kept. Shares are of the row: of those who began there. Came in: no value before; "
  "left: none after.",
  "把标签（默认为 "
  "life_cycle）在前一日期的取值与后一日期的取值相对照，统计每种移动的客户数。给出日期时，取值按现在的定义由时间线重新"
  "计算；给出构建（如 "
  "g000012）时，取当时保存的值。百分比以行为分母，即占起点为该值的客户的比例。进入指之前无值，离开指之后无值。")
X(OPT_RFM_RECENCY, "the tag for recency (default: rfm_recency, else recency)",
  "表示最近消费的标签（默认：rfm_recency，其次 recency）")
X(OPT_RFM_FREQUENCY, "the tag for frequency (default: rfm_frequency, else purchases_365d)",
  "表示消费次数的标签（默认：rfm_frequency，其次 purchases_365d）")
X(OPT_RFM_MONEY, "the tag for money (default: rfm_monetary, else spend_365d)",
  "表示消费金额的标签（默认：rfm_monetary，其次 spend_365d）")
X(RFM_SUMMARY, "recency, frequency, money: eight classes, and the grid of R against F",
  "RFM：客户八类，以及 R 与 F 的网格")
X(RFM_ABOUT,
  "How many customers are in each RFM class as of the last build, with their mean recency, frequency and money and "
  "their "
  "share of all money; then the grid of the R score against the F score, 5 being best. Classes and scores are those of "
  "the "
  "tags rfm_class, r_score and f_score; without such tags, or when a tag is named, each of R, F and M is high or low "
  "against "
  "its mean over all customers, and scores are fifths of all customers.",
  "以上次构建为准，列出各 RFM 类的客户数、R、F、M 的平均值以及占总金额的比例；再列出 R 分值与 F 分值的网格，5 "
  "分最好。分类和分值"
  "取自标签 rfm_class、r_score、f_score；没有这些标签，或用选项指定了标签时，R、F、M "
  "各与全体客户的均值比较定高低，分值取全体客户的五分位。")
X(RFM_CLASS, "class", "分类")
X(RFM_ALL, "all", "合计")
X(RFM_MONEY_SHARE, "of all M", "占总 M")
X(RFM_NOBODY, "nobody has a class: tags {0}, {1} and {2}\n", "没有客户可以分类：标签 {0}、{1}、{2}\n")
X(RFM_TAGS, "R: {0} · F: {1} · M: {2} (means)\n", "R：{0} · F：{1} · M：{2}（均为平均值）\n")
X(RFM_BY_TAG, "classes of tag {0}\n", "分类取自标签 {0}\n")
X(RFM_BY_MEANS, "high or low against the mean of all customers: R {0}, F {1}, M {2}\n",
  "与全体客户的均值比较定高低：R {0}，F {1}，M {2}\n")
X(RFM_GRID, "customers · mean M, by R score and F score (5 is best)\n",
  "客户数 · M 均值，按 R 分值和 F 分值（5 分最好）\n")
X(RFM_WITHOUT, "{0} without a class\n", "{0} 位没有分类\n")
X(RFM_IMPORTANT_VALUE, "Important value", "重要价值")
X(RFM_IMPORTANT_DEVELOP, "Important develop", "重要发展")
X(RFM_IMPORTANT_KEEP, "Important keep", "重要保持")
X(RFM_IMPORTANT_WIN_BACK, "Important win back", "重要挽留")
X(RFM_GENERAL_VALUE, "General value", "一般价值")
X(RFM_GENERAL_DEVELOP, "General develop", "一般发展")
X(RFM_GENERAL_KEEP, "General keep", "一般保持")
X(RFM_GENERAL_WIN_BACK, "General win back", "一般挽留")
