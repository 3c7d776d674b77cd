/* Messages of why a customer is in a segment. No include guard: included as a list. */
X("say which customer", "请指明客户")
X("--customer ID", "--customer 客户ID")
X("'{0}' is neither a time nor a build", "“{0}”既不是时刻也不是构建")
X("2017-06-30, or 2017-06-30T18:00, or {0}", "2017-06-30，或 2017-06-30T18:00，或 {0}")
X("there is only one build: nothing to compare it with", "只有一次构建，无从比较")
X("compare instants: --from 2017-07-01 --to 2018-01-01", "可比较两个时刻：--from 2017-07-01 --to 2018-01-01")
X("the comparison goes from an earlier time to a later one", "比较须从较早的时刻到较晚的时刻")
X("was(...) looks at kept builds, not at any instant: compare two builds",
  "was(...) 依据保留的构建，不能用于任意时刻：请比较两次构建")
X("build {0} kept no members of '{1}'", "构建 {0} 没有保留“{1}”的成员")
X("of build {0} only the members of saved segments are kept", "构建 {0} 只保留了已保存人群的成员")
X("name a segment, or compare instants: --from 2017-07-01 --to 2018-01-01",
  "请给出人群名称，或比较两个时刻：--from 2017-07-01 --to 2018-01-01")
X("--list takes a number of customers", "--list 后应为客户数量")
X("portrait segment diff NAME --from 2017-07-01 --to 2018-01-01",
  "例如 portrait segment diff 人群名 --from 2017-07-01 --to 2018-01-01")
