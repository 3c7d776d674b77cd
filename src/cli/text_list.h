/* X(name, english, chinese). No include guard: it is read more than once. */
X(PROGRAM_SUMMARY, "customer profiles from raw data", "从原始数据到客户画像")
X(USAGE, "Usage", "用法")
X(USAGE_PROGRAM, "  portrait COMMAND [OPTIONS]\n  portrait help COMMAND\n",
  "  portrait 命令 [选项]\n  portrait help 命令\n")
X(USAGE_OPTIONS, " [OPTIONS]", " [选项]")
X(COMMANDS, "Commands", "命令")
X(OPTIONS, "Options", "选项")
X(GLOBAL_OPTIONS, "Options of every command", "通用选项")
X(DESCRIPTION, "Description", "说明")
X(EXAMPLE, "Examples", "示例")
X(EXIT_CODES, "Exit codes", "退出码")
X(EXIT_CODES_TABLE,
  "  0  done\n  1  done, and problems were found\n  2  wrong usage or project\n  3  not found\n  4  denied\n"
  "  5  a file, the system or a library failed\n  130  stopped by Ctrl-C\n",
  "  0  完成\n  1  完成，但发现问题\n  2  用法或项目有误\n  3  未找到\n  4  无权限\n"
  "  5  文件、系统或依赖库出错\n  130  被 Ctrl-C 中止\n")
X(ERROR, "error: ", "错误：")
X(WARNING, "warning: ", "警告：")
X(NO_COMMAND, "no command given", "没有给出命令")

X(OPT_PROJECT, "the project's folder (default: this folder or a parent)", "项目目录（默认：当前目录或上级目录）")
X(OPT_JSON, "write JSON", "输出 JSON")
X(OPT_LANG, "language of messages (default: the project's)", "界面语言（默认：项目的语言）")
X(OPT_THREADS, "threads to use (default: all cores)", "使用的线程数（默认：全部核心）")
X(OPT_NO_COLOR, "no colours, no bars", "不用颜色和条形")
X(OPT_HELP, "this text", "显示本帮助")
X(OPT_VERSION, "the version, and what it was built with", "显示版本和所用的组件")
X(OPT_TEMPLATE, "what to start from: retail, bank, b2b, online-retail or blank (default: retail)",
  "项目模板：retail、bank、b2b、online-retail 或 blank（默认：retail）")
X(OPT_AS_OF, "compute everything as of this instant (default: the project's as_of)",
  "以此时刻为准计算（默认：项目的 as_of）")
X(OPT_MEMORY, "memory to work in, such as 4GB", "可用内存，例如 4GB")
X(OPT_SHOW_AS_OF, "re-evaluate at this instant from the timelines", "以此时刻为准，由时间线重新计算")
X(OPT_IDENTITIES, "show the values of identifiers", "显示标识符的值")
X(OPT_ALL, "show every tag, also those without a value", "显示全部标签，包括没有值的")
X(OPT_GROUP, "only tags of this group and below", "只看此分组及其下级的标签")
X(OPT_CUSTOMER, "explain the value of this customer: ID, TYPE:VALUE or VALUE", "解释该客户的值：ID、类型:值 或 值")
X(OPT_STAGE, "print only this stage", "只输出这一阶段")
X(OPT_EVAL_AS_OF, "the instant of evaluation (default: the project's, when fixed)",
  "计算时刻（默认：项目中固定的 as_of）")
X(OPT_FORMAT, "form of the output (default: tsv)", "输出格式（默认：tsv）")
X(OPT_HEADER, "begin with a line of column names", "首行输出列名")
X(OPT_TAGS, "only these tags", "只输出这些标签")
X(OPT_SKIP_BAD, "count bad lines and go on", "跳过坏行并计数")

X(INIT_SUMMARY, "make a new project", "新建项目")
X(INIT_ABOUT,
  "Writes the files of a template into DIR, which must be empty or absent. The templates are commented examples: "
  "retail "
  "is a grocery chain, bank a bank, b2b a seller to companies; the last two bring their own data, invented and with "
  "faults.",
  "把模板文件写入 DIR（须为空或不存在）。各模板都是带注释的范例：retail 是连锁超市，bank 是银行，b2b "
  "面向企业客户；后两者自带虚构的、有毛病的数据。")
