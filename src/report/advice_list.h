/* X(name, scope, kind, tag, value, measure, limit, english, chinese): when a rule holds, its sentence is said (docs/report.md).
 *
 *   scope    BASE all customers, SEGMENT one segment
 *   kind     CONCLUSION, ACTION
 *   tag      the catalogue's templates (or tags) it is about, the first that the project has; "" for facts of no tag
 *   value    the tag's values it is about; * for the one that stands out most; "" for the numbers of the tag
 *   measure  SHARE at least `limit` of the group; BELOW less than it; MORE a TGI of at least it; FEWER of at most it;
 *            HIGHER a median of at least `limit` times that of all; LOWER of at most it. The last four hold only where the
 *            difference is significant. A rule of MORE also wants a twentieth of the group: few are no reason to act.
 *
 * In sentences {0} is the share, {1} that of all customers, {2} the TGI, {3} the figure, {4} the median, {5} that of all, {6} the
 * tag, {7} the value. The order is that of the report. */

/* ---- all customers: what stands out */
X(base_active, BASE, CONCLUSION, "life_cycle", "active", SHARE, 0, "{0} of all customers are “{7}” ({3}).",
  "{0} 的客户处于“{7}”阶段（{3}）。")
X(base_lost, BASE, CONCLUSION, "life_cycle", "lost", SHARE, 0.15,
  "{0} are “{7}”: they have been away too long to count on ({3}).", "{0} 的客户已“{7}”，长期未再来（{3}）。")
X(base_concentration, BASE, CONCLUSION, "spend_365d|spend_total", "top_fifth", SHARE, 0.4,
  "The fifth of customers who spend most bring {0} of the money ({3}).",
  "消费最高的 20% 客户贡献了 {0} 的消费额（{3}）。")
X(base_spread, BASE, CONCLUSION, "spend_365d|spend_total", "top_fifth", BELOW, 0.4,
  "Spending is spread widely: the fifth of customers who spend most bring {0} of it ({3}).",
  "消费较为分散：最高的 20% 客户只占消费额的 {0}（{3}）。")
X(base_best, BASE, CONCLUSION, "rfm_class|rfm_class_fixed", "important_value", SHARE, 0.05,
  "{0} belong to the best class, “{7}”: recent, frequent and large purchases ({3}).",
  "{0} 的客户属于最佳的“{7}”类：近期购买、购买频繁、金额高（{3}）。")
X(base_falling, BASE, CONCLUSION, "spend_direction", "falling", SHARE, 0.25,
  "{0} of the customers whose trend is known spend less than before ({3}).",
  "在可判断趋势的客户中，{0} 的消费在下降（{3}）。")
X(base_gender, BASE, CONCLUSION, "gender", "*", SHARE, 0.55, "The larger part, {0}, are “{7}” ({3}).",
  "以“{7}”为主，占 {0}（{3}）。")
X(base_age, BASE, CONCLUSION, "age_band", "*", SHARE, 0.2, "The largest age band is “{7}”, with {0} ({3}).",
  "人数最多的年龄段是“{7}”，占 {0}（{3}）。")
X(base_time, BASE, CONCLUSION, "purchase_time", "*", SHARE, 0.3, "“{7}” is the time at which most buy ({0}, {3}).",
  "最常见的购买时段是“{7}”（{0}，{3}）。")
X(base_channel, BASE, CONCLUSION, "channel_preference|main_channel", "*", SHARE, 0.3,
  "Most use the channel “{7}” ({0}, {3}).", "最常用的渠道是“{7}”（{0}，{3}）。")
X(base_favourite, BASE, CONCLUSION, "category_preference", "*", SHARE, 0.1,
  "“{7}” is most often among the favourites: of {0} of the customers ({3}).",
  "最受欢迎的是“{7}”，是 {0} 客户的偏好之一（{3}）。")

/* ---- all customers: what could be done */
X(base_quality_low, BASE, ACTION, "", "data_quality", BELOW, 0.9,
  "Improve the data first: its quality is {0} of what it could be ({3}); see `portrait quality`.",
  "先改进数据：质量得分仅为 {0}（{3}）；详见 portrait quality。")
X(base_win_back_important, BASE, ACTION, "rfm_class|rfm_class_fixed", "important_win_back", SHARE, 0.03,
  "Write to the “{7}” first ({0}, {3}): they spent much and have stayed away.",
  "优先联系“{7}”客户（{0}，{3}）：消费高，但已较久未来。")
