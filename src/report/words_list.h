/* X(name, english, chinese): the words of reports. No include guard: it is read more than once. */
X(TITLE, "Customer report", "客户画像报告")
X(SUBTITLE, "As of {0}: {1} customers.", "截至{0}，共 {1} 位客户。")
X(SUBTITLE_SEGMENTS, "As of {0}: {1} customers, and {2} segments among them.",
  "截至{0}，共 {1} 位客户，其中圈定了 {2} 个人群。")
X(CONTENTS, "Contents", "目录")
X(FIGURE, "Figure {0}", "图 {0}")
X(FIGURE_INSIDE, "figure {0}", "图 {0}")
X(FIGURES, "Figures {0} to {1}", "图 {0} 至图 {1}")
X(CONDITION, "Who belongs to it:", "圈选条件：")
X(CONCLUSIONS, "What stands out", "主要结论")
X(ACTIONS, "What could be done", "建议行动")
X(TABLE, "The figures as a table", "查看数据表")
X(CHART_LABEL, "Chart: {0}. {1} rows; the table below holds the same figures.",
  "图表：{0}，共 {1} 行；下方数据表内容相同。")
X(NO_SCRIPT, "Charts are not drawn because scripts are switched off here; the tables hold the same figures.",
  "此处禁用了脚本，图表无法绘制；各图下方的数据表内容相同。")
X(EXPLAINED, "How to read this report", "阅读说明")
X(TERM_SHARE, "Share", "占比")
X(ABOUT_SHARE,
  "Of those customers for whom the value is known. Where many have none, the figure says for how many it is known.",
  "以取值已知的客户为分母。若有较多客户没有取值，图下会注明已知的人数。")
X(TERM_INDEX, "TGI", "TGI（目标群体指数）")
X(ABOUT_INDEX,
  "The share in a segment divided by the share among all customers, times 100. 100 is as in the whole base; 150 is "
  "half as "
  "many again; 50 is half as many. The thin line across a bar is the 95% interval: how far chance alone could move it.",
  "人群中的占比 ÷ 全体客户中的占比 × 100。100 表示与全体一致，150 表示高出一半，50 表示只有一半。"
  "条形上的细线是 95% 置信区间，即随机波动可能达到的范围。")
X(TERM_DIFFERS, "What is called different", "何为“有差异”")
X(ABOUT_DIFFERS,
  "Only differences that chance hardly explains, after allowing for how many values were compared (Benjamini-Hochberg, "
  "5%). "
  "A difference that is not significant is not mentioned.",
  "仅指随机波动难以解释的差异，且已按比较的取值个数校正（Benjamini-Hochberg，5%）。不显著的差异不写入结论。")
X(TERM_SMALL, "Small groups", "小群体保护")
X(ABOUT_SMALL, "Groups of fewer than {0} customers are not described, so that no one is recognised in a figure.",
  "不足 {0} 人的群体不作描述，以免从图中认出个人。")
X(TERM_MISSING, "What is not here", "未列出的内容")
X(ABOUT_MISSING, "A figure appears only when its tag was built. Tags on sensitive personal information are left out.",
  "只有已构建的标签才会出图；涉及敏感个人信息的标签不列入报告。")
X(MADE_OF, "Made by portrait from build {0}, as of {1}. Charts drawn with Apache ECharts (Apache License 2.0).",
  "由 portrait 根据构建 {0}（截至{1}）生成。图表由 Apache ECharts（Apache License 2.0）绘制。")

X(YES, "yes", "是")
X(NO, "no", "否")
X(RANGE_BELOW, "under {0}", "{0} 以下")
X(RANGE_FROM, "{0} and more", "{0} 及以上")
X(RANGE, "{0} – {1}", "{0} – {1}")
X(NONE, "–", "–")
X(FEW, "< {0}", "< {0}")

