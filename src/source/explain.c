/* What `portrait explain E04xx` says. A number is never given a second meaning. */
#include "source/source.h"

const pt_diag_info pt_source_diag_infos[] = {
    {401, "a file that is not there",
     "A path in a source's 'from' names no file, or the file may not be read. Paths are relative to the project's "
     "folder, "
     "and a glob must fit at least one file.\n"
     "  wrong: from: orders.csv            (the file is data/orders.csv)\n"
     "  right: from: data/orders-*.csv",
     "文件不存在",
     "数据源的 from 中有路径没有对应的文件，或者文件不允许读取。路径相对于项目目录；通配符至少要匹配一个文件。\n"
     "  错误：from: orders.csv            （文件在 data/orders.csv）\n"
     "  正确：from: data/orders-*.csv"},
    {402, "two columns of one name",
     "The header of the file names two columns alike (SQL does not tell capital and small letters apart): it cannot be "
     "known which one is meant. Rename one in the file.",
     "列名重复", "文件的表头中有两列同名（SQL 不区分大小写），无法知道指的是哪一列。请在文件中改名。"},
    {404, "a file that cannot be taken apart",
     "The header or the first row cannot be read: text that is in another encoding, a quote that never ends, one JSON "
     "array "
     "where a JSON object a line is expected. 'encoding', 'delimiter', 'quote' and 'header' of the source say how to "
     "read "
     "it.\n"
     "  right: orders: {from: data/orders.csv, encoding: gb18030, delimiter: ';', ...}",
     "文件无法解析",
     "表头或第一行读不出来：文本是别的编码，引号没有结束，或者整个文件是一个 JSON 数组而不是每行一个 JSON 对象。"
     "用数据源的 encoding、delimiter、quote、header 说明如何读取。\n"
     "  正确：orders: {from: data/orders.csv, encoding: gb18030, delimiter: ';', ...}"},
    {405, "a column that the file does not have",
     "A source reads a column that is not in the file. When the file calls it otherwise, say so with 'from'; when the "
     "whole "
     "line is one column, the delimiter is wrong.\n"
     "  wrong: columns: {amount: money}                       (the file has Amount_CNY)\n"
     "  right: columns: {amount: {type: money, from: Amount_CNY}}",
     "文件没有这一列",
     "数据源要读的列文件里没有。列在文件中叫别的名字时用 from 说明；如果整行成了一列，就是分隔符不对。\n"
     "  错误：columns: {amount: money}                       （文件中叫 Amount_CNY）\n"
     "  正确：columns: {amount: {type: money, from: Amount_CNY}}"},
    {406, "not an expression over one row",
     "'from', 'time' and the values of 'customer' are SQL expressions that one row of the file decides: no sums over "
     "rows, "
     "no queries, no functions that depend on chance or the clock. What looks over many rows is a tag.\n"
     "  wrong: from: sum(price)\n"
     "  right: from: price * quantity",
     "不是针对一行的表达式",
     "from、time 和 customer 的值是由文件的一行决定的 SQL "
     "表达式：不能跨行汇总、不能是查询、不能用随机或取当前时间的函数。"
     "跨多行的计算请写成标签。\n"
     "  错误：from: sum(price)\n"
     "  正确：from: price * quantity"},
    {407, "an encoding that does not exist",
     "'encoding' takes what `iconv -l` lists: utf-8, gb18030, big5, utf-16, latin1, ...", "编码不存在",
     "encoding 取 iconv -l 列出的名称：utf-8、gb18030、big5、utf-16、latin1 等。"},
    {408, "a damaged file",
     "A compressed or Parquet file ends too early or fails its own checks. It was probably not copied or written to "
     "its "
     "end: fetch it again.",
     "文件已损坏", "压缩文件或 Parquet 文件不完整，或未通过自身的校验。多半是没有复制或写完，请重新获取。"},
    {409, "a time format that is not understood",
     "'format' of a date or an instant is a strptime pattern with at least a year, or epoch_s or epoch_ms.\n"
     "  wrong: format: DD/MM/YYYY\n"
     "  right: format: \"%d/%m/%Y\"",
     "时间格式无法理解",
     "日期和时刻的 format 是至少含年份的 strptime 格式，或 epoch_s、epoch_ms。\n"
     "  错误：format: DD/MM/YYYY\n"
     "  正确：format: \"%d/%m/%Y\""},
    {410, "an expression that does not fit its columns",
     "An SQL expression of the source uses a column in a way that its type does not allow. Columns of text files are "
     "text "
     "until their type is declared under 'columns'.\n"
     "  right: columns: {price: money, quantity: number, amount: {type: money, from: price * quantity}}",
     "表达式与列的类型不符",
     "数据源的 SQL 表达式用到的列类型不合适。文本文件的列在 columns 中声明类型之前都是文本。\n"
     "  正确：columns: {price: money, quantity: number, amount: {type: money, from: price * quantity}}"},
    {411, "a column computed from itself",
     "The 'from' of a column leads back to the column, perhaps by way of others. Name the file's column where it is "
     "meant.",
     "列由自身算出", "列的 from 又用到这一列本身（可能经过其他列）。应当直接写文件中的列。"},
    {412, "a lookup that leads nowhere",
     "'lookup' names a reference or a column that is not there, or references look each other up in a circle.",
     "lookup 无法查到", "lookup 写的参照表或列不存在，或参照表之间循环查找。"},
    {0, NULL, NULL, NULL, NULL},
};