X(INIT_DONE, "Made a project from the template '{0}' in {1}.\n", "已用模板“{0}”在 {1} 新建项目。\n")
X(INIT_NEXT,
  "Next:\n  cd {0}\n  portrait check      # are the project's files right?\n  portrait build      # read the data, "
  "compute the tags\n",
  "接下来：\n  cd {0}\n  portrait check      # 检查项目文件\n  portrait build      # 读取数据，计算标签\n")

X(CHECK_SUMMARY, "check the project's files", "检查项目文件")
X(CHECK_ABOUT,
  "Reads every project file and reports all problems together, each with its place, the line, and what would be right. "
  "Touches no data. `portrait explain E0123` tells more about a problem.",
  "读取全部项目文件，一次报告所有问题：位置、所在行、正确写法。不读取数据。"
  "用 portrait explain E0123 查看某个问题的详细说明。")
X(CHECK_OK, "{0}: {1} sources, {2} tags, no problems\n", "{0}：{1} 个数据源，{2} 个标签，没有问题\n")

X(BUILD_SUMMARY, "read the data and compute all tags", "读取数据并计算全部标签")
X(BUILD_ABOUT,
  "Reads files that are new or changed, settles who is who, lays every customer's events out in time, computes all "
  "tags and "
  "publishes them together. Killed at any moment it leaves the last good state.",
  "读取新增或变化的文件，确定谁是谁，按时间排列每位客户的事件，计算全部标签并一次发布。任何时刻中断都保留上一次的完好结"
  "果。")
X(SHOW_SUMMARY, "show a customer's profile", "查看客户画像")
X(SHOW_ABOUT,
  "Finds a customer by its id or by any identifier and prints its profile, group by group. With --as-of the profile is "
  "worked out anew from the timelines, as of that instant.",
  "按客户 ID 或任一标识符查找客户，分组显示画像。给出 --as-of 时，由时间线按该时刻重新计算。")
X(TAGS_SUMMARY, "list the tags, or describe one", "列出标签，或查看某个标签")
X(TAGS_ABOUT,
  "Lists the catalogue with how many customers have each tag. With a name: its definition, type, coverage, "
  "distribution and "
  "lineage.",
  "列出标签目录以及各标签覆盖的客户数。给出名称时：显示定义、类型、覆盖率、分布和血缘。")
X(EXPLAIN_SUMMARY, "explain a tag, an expression or an error code", "解释标签、表达式或错误码")
X(EXPLAIN_ABOUT,
  "Prints the parsed form, the plan, and the lineage down to columns and files. For one customer: the value of each "
  "part, "
  "the events that prove it, what is missing, and when it changes by time alone.",
  "输出解析结果、执行计划，以及直到列和文件的血缘。对某位客户：各部分的值、证明它的事件、缺少什么、何时仅因时间流逝而变"
  "化。")
X(EVAL_SUMMARY, "filter: rows in, tags out", "过滤器：输入事件行，输出标签")
X(EVAL_ABOUT,
  "Reads rows grouped by customer from standard input (customer, source, time, the source's columns; tab separated) "
  "and "
  "writes one line of tags a customer. Needs no data directory and no database. docs/eval-filter.md has the format.",
  "从标准输入读取按客户分组的行（客户、数据源、时间、各列；制表符分隔），每位客户输出一行标签。"
  "不需要数据目录和数据库。格式见 docs/eval-filter.md。")
X(DOCTOR_SUMMARY, "check the installation and the data directory", "检查安装与数据目录")
X(DOCTOR_ABOUT,
  "Checks the database library, the data directory, its lock, the checksums of all derived files, disk space and "
  "time-zone "
  "files, and says what to do where something is wrong.",
  "检查数据库动态库、数据目录、锁、全部派生文件的校验和、磁盘空间、时区文件；有问题时给出处理办法。")

