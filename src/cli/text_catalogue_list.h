/* Of the catalogue: add, and tags --templates, --roles, --view. X(name, english, chinese). Included by text_list.h. */
X(OPT_TEMPLATES, "list the catalogue's templates and what this project can do with each",
  "列出标签目录中的模板，以及本项目能否使用")
X(OPT_ROLES, "list the roles that templates speak of, and which source plays each",
  "列出模板所用的角色，以及由哪个数据源承担")
X(OPT_VIEW, "show a list of items: 43, basic, consumption, psychology, social, ...",
  "按清单查看：43、basic、consumption、psychology、social 等")
X(OPT_ADD_GROUP, "add what the data can compute of this group and below", "添加该分组及其下级中数据可以算出的标签")
X(OPT_ALL_COMPUTABLE, "add everything that the data can compute", "添加数据可以算出的全部标签")
X(OPT_COLLECT, "also what a questionnaire or an import would give", "连同需要问卷或外部导入的标签")
X(OPT_PURPOSE, "what sensitive personal information is used for", "使用敏感个人信息的目的")
X(OPT_CONSENT, "how customers agreed to that", "客户如何表示同意")
X(OPT_DRY_RUN, "show what would be written, and write nothing", "只显示将要写入的内容，不写文件")

X(ADD_SUMMARY, "add tags from the catalogue", "从标签目录添加标签")
X(ADD_ABOUT,
  "Writes tags of the built-in catalogue into tags/, with the tags they need, in the names of this project's sources. "
  "Questionnaires that are needed are written into sources/, and what was guessed about the sources into "
  "portrait.yaml. "
  "Nothing that stands in a file is changed, and nothing is written unless the whole project is sound with it. "
  "`portrait tags --templates` lists what there is.",
  "把内置目录中的标签（连同它们依赖的标签）写入 tags/，并换成本项目数据源的名称。需要的问卷写入 "
  "sources/，对数据源角色的推测写入 portrait.yaml。文件中已有的内容不会改动；只有加上之后整个项目检查无误才会写入。"
  "用 `portrait tags --templates` 查看有哪些模板。")
X(ADD_TAGS, "Tags added ({0}):\n", "已添加标签（{0} 个）：\n")
X(ADD_WOULD, "Tags that would be added ({0}):\n", "将要添加的标签（{0} 个）：\n")
X(ADD_NOTHING, "Nothing to add: the project has these tags.\n", "无需添加：项目中已有这些标签。\n")
X(ADD_NONE_COMPUTABLE,
  "Nothing to add: the data can compute no tag here that the project lacks (--collect adds what must be asked).\n",
  "无需添加：数据能算出的标签项目中都已有（--collect 可添加需要收集的标签）。\n")
X(ADD_ROLES, "Guessed, and written to portrait.yaml for you to correct:\n",
  "以下为推测，已写入 portrait.yaml，请核对：\n")
X(ADD_ROLES_WOULD, "Guessed, and would be written to portrait.yaml:\n", "以下为推测，将写入 portrait.yaml：\n")
X(ADD_QUESTIONNAIRES, "Sources to collect (until their files are there, their tags are not collected):\n",
  "需要收集的数据源（文件到位之前，相应标签为“未采集”）：\n")
X(ADD_FILES, "Files:\n", "文件：\n")
X(ADD_FILE_NEW, "new", "新建")
X(ADD_FILE_CHANGED, "added to", "追加")
X(ADD_NEXT, "Next: portrait build\n", "接下来：portrait build\n")

X(TEMPLATES_COUNT,
  "{0} templates: {1} in the project, {2} computable, {3} by survey, {4} by import, {5} without data.\n",
  "共 {0} 个模板：项目已有 {1}，可计算 {2}，需问卷 {3}，需外部导入 {4}，缺少数据 {5}。\n")
X(TEMPLATES_PRESENT, "in the project", "项目已有")
X(TEMPLATES_COMPUTABLE, "computable", "可计算")
X(TEMPLATES_SURVEY, "survey", "需问卷")
X(TEMPLATES_IMPORT, "import", "需导入")
X(TEMPLATES_LACKING, "no data", "缺少数据")
X(TEMPLATES_NEEDS, "needs {0}", "需要 {0}")
X(TEMPLATES_CONSENT, "needs a purpose and consent", "需声明目的和同意")

X(TEMPLATES_AS, "as {0}", "即 {0}")
X(TEMPLATES_FROM, "from {0}", "来自 {0}")
X(TAG_QUESTION, "question: ", "问题：")
X(TAG_PURPOSE, "purpose: ", "目的：")
X(TAG_CONSENT, "consent: ", "同意：")

X(ROLE_GUESSED, "{0} (guessed)", "{0}（推测）")
X(ROLE_NONE, "no source", "没有数据源")
X(ROLE_QUESTIONNAIRE, "questionnaire", "问卷")
X(ROLE_IMPORT, "import", "外部导入")

X(VIEW_TITLE, "{0}: {1} of {2} items collected\n", "{0}：{2} 项中已采集 {1} 项\n")
X(VIEW_TITLE_UNBUILT, "{0}: {1} items, {2} with a tag; not built yet\n", "{0}：共 {1} 项，{2} 项有标签；尚未构建\n")
X(VIEW_KNOWN, "{0} · {1}%", "{0} · {1}%")
X(VIEW_UNBUILT, "{0} · not built yet", "{0} · 尚未构建")
X(VIEW_EMPTY, "not collected: nobody has a value", "未采集：没有客户有值")
X(VIEW_COMPUTABLE, "not collected: portrait add {0}", "未采集：可计算，portrait add {0}")
X(VIEW_SURVEY, "not collected: a survey, portrait add {0}", "未采集：需问卷，portrait add {0}")
X(VIEW_IMPORT, "not collected: an import, portrait add {0}", "未采集：需外部导入，portrait add {0}")
X(VIEW_LACKING, "not collected: no data for {0}", "未采集：缺少 {0}")