X(base_keep_important, BASE, ACTION, "rfm_class|rfm_class_fixed", "important_keep", SHARE, 0.05,
  "Remind the “{7}” ({0}, {3}): good customers whose last purchase lies back.",
  "提醒“{7}”客户（{0}，{3}）：一向优质，但最近一次购买已隔一段时间。")
X(base_develop_important, BASE, ACTION, "rfm_class|rfm_class_fixed", "important_develop", SHARE, 0.03,
  "Give the “{7}” a reason to come more often ({0}, {3}): they buy for much, but seldom.",
  "给“{7}”客户更多到店理由（{0}，{3}）：单次消费高，但次数少。")
X(base_wake, BASE, ACTION, "life_cycle", "sleeping", SHARE, 0.03,
  "Wake the “{7}” ({0}, {3}) with an occasion to return, before they lapse.",
  "趁“{7}”客户（{0}，{3}）尚未流失，用活动把他们唤醒。")
X(base_win_back, BASE, ACTION, "life_cycle", "lapsing", SHARE, 0.02,
  "Ask the customers “{7}” ({0}, {3}) what is missing; the next months decide whether they stay.",
  "对“{7}”客户（{0}，{3}）做回访，了解原因；接下来几个月决定去留。")
X(base_concentrated_care, BASE, ACTION, "spend_365d|spend_total", "top_fifth", SHARE, 0.5,
  "Look after the best customers one by one: a fifth brings {0} of the money ({3}).",
  "对头部客户逐一维护：20% 的客户贡献了 {0} 的消费额（{3}）。")
X(base_discount_few, BASE, ACTION, "promotion_sensitivity", "low", SHARE, 0.3,
  "Do not give discounts to everyone: {0} hardly react to them ({3}).",
  "折扣不必人人都给：{0} 的客户对促销反应很弱（{3}）。")
X(base_discount_many, BASE, ACTION, "promotion_sensitivity", "high", SHARE, 0.25,
  "Aim offers at those with “{7}” sensitivity to promotion ({0}, {3}): that is where they work.",
  "把优惠集中给促销敏感度“{7}”的客户（{0}，{3}），效果最明显。")
X(base_growing, BASE, ACTION, "spend_direction", "growing", SHARE, 0.25,
  "Offer more to the {0} whose spending grows ({3}): more categories, a higher member level.",
  "向消费增长的 {0} 客户（{3}）推荐更多品类，引导会员升级。")

/* ---- a segment: what could be done */
X(act_overdue, SEGMENT, ACTION, "purchase_overdue", "true", MORE, 120,
  "Remind them now: {0} are overdue by their own rhythm, against {1} of all customers (TGI {2}, {3}).",
  "尽快提醒：其中 {0} 已超过自己平时的购买间隔，全体为 {1}（TGI {2}，{3}）。")
X(act_lapsing, SEGMENT, ACTION, "life_cycle", "lapsing|lost", MORE, 120,
  "Win them back: {0} are “{7}”, against {1} of all customers (TGI {2}, {3}).",
  "及时挽回：{0} 处于“{7}”，全体为 {1}（TGI {2}，{3}）。")
X(act_sleeping, SEGMENT, ACTION, "life_cycle", "sleeping", MORE, 120,
  "Wake them with an occasion to return: {0} are “{7}”, against {1} of all customers (TGI {2}, {3}).",
  "用到店理由唤醒：{0} 处于“{7}”，全体为 {1}（TGI {2}，{3}）。")
X(act_falling, SEGMENT, ACTION, "spend_direction", "falling", MORE, 115,
  "Ask what is missing: the spending of {0} is falling, against {1} of all customers (TGI {2}, {3}).",
  "了解原因：{0} 的消费在下降，全体为 {1}（TGI {2}，{3}）。")
X(act_growing, SEGMENT, ACTION, "spend_direction", "growing", MORE, 115,
  "Offer them more, while it goes well: the spending of {0} grows, against {1} of all customers (TGI {2}, {3}).",
  "趁势扩展：{0} 的消费在增长，全体为 {1}（TGI {2}，{3}），可推荐更多品类。")
X(act_best, SEGMENT, ACTION, "rfm_class|rfm_class_fixed", "important_value", MORE, 130,
  "Look after them personally: {0} are “{7}”, against {1} of all customers (TGI {2}, {3}).",
  "重点维护：{0} 属于“{7}”，全体为 {1}（TGI {2}，{3}）。")
X(act_important_back, SEGMENT, ACTION, "rfm_class|rfm_class_fixed", "important_win_back|important_keep", MORE, 130,
  "Contact them in person: {0} are “{7}”, against {1} of all customers (TGI {2}, {3}).",
  "人工联系：{0} 属于“{7}”，全体为 {1}（TGI {2}，{3}）。")
