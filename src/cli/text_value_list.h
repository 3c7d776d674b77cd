/* Texts of flows that go on, of models of buying again and of survival. No include guard: included as a list. */
X(FLOW_CHAIN_HEAD, "if it goes on like this, {0} days at a time:\n", "若照此每 {0} 天演变下去：\n")
X(FLOW_CHAIN_STAYS, "stay", "留存")
X(FLOW_CHAIN_DAYS, "days stayed", "平均停留天数")
X(FLOW_CHAIN_NOW, "now", "目前占比")
X(FLOW_CHAIN_END, "in the end", "长期占比")
X(FLOW_CHAIN_NEVER, "for ever", "一直")
X(OPT_ADD_MODEL, "add this model of the catalogue (--models lists them)", "添加目录中的该模型（--models 列出全部）")
X(OPT_ADD_MODELS, "list the models of the catalogue and what this project can do with them",
  "列出目录中的模型，以及本项目能否使用")
X(ADD_MODEL_PRESENT, "in the project", "项目中已有")
X(ADD_MODEL_READY, "can be added", "可添加")
X(ADD_MODEL_MISSING, "missing: ", "缺少：")
X(ADD_MODEL_HOW, "To add one: portrait add --model NAME\n", "添加模型：portrait add --model 名称\n")
X(ADD_MODEL_NAMESAKE, "There is a model of that name, too: portrait add --model {0}\n",
  "另有同名的模型：portrait add --model {0}\n")
X(ADD_MODEL_NEXT, "then: portrait train {0}\n", "接下来：portrait train {0}\n")
