/* X(id, name, dimension, severity, english, chinese): every kind of finding. The name is stable. In the sentences {rows} are
 * the rows concerned, {of} how many there are, {share} the one of the other, {figure} a number and {detail} a text that the
 * kind says more with. No include guard: included as a list. */

/* the project's own rules; severity as the rule says */
X(RULE, "rule", ACCURACY, WARN, "the rule '{detail}' does not hold: {rows} of {of} rows",
  "规则“{detail}”不成立：{of} 行中有 {rows} 行不符")

/* completeness */
X(MISSING, "missing", COMPLETENESS, NOTE, "no value in {share} of the rows", "{share} 的行没有值")
X(EMPTY, "empty", COMPLETENESS, WARN, "no row has a value", "没有任何一行有值")
X(PLACEHOLDER, "placeholder", COMPLETENESS, WARN,
  "{rows} rows say 'no value' in words, such as '{detail}'; list it under missing:",
  "{rows} 行用文字表示“无值”，例如“{detail}”；请写入 missing:")
X(MISSING_DAYS, "missing_days", COMPLETENESS, WARN, "usually filled, but hardly ever on {figure} days, first {detail}",
  "平时有值，但有 {figure} 天几乎全缺，最早是 {detail}")
X(NO_CUSTOMER, "no_customer", COMPLETENESS, WARN, "{rows} rows have no usable identifier and belong to nobody",
  "{rows} 行没有可用的标识符，不属于任何客户")
X(QUARANTINED, "quarantined", COMPLETENESS, WARN, "{rows} rows of the files were set aside: {detail}",
  "文件中有 {rows} 行被隔离：{detail}")
X(CLEANED, "cleaned", COMPLETENESS, NOTE, "{rows} rows were dropped by rules of cleaning, most by '{detail}'",
  "清洗规则去掉了 {rows} 行，主要是“{detail}”")

/* uniqueness */
X(DUPLICATE_ROWS, "duplicate_rows", UNIQUENESS, WARN, "{rows} rows repeat another row in every column",
  "{rows} 行与另一行完全相同")
X(DUPLICATE_KEY, "duplicate_key", UNIQUENESS, WARN, "nearly unique, but {rows} rows repeat a value of another row",
  "几乎唯一，但有 {rows} 行与其他行的值重复")
X(COPIED_BLOCK, "copied_block", UNIQUENESS, WARN, "a block of {rows} rows in a row stands twice, {figure} rows apart",
  "连续 {rows} 行整块出现了两次，相隔 {figure} 行")

/* accuracy */
X(BAD_PHONE, "bad_phone", ACCURACY, WARN, "{rows} of {of} are no phone numbers", "{of} 个值中有 {rows} 个不是电话号码")
X(BAD_EMAIL, "bad_email", ACCURACY, WARN, "{rows} of {of} are no e-mail addresses",
  "{of} 个值中有 {rows} 个不是邮箱地址")
X(BAD_ID_CARD, "bad_id_card", ACCURACY, WARN, "{rows} of {of} fail as identity cards (form, date or check digit)",
  "{of} 个值中有 {rows} 个不是有效的身份证号（格式、日期或校验码）")
X(ODD_SHAPE, "odd_shape", ACCURACY, WARN, "{rows} values are not written as the others, which look like {detail}",
  "{rows} 个值的写法与其余不同，其余形如 {detail}")
X(NEGATIVE, "negative", ACCURACY, WARN, "{rows} values are below zero, all others are not",
  "{rows} 个值小于零，其余都不是")
X(EXTREME, "extreme", ACCURACY, WARN,
  "{rows} values are beyond {detail}, far from all others; a shifted decimal point?",
  "{rows} 个值超出 {detail}，远离其余所有值；小数点错位？")
X(IMPLAUSIBLE_AGE, "implausible_age", ACCURACY, WARN, "{rows} ages are not between 0 and 120",
  "{rows} 个年龄不在 0 到 120 之间")
X(IMPLAUSIBLE_BIRTH, "implausible_birth", ACCURACY, WARN, "{rows} birthdays are in the future or over 120 years ago",
  "{rows} 个生日在未来或早于 120 年前")
X(ORPHAN, "orphan", ACCURACY, WARN, "{rows} values are not in {detail}", "{rows} 个值不在 {detail} 中")
X(TIME_ORDER, "time_order", ACCURACY, WARN, "in {rows} rows it is later than {detail}, in all others not",
  "{rows} 行中它晚于 {detail}，其余各行都不晚")
X(ARITHMETIC, "arithmetic", ACCURACY, WARN, "{rows} values are not {detail}, all others are",
  "{rows} 个值不等于 {detail}，其余都相等")
X(TRUNCATED, "truncated", ACCURACY, WARN, "{rows} texts end at exactly {figure} characters; cut off?",
  "{rows} 个文本恰好 {figure} 个字符；被截断？")
X(MOJIBAKE, "mojibake", ACCURACY, WARN, "{rows} texts are garbled by a wrong encoding",
  "{rows} 个文本因编码错误而成乱码")
X(MARKUP, "markup", ACCURACY, NOTE, "{rows} texts hold HTML", "{rows} 个文本含 HTML 标记")
X(INVISIBLE, "invisible", ACCURACY, WARN, "{rows} texts hold control or invisible characters",
  "{rows} 个文本含控制字符或不可见字符")

