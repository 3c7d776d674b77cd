/* Messages of insight. No include guard: included as a list. */
X("--cross takes 2 to {0} tags", "--cross 需要 2 到 <0> 个标签")
X("--top takes a number from 1 to 100", "--top 需要 1 到 100 的整数")
X("none of these tags is in the group '{0}'", "这些标签都不在分组“{0}”中")
X("tag '{0}' is sensitive personal information", "标签“{0}”属于敏感个人信息")
X("--sensitive shows it", "加 --sensitive 可显示")
X("tag '{0}' is known of too few customers", "标签“{0}”有值的客户太少")
