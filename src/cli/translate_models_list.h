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
