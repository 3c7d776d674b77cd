/* X(name, english, chinese): the texts of segments. Included by text_list.h. */
X(CHANGE_SEGMENT, "segment", "人群")
X(SEGMENT_UNKNOWN_IDS, "segment {0}: {1} of {2} ids belong to no customer\n",
  "人群 {0}：{2} 个标识中有 {1} 个不属于任何客户\n")
X(SEGMENT_SUMMARY, "saved segments: how many belong, who came and left", "人群：人数、进出变化、重叠与导出")
X(SEGMENT_ABOUT,
  "Without an argument: all saved segments (segments/*.yaml) with their sizes. With a name: its condition, its "
  "members, who came "
  "and left since the build before, its sizes at the last builds. A condition in quotes is looked at in the same way. "
  "`overlap` lays two to six segments over each other: every region of their diagram. --out writes the members, with "
  "their "
  "tags, for other programs.",
  "不带参数时列出所有已保存的人群（segments/*.yaml）及人数。给出名称时，显示其条件、人数、自上一次构建以来的进出，以及"
  "最近几次构建的人数。也可以给出带引号的条件。overlap 把二到六个人群叠在一起，列出每个区域的人数。--out "
  "把成员及其标签导出给"
  "其他程序使用。")
X(SEGMENT_NAME, "segment", "人群")
X(SEGMENT_LABEL, "label", "名称")
X(SEGMENT_CHANGE, "change", "变化")
X(SEGMENT_KIND, "kind", "类型")
X(SEGMENT_BUILD, "build", "构建")
X(SEGMENT_AS_OF, "as of", "截至")
X(SEGMENT_DYNAMIC, "dynamic", "动态")
X(SEGMENT_STATIC, "static", "静态")
X(SEGMENT_LIST, "list", "名单")
X(SEGMENT_NONE, "the project has no saved segments; write one into segments/, for example segments/customers.yaml\n",
  "项目中没有已保存的人群；可写在 segments/ 中，例如 segments/customers.yaml\n")
X(SEGMENT_FRESH, "* as defined now, which is not how the last build knew it: worked out from that build's customers\n",
  "* 定义在上次构建之后有变化：按现在的定义、用上次构建的数据计算\n")
X(SEGMENT_FRESH_ONE, "as defined now, which is not how the last build knew it\n",
  "定义在上次构建之后有变化，此为按现在的定义计算\n")
X(SEGMENT_SINCE, "static: these members since build {0}\n", "静态：成员自构建 {0} 起不变\n")
X(SEGMENT_IDS, "list {0}: {1} ids, {2} of them belong to no customer\n",
  "名单 {0}：{1} 个标识，其中 {2} 个不属于任何客户\n")
X(SEGMENT_CAME, "since the build before: {0} came, {1} left\n", "自上一次构建以来：{0} 位进入，{1} 位离开\n")
X(OVERLAP_BOTH, "in both", "同时属于")
X(OVERLAP_OF_FIRST, "of the first", "占前者")
X(OVERLAP_OF_SECOND, "of the second", "占后者")
X(OVERLAP_OF_EITHER, "of either", "占两者之和")
X(OPT_EXPORT_OUT, "write the members out, in this format", "导出成员的格式")
X(OPT_EXPORT_FILE, "the file to write (default: standard output, for csv and ids)",
  "写入的文件（csv 和 ids 默认写到标准输出）")
X(OPT_EXPORT_TAGS, "these tags beside the id (default: all but sensitive ones)",
  "除编号外导出哪些标签（默认：敏感标签以外的全部）")
X(OPT_EXPORT_LIMIT, "the first N members only", "只导出前 N 位成员")
X(OPT_EXPORT_BOM, "begin CSV with a byte order mark, for Excel", "CSV 以字节顺序标记开头，便于 Excel 识别中文")
X(OPT_EXPORT_SENSITIVE, "tags on sensitive personal information too", "连同敏感个人信息的标签")
X(EXPORT_DONE, "wrote {0}: {1} of {2} members\n", "已写入 {0}：{2} 位成员中的 {1} 位\n")
X(EXPORT_WITHHELD, "left out: {0} tags on sensitive personal information (--sensitive, or name them in --tags)\n",
  "未导出 {0} 个敏感个人信息标签（可用 --sensitive，或在 --tags 中写明）\n")