X(TILE_CUSTOMERS, "Customers", "客户数")
X(TILE_SEGMENTS, "Segments", "人群数")
X(TILE_TAGS, "Tags", "标签数")
X(TILE_QUALITY, "Data quality", "数据质量")
X(TILE_OF_100, "of 100", "满分 100")

X(COLUMN_CUSTOMERS, "Customers", "客户数")
X(COLUMN_SHARE, "Share", "占比")
X(COLUMN_VALUE, "Value", "取值")
X(COLUMN_SCORE, "Score", "得分")
X(COLUMN_ROWS, "Rows", "行数")
X(COLUMN_FINDINGS, "Findings", "发现的问题")
X(COLUMN_SOURCE, "Source", "数据源")
X(COLUMN_TENTH, "Customers by {0}", "按{0}排序的客户")
X(COLUMN_SHARE_OF, "Share of the sum", "占总额的比例")

X(BASE_TITLE, "All customers", "全体客户")
X(BASE_LEAD, "Who the customers are, what they do and what they like, as the tags of this project tell it.",
  "根据本项目的标签，看看客户是谁、做什么、喜欢什么。")
X(CHAPTER_STATE, "Where customers stand", "客户现状")
X(CHAPTER_WHO, "Who they are", "他们是谁")
X(CHAPTER_DO, "What they do", "他们的行为")
X(CHAPTER_LIKE, "What they like", "他们的偏好")
X(CHAPTER_ELSE, "What else the tags tell", "其他特征")
X(CHAPTER_DATA, "The data behind it", "数据状况")
X(FIGURE_TENTHS, "Who brings the money: {0} by tenths of customers", "谁贡献了消费：按客户十等分的{0}")
X(TENTH_FIRST, "top tenth", "最高的 10%")
X(TENTH, "tenth {0}", "第 {0} 个 10%")
X(FIGURE_QUALITY, "Quality of the data, source by source", "各数据源的质量得分")
X(ABOUT_QUALITY, "100 is without fault: complete, unique, consistent, credible and fresh.",
  "100 分表示没有问题：完整、唯一、一致、可信、及时。")
X(NOTE_KNOWN, "Known for {0} of {1} customers ({2}).", "{1} 位客户中有 {0} 位已知（{2}）。")
X(NOTE_HIDDEN, "Values not shown, so that groups of fewer than {1} customers stay unknown: {0}.",
  "为保护不足 {1} 人的群体，未显示 {0} 个取值。")
X(NOTE_HIDDEN_RANGES, "Ranges not shown, so that groups of fewer than {1} customers stay unknown: {0}.",
  "为保护不足 {1} 人的群体，未显示 {0} 个区间。")
X(NOTE_OTHERS, "Further values: {0} customers.", "其他取值：{0} 位客户。")
X(NOTE_OTHER_ITEMS, "Customers may have several; less frequent ones are not listed.",
  "一位客户可有多项；较少见的未列出。")
X(NOTE_ITEMS, "Customers may have several, so shares add up to more than 100%.",
  "一位客户可有多项，占比之和可超过 100%。")
X(NOTE_TOO_FEW, "There are fewer than {0} customers: nothing about them is described.",
  "客户不足 {0} 位，不作任何描述。")

X(SEGMENT_TITLE, "The segment", "所选人群")
X(CHAPTER_APART, "What distinguishes them", "与众不同之处")
X(CHAPTER_CHANGE, "What changed", "有何变化")
X(FIGURE_HEADLINE, "What sets them apart most", "最突出的特征")
X(ABOUT_HEADLINE, "Bars begin at 100, the share among all customers; the thin line is the 95% interval.",
  "条形以 100（全体客户的占比）为起点，细线为 95% 置信区间。")
X(FIGURE_NUMBERS, "Typical numbers, all customers = 100", "典型数值（全体客户 = 100）")
X(ABOUT_NUMBERS, "The member in the middle (median) against the customer in the middle.",
  "人群中位数与全体客户中位数之比。")
