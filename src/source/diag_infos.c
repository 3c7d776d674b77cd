/* What `portrait explain E04xx` says. */
#include "source/codes.h"
#include "source/source.h"

const pt_diag_info pt_source_diag_infos[] = {
    {PT_E_NO_FILE, "a file that is not there",
     "No file has the name, or fits the pattern, that a source's `from` gives. Paths are relative to the folder of "
     "portrait.yaml; in patterns `*` and `?` stay within one folder, `**` goes through any number of them. A source "
     "without a "
     "single file is an error, since an empty result would look like a day without customers. What was read before "
     "stays.\n"
     "  wrong: from: orders-*.csv          (the files are in data/)\n"
     "  right: from: data/orders-*.csv",
     "没有这个文件",
     "来源的 from 所写的路径或通配模式没有匹配到任何文件。路径相对于 portrait.yaml 所在的目录；通配符 * 和 ? "
     "只在一层目录内，"
     "** 可以跨任意多层。一个文件都没有会报错，因为空结果看起来就像“今天没有客户”。此前读入的数据保持不变。\n"
     "  错: from: orders-*.csv          （文件在 data/ 下）\n"
     "  对: from: data/orders-*.csv"},
    {PT_E_SAME_NAME, "two columns of one name",
     "The header of the file has a name twice, so a definition that uses it could mean either column. Rename one in "
     "the "
     "file, or, if the file cannot be changed, set `header: false` and name columns by position: `from: 3`. (The "
     "header is "
     "then a row like others and goes to quarantine.)",
     "列名重复",
     "文件表头里有两列同名，用到这个名字的定义就不知道指哪一列。请在文件里改名；文件不能改时，可写 header: false，"
     "再按位置取列：from: 3。（这时表头会被当作普通的一行，进入隔离区。）"},
    {PT_E_NOT_THE_FORMAT, "not the expected format",
     "The beginning of the file is not what its format asks for: the first row of a CSV has quotes that do not fit, "
     "its "
     "header is not text, or a file of JSON lines begins with an array. Formats follow from the file's ending; "
     "`format`, "
     "`delimiter`, `quote` and `encoding` of the source say otherwise.\n"
     "  wrong: [{\"id\": 1}, {\"id\": 2}]\n"
     "  right: {\"id\": 1}\n"
     "         {\"id\": 2}",
     "格式不符",
     "文件开头与其格式不符：CSV 第一行的引号不配对，表头不是合法文本，或 JSON lines "
     "文件以数组开头。格式按文件后缀判断，"
     "可用来源的 format、delimiter、quote、encoding 指定。\n"
     "  错: [{\"id\": 1}, {\"id\": 2}]\n"
     "  对: {\"id\": 1}\n"
     "      {\"id\": 2}"},
    {PT_E_NO_COLUMN, "no such column",
     "The definition names a column that the file does not have. Names are compared exactly, then without regard to "
     "case. "
     "When all of a row appears as one column the delimiter is not the one the file uses: set `delimiter`. In a file "
     "without "
     "a header columns are `1`, `2`, ... or `column1`, `column2`, ...",
     "没有这一列",
     "定义里写的列在文件中不存在。列名先精确比较，再忽略大小写比较。如果整行被当成一列，说明分隔符不对：请设置 "
     "delimiter。"
     "没有表头的文件，列名是 1、2…… 或 column1、column2……"},
    {PT_E_NOT_AN_EXPRESSION, "not an expression over one row",
     "A column may be computed by SQL (DuckDB's), but only by an expression over the columns of the same row: no "
     "queries, no "
     "aggregates, no windows, no lambdas, and no function whose result changes by itself (now, random, nextval) or "
     "that reads "
     "anything else (settings, files). So the same file always gives the same rows.\n"
     "  wrong: age: {type: number, from: date_diff('year', birthday, current_date)}\n"
     "  right: birthday: date                 and a tag: years_since(profile.birthday)",
     "不是单行表达式",
     "列可以用 SQL（DuckDB "
     "方言）计算，但只能是同一行各列上的表达式：不能有查询、聚合、窗口、lambda，也不能用结果自己会变的"
     "函数（now、random、nextval）或读取其他东西的函数（设置、文件）。这样同一个文件永远得到同样的行。\n"
     "  错: age: {type: number, from: date_diff('year', birthday, current_date)}\n"
     "  对: birthday: date                 再用标签：years_since(profile.birthday)"},
    {PT_E_NO_ENCODING, "no such encoding",
     "The name after `encoding` is none that iconv knows. Usually none is needed: UTF-8, UTF-16 with a byte order "
     "mark, "
     "GBK/GB18030 and mixtures of UTF-8 and GB18030 are found out. `iconv -l` lists the names.",
     "没有这种编码",
     "encoding 后面的名字 iconv 不认识。通常不必写：UTF-8、带 BOM 的 UTF-16、GBK/GB18030 以及 UTF-8 与 GB18030 "
     "混用的文件都能"
     "自动识别。iconv -l 可列出所有名字。"},
    {PT_E_DAMAGED_FILE, "a damaged file",
     "A compressed file (gzip, zstd) ends too early or its checksum is wrong, or a Parquet file cannot be read. "
     "Usually it "
     "was copied while it was being written, or the disk was full. Nothing of it is read, and the source stays as it "
     "was: "
     "half a file would look like a fall in sales.",
     "文件损坏",
     "压缩文件（gzip、zstd）不完整或校验不符，或 Parquet "
     "文件无法读取。多半是在写入过程中被复制，或磁盘已满。这个文件一行都不会读入，"
     "来源保持原样：只读半个文件会被误认为销售下滑。"},
    {PT_E_TIME_FORMAT, "a time format that is not understood",
     "`format` of a date or instant is a strptime pattern of these parts: %Y %y %m %d %e %H %k %I %l %p %M %S %f %z %b "
     "%B %a %A "
     "%j %T %R %F %D %%, or `epoch_s` or `epoch_ms` for numbers. It must name the year. Other characters stand for "
     "themselves.\n"
     "  wrong: format: DD/MM/YYYY\n"
     "  right: format: '%d/%m/%Y'",
     "看不懂的时间格式",
     "日期、时刻的 format 是 strptime 格式，可用：%Y %y %m %d %e %H %k %I %l %p %M %S %f %z %b %B %a %A %j %T %R %F %D "
     "%%；"
     "数字时间戳写 epoch_s 或 epoch_ms。必须包含年份，其他字符按原样匹配。\n"
     "  错: format: DD/MM/YYYY\n"
     "  对: format: '%Y年%m月%d日'"},
    {PT_E_TYPE_MISMATCH, "types that do not fit",
     "An expression cannot be computed from columns of these types, or a value cannot become the declared type. "
     "Columns that "
     "are declared have their type; columns that only the file has are text, or numbers where the expression does "
     "arithmetic "
     "with them. Dates must be declared.\n"
     "  wrong: year: {type: number, from: year(birthday)}\n"
     "  right: birthday: date\n"
     "         year: {type: number, from: year(birthday)}",
     "类型不符",
     "表达式无法用这些类型的列计算，或结果无法转成所声明的类型。声明过的列用其声明的类型；只在文件里有的列是文本，"
     "表达式对它做算术时按数字读。日期必须先声明。\n"
     "  错: year: {type: number, from: year(birthday)}\n"
     "  对: birthday: date\n"
     "      year: {type: number, from: year(birthday)}"},
    {PT_E_COLUMN_CYCLE, "a column computed from itself",
     "Columns that are computed from one another come back to the first. (A name in a column's own expression means "
     "the "
     "column of the file: `price: {type: money, from: price * 2}` is fine.)",
     "列的计算成环",
     "几列互相依赖，绕回了自己。（列自己的表达式里出现同名，指的是文件里的列：price: {type: money, from: price * 2} "
     "是可以的。）"},
    {PT_E_NO_LOOKUP, "a lookup that cannot be made",
     "A lookup names a source or column that is not there, or references look each other up in a circle.", "无法查找",
     "lookup 指向的来源或列不存在，或几个参照来源互相查找成环。"},
    {PT_E_QUARANTINE, "rows in quarantine",
     "A row that does not fit its source's definition is not dropped: it is kept, with its file, line, column and "
     "reason, in the "
     "view meta.quarantine of the store, and the build says how many there are. Reasons: a value that is not of its "
     "column's "
     "type, an event without a time, a row without an identifier or with blocked ones only, a missing required value, "
     "an "
     "expression that fails, too few or too many fields, quotes that do not fit, bytes that are no text. Correct the "
     "file or "
     "the definition and build again; rows of files that have not changed are not read again.",
     "隔离区的行",
     "不符合来源定义的行不会被丢弃：它连同文件、行号、列和原因保存在库的 meta.quarantine "
     "视图中，构建时会报告数量。原因有：值不是该列的"
     "类型，事件没有时间，没有标识或只有被屏蔽的标识，缺少必填值，表达式失败，字段太少或太多，引号不配对，不是文本的字"
     "节。改正文件或"
     "定义后重新构建即可；没有变化的文件不会重读。"},
    {0},
};
