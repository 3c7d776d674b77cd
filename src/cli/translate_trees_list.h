/* Messages of src/base/library.c, of trees and of boosting. No include guard: included as a list. */
X("cannot load {0}: {1}, which {2} names, does not load", "无法加载 {0}：{2} 指定的 {1} 加载失败")
X("cannot load {0}: {1} was not found", "无法加载 {0}：没有找到 {1}")
X("cannot load {0}: {1} does not load", "无法加载 {0}：{1} 加载失败")
X("{0} has no function {1}: it is too old", "{0} 没有函数 {1}：版本太旧")
X("install it (Debian, Ubuntu: apt-get install {0}), or set {1} to the path of {2}",
  "请安装（Debian、Ubuntu：apt-get install {0}），或把 {1} 设为 {2} 的路径")
X("there are more rows or features than a tree can be grown from", "行数或特征数超出决策树能处理的范围")
X("XGBoost: no loss in what it says of a round", "XGBoost：某一轮的输出里没有损失值")
X("XGBoost: {0}", "XGBoost：{0}")
X("XGBoost's model is not as its versions 1.7 and later write it", "XGBoost 的模型不是 1.7 及更新版本写出的格式")
X("only a decision tree has rules; this model is {0}", "只有决策树有规则；这个模型是 {0}")
X("train one with `algorithm: tree`", "请用 algorithm: tree 训练一个")
X("the tree is over a feature that no rule can be written of", "这棵树用到了无法写成规则的特征")