/* consistency */
X(VARIANTS, "variants", CONSISTENCY, WARN, "{rows} rows spell a value another way (case, width, spaces): {detail}",
  "{rows} 行的写法不同（大小写、全半角、空格）：{detail}")
X(TYPOS, "typos", CONSISTENCY, WARN, "{rows} rows hold what looks like a typing error: {detail}",
  "{rows} 行疑似笔误：{detail}")
X(MIXED_UNITS, "mixed_units", CONSISTENCY, WARN,
  "two groups of values about {figure} times apart, {rows} rows in the smaller; mixed units?",
  "数值分为相差约 {figure} 倍的两群，较小的一群有 {rows} 行；单位混用？")
X(FILE_SHIFT, "file_shift", CONSISTENCY, WARN, "values of {detail} are {figure} times those of the other files",
  "{detail} 中的值是其他文件的 {figure} 倍")
X(CONFLICT, "conflict", CONSISTENCY, WARN, "{rows} customers have another value in {detail}",
  "{rows} 个客户的值与 {detail} 不一致")
X(CHANGED, "changed", CONSISTENCY, WARN, "{rows} customers have several values of what never changes",
  "{rows} 个客户有多个本不会改变的值")
X(DEPENDENCY, "dependency", CONSISTENCY, WARN, "{rows} rows contradict the others: {detail}",
  "{rows} 行与其余各行矛盾：{detail}")
X(MIDNIGHT, "midnight", CONSISTENCY, WARN,
  "{rows} rows are at 00:00:00 exactly, the others spread over the day; time of day lost?",
  "{rows} 行恰为 00:00:00，其余分布在全天；丢失了时间？")
X(DEFAULT_VALUE, "default_value", CONSISTENCY, NOTE,
  "{rows} rows hold the same value {detail}, no other comes near; a default?",
  "{rows} 行都是同一个值 {detail}，远多于其他值；默认值？")
X(DRIFT_MEAN, "drift_mean", CONSISTENCY, WARN, "the mean is {detail}, after {figure} in the build before",
  "均值为 {detail}，上次构建为 {figure}")
X(DRIFT_MISSING, "drift_missing", CONSISTENCY, WARN,
  "filled in {detail} of the rows, after {figure} % in the build before", "有值的比例为 {detail}，上次构建为 {figure}%")
X(DRIFT_ROWS, "drift_rows", CONSISTENCY, WARN, "{of} rows, after {figure} in the build before",
  "共 {of} 行，上次构建为 {figure} 行")

/* credibility */
X(SENTINEL, "sentinel", CREDIBILITY, WARN,
  "{rows} rows hold {detail}, which stands for 'unknown'; list it under missing:",
  "{rows} 行的值是 {detail}，通常代表“未知”；请写入 missing:")
X(FUTURE, "future", CREDIBILITY, WARN, "{rows} rows are in the future, up to {detail}",
  "{rows} 行在未来，最晚 {detail}")
X(ISOLATED_TIME, "isolated_time", CREDIBILITY, WARN, "{rows} rows are far in time from all others, such as {detail}",
  "{rows} 行的时间远离其余各行，例如 {detail}")
X(TEST_VALUE, "test_value", CREDIBILITY, WARN, "{rows} rows look like test accounts", "{rows} 行像是测试账号")
X(MASHED, "mashed", CREDIBILITY, WARN, "{rows} texts look like fingers on the keyboard (asdf, aaaaa)",
  "{rows} 个文本像是乱按键盘（asdf、aaaaa）")
X(VOLUME, "volume", CREDIBILITY, WARN,
  "{rows} rows belong to customers with up to {figure} a day; of 100 such days 99 have at most {detail}",
  "{rows} 行属于一天多达 {figure} 行的客户；99% 的客户日不超过 {detail} 行")
X(BURST, "burst", CREDIBILITY, WARN, "{figure} customers act ten times within ten seconds; no human does",
  "{figure} 个客户在十秒内操作十次；不像人为")
X(REGULAR, "regular", CREDIBILITY, WARN, "{figure} customers act at the same interval every time; a machine?",
  "{figure} 个客户的操作间隔完全一致；机器？")
X(SHARED, "shared", CREDIBILITY, WARN, "one value stands for {figure} different {detail}",
  "同一个值对应 {figure} 个不同的 {detail}")
X(ROUND, "round", CREDIBILITY, NOTE, "{share} are multiples of 100, where {detail} would be expected; made up?",
  "{share} 是 100 的整数倍，预期只有 {detail}；编造的数？")
X(BENFORD, "benford", CREDIBILITY, NOTE,
  "first digits do not follow Benford's law (mean deviation {detail}, 0.015 is the limit)",
  "首位数字不符合本福特定律（平均偏差 {detail}，界限 0.015）")

/* freshness */
X(STALE, "stale", FRESHNESS, WARN,
  "the last row is {figure} days before the as-of; days between rows are usually {detail}",
  "最后一行距基准时刻 {figure} 天，平时通常相隔 {detail} 天")
X(GAP_DAYS, "gap_days", FRESHNESS, WARN, "{figure} days without a row, where there are rows every day, first {detail}",
  "平时每天都有数据，但有 {figure} 天没有，最早是 {detail}")
X(ODD_DAYS, "odd_days", FRESHNESS, WARN, "{figure} days have far fewer or far more rows than usual, first {detail}",
  "{figure} 天的行数远少于或远多于平时，最早是 {detail}")

/* worth knowing */
X(CONSTANT, "constant", COMPLETENESS, NOTE, "every row has the same value", "每一行的值都相同")