X(COLUMN_LOW, "Interval from", "区间下限")
X(COLUMN_HIGH, "to", "区间上限")
X(COLUMN_SEGMENT, "Share of them", "人群占比")
X(COLUMN_BASE, "Share of all", "总体占比")
X(COLUMN_MEMBERS, "Customers", "客户数")
X(COLUMN_TRAIT, "Trait", "特征")
X(COLUMN_TAG, "Tag", "标签")
X(COLUMN_RATIO, "Against all = 100", "与全体之比")
X(COLUMN_MEDIAN, "Median", "人群中位数")
X(COLUMN_BASE_MEDIAN, "Median of all", "全体中位数")
X(TAG_VALUE, "{0}: {1}", "{0}：{1}")
X(NOT_SIGNIFICANT, "{0} (not significant)", "{0}（不显著）")
X(SAY_MORE, "{0} of them have “{6}: {7}”, against {1} of all customers (TGI {2}, {3}).",
  "{0} 的成员“{6}”为“{7}”，全体客户为 {1}（TGI {2}，{3}）。")
X(SAY_FEWER, "Only {0} of them have “{6}: {7}”, against {1} of all customers (TGI {2}, {3}).",
  "只有 {0} 的成员“{6}”为“{7}”，全体客户为 {1}（TGI {2}，{3}）。")
X(SAY_NONE, "None of them has “{6}: {7}”, against {1} of all customers (TGI {2}, {3}).",
  "没有成员的“{6}”为“{7}”，而全体客户为 {1}（TGI {2}，{3}）。")
X(SAY_MOST, "“{7}” is the most frequent value of “{6}”, with {0} ({3}).", "“{6}”以“{7}”最多，占 {0}（{3}）。")
X(SAY_NUMBER, "Their median “{6}” is {4}, against {5} for all customers ({3}).",
  "“{6}”中位数为 {4}，全体客户为 {5}（{3}）。")
X(SAY_GREW, "Since {2} it has grown from {0} to {1} customers ({3}).", "自{2}以来，人数由 {0} 增至 {1}（{3}）。")
X(SAY_SHRANK, "Since {2} it has shrunk from {0} to {1} customers ({3}).", "自{2}以来，人数由 {0} 减至 {1}（{3}）。")
X(SAY_SAME, "It has {1} customers, as many as on {2} ({3}).", "人数为 {1}，与{2}持平（{3}）。")
X(TILE_MEMBERS, "Customers in it", "人群规模")
X(TILE_OF_ALL, "{0} of all customers", "占全体客户 {0}")
X(TILE_MEDIAN, "{0}, median", "{0}（中位数）")
X(TILE_BASE_MEDIAN, "all customers: {0}", "全体客户：{0}")
X(NOTE_KNOWN_MEMBERS, "Known for {0} of the {1}.", "{1} 人中有 {0} 人已知。")
X(NOTE_MORE_VALUES, "Further values not listed: {0}.", "另有 {0} 个取值未列出。")
X(NOTE_NOTHING_APART, "Nothing sets them apart from all customers by more than chance.",
  "与全体客户相比，没有超出随机波动的差异。")
X(NOTE_SMALL_SEGMENT, "{0} customers: too few to be described. Groups of fewer than {1} are not.",
  "共 {0} 位客户，人数过少，不作描述（不足 {1} 人的群体不描述）。")
X(NOTE_EVERYBODY, "Every customer is in it: there is nobody to compare with.", "全体客户都在其中，没有可比较的对象。")

X(NO_VALUE, "none", "无")
X(NOTE_HIDDEN_GROUPS, "Groups not shown, having fewer than {1} customers each: {0}.",
  "未显示：{0} 个不足 {1} 人的群体。")
