/* Statistics of the base and the mechanics of tags. */
X("{0} takes the name of a tag", "<0> 的参数须为标签名")
X("make a tag of what you mean and name it here", "请先把要统计的内容定义为标签，再在这里写标签名")
X("a window's bounds cannot depend on other customers", "窗口的边界不能取决于其他客户")
X("base_share takes a value of the tag, written out", "base_share 的第二个参数须为直接写出的标签取值")
X("the tag is {0}: write base_share(tag, {1})", "该标签的类型是 {0}：请写 base_share(标签, {1})")
X("the value of {0} is not known here", "此处不知道 <0> 的值")
X("give it with --base FILE: base.txt of a generation that `portrait build` made",
  "请用 --base 指定文件：`portrait build` 所建版本中的 base.txt")
X("the statistics of the base do not have the checksum they end with", "总体统计文件的内容与末尾的校验和不符")
X("the file is not statistics of a base as `portrait build` writes them", "该文件不是 `portrait build` 写出的总体统计")