X(STAGE_DONE, "{0}: {1}\n", "{0}：{1}\n")
X(PROGRESS_RATE, "  {0} a second", "  每秒 {0}")
X(COL_SOURCE, "source", "数据源")
X(COL_FILES, "files", "文件")
X(COL_ROWS, "rows", "行数")
X(COL_SET_ASIDE, "set aside", "隔离")
X(COL_EVENTS, "events", "事件")
X(COL_TIMELINE, "timeline", "时间线")
X(BUILD_DONE, "{0}: built {1} as of {2} in {3}\n\n", "{0}：已生成 {1}，截至 {2}，用时 {3}\n\n")
X(BUILD_FILES, "{0} read, {1} unchanged", "读取 {0}，未变 {1}")
X(BUILD_FILES_GONE, ", {0} gone", "，消失 {0}")
X(BUILD_KEPT, "kept", "沿用")
X(BUILD_CUSTOMERS, "  {0} customers, {1} tags each\n", "  {0} 位客户，每位 {1} 个标签\n")
X(BUILD_IDENTITY, "  {0} new, {1} merged into others, {2} split\n", "  新增 {0}，合并 {1}，拆分 {2}\n")
X(BUILD_IDENTITY_KEPT, "  no source has changed: customers are as they were\n", "  数据源没有变化：客户保持不变\n")
X(BUILD_QUARANTINED, "  {0} rows did not fit and were set aside (table meta.quarantine of {1}/store.duckdb):\n",
  "  {0} 行不符合要求，已隔离（见 {1}/store.duckdb 的 meta.quarantine 表）：\n")
X(BUILD_REASON, "    {0} of {1}: {2} (first: {3}:{4})\n", "    {1} 的 {0} 行：{2}（首个：{3}:{4}）\n")
X(BUILD_UNPLACED, "  {0} rows have no usable identifier and belong to nobody\n",
  "  {0} 行没有可用的标识符，不属于任何客户\n")
X(BUILD_REFUSED,
  "  {0} links between identifiers were not followed: they break a limit of identity.yaml, or a decision\n",
  "  {0} 条标识符关联未采用：超出 identity.yaml 的限制，或与手工决定冲突\n")

X(SHOW_AS_OF, "as of {0}\n", "截至 {0}\n")
X(SHOW_IDENTIFIERS, "identifiers: ", "标识符：")
X(SHOW_HIDDEN, " (--identities shows them)", "（--identities 显示其值）")
X(SHOW_EVENTS, "events: ", "事件：")
X(SHOW_UNKNOWN, "not known: ", "未知：")
X(COMMA, ", ", "、")
X(SHOW_TYPE_COUNT, "{0} {1}", "{0} 个{1}")
X(SHOW_UNAVAILABLE, "only as of the last build", "仅在上次构建的时刻可用")

X(TAGS_COUNT, "{0} tags over {1} customers\n", "{0} 个标签，{1} 位客户\n")
X(TAGS_COUNT_UNBUILT, "{0} tags; coverage is known after portrait build\n",
  "{0} 个标签；构建（portrait build）后显示覆盖率\n")
X(TAG_DESCRIPTION, "about: ", "说明：")
X(TAG_VALUE, "value: ", "定义：")
X(TAG_TIERS, "tiers: ", "分档：")
X(TAG_QUERY, "query:", "查询：")
X(TAG_TYPE, "type: ", "类型：")
X(TAG_UNIT, "unit: ", "单位：")
X(TAG_GROUP, "group: ", "分组：")
X(TAG_ORIGIN, "origin: ", "来源：")
X(TAG_SENSITIVITY, "sensitivity: ", "敏感性：")
X(TAG_OWNER, "owner: ", "负责人：")
X(TAG_NOT_LIVE, "not live: computed at build only\n", "非实时：仅在构建时计算\n")
X(TAG_UNBUILT, "not built yet: portrait build\n", "尚未构建：portrait build\n")
X(TAG_COVERAGE, "{0} of {1} customers have it ({2}%); {3} different values\n",
  "{1} 位客户中 {0} 位有值（{2}%）；{3} 个不同的值\n")
X(TAG_FIGURES, "min {0}, 25% {1}, median {2}, 75% {3}, max {4}, mean {5}\n",
  "最小 {0}，25% {1}，中位数 {2}，75% {3}，最大 {4}，平均 {5}\n")
