/* X(name, english, chinese): the texts of `report`. Included by text_list.h. */
X(OPT_REPORT_OUT, "the file to write; - is standard output (default: report.html)",
  "写入的文件；- 为标准输出（默认：report.html）")
X(OPT_REPORT_SEGMENT, "report on this segment instead of all saved ones: its name, or a condition",
  "只报告这一个人群（名称或条件），而非全部已保存的人群")
X(REPORT_SUMMARY, "write a report with pictures: one HTML file", "生成图文报告：一个 HTML 文件")
X(REPORT_ABOUT,
  "Writes what the last build knows about all customers and about each saved segment as one HTML file for readers who "
  "are "
  "no analysts: charts, conclusions, suggested actions. It needs no network, opens in any browser and prints to PDF. A "
  "file "
  "of that name is replaced, once the new one is whole. With --json: the report's figures and sentences instead.",
  "根据上次构建，把全体客户和每个已保存人群的情况写成一个 HTML 文件，供非分析人员阅读：图表、结论、建议行动。"
  "不需要网络，任何浏览器都能打开，可打印成 PDF。同名文件会在新文件写完后被替换。加 --json 则输出报告中的数字和文字。")
X(REPORT_DONE, "Wrote {0}: {1} figures, {2}.\n", "已写入 {0}：{1} 幅图，{2}。\n")
