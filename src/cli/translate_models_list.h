/* Models: the language's windows ahead, model files, training, versions. No include guard: included as a list. */

/* windows ahead */
X("what comes after the as-of is not known here", "此处不知道观察时刻之后的情况")
X("`within next` may stand in the target of a model; for the past write within",
  "`within next` 只能写在模型的 target 中；过去的时间窗口请写 within")
X("a window ahead", "未来窗口")
X("take one of within, within next, since, between", "within、within next、since、between 只取其一")
X("half_life makes old events count less, and in a window ahead none is old",
  "half_life 让久远的事件计得更少，而未来窗口里没有久远的事件")
X("leave half_life away", "请去掉 half_life")

/* model files */
X("a second model '{0}'", "模型“{0}”重复")
X("a model", "模型")
X("the model '{0}'", "模型“{0}”")
X("'{0}' is given by a model", "“{0}”由模型给出")
X("models do not learn from models", "模型不从模型的结果中学习")
X("an as-of is given twice", "同一日期写了两次")
X("the test is not later than the training", "检验日期不晚于训练日期")
X("what was learned is tried on a day after all days it was learned from", "学到的内容要在所有训练日期之后的某天检验")
X("'{0}' is no algorithm for '{1}'", "“{0}”不是“{1}”可用的算法")
X("unknown algorithm '{0}' for '{1}'", "“{1}”没有算法“{0}”")
X("'{0}': expected the name of a tag", "“{0}”应写标签的名称")
X("'algorithm': expected a name, or a name with its parameters: {tree: {max_depth: 4}}",
  "“algorithm”应写名称，或带参数的名称：{tree: {max_depth: 4}}")
X("a tag of a model needs 'value': what the model gives", "模型的标签需要 value：取模型的哪个结果")
X("a model of task '{0}' does not give '{1}'", "任务为“{0}”的模型不给出“{1}”")
X("a date (2018-01-01) or an instant (2018-01-01T08:00:00+08:00)",
  "日期（2018-01-01）或时刻（2018-01-01T08:00:00+08:00）")
X("validation has both 'folds' and 'holdout'", "validation 不能同时写 folds 和 holdout")
X("no event or record source '{0}'", "没有事件或记录数据源“{0}”")
X("a length of time: 90d", "一段时长，例如 90d")
X("a length of time from {0} to {1}", "{0} 到 {1} 之间的时长")
X("'{0}' takes one value, not a list", "“{0}”只取一个值，不能写列表")
X("the segment '{0}' says nothing of past days", "人群“{0}”没有过去各日的情况")
X("lists, static segments and those with was(...) are known for now alone",
  "名单、静态人群以及含 was(...) 的人群只有当前的成员")
X("the tag '{0}' is given by a model", "标签“{0}”由模型给出")
X("the tag '{0}' is given by a query, which says nothing of past days", "标签“{0}”由查询给出，没有过去各日的值")
X("take tags that are expressions", "请使用表达式标签")
X("the target of '{0}' must be a bool, a text or a category", "“{0}”的 target 须为是否值、文本或类别")
X("the target of '{0}' must be a number, money or a length of time", "“{0}”的 target 须为数、金额或时长")
X("for numbers the task is regress", "预测数值请用任务 regress")
X("for conditions the task is classify", "预测条件请用任务 classify")
X("'{0}' must name events", "“{0}”须写明事件")

X("write {0}, or a number up to {1}", "请写 {0}，或不超过 {1} 的数")

X("'features' names nothing to learn from", "features 没有写出可供学习的标签")
X("features: auto, or a list of tags", "写 features: auto，或列出标签")

