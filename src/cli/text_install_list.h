/* Texts of --version, man pages and completion. No include guard: read more than once. */
X(VERSION_NONE, "not found", "未找到")

X(MAN_MANUAL, "portrait manual", "portrait 手册")
X(MAN_NAME, "NAME", "名称")
X(MAN_SYNOPSIS, "SYNOPSIS", "用法")
X(MAN_ENVIRONMENT, "ENVIRONMENT", "环境变量")
X(MAN_FILES, "FILES", "文件")
X(MAN_SEE_ALSO, "SEE ALSO", "另见")
X(MAN_USAGE, "portrait COMMAND [OPTIONS]", "portrait 命令 [选项]")
X(MAN_ABOUT,
  "portrait turns raw customer data (sales, app behaviour, CRM tables, files of third parties) into a profile of every "
  "customer. What a profile holds is written down in the text files of a project: sources, identities, tags. portrait "
  "build makes the profiles; portrait show, tags and explain look at them, and every value can say which events it "
  "came "
  "from. portrait(5) describes the files of a project.",
  "portrait 把原始客户数据（销售、应用行为、CRM 表、第三方文件）变成每位客户的画像。画像的内容写在项目的文本文件里："
  "数据源、身份规则、标签。portrait build 生成画像；portrait show、tags、explain 查看画像，每个值都能说明来自哪些事件。"
  "项目文件的写法见 portrait(5)。")
X(MAN_ENVIRONMENT_TABLE,
  "LC_ALL, LC_MESSAGES, LANG  the language of messages where neither --lang nor a project says it: Chinese when it "
  "begins "
  "with zh, else English\nPORTRAIT_DUCKDB  the path of libduckdb.so, when it is not where portrait was installed\n"
  "NO_COLOR  when set, no colours and no bars\nCOLUMNS  the width of the terminal in characters\n",
  "LC_ALL、LC_MESSAGES、LANG  没有 --lang 也不在项目中时的界面语言：以 zh 开头为中文，否则为英文\n"
  "PORTRAIT_DUCKDB  libduckdb.so 的路径（不在安装位置时）\nNO_COLOR  设置后不用颜色和条形\n"
  "COLUMNS  终端宽度（字符数）\n")
X(MAN_FILES_TABLE,
  "portrait.yaml  the project; its folder is the project's folder\nsources/, tags/, identity.yaml  what the data are "
  "and "
  "what to know of each customer\nportrait-data/  what portrait build makes (data_dir in portrait.yaml); on a server, "
  "/var/lib/portrait/NAME\n/etc/portrait/NAME/  the place for projects that a service runs\n",
  "portrait.yaml  项目文件；它所在的目录就是项目目录\nsources/、tags/、identity.yaml  数据是什么，要了解客户的什么\n"
  "portrait-data/  portrait build 的产物（portrait.yaml 的 data_dir）；服务器上放在 /var/lib/portrait/名称\n"
  "/etc/portrait/NAME/  由服务运行的项目所在目录\n")
