/* X(name, english, chinese): the texts of training and of stored models. Included by text_list.h. */
X(TRAIN_SUMMARY, "learn the models of models/", "训练 models/ 中的模型")
X(TRAIN_ABOUT,
  "A model learns from the timelines of the last build: what was known of customers on past days, and what came after. "
  "The "
  "figures "
  "are of rows that it did not learn from. Each training makes a version; the first is approved by itself unless "
  "nothing shows that it is better than guessing, later ones with "
  "--approve or `portrait models MODEL approve`. Builds give the model's tags their values by the approved version. "
  "Without "
  "MODEL all are trained.",
  "模型从上次构建的时间线中学习：过去各日对客户的了解，以及其后发生的事。指标取自未参与学习的数据。每次训练产生一个版本"
  "；"
  "第一个版本自动启用（除非看不出它比猜测更好），之后的用 --approve 或 portrait models MODEL approve "
  "启用。构建时由启用的版本给出模型的标签。"
  "不写 MODEL 时训练全部模型。")
X(OPT_TRAIN_APPROVE, "use the new version from the next build on", "从下次构建起启用新版本")
X(MODELS_SUMMARY, "models, their versions, and which one is used", "模型、版本，以及启用哪一个")
X(MODELS_ABOUT,
  "Without an argument: all models. MODEL: its versions. `approve v2` makes builds use that version, `roll-back` the "
  "one that "
  "was used before. `card` prints what is known of a version: how well it does, what it goes by, the points of a "
  "credit risk "
  "card. Of a decision tree, `rules` prints what it has found in words, `tiers` a tag whose tiers are the rules.",
  "不带参数时列出所有模型；写 MODEL 时列出它的版本。approve v2 让构建使用该版本，roll-back 回到之前使用的版本。"
  "card 列出一个版本的模型卡：表现、依据，以及信用评分卡的分数。"
  "对决策树，rules 用文字列出它发现的规则，tiers 输出以这些规则为分档的标签。")
X(MODEL_NO_VALUES, "model {0}: its tags have no values ({1})\n", "模型 {0}：其标签没有取值（{1}）\n")
X(MODEL_GIVES, "the model {0} gives it: {1} (portrait models {0})\n", "由模型 {0} 给出：{1}（portrait models {0}）\n")
X(LINEAGE_MODEL, "  what a model gives (portrait models)\n", "  模型的结果（portrait models）\n")
X(MODELS_NONE, "The project has no models: they are described in models/.\n", "项目没有模型：模型写在 models/ 中。\n")
X(MODELS_NO_VERSIONS, "No version yet: portrait train {0}\n", "尚无版本：portrait train {0}\n")
X(MODELS_MODEL, "model", "模型")
X(MODELS_TASK, "task", "任务")
X(MODELS_VERSION, "version", "版本")
X(MODELS_VERSIONS, "versions", "版本数")
X(MODELS_APPROVED, "in use", "启用")
X(MODELS_ALGORITHM, "algorithm", "算法")
X(MODELS_FIGURE, "figure", "指标")
X(MODELS_TRAINED, "trained", "训练时间")
X(MODELS_AS_OF, "learned as of", "学习日期")
X(MODELS_TEST, "tested as of", "检验日期")
X(MODELS_IN_USE, "in use", "启用中")
X(MODELS_STALE, "{0}: models/ has changed since the version in use was trained: portrait train {0}\n",
  "{0}：启用的版本训练之后，models/ 中的定义已改动：portrait train {0}\n")
X(MODELS_DAMAGED, "{0}: v{1} is damaged and left out\n", "{0}：v{1} 已损坏，不予使用\n")
X(MODELS_NO_LOG, "{0}: none is in use: {1}\n  {2}\n", "{0}：没有启用的版本：{1}\n  {2}\n")
X(DOCTOR_MODELS, "models", "模型")
X(DOCTOR_MODELS_ADVICE,
  "portrait models lists versions; portrait models MODEL approve v1 uses a sound one, portrait train MODEL --approve "
  "learns it again; a library that is missing must be installed for training (Debian, Ubuntu: apt-get install "
  "libxgboost0)",
  "portrait models 列出各版本；用 portrait models MODEL approve v1 启用完好的版本，或用 portrait train MODEL --approve "
  "重新训练；训练所缺的动态库须先安装（Debian、Ubuntu：apt-get install libxgboost0）")
X(MODELS_NOW, "{0}: v{1} is in use from the next build on\n", "{0}：从下次构建起启用 v{1}\n")
X(MODELS_NONE_NOW, "{0}: no version is in use any more\n", "{0}：不再启用任何版本\n")
X(TRAIN_HEAD, "{0} v{1}: {2}, learned as of {3}", "{0} v{1}：{2}，学习日期 {3}")
X(TRAIN_TESTED, ", tested as of {0}", "，检验日期 {0}")
X(TRAIN_SAME, "{0}: learned the same as v{1}; no new version was made\n", "{0}：学到的与 v{1} 相同，没有产生新版本\n")
X(TRAIN_FAILED, "{0}: not trained: {1}\n", "{0}：未能训练：{1}\n")
X(TRAIN_MEASURE, "measure", "指标")
X(TRAIN_PART, "of", "数据")
X(TRAIN_VALUE, "value", "值")
X(TRAIN_RANGE, "95% interval", "95% 区间")
X(TRAIN_IN_USE, "In use from the next build on.\n", "从下次构建起启用。\n")
X(TRAIN_NOT_IN_USE, "Not in use: portrait models {0} approve v{1}\n", "尚未启用：portrait models {0} approve v{1}\n")
X(TRAIN_DOUBTFUL,
  "Kept, but not in use: nothing shows that it is better than guessing. To use it all the same: portrait models {0} "
  "approve v{1}\n",
  "已保存，但未启用：看不出它比猜测更好。如仍要使用：portrait models {0} approve v{1}\n")
X(MODELS_NONE_IN_USE,
  "{0}: no version is in use. How good v{1} is: portrait models {0} card; to use it: portrait models {0} approve "
  "v{1}\n",
  "{0}：没有启用任何版本。查看 v{1} 的表现：portrait models {0} card；启用：portrait models {0} approve v{1}\n")
X(EXPLAIN_REASONS, "  what counts most (model {0}, v{1}; + raises the score, - lowers it):\n",
  "  主要原因（模型 {0} v{1}；+ 使分数上升，- 使分数下降）：\n")