/* training and versions */
X("say --features or --except, not both", "--features 与 --except 只能写一个")
X("model '{0}': the data begins at {1}, nothing is known as of {2}", "模型“{0}”：数据从 {1} 开始，{2} 时还没有任何数据")
X("take later days for train and test", "请为 train 和 test 取更晚的日期")
X("a card cannot be written to '{0}'", "模型卡不能写到“{0}”")
X("its name ends in .html (a page), .json or .txt", "文件名须以 .html（网页）、.json 或 .txt 结尾")
X("waits for another command of this project to end", "等待本项目的另一个命令结束")
X("`portrait {0}` of this project is running; wait for it to end", "本项目正在运行 portrait {0}，请等待其结束")
X("another command of this project is running; wait for it to end", "本项目正在运行另一个命令，请等待其结束")
X("model '{0}' has no version v{1}", "模型“{0}”没有版本 v{1}")
X("portrait models {0} lists its versions", "portrait models {0} 列出它的版本")
X("the log of model '{0}' makes no sense: which version was in use is not known",
  "模型“{0}”的日志（log.txt）已损坏，无法得知启用的是哪个版本")
X("the log of model '{0}' is lost: which version was in use is not known",
  "模型“{0}”的日志（log.txt）已丢失，无法得知启用的是哪个版本")
X("version v{0} of model '{1}' is damaged", "模型“{1}”的版本 v{0} 已损坏")
X("{0}, {1} in use", "{0} 个，启用 {1} 个")
X("no version of model '{0}' is approved", "模型“{0}”没有启用任何版本")
X("no version is approved", "没有启用任何版本")
X("no version is in use: portrait models {0}", "没有启用任何版本：portrait models {0}")
X("model '{0}' has no tag to learn from", "模型“{0}”没有可供学习的标签")
X("the project has no model '{0}'", "项目中没有模型“{0}”")
X("portrait models lists them; they are described in models/", "portrait models 列出所有模型；它们写在 models/ 中")
X("this version cannot train models of task '{0}'", "本版本不能训练任务为“{0}”的模型")
X("there are no events to learn from", "没有可供学习的事件")
X("model '{0}' has no algorithm", "模型“{0}”没有算法")
X("model '{0}': nobody is in the population on the days of training", "模型“{0}”：训练日期上没有客户属于 population")
X("model '{0}': nobody to learn from: on the days of training the population is empty, or its target is missing",
  "模型“{0}”：没有可供学习的客户：训练日期上 population 为空，或其 target 缺失")
X("model '{0}': nobody is in the population on the days of the test", "模型“{0}”：检验日期上没有客户属于 population")
X("model '{0}': the target is {1} for all customers on the days of training",
  "模型“{0}”：训练日期上所有客户的 target 都是 {1}")
X("model '{0}': the target is {1} for all customers on the days of the test",
  "模型“{0}”：检验日期上所有客户的 target 都是 {1}")
X("model '{0}' was trained for another task", "模型“{0}”是为另一种任务训练的")
X("model '{0}' learned from tag '{1}', which is no more", "模型“{0}”学习时用到的标签“{1}”已不存在")
X("tag '{0}' rests on what a model gives: '{1}' cannot learn from it", "标签“{0}”依赖模型的结果：“{1}”不能从中学习")
X("tag '{0}' rests on a query, which says nothing of past days: '{1}' cannot learn from it",
  "标签“{0}”依赖查询，查询没有过去各日的值：“{1}”不能从中学习")
X("model '{0}': what comes after {1} is known only at {2}, and the data ends at {3}",
  "模型“{0}”：{1} 之后的结果要到 {2} 才知道，而数据只到 {3}")
X("take an earlier day, or a target that looks less far ahead", "请取更早的日期，或缩短 target 的未来窗口")
X("model '{0}' looks too far ahead for the time that the data covers", "模型“{0}”向后看得太远，超出了数据覆盖的时间")
X("shorten the target's window, or say the days: train, test", "请缩短 target 的窗口，或写明日期：train、test")
X("models knows nothing of '{0}'", "models 没有“{0}”这种用法")
X("portrait models {0} approve v2, or portrait models {0} roll-back",
  "portrait models {0} approve v2，或 portrait models {0} roll-back")
X("'{0}' is no version", "“{0}”不是版本")
X("for example v2; portrait models MODEL lists them", "例如 v2；portrait models MODEL 列出所有版本")
X("version v{0} of model '{1}'", "模型“{1}”的版本 v{0}")
X("portrait train {0} --approve learns it again", "portrait train {0} --approve 会重新学习")
X("it is a model: portrait add --model {0}", "这是模型：portrait add --model {0}")