X(FIGURE_PYRAMID, "{0} and {1}", "{0}与{1}")
X(FIGURE_REGIONS, "Where they come from", "地区分布")
X(FIGURE_CHANNELS, "How they came", "来源渠道")
X(ABOUT_LEVELS, "The largest, and the largest parts of these; shares of all customers.",
  "列出最大的几项及其下级，占比以全体客户为分母。")
X(NODE_BELOW, "{0} › {1}", "{0} › {1}")
X(FIGURE_RFM, "RFM grid: how recently and how often they buy", "RFM 矩阵：近度与频度")
X(ABOUT_RFM, "Customers by score, 5 is best: recency from top to bottom, frequency from left to right.",
  "按得分统计客户数，5 分最高：纵向为近度，横向为频度。")
X(COLUMN_RECENCY, "Recency", "近度")
X(R_SCORE, "R {0}", "R {0}")
X(F_SCORE, "F {0}", "F {0}")
X(FIGURE_FLOW, "Who moved: {0}", "流转：{0}")
X(ABOUT_FLOW, "Rows: {0}; columns: {1}. On the diagonal are those who stayed.",
  "纵向：{0}；横向：{1}。对角线上是没有变动的客户。")
X(FIGURE_HOURS, "When they buy: weekday and hour", "购买时间：星期与小时")
X(ABOUT_HOURS, "The darker, the larger the share of all purchases.", "颜色越深，占全部购买的比例越高。")
X(COLUMN_WEEKDAY, "Weekday", "星期")
X(MONDAY, "Monday", "周一")
X(TUESDAY, "Tuesday", "周二")
X(WEDNESDAY, "Wednesday", "周三")
X(THURSDAY, "Thursday", "周四")
X(FRIDAY, "Friday", "周五")
X(SATURDAY, "Saturday", "周六")
X(SUNDAY, "Sunday", "周日")
X(FIGURE_COHORT, "Who comes back: by month of the first purchase", "留存：按首次购买月份")
X(ABOUT_COHORT, "Of the customers who first bought in a month, the share that bought again so many months later.",
  "某月首次购买的客户中，在之后第几个月再次购买的比例。")
X(COLUMN_FIRST_MONTH, "First purchase", "首购月份")
X(PERIOD, "+{0}", "+{0}")
X(COLUMN_AS_OF, "As of", "截至")
X(FIGURE_TREND, "{0} over time", "{0}的变化")
X(FIGURE_SIZE, "Size over time", "人群规模变化")
X(FIGURE_QUALITY_TREND, "Quality of the data over time", "数据质量变化")
/* model cards */
X(CARD_TITLE, "Model card", "模型卡")
X(CARD_SUBTITLE, "{0}, version {1}: learned by {2}.", "{0}，第 {1} 版，算法：{2}。")
X(CARD_SUMMARY, "In short", "概要")
X(CARD_CARE, "To be taken with care", "需要留意")
X(CARD_FACTS, "What it was made from", "数据与设置")
X(CARD_ITEM, "Item", "项目")
X(CARD_SAID, "Value", "内容")
X(CARD_MEASURES, "Figures", "指标")
X(CARD_MEASURE, "Figure", "指标")
X(CARD_PART, "Measured on", "数据")
X(CARD_OF, "Algorithm", "算法")
X(CARD_INTERVAL, "95% interval", "95% 区间")
X(CARD_POINT, "Point", "点")
X(CARD_CHANCE, "reference", "参考线")
X(CARD_DETAILS, "Tables and charts", "图表")
X(CARD_TERM_INTERVAL, "95% interval", "95% 区间")
X(CARD_ABOUT_INTERVAL, "Of 100 samples like this one, about 95 would give an interval that holds the true figure.",
  "若以同样方式抽样 100 次，约有 95 次得到的区间会包含真实值。")
X(CARD_TERM_AUC, "ROC AUC", "AUC")
X(CARD_ABOUT_AUC,
  "The chance that a customer who had the outcome has a higher score than one who had not. 0.5 is chance, 1 is "
  "perfect.",
  "随机取一位发生者和一位未发生者，前者得分更高的概率。0.5 等于随机，1 为完全区分。")