X(TAG_OTHERS, "others", "其他")
X(LINEAGE_TAGS, "uses tags: ", "使用标签：")
X(LINEAGE_INDIRECT, " (indirectly)", "（间接）")
X(LINEAGE_COLUMNS, "uses columns:\n", "使用列：\n")
X(LINEAGE_QUERY, "  a query over the raw store\n", "  对原始库的查询\n")
X(LINEAGE_USED_BY, "used by: ", "被使用于：")
X(EXPLAIN_TREE, "Tree", "语法树")
X(EXPLAIN_PLAN, "Plan", "执行计划")
X(EXPLAIN_CUSTOMER, "customer {0} as of {1}\n", "客户 {0}，截至 {1}\n")
X(EXPLAIN_MISSING, "missing", "缺失")
X(EXPLAIN_ALWAYS, "from the beginning", "自始")
X(EXPLAIN_EVENTS, "  (events: {0})\n", "（事件：{0}）\n")
X(EXPLAIN_MORE, "... and {0} earlier ones\n", "…… 以及更早的 {0} 个\n")
X(EXPLAIN_CHANGES, "      by time alone, other events count from {0}\n",
  "      仅因时间流逝，从 {0}起计入的事件会变化\n")
X(EXPLAIN_NEXT, "  if nothing happens: {0} from {1}\n", "  若无新事件：{1}起变为 {0}\n")

X(EVAL_SKIPPED, "lines skipped: {0}; the first is line {1}: {2}\n", "跳过 {0} 行；首个是第 {1} 行：{2}\n")

X(DOCTOR_ENGINE, "database library", "数据库动态库")
X(DOCTOR_ENGINE_ADVICE, "run deps/install, or set PORTRAIT_DUCKDB to the path of libduckdb.so",
  "运行 deps/install，或把 PORTRAIT_DUCKDB 设为 libduckdb.so 的路径")
X(DOCTOR_ZONES, "time zones", "时区文件")
X(DOCTOR_ZONES_ADVICE, "install the package tzdata", "安装 tzdata 软件包")
X(DOCTOR_PROJECT, "project", "项目")
X(DOCTOR_PROJECT_ADVICE, "portrait check shows every problem; portrait init DIR makes a new project",
  "portrait check 列出全部问题；portrait init DIR 新建项目")
X(DOCTOR_DATA_DIR, "data directory", "数据目录")
X(DOCTOR_DATA_DIR_ADVICE, "absent: the first portrait build makes it; otherwise give yourself permission to write it",
  "不存在：首次 portrait build 会创建；否则请授予写权限")
X(DOCTOR_LOCK, "lock", "锁")
X(DOCTOR_LOCK_ADVICE, "a build is running; wait for it (the lock dies with its holder)",
  "有构建正在运行，请等待（锁随其进程结束而释放）")
X(DOCTOR_GENERATION, "last build", "上次构建")
X(DOCTOR_GENERATION_ADVICE, "portrait build makes every derived file anew from the store",
  "portrait build 会由原始库重新生成全部派生文件")
X(DOCTOR_DISK, "free disk space", "剩余磁盘空间")
X(DOCTOR_DISK_ADVICE, "a build needs room for a second copy of the derived files and a gigabyte to work in",
  "构建需要容纳一份派生文件副本，另加 1 GB 工作空间")

#include "cli/text_answers_list.h"
#include "cli/text_base_list.h"
#include "cli/text_baskets_list.h"
#include "cli/text_catalogue_list.h"
#include "cli/text_change_list.h"
#include "cli/text_circles_list.h"
#include "cli/text_clean_list.h"
#include "cli/text_count_list.h"
#include "cli/text_examples_list.h"
#include "cli/text_grids_list.h"
#include "cli/text_history_list.h"
#include "cli/text_identity_list.h"
#include "cli/text_insight_list.h"
#include "cli/text_install_list.h"
#include "cli/text_journey_list.h"
#include "cli/text_lineage_list.h"
#include "cli/text_link_list.h"
#include "cli/text_link_rules_list.h"
#include "cli/text_lookalike_list.h"
#include "cli/text_measure_list.h"
#include "cli/text_membership_list.h"
#include "cli/text_merge_list.h"
#include "cli/text_models_list.h"
#include "cli/text_quality_list.h"
#include "cli/text_report_list.h"
#include "cli/text_segment_list.h"
#include "cli/text_trees_list.h"
#include "cli/text_value_list.h"
