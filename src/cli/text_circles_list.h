/* Texts of circles. No include guard: included as a list. */
X(BUILD_CIRCLE, "  {0}: {2} of several customers (the largest has {3}); {1} customers have what it asks for\n",
  "  {0}：{2} 个不止一位客户（最大的有 {3} 位）；{1} 位客户有相应信息\n")
X(BUILD_CIRCLE_LEFT, "  {0}: {1} values are shared by more than {2} customers, or would join more, and were left out\n",
  "  {0}：{1} 个值的客户超过或会超过 {2} 位，不作为依据\n")
