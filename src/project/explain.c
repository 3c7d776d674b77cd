/* What `portrait explain E01xx` says. */
#include "project/codes.h"
#include "project/project.h"

const pt_diag_info pt_project_diag_infos[] = {
    {PT_E_YAML_SYNTAX, "not YAML",
     "The file cannot be read as YAML at this place. The usual reasons: a tab in the indentation, a quote or bracket "
     "that is "
     "not closed, a text that holds ': ' or begins with a character that means something in YAML and is not in quotes, "
     "or an "
     "expression with a quoted text after a comma inside { }.\n"
     "  wrong: note: {value: if(a, \"x\", \"y\")}\n"
     "  right: note: {value: 'if(a, \"x\", \"y\")'}",
     "不是合法的 YAML",
     "文件从这里起无法按 YAML 读取。常见原因：用制表符缩进；引号或括号没有闭合；文本里有“: ”却没有加引号；"
     "在 { } 中，表达式的逗号后面跟着带引号的文本。\n"
     "  错: note: {value: if(a, \"x\", \"y\")}\n"
     "  对: note: {value: 'if(a, \"x\", \"y\")'}"},
    {PT_E_YAML_BYTES, "not text in UTF-8",
     "Project files are text in UTF-8. The marked byte is not part of valid UTF-8, or it is a control character such "
     "as NUL. "
     "Files saved in GBK or UTF-16 must be converted: iconv -f gbk -t utf-8 OLD > NEW. (Data files may have any "
     "encoding; "
     "see 'encoding' of a source.)",
     "不是 UTF-8 文本",
     "项目文件必须是 UTF-8 文本。标出的字节不是合法的 UTF-8，或是 NUL 之类的控制字符。GBK、UTF-16 的文件要先转换："
     "iconv -f gbk -t utf-8 旧文件 > 新文件。（数据文件可以用任何编码，见数据源的 encoding。）"},
    {PT_E_YAML_LIMIT, "beyond a limit",
     "A project file has at most 4 MiB, 32 levels of nesting and 200,000 values, where an alias counts as much as what "
     "it "
     "stands for. Definitions never come near this: usually data was put where definitions belong, or aliases "
     "multiply.",
     "超出限制",
     "项目文件最大 4 MiB，最多嵌套 32 层、20 万个值（别名按其所代表的内容计数）。正常的定义远达不到这些限制："
     "多半是把数据放进了定义文件，或别名层层相乘。"},
    {PT_E_EMPTY_FILE, "an empty file",
     "The file holds nothing. portrait.yaml needs at least a name; an empty file in sources/ or tags/ is only a "
     "warning, since "
     "it may have been cut off by accident.",
     "空文件",
     "文件没有内容。portrait.yaml 至少要有 name；sources/ 和 tags/ 里的空文件只是警告，因为它可能是被意外截断的。"},
    {PT_E_WRONG_NODE, "another form was expected",
     "YAML has texts, lists and mappings, and this place needs another one than it has.\n"
     "  wrong: customer: user_id\n"
     "  right: customer: {user_id: user_id}",
     "形式不对",
     "YAML 有文本、列表和映射三种形式，这里需要的不是现在这一种。\n"
     "  错: customer: user_id\n"
     "  对: customer: {user_id: user_id}"},
    {PT_E_UNKNOWN_KEY, "unknown key",
     "The key is not one that means something here; it is probably misspelt or belongs to another level (check the "
     "indentation). Nothing is ignored in silence.\n"
     "  wrong: colums: {amount: money}\n"
     "  right: columns: {amount: money}",
     "未知的键",
     "这个键在这里没有意义：可能拼错了，或属于别的层级（看看缩进）。任何键都不会被悄悄忽略。\n"
     "  错: colums: {amount: money}\n"
     "  对: columns: {amount: money}"},
    {PT_E_DUPLICATE_KEY, "a key stands twice",
     "In one mapping every key stands once; otherwise one of the two would win by accident. Remove or rename one.",
     "键重复", "同一个映射里每个键只能出现一次，否则哪一个生效就全凭偶然。请删除或改名。"},
    {PT_E_MISSING_KEY, "something is missing",
     "A required key is absent or has no value. Every source needs 'from' and 'kind'; an event needs 'time' and "
     "'customer'; a "
     "column needs a type; a tag needs 'value', 'tiers', 'sql' or 'merge', and with 'sql' a 'type'.",
     "缺少必需的内容",
     "必需的键没有写，或没有值。每个数据源要有 from 和 kind；事件数据源要有 time 和 customer；列要有类型；"
     "标签要有 value、tiers、sql、merge 之一，用 sql 时还要有 type。"},
    {PT_E_BAD_NAME, "not a name",
     "Names of sources, columns, identifier types and tags are letters (of any script), digits and '_', do not begin "
     "with a "
     "digit, have at most 64 characters and are not words of the language such as 'and', 'missing', 'time'. Names of "
     "sources and "
     "columns do not begin with '_'. What people read goes into 'label'.\n"
     "  wrong: 90d-orders: count(orders within 90d)\n"
     "  right: orders_90d: count(orders within 90d)",
     "名称不合规则",
     "数据源、列、标识类型和标签的名称由文字（任何语言）、数字和下划线组成，不以数字开头，最多 64 个字符，不能是 "
     "and、missing、"
     "time 之类的语言保留词；数据源和列的名称不以下划线开头。给人看的名称写在 label 里。\n"
     "  错: 90d-orders: count(orders within 90d)\n"
     "  对: orders_90d: count(orders within 90d)"},
    {PT_E_NAME_TAKEN, "the name is taken",
     "Two sources or two tags have one name (perhaps in different files), a tag has the name of a source, or two "
     "sources or "
     "columns differ in capitals alone, which SQL does not tell apart. The other place is shown.",
     "名称已被占用",
     "两个数据源或两个标签同名（可能在不同文件里），标签与数据源同名，或两个数据源、两个列只有大小写不同（SQL "
     "不区分大小写）。"
     "提示里给出了另一处的位置。"},
    {PT_E_UNKNOWN_TYPE, "unknown or wrong type",
     "The types of columns and of sql tags are bool, number, money, date, instant, text, category and list. A column "
     "with "
     "'lookup' has the type of the column it looks up: leave 'type' out, or write the same.",
     "类型未知或不符",
     "列和 sql 标签的类型有 bool、number、money、date、instant、text、category、list。用 lookup "
     "的列，类型与被查的列相同："
     "不写 type，或写成一样的。"},
    {PT_E_BAD_VALUE, "not a possible value",
     "The key is known, but this is no value it can have; the hint lists what is possible.", "取值不对",
     "键是对的，但值不在允许的范围内；提示里列出了允许的值。"},
    {PT_E_BAD_ZONE, "unknown time zone",
     "A time zone is an IANA name that this system knows (Asia/Shanghai, America/New_York), UTC, or an offset "
     "(+08:00). "
     "Abbreviations such as CST or EST mean different zones to different people and are not taken.",
     "未知的时区",
     "时区写成本系统认识的 IANA 名称（Asia/Shanghai、America/New_York）、UTC，或偏移量（+08:00）。"
     "CST、EST 之类的缩写含义不一，不接受。"},
    {PT_E_LOOKUP_SYNTAX, "not a lookup",
     "A lookup says which column of which reference is taken, and by which column of this source:\n"
     "  lookup: products.category by sku\n"
     "compares 'sku' with the first declared column of 'products'; 'by sku = code' compares it with 'code'.",
     "lookup 写法不对",
     "lookup 要写明取哪个参照表的哪一列、用本数据源的哪一列去查：\n"
     "  lookup: products.category by sku\n"
     "用 sku 与 products 声明的第一列比较；写 by sku = code 则与 code 列比较。"},
    {PT_E_LOOKUP_SOURCE, "a lookup needs a reference",
     "The source named before the dot does not exist, or is not of kind reference. Only references can be looked up: "
     "each "
     "of their rows stands for one key.",
     "lookup 的数据源不对",
     "点号前的数据源不存在，或不是 reference 类型。只有 reference 数据源可以被查找：它的每一行代表一个键。"},
    {PT_E_LOOKUP_COLUMN, "the reference has no such column",
     "The column that is looked up, or the one it is looked up by, is not declared under 'columns' of the reference.",
     "参照表没有这一列", "要取的列，或用来比较的列，没有在参照数据源的 columns 里声明。"},
    {PT_E_LOOKUP_CYCLE, "lookups in a circle",
     "References may look up other references, but one must be first: these wait for each other.", "lookup 成环",
     "参照数据源可以查找别的参照数据源，但不能互相等待成环。"},
    {PT_E_KIND_FORBIDS, "not for this kind of source",
     "A reference (products, regions) describes things and not customers: it has neither 'time' nor 'customer'. If its "
     "rows "
     "belong to customers, its kind is record or event.",
     "这类数据源不能有这个键",
     "reference（商品、地区）描述的是事物而不是客户：没有 time，也没有 customer。如果每行属于某个客户，类型应是 record "
     "或 event。"},
    {PT_E_KEYS_CLASH, "keys that exclude each other",
     "A tag has exactly one of 'value', 'tiers', 'sql' and 'merge'. A column has 'from' or 'lookup'. 'format' is for "
     "dates, "
     "instants and "
     "lists, 'zone' for instants.",
     "互斥的键",
     "标签只能有 value、tiers、sql、merge 中的一个；列只能有 from 或 lookup；format 只用于 date、instant、list，zone "
     "只用于 "
     "instant。"},
    {PT_E_NOT_SUPPORTED, "not supported by this version",
     "This is a known part of portrait that this version does not have yet. It is refused rather than ignored where "
     "leaving it "
     "out would change numbers: data that was to be cleaned would be used as it is.",
     "本版本不支持",
     "这是 portrait 计划中的功能，本版本还没有。凡是忽略会改变结果的（例如该清洗的数据没有清洗），就报错而不是忽略。"},
    {PT_E_UNKNOWN_TAG, "unknown tag", "'card' lists tags by name, and there is no tag of this name in tags/.",
     "未知的标签", "card 按名称列出标签，而 tags/ 里没有这个名称。"},
    {PT_E_UNKNOWN_TIER, "not a value of this tag",
     "'labels' gives the values of a tag their texts for people; with 'tiers' the values are the tiers, and this is "
     "none of "
     "them.",
     "不是这个标签的取值",
     "labels 给标签的取值配上给人看的文字；对 tiers 标签，取值就是各档的名称，而这里写的不在其中。"},
    {PT_E_UNUSED_IDENTIFIER, "an identifier type that no source uses",
     "identity.yaml sets rules for an identifier type that no source has under 'customer'. Perhaps it is misspelt in "
     "one of "
     "the two places; then the rules (limit, blocked values) do not take effect.",
     "没有数据源使用的标识类型",
     "identity.yaml 为某个标识类型定了规则，但没有数据源在 customer "
     "里用到它。可能有一处拼错了，那么这些规则（上限、屏蔽值）就不会生效。"},
    {PT_E_NO_SOURCES, "no sources", "The project has no source: nothing can be built from it. Write one into sources/.",
     "没有数据源", "项目没有任何数据源，什么也构建不出来。请在 sources/ 里写一个。"},
    {PT_E_UNUSED_GROUP, "a group without tags",
     "'groups' in portrait.yaml gives a group of tags its text for people, and no tag is in a group of this path or "
     "below "
     "it. A tag is in the group that its 'group' names, or that the path of its file inside tags/ makes.",
     "没有标签的分组",
     "portrait.yaml 的 groups 给标签分组配上给人看的文字，而没有标签在这个路径或其下级。标签的分组由它的 group "
     "指定，没有写就是它的文件在 tags/ 里的路径。"},
    {PT_E_MODEL_FEATURE, "no tag to learn from",
     "'features', 'fairness' and settings of models name tags of tags/. The marked one does not exist, or a model "
     "gives it: models "
     "do not learn from what models say.\n"
     "  right: features: [recency, orders_365d]",
     "不能用来学习的标签",
     "模型的 features、fairness 等设置按名称引用 tags/ "
     "中的标签。标出的这一个不存在，或是由模型给出的：模型不从模型的结果中学习。\n"
     "  对: features: [recency, orders_365d]"},
    {PT_E_MODEL_ALGORITHM, "no algorithm for this task",
     "'algorithm' names an algorithm that the task can use, or a list of them, each alone or with parameters.\n"
     "  right: algorithm: [logistic, {xgboost: {max_depth: 4}}]",
     "任务没有这种算法",
     "algorithm 写任务可用的算法，或它们的列表；每项只写名称，或带上参数。\n"
     "  对: algorithm: [logistic, {xgboost: {max_depth: 4}}]"},
    {PT_E_MODEL_SOURCE, "no source or column to learn from",
     "A setting of a model names an event or record source, or a column of one as SOURCE.COLUMN. This one does not "
     "exist.",
     "没有可学习的数据源或列", "模型的这项设置要写事件或记录数据源，或写成 数据源.列。这里写的不存在。"},
    {PT_E_MODEL_DATES, "dates that do not fit",
     "A model learns as of the days of 'train', each given once, and is tried at last on 'test', a day after all of "
     "them: tried on "
     "an earlier day it would know the future.\n"
     "  wrong: train: 2017-09-01, test: 2017-06-01     right: train: 2017-06-01, test: 2017-09-01",
     "日期不合适",
     "模型在 train 的各个日期上学习（每个日期只写一次），最后在 test 上检验；test 须晚于所有 "
     "train，否则模型就预先知道了未来。\n"
     "  错: train: 2017-09-01, test: 2017-06-01     对: train: 2017-06-01, test: 2017-09-01"},
    {PT_E_MODEL_OUTPUT, "the model does not give this",
     "'tags' of a model says which tag takes what the model gives; what that can be follows from its task "
     "(docs/models.md).\n"
     "  right: tags: {churn_probability: probability}",
     "模型不给出这个结果",
     "模型的 tags 说明哪个标签取模型的哪个结果；有哪些结果由任务决定（见 docs/models.md）。\n"
     "  对: tags: {churn_probability: probability}"},
    {PT_E_MODEL_EXPRESSION, "an expression that a model cannot learn from",
     "Models learn as of past days. Lists, static segments, was(...), queries and what models give are known for the "
     "present alone, "
     "so populations and targets do not use them. The target of 'classify' is a bool or a category, that of 'regress' "
     "a number, "
     "money or a length of time.",
     "模型无法据以学习的表达式",
     "模型在过去的日期上学习。名单、静态人群、was(...)、查询和模型的结果都只有当前的值，因此 population 和 target "
     "不能使用。"
     "classify 的 target 须为是否值或类别，regress 的 target 须为数、金额或时长。"},
    {PT_E_MERGE_COLUMN, "no column to merge",
     "'from' of a merge lists columns of record and event sources, each as SOURCE.COLUMN. The marked one does not "
     "exist, or belongs to a reference or link source, which holds nothing about one customer.\n"
     "  wrong: merge: {from: [gender], policy: newest}\n"
     "  right: merge: {from: [crm.gender, app.sex], policy: newest}",
     "没有可合并的列",
     "merge 的 from 列出记录或事件数据源的列，每项写成 "
     "数据源.列。标出的这一项不存在，或属于参照、关联数据源（它们不含某个客户的内容）。\n"
     "  错: merge: {from: [gender], policy: newest}\n"
     "  对: merge: {from: [crm.gender, app.sex], policy: newest}"},
    {PT_E_MERGE_TYPE, "columns that cannot be merged",
     "The columns merged into one tag must be of one kind: texts and categories together, numbers and money together, "
     "any other type alone. The policy 'all' takes texts and lists, also mixed; 'frequent' everything but lists.",
     "不能合并的列",
     "合并成一个标签的各列必须是同一类：text 和 category 算一类，number 和 money 算一类，其他类型各自一类。"
     "all 只用于文本和列表（可以混用），frequent 不用于列表。"},
    {PT_E_UNKNOWN_ROLE_SOURCE, "a role is bound to what is not there",
     "'roles' in portrait.yaml says which source plays a role and which of its columns are the role's columns. The "
     "source "
     "or column named is not in sources/.\n"
     "  right: purchases: {source: orders, amount: amount, category: category}",
     "角色绑定到不存在的数据源或列",
     "portrait.yaml 的 roles 说明哪个数据源承担某个角色，以及它的哪些列对应角色的列。这里写的数据源或列在 sources/ "
     "里不存在。\n"
     "  对: purchases: {source: orders, amount: amount, category: category}"},
    {PT_E_NO_CONSENT, "sensitive personal information without a purpose and a consent",
     "By its name, its labels, its values or the columns it reads, the tag tells of something that the law protects "
     "most: "
     "religion, ethnicity, health, biometrics, sexual life, political opinion, a criminal record, union membership, "
     "where "
     "somebody is, bank accounts, children under 14. Such a tag is for a stated purpose and with the separate consent "
     "of "
     "those concerned (PIPL art. 28-29, GDPR art. 9), and both stand in the tag.\n"
     "  right: religion: {value: survey_basic.religion, sensitivity: sensitive, purpose: meals for members, consent: "
     "membership form item 7}\n"
     "If the word means something else here, give the tag another name.",
     "敏感个人信息没有声明目的和同意",
     "从名称、标签、取值或所读的列看，这个标签涉及法律重点保护的内容：宗教、民族、健康、生物识别、性生活、政治观点、犯"
     "罪记录、"
     "工会身份、行踪、金融账户、不满十四周岁的儿童。处理这类信息须有特定目的，并取得本人的单独同意（《个人信息保护法》"
     "第28、29条，"
     "GDPR 第9条），两者都要写在标签里。\n"
     "  对: religion: {value: survey_basic.religion, sensitivity: sensitive, purpose: 为会员备餐, consent: "
     "会员章程第7条}\n"
     "如果这个词在这里另有含义，请给标签换个名称。"},
    {PT_E_INFERRED, "sensitive information worked out from behaviour",
     "The tag says of customers what the law protects most, and what it says is worked out from what they did: from "
     "purchases, visits, queries. Who buys insulin is not thereby known to be ill, and nobody agreed to be called so. "
     "Keep "
     "what the customer told you (a record, a survey), or name the fact itself: 'bought insulin in 90 days'.",
     "由行为推断敏感信息",
     "这个标签说的是法律重点保护的内容，而结论是由购买、浏览等行为或查询推断出来的。买过胰岛素不等于本人患病，也没有人"
     "同意被这样认定。"
     "请只保留客户自己告知的内容（资料、问卷），或者只写事实本身，例如“近90天购买过胰岛素”。"},
    {PT_E_INSULT, "a name that insults customers",
     "Names and labels are read by many people, sooner or later by the customer too. A word that insults or "
     "discriminates "
     "says nothing that is known. Name the fact.\n"
     "  wrong: poor people\n"
     "  right: spend below 100 a year",
     "带有侮辱或歧视的名称",
     "名称和标签会被很多人看到，早晚也会被客户看到。侮辱或歧视的词并没有说出任何事实。请写事实本身。\n"
     "  错: 穷人\n"
     "  对: 年消费低于100元"},
    {PT_E_SENSITIVE_COLUMN, "a sensitive column that is not marked",
     "By its name or label the column holds sensitive personal information. With `sensitivity: sensitive` it is "
     "treated so "
     "wherever it goes. What is not needed is best not read at all: leave the column out.",
     "敏感列没有标注",
     "从名称或标签看，这一列是敏感个人信息。写上 sensitivity: "
     "sensitive，它在各处就会按敏感信息对待。用不到的信息最好不要读取："
     "把这一列去掉即可。"},
    {PT_E_UNKNOWN_IDENTIFIER, "unknown identifier type",
     "The ids of a list are looked up among those of one type, and no source and not identity.yaml knows a type of "
     "that "
     "name. "
     "Without `by` an id is found as `portrait show` finds it: a customer id, or a value of any type.\n"
     "  right: invited: {list: lists/invited.txt, by: phone}",
     "未知的标识类型",
     "名单中的标识按某一类型查找，而数据源和 identity.yaml 中都没有这个类型。不写 by 时，查找方式与 portrait show "
     "相同："
     "客户编号，或任意类型的标识值。\n"
     "  对: invited: {list: lists/invited.txt, by: phone}"},
    {PT_E_CIRCLE_COLUMN, "nothing that customers could share",
     "'same' of a circle in identity.yaml names what customers share who belong together: a column of a record or "
     "event source, "
     "as 'address' (every source that has it) or 'crm.address', or an identifier type. A list in brackets inside it "
     "must be in one "
     "source as a whole. Columns of lists have more than one value and cannot be shared.\n"
     "  right: same: [address, [company, city]]",
     "客户之间没有可以相同的内容",
     "identity.yaml 里 circles 的 same 写明归在一起的客户有什么相同：记录源或事件源的列，写成 "
     "address（所有有这一列的数据源）或 "
     "crm.address，也可以是标识类型。方括号里的几列必须出自同一个数据源。列表类型的列有多个值，不能用。\n"
     "  对: same: [address, [company, city]]"},
    {PT_E_NO_LIST, "the file of a list is not there",
     "A segment with `list` has the customers of the ids in a file of the project. Every build reads it, and one that "
     "cannot "
     "find it does not begin.\n"
     "  right: invited: {list: lists/invited.txt}     with the file lists/invited.txt beside portrait.yaml",
     "名单文件不存在",
     "写了 list 的人群，成员是项目中某个文件所列标识对应的客户。每次构建都会读取该文件，找不到就不会开始。\n"
     "  对: invited: {list: lists/invited.txt}     并在 portrait.yaml 旁放好 lists/invited.txt"},
    {0, NULL, NULL, NULL, NULL},
};
