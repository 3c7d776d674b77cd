/* What each problem of the language means, for `portrait explain E0301`. */
#include "lang/lang.h"

const pt_diag_info pt_lang_diag_infos[] = {
    {201, "unknown character",
     "This character is not part of the language. Full-width signs from a Chinese keyboard and signs of other "
     "languages (==, &&, <>) are the usual cause; the hint says what to write instead.\n"
     "  wrong: recency == 2     right: recency = 2",
     "无法识别的字符",
     "该字符不属于标签语言。常见原因是中文输入法的全角符号，或其他语言的写法（==、&&、<>）；提示中给出了正确写法。\n"
     "  错误：recency == 2     正确：recency = 2"},
    {202, "text or name without its end",
     "A text begins with ' or \" and must end with the same sign; a quoted name begins and ends with a "
     "backquote.\n"
     "  wrong: channel = 'app     right: channel = 'app'",
     "文本或名称没有结束",
     "文本以 ' 或 \" 开头，必须以同样的符号结束；带反引号的名称以反引号开头和结束。\n"
     "  错误：channel = 'app     正确：channel = 'app'"},
    {203, "wrong escape in a text",
     "\\u{...} takes one to six hexadecimal digits that name a character other than U+0000.\n"
     "  wrong: '\\u{XYZ}'     right: '\\u{4E2D}'",
     "文本中的转义不正确",
     "\\u{...} 中应为一到六位十六进制数字，表示 U+0000 以外的一个字符。\n"
     "  错误：'\\u{XYZ}'     正确：'\\u{4E2D}'"},
    {204, "number out of range",
     "A number must be below 1.8e308 in size.\n"
     "  wrong: 1e999     right: 1e300",
     "数字超出范围",
     "数字的绝对值必须小于 1.8e308。\n"
     "  错误：1e999     正确：1e300"},
    {205, "wrong duration",
     "A duration is a whole number directly followed by a unit: us ms s m h d w. Several add up. Months and years "
     "differ in length and are no units: write days, or use months_since(x) and years_since(x).\n"
     "  wrong: within 3months     right: within 90d",
     "时长写法不正确",
     "时长由整数和紧随其后的单位组成：us ms s m h d w，可以连写相加。月和年长短不一，不是单位：请写天数，或使用 "
     "months_since(x)、years_since(x)。\n"
     "  错误：within 3months     正确：within 90d"},
    {206, "wrong date or instant",
     "A date looks like 2024-06-30 and must exist in the calendar. An instant adds a time and its offset from "
     "UTC.\n"
     "  wrong: 2024-02-30, 2024-06-30T12:00     right: 2024-02-29, 2024-06-30T12:00+08:00",
     "日期或时刻不正确",
     "日期写作 2024-06-30，且必须真实存在。时刻还要写明时间和与 UTC 的时差。\n"
     "  错误：2024-02-30、2024-06-30T12:00     正确：2024-02-29、2024-06-30T12:00+08:00"},
    {207, "something else was expected here",
     "The expression does not read on at this place: a value, an operator, a comma or a bracket is missing or one "
     "too many. Words of the language are in lower case.\n"
     "  wrong: recency > AND spend > 0     right: recency > 2 and spend > 0",
     "此处应为其他内容",
     "表达式在此处无法继续：缺少或多出了值、运算符、逗号或括号。语言中的词一律小写。\n"
     "  错误：recency > AND spend > 0     正确：recency > 2 and spend > 0"},
    {208, "comparisons cannot be chained",
     "a < b < c would compare true or false with c.\n"
     "  wrong: 1 < recency < 5     right: recency between 2 and 4, or 1 < recency and recency < 5",
     "比较不能连写",
     "a < b < c 会把真假值与 c 比较。\n"
     "  错误：1 < recency < 5     正确：recency between 2 and 4，或 1 < recency and recency < 5"},
    {209, "nested too deeply",
     "An expression may be 256 levels deep. Make its parts tags of their own; for many values of one thing use in "
     "(...).\n"
     "  wrong: x = 'a' or x = 'b' or ... 300 times     right: x in ('a', 'b', ...)",
     "嵌套过深",
     "表达式最多 256 层。请把其中的部分写成单独的标签；同一项的多个取值请用 in (...)。\n"
     "  错误：x = 'a' or x = 'b' or ……三百次     正确：x in ('a', 'b', ...)"},
    {210, "expression too long",
     "An expression may have 1,048,576 bytes. Long lists of values belong into a reference source that is looked "
     "up.",
     "表达式过长", "表达式最多 1,048,576 字节。很长的取值列表应放入参照数据源，通过 lookup 查找。"},
    {211, "empty expression",
     "There is nothing to compute.\n"
     "  wrong: value: ''     right: value: count(orders)",
     "表达式为空",
     "没有可计算的内容。\n"
     "  错误：value: ''     正确：value: count(orders)"},
    {212, "clause twice or in the wrong place",
     "where, within, since, between, weight and half_life may each be given once, after the arguments.\n"
     "  wrong: top(orders.category within 30d, 3)     right: top(orders.category, 3 within 30d)",
     "子句重复或位置不对",
     "where、within、since、between、weight、half_life 各最多出现一次，写在参数之后。\n"
     "  错误：top(orders.category within 30d, 3)     正确：top(orders.category, 3 within 30d)"},
    {213, "the list after 'in' takes constants",
     "Values after in are written out. Compare with anything else by = and or.\n"
     "  wrong: city in (home_city)     right: city = home_city",
     "in 后的列表只能写常量",
     "in 之后的值必须直接写出；与其他内容比较请用 = 和 or。\n"
     "  错误：city in (home_city)     正确：city = home_city"},
    {301, "unknown tag or column",
     "No tag has this name and, inside an aggregate, its source has no such column. The hint names the nearest.\n"
     "  wrong: lifecyle = 'active'     right: life_cycle = 'active'",
     "未知的标签或列",
     "没有叫这个名字的标签；在聚合函数内，其数据源也没有这一列。提示中给出最接近的名称。\n"
     "  错误：lifecyle = 'active'     正确：life_cycle = 'active'"},
    {302, "unknown source",
     "Aggregates and source.column need the name of a source of the project.\n"
     "  wrong: count(order)     right: count(orders)",
     "未知的数据源",
     "聚合函数和 source.column 需要项目中某个数据源的名称。\n"
     "  错误：count(order)     正确：count(orders)"},
    {303, "unknown column",
     "The source has no column of this name. Every source has `time`.\n"
     "  wrong: sum(orders.amout)     right: sum(orders.amount)",
     "未知的列",
     "该数据源没有这一列。每个数据源都有 time。\n"
     "  错误：sum(orders.amout)     正确：sum(orders.amount)"},
    {304, "unknown function",
     "The language has no function of this name; docs/language.md lists them.\n"
     "  wrong: average(orders.amount)     right: avg(orders.amount)",
     "未知的函数",
     "语言中没有这个函数；docs/language.md 列出了全部函数。\n"
     "  错误：average(orders.amount)     正确：avg(orders.amount)"},
    {305, "a column of events outside an aggregate",
     "A customer has many events, so a column of theirs has many values. Say which one, or how to combine them.\n"
     "  wrong: orders.amount > 100     right: max(orders.amount) > 100",
     "事件列出现在聚合函数之外",
     "一个客户有许多事件，事件的列有许多值。请说明取哪一个，或如何汇总。\n"
     "  错误：orders.amount > 100     正确：max(orders.amount) > 100"},
    {306, "the tag depends on itself",
     "The tag uses tags that in the end use it again, so none can be computed first. The message names the way "
     "around; cut it at one place.\n"
     "  wrong: a: b + 1, b: a - 1     right: a: count(orders), b: a - 1",
     "标签循环依赖",
     "该标签所用的标签最终又用到它自己，因此没有一个能先计算。错误信息列出了整个循环，请在一处断开。\n"
     "  错误：a: b + 1，b: a - 1     正确：a: count(orders)，b: a - 1"},
    {307, "a column of another source",
     "An aggregate is about the events of one source. What it needs from another source comes in through a tag.\n"
     "  wrong: count(orders where city = members.city)\n"
     "  right: home: members.city, then count(orders where city = home)",
     "其他数据源的列",
     "一个聚合函数只针对一个数据源的事件。需要其他数据源的内容时，请先写成标签。\n"
     "  错误：count(orders where city = members.city)\n"
     "  正确：home: members.city，再写 count(orders where city = home)"},
    {308, "an aggregate inside an aggregate",
     "After where an aggregate is about all of the customer, and may stand: count(orders where amount > "
     "avg(orders.amount)). Elsewhere make the inner one a tag of its own and use the tag.\n"
     "  wrong: max(orders.amount - avg(orders.amount))\n"
     "  right: usual: avg(orders.amount), then max(orders.amount - usual)",
     "聚合函数嵌套",
     "where 之后的聚合函数针对该客户的全部事件，可以使用：count(orders where amount > avg(orders.amount))。"
     "其他位置请把内层写成单独的标签再使用。\n"
     "  错误：max(orders.amount - avg(orders.amount))\n"
     "  正确：usual: avg(orders.amount)，再写 max(orders.amount - usual)"},
    {309, "a source where a value belongs, or no source at all",
     "A source's name alone stands only as the first argument of an aggregate or as a step. An aggregate must "
     "name its source.\n"
     "  wrong: orders > 3, sum(1)     right: count(orders) > 3, sum(orders.quantity)",
     "数据源用错位置，或缺少数据源",
     "单独的数据源名称只能作为聚合函数的第一个参数或行为步骤。聚合函数必须指明数据源。\n"
     "  错误：orders > 3、sum(1)     正确：count(orders) > 3、sum(orders.quantity)"},
    {310, "an operator does not take these types",
     "docs/language.md, \"Arithmetic\" and \"Conditions\", list what each operator takes.\n"
     "  wrong: today() - 30, city = 100     right: today() - 30d, city = '100'",
     "运算符不适用于这些类型",
     "docs/language.md 的 Arithmetic 与 Conditions 列出了每个运算符适用的类型。\n"
     "  错误：today() - 30、city = 100     正确：today() - 30d、city = '100'"},
    {311, "a condition must be true or false",
     "and, or, not, where, if and tiers take conditions.\n"
     "  wrong: recency and spend     right: recency <= 90 and spend > 0",
     "条件必须为真或假",
     "and、or、not、where、if、tiers 需要条件。\n"
     "  错误：recency and spend     正确：recency <= 90 and spend > 0"},
    {312, "wrong type of argument",
     "The function takes another type here; the hint shows how it is called.\n"
     "  wrong: year('2024')     right: year(2024-06-30)",
     "参数类型不正确",
     "函数此处需要其他类型；提示给出了调用方式。\n"
     "  错误：year('2024')     正确：year(2024-06-30)"},
    {313, "wrong number of arguments",
     "The function takes more or fewer arguments; the hint shows how it is called.\n"
     "  wrong: if(spend > 0, 1)     right: if(spend > 0, 1, 0)",
     "参数个数不正确",
     "函数的参数过多或过少；提示给出了调用方式。\n"
     "  错误：if(spend > 0, 1)     正确：if(spend > 0, 1, 0)"},
    {314, "a constant is needed",
     "Patterns, items of has, seeds, bounds, the length of top and the like must be written out; windows may be "
     "computed from constants, as_of and today() but not from tags.\n"
     "  wrong: count(orders within recency)     right: count(orders within 30d)",
     "需要常量",
     "模式、has 的项、随机种子、分界值、top 的长度等必须直接写出；时间窗口可由常量、as_of 和 today() "
     "计算，但不能用标签。\n"
     "  错误：count(orders within recency)     正确：count(orders within 30d)"},
    {315, "a constant is out of its range",
     "The message says which values are allowed.\n"
     "  wrong: quantile(orders.amount, 90), band(x, 20, 10)\n"
     "  right: quantile(orders.amount, 0.9), band(x, 10, 20)",
     "常量超出允许范围",
     "错误信息说明了允许的取值。\n"
     "  错误：quantile(orders.amount, 90)、band(x, 20, 10)\n"
     "  正确：quantile(orders.amount, 0.9)、band(x, 10, 20)"},
    {316, "wrong window",
     "within takes a duration, since a date or instant, between two of one kind, the earlier first. One window "
     "only.\n"
     "  wrong: count(orders within 30), count(orders between 30d and 60d)\n"
     "  right: count(orders within 30d), count(orders between 60d and 30d)",
     "时间窗口不正确",
     "within 后写时长，since 后写日期或时刻，between 后写同类的两个值，较早的在前。只能有一个窗口。\n"
     "  错误：count(orders within 30)、count(orders between 30d and 60d)\n"
     "  正确：count(orders within 30d)、count(orders between 60d and 30d)"},
    {317, "'missing' has no use here",
     "Whatever is compared or computed with missing is missing.\n"
     "  wrong: city = missing     right: city is missing",
     "此处不能使用 missing",
     "任何与 missing 的比较或计算结果都是 missing。\n"
     "  错误：city = missing     正确：city is missing"},
    {318, "the type cannot be told",
     "The literal missing takes the type of what it stands beside; here there is nothing beside it.\n"
     "  wrong: if(spend > 0, missing, missing)     right: if(spend > 0, spend, missing)",
     "无法判断类型",
     "missing 的类型取决于与它并列的内容，而此处没有。\n"
     "  错误：if(spend > 0, missing, missing)     正确：if(spend > 0, spend, missing)"},
    {319, "not of the wanted type",
     "The tag declares another type than its value has, or the expression must have a given type, such as bool "
     "for a segment.\n"
     "  wrong: {value: members.city, type: number}     right: {value: members.city, type: text}",
     "类型与要求不符",
     "标签声明的类型与其值不同，或此处的表达式必须是某种类型，例如人群条件必须为真假值。\n"
     "  错误：{value: members.city, type: number}     正确：{value: members.city, type: text}"},
    {320, "not an exact amount of money",
     "Money has four decimals.\n"
     "  wrong: spend > 0.00001     right: spend > 0.0001",
     "金额不精确",
     "金额最多四位小数。\n"
     "  错误：spend > 0.00001     正确：spend > 0.0001"},
    {321, "wrong pattern",
     "The pattern of matches is not a regular expression of PCRE2.\n"
     "  wrong: city matches '('     right: city matches '\\('",
     "模式不正确",
     "matches 的模式不是合法的 PCRE2 正则表达式。\n"
     "  错误：city matches '('     正确：city matches '\\('"},
    {322, "an aggregate does not take this value",
     "Some aggregates take a column, some the source alone, and each takes certain types; docs/language.md has "
     "the table.\n"
     "  wrong: sum(orders), days(orders.amount), sum(orders.channel)\n"
     "  right: sum(orders.amount), days(orders), distinct(orders.channel)",
     "聚合函数不接受该值",
     "有的聚合函数需要列，有的只需要数据源，且各有适用的类型；见 docs/language.md 的表格。\n"
     "  错误：sum(orders)、days(orders.amount)、sum(orders.channel)\n"
     "  正确：sum(orders.amount)、days(orders)、distinct(orders.channel)"},
    {323, "a clause that is not taken here",
     "where and windows belong to aggregates and sequences; weight and half_life to count, sum, avg, mode and "
     "top.\n"
     "  wrong: max(orders.amount weight 2)     right: avg(orders.amount weight quantity)",
     "此处不能使用该子句",
     "where 和时间窗口用于聚合函数和行为序列；weight、half_life 用于 count、sum、avg、mode、top。\n"
     "  错误：max(orders.amount weight 2)     正确：avg(orders.amount weight quantity)"},
    {324, "a date compared with an instant",
     "A warning. Beside an instant a date is the first moment of that day, so = is almost never true, and <= "
     "leaves out the rest of the day.\n"
     "  doubtful: time <= 2024-06-30     clear: date(time) <= 2024-06-30",
     "日期与时刻比较",
     "警告。与时刻并列时，日期表示当天的第一个瞬间，因此 = 几乎永远不成立，<= 也不包括当天其余时间。\n"
     "  可疑：time <= 2024-06-30     明确：date(time) <= 2024-06-30"},
    {325, "count of a true/false column",
     "A warning. count(s.x) counts events where x is known, be it true or false.\n"
     "  doubtful: count(orders.paid)     clear: count(orders where paid)",
     "对真假列计数",
     "警告。count(s.x) 计算 x 已知的事件数，无论真假。\n"
     "  可疑：count(orders.paid)     明确：count(orders where paid)"},
    {326, "wrong steps",
     "sequence and funnel take 2 to 32 steps, each a source with a where of its own if need be.\n"
     "  wrong: sequence(views)     right: sequence(views, orders within 7d)",
     "行为步骤不正确",
     "sequence 和 funnel 需要 2 到 32 个步骤，每个步骤是一个数据源，可带自己的 where。\n"
     "  错误：sequence(views)     正确：sequence(views, orders within 7d)"},
    {327, "wrong label of a tier",
     "Labels of tiers are not empty and differ from each other.\n"
     "  wrong: tiers(spend > 9, 'high', spend > 0, 'high')     right: tiers(spend > 9, 'high', spend > 0, 'low')",
     "分层标签名不正确",
     "分层的名称不能为空，且互不相同。\n"
     "  错误：tiers(spend > 9, 'high', spend > 0, 'high')     正确：tiers(spend > 9, 'high', spend > 0, 'low')"},
    {328, "this kind of source cannot be used here",
     "Reference and link sources hold nothing about one customer. Take columns of a reference into an event or "
     "record source with lookup.\n"
     "  wrong: count(products)     right: category: {lookup: products.category by sku} in orders",
     "此处不能使用这类数据源",
     "参照数据源和关联数据源不含某个客户的内容。请用 lookup 把参照数据源的列取到事件或记录数据源中。\n"
     "  错误：count(products)     正确：在 orders 中写 category: {lookup: products.category by sku}"},
    {329, "values of different types",
     "The values of if, coalesce, least and greatest must be of one type.\n"
     "  wrong: if(spend > 0, 'yes', 0)     right: if(spend > 0, 'yes', 'no')",
     "值的类型不一致",
     "if、coalesce、least、greatest 的各个值必须是同一类型。\n"
     "  错误：if(spend > 0, 'yes', 0)     正确：if(spend > 0, 'yes', 'no')"},
    {330, "a statistic of the base needs a tag",
     "base_mean, base_quantile and the others of their kind are about the values of one tag over all customers. Make a "
     "tag of the expression and name it.\n"
     "  wrong: base_mean(sum(orders.amount))     right: base_mean(spend)",
     "总体统计函数需要标签名",
     "base_mean、base_quantile 等统计的是某个标签在全体客户中的取值。请先把表达式定义为标签，再写标签名。\n"
     "  错误：base_mean(sum(orders.amount))     正确：base_mean(spend)"},
    {331, "nothing that grows old",
     "fresh(x, 90d) and `ttl:` make a value missing when the newest event or record behind it is older. A value that "
     "no "
     "event or record stands behind has no age.\n"
     "  wrong: fresh(random_bucket('a', 2), 90d)     right: fresh(last(surveys.answer), 90d)",
     "没有会过期的内容",
     "fresh(x, 90d) 和 ttl 在最近一次相关事件或记录过期后让取值变为缺失。没有事件或记录作为依据的值无所谓新旧。\n"
     "  错误：fresh(random_bucket('a', 2), 90d)     正确：fresh(last(surveys.answer), 90d)"},
    {332, "no such version of a tag",
     "spend@v2 is what the tag spend was at version 2: one of the definitions under `previous:`, or the present "
     "`version:`. A "
     "previous definition names tags as they are now, never versions.\n"
     "  wrong: spend@v9     right: spend@v2",
     "标签没有这个版本",
     "spend@v2 表示标签 spend 在第 2 版时的定义：previous 中的某一条，或当前的 "
     "version。旧定义中只能引用标签本身，不能引用版本。\n"
     "  错误：spend@v9     正确：spend@v2"},
    {333, "kept history cannot be asked here",
     "was(...) looks at what tags were at earlier builds. That is known in conditions over a build: in segments, in "
     "count "
     "and in other commands that take conditions. A tag and `portrait eval` have no such history.\n"
     "  wrong: `win_back: was(life_cycle = 'lost')` in tags/     right: the same in segments/",
     "此处不能查询历史",
     "was(...) 查看以往各次构建时的标签取值，只能用于针对构建结果的条件：人群、count "
     "以及其他接受条件的命令。标签定义和 "
     "portrait eval 没有这样的历史。\n"
     "  错误：在 tags/ 中写 win_back: was(life_cycle = 'lost')     正确：写在 segments/ 中"},
    {334, "was(...) inside something else",
     "was(...) is a condition of its own: it stands alone or with and, or, not, and not inside another was.\n"
     "  wrong: if(was(active), 1, 0) = 1     right: was(active) and spend > 100",
     "was(...) 不能嵌在其他内容中",
     "was(...) 自身就是一个条件：只能单独使用，或与 and、or、not 组合，也不能放在另一个 was 里。\n"
     "  错误：if(was(active), 1, 0) = 1     正确：was(active) and spend > 100"},
    {335, "was(...) asks about tags only",
     "The history that is kept is that of tags. Events have their own time: ask for them with a window. Statistics of "
     "all "
     "customers, keep and fresh are those of now.\n"
     "  wrong: was(count(orders within 30d) > 2)     right: was(orders_30d > 2), with a tag orders_30d",
     "was(...) 只能查询标签",
     "保留的历史是标签的历史。行为事件自带时间，请用时间窗口查询。总体统计、keep、fresh 只有当前值。\n"
     "  错误：was(count(orders within 30d) > 2)     正确：先定义标签 orders_30d，再写 was(orders_30d > 2)"},
    {336, "no history is kept of a tag",
     "A warning. was(...) asks about a tag whose past builds do not keep, so its answer is missing and nobody "
     "satisfies it. "
     "Write `history: true` at the tag, or save the condition as a segment: what segments ask for is kept.\n"
     "  then: portrait build, and portrait history backfill for the past",
     "标签没有保留历史",
     "警告。was(...) 查询的标签没有被构建保留历史，因此结果缺失，没有客户满足。请在标签中写 history: true，"
     "或把该条件保存为人群：人群查询的标签会保留历史。\n"
     "  然后：portrait build；以往的历史用 portrait history backfill 补算"},
    {337, "a window ahead outside a target",
     "`within next 90d` counts what happens after the as-of: (as_of, as_of + 90d]. Only the target of a model may look "
     "ahead, "
     "since "
     "it is worked out for past days whose future is known. Tags, segments, features and the population of a model "
     "never do.\n"
     "  wrong: in tags/: leaves: did_not(orders within next 90d)     right: in models/: target: did_not(orders within "
     "next "
     "90d)",
     "此处不能使用未来窗口",
     "within next 90d 统计观察时刻之后发生的事：(as_of, as_of + 90d]。只有模型的 target 可以向后看，因为它只在过去的、"
     "其后情况已知的日期上计算。标签、人群、特征以及模型的 population 都不能。\n"
     "  错误：在 tags/ 中写 leaves: did_not(orders within next 90d)     正确：在 models/ 中写 target: did_not(orders "
     "within "
     "next 90d)"},
    {0, NULL, NULL, NULL, NULL},
};