X(CARD_TERM_CALIBRATION, "Calibration", "校准")
X(CARD_ABOUT_CALIBRATION, "Whether of those told 30% about 30% had the outcome: points on the dashed line.",
  "预测为 30% 的客户中是否真有约 30% 发生：点应落在虚线上。")
X(CARD_TERM_PSI, "PSI", "PSI（群体稳定性指数）")
X(CARD_ABOUT_PSI, "How far values have moved since training: under 0.1 little, 0.1 to 0.25 some, over 0.25 a lot.",
  "取值分布自训练以来的变化：0.1 以下变化很小，0.1–0.25 有所变化，0.25 以上变化很大。")
X(CARD_MADE_OF, "Made by portrait. Charts drawn with Apache ECharts (Apache License 2.0).",
  "由 portrait 生成。图表由 Apache ECharts 绘制（Apache License 2.0）。")
X(LINK_TITLE, "Two records compared", "两条记录的比较")
X(LINK_SUBTITLE, "{0} and {1}", "{0} 与 {1}")
X(LINK_PART, "One customer or two?", "是同一位客户吗？")
X(LINK_CHAPTER, "Column by column", "逐列证据")
X(LINK_FALL, "What each column says, in bits", "每一列的证据（比特）")
X(LINK_FALL_ABOUT,
  "To the right it speaks for one person, to the left against. Every bit doubles or halves the odds; where the sum is "
  "0 they are even.",
  "向右支持同一人，向左反对。每 1 比特使胜算加倍或减半；累计为 0 时两种可能相等。")
X(LINK_COLUMN, "Column", "列")
X(LINK_ADDED, "Bits", "比特")
X(LINK_SUM, "Sum", "累计")
X(LINK_WHAT, "Evidence", "证据")
X(LINK_NOTE, "Note", "说明")
X(LINK_AUTOMATIC, "linked from {0}", "自动匹配 {0}")
X(LINK_REVIEW, "asked from {0}", "人工确认 {0}")
X(LINK_PRIOR, "any two records", "任意两条记录")
X(LINK_TOTAL, "the pair", "这对记录")
X(LINK_PROBABILITY, "Probability", "概率")
X(LINK_TOTAL_BITS, "Bits in all", "合计比特")
X(LINK_ONE, "one customer", "同一位客户")
X(LINK_TWO, "two customers", "两位客户")
X(LINK_OUTCOME, "Outcome", "结果")
X(LINK_CHAIN, "The chain that joins them", "把两者连起来的匹配链")
X(LINK_HOP, "Link", "匹配")
X(LINK_RULE, "Because of", "依据")
X(LINK_TERM_BITS, "Bit", "比特")
X(LINK_ABOUT_BITS,
  "A measure of evidence: one bit for makes one person twice as likely against two, three bits eight times.",
  "证据的度量：支持 1 比特，“是同一人”的胜算变为两倍；3 比特变为八倍。")
X(LINK_TERM_PRIOR, "Any two records", "任意两条记录")
X(LINK_ABOUT_PRIOR, "How likely two records drawn at random are of one person, before anything is compared.",
  "在比较之前，随机抽取的两条记录属于同一人的可能性。")
X(LINK_TERM_COUNTED, "Not counted", "不计入")
X(LINK_ABOUT_COUNTED,
  "Columns that tell of the same (who lives together shares address and phone) count once: with the strongest "
  "agreement and the strongest "
  "disagreement.",
  "说明同一件事的列（同住者共用地址和电话）只计一次：取最强的一致和最强的不一致。")
X(LINK_MADE_OF, "Made by portrait. Charts drawn with Apache ECharts (Apache License 2.0).",
  "由 portrait 生成，图表使用 Apache ECharts（Apache License 2.0）绘制。")