X(act_valuable, SEGMENT, ACTION, "value_tier", "top|high", MORE, 150,
  "Reward their loyalty rather than discount: {0} are in the value tier “{7}”, against {1} of all customers (TGI {2}, "
  "{3}).",
  "以权益回馈代替打折：{0} 属于价值层级“{7}”，全体为 {1}（TGI {2}，{3}）。")
X(act_coupons, SEGMENT, ACTION, "promotion_sensitivity", "coupon_hunter|high", MORE, 120,
  "Coupons work here: {0} are “{7}” in their sensitivity to promotion, against {1} of all customers (TGI {2}, {3}).",
  "适合发券：促销敏感度为“{7}”的占 {0}，全体为 {1}（TGI {2}，{3}）。")
X(act_no_coupons, SEGMENT, ACTION, "promotion_sensitivity", "low", MORE, 120,
  "Save the discounts: {0} hardly react to promotion, against {1} of all customers (TGI {2}, {3}).",
  "不必打折：{0} 对促销反应很弱，全体为 {1}（TGI {2}，{3}）。")
X(act_discounted, SEGMENT, ACTION, "discount_rate", "", HIGHER, 1.15,
  "Offer them bundles and offers: their median “{6}” is {4}, against {5} ({3}).",
  "多给组合优惠：“{6}”中位数为 {4}，全体为 {5}（{3}）。")
X(act_price_high, SEGMENT, ACTION, "price_sensitivity", "high", MORE, 115,
  "Lead with price: {0} are sensitive to it, against {1} of all customers (TGI {2}, {3}).",
  "主打价格：{0} 对价格敏感，全体为 {1}（TGI {2}，{3}）。")
X(act_price_low, SEGMENT, ACTION, "price_sensitivity", "low", MORE, 115,
  "Lead with quality, not price: {0} care little about price, against {1} of all customers (TGI {2}, {3}).",
  "主打品质而非价格：{0} 对价格不敏感，全体为 {1}（TGI {2}，{3}）。")
X(act_own_brand, SEGMENT, ACTION, "brand_leaning", "own_brand", MORE, 115,
  "Show own-brand goods first: {0} lean to them, against {1} of all customers (TGI {2}, {3}).",
  "优先展示自有品牌：{0} 偏好自有品牌，全体为 {1}（TGI {2}，{3}）。")
X(act_category, SEGMENT, ACTION, "category_preference", "*", MORE, 115,
  "Recommend “{7}”: a favourite of {0}, against {1} of all customers (TGI {2}, {3}).",
  "推荐“{7}”：是 {0} 的偏好，全体为 {1}（TGI {2}，{3}）。")
X(act_brand, SEGMENT, ACTION, "brand_preference", "*", MORE, 115,
  "Recommend the brand “{7}”: a favourite of {0}, against {1} of all customers (TGI {2}, {3}).",
  "推荐品牌“{7}”：是 {0} 的偏好，全体为 {1}（TGI {2}，{3}）。")
X(act_interest, SEGMENT, ACTION, "interests", "*", MORE, 115,
  "Speak to their interest in “{7}”: of {0}, against {1} of all customers (TGI {2}, {3}).",
  "围绕兴趣“{7}”沟通：占 {0}，全体为 {1}（TGI {2}，{3}）。")
X(act_children, SEGMENT, ACTION, "has_children", "true", MORE, 120,
  "Offer what families need: {0} have children, against {1} of all customers (TGI {2}, {3}).",
  "提供家庭所需：{0} 有孩子，全体为 {1}（TGI {2}，{3}）。")
X(act_channel, SEGMENT, ACTION, "channel_preference|main_channel", "*", MORE, 110,
  "Reach them through “{7}”: {0} use it most, against {1} of all customers (TGI {2}, {3}).",
  "通过“{7}”触达：{0} 以此为主，全体为 {1}（TGI {2}，{3}）。")
X(act_time, SEGMENT, ACTION, "purchase_time", "*", MORE, 110,
  "Send messages for “{7}”: {0} buy then, against {1} of all customers (TGI {2}, {3}).",
  "在“{7}”前后推送：{0} 习惯此时购买，全体为 {1}（TGI {2}，{3}）。")
X(act_complaints, SEGMENT, ACTION, "unresolved_requests", "", HIGHER, 1.5,
  "Settle what is open first: their median “{6}” is {4}, against {5} ({3}).",
  "先解决遗留问题：“{6}”中位数为 {4}，全体为 {5}（{3}）。")
