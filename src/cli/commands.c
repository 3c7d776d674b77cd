/* The one table of commands. Help, usage errors and dispatch all come from it; a new command is a cmd_<name>.c and a line. */
#include "cli/cli.h"

const pt_option pt_global_options[] = {
    {"project", "DIR", PT_TEXT_OPT_PROJECT},  {"json", NULL, PT_TEXT_OPT_JSON},
    {"lang", "zh|en", PT_TEXT_OPT_LANG},      {"threads", "N", PT_TEXT_OPT_THREADS},
    {"no-color", NULL, PT_TEXT_OPT_NO_COLOR}, {"help", NULL, PT_TEXT_OPT_HELP},
    {"version", NULL, PT_TEXT_OPT_VERSION},
};
const size_t pt_n_global_options = PT_COUNT(pt_global_options);

static const pt_option init_options[] = {{"template", "NAME", PT_TEXT_OPT_TEMPLATE},
                                         {"from", "FILE", PT_TEXT_OPT_FROM},
                                         {"customers", "N", PT_TEXT_OPT_CUSTOMERS},
                                         {"seed", "N", PT_TEXT_OPT_SEED}};
static const pt_option build_options[] = {{"as-of", "TIME", PT_TEXT_OPT_AS_OF},
                                          {"memory", "SIZE", PT_TEXT_OPT_MEMORY},
                                          {"dry-run", NULL, PT_TEXT_OPT_BUILD_DRY_RUN}};
static const pt_option show_options[] = {{"as-of", "TIME", PT_TEXT_OPT_SHOW_AS_OF},
                                         {"identities", NULL, PT_TEXT_OPT_IDENTITIES},
                                         {"all", NULL, PT_TEXT_OPT_ALL},
                                         {"why", NULL, PT_TEXT_OPT_WHY}};
static const pt_option tags_options[] = {{"group", "GROUP", PT_TEXT_OPT_GROUP},
                                         {"templates", NULL, PT_TEXT_OPT_TEMPLATES},
                                         {"roles", NULL, PT_TEXT_OPT_ROLES},
                                         {"view", "VIEW", PT_TEXT_OPT_VIEW},
                                         {"trend", NULL, PT_TEXT_OPT_TREND}};
static const pt_option history_options[] = {{"from", "TIME", PT_TEXT_OPT_BACKFILL_FROM},
                                            {"to", "TIME", PT_TEXT_OPT_BACKFILL_TO},
                                            {"every", "DURATION", PT_TEXT_OPT_BACKFILL_EVERY}};
static const pt_option train_options[] = {{"approve", NULL, PT_TEXT_OPT_TRAIN_APPROVE}};
static const pt_option link_options[] = {{"out", "FILE", PT_TEXT_OPT_LINK_OUT}};
static const pt_option models_options[] = {{"out", "FILE", PT_TEXT_OPT_CARD}};
static const pt_option evaluate_options[] = {{"as-of", "TIME", PT_TEXT_OPT_EVALUATE_AS_OF},
                                             {"out", "FILE", PT_TEXT_OPT_CARD}};
static const pt_option quality_options[] = {{"trend", NULL, PT_TEXT_OPT_TREND}};
static const pt_option add_options[] = {
    {"model", "NAME", PT_TEXT_OPT_ADD_MODEL},  {"models", NULL, PT_TEXT_OPT_ADD_MODELS},
    {"group", "GROUP", PT_TEXT_OPT_ADD_GROUP}, {"all-computable", NULL, PT_TEXT_OPT_ALL_COMPUTABLE},
    {"collect", NULL, PT_TEXT_OPT_COLLECT},    {"purpose", "TEXT", PT_TEXT_OPT_PURPOSE},
    {"consent", "TEXT", PT_TEXT_OPT_CONSENT},  {"dry-run", NULL, PT_TEXT_OPT_DRY_RUN},
};
static const pt_option explain_options[] = {{"customer", "ID", PT_TEXT_OPT_CUSTOMER},
                                            {"stage", "ast|types|plan", PT_TEXT_OPT_STAGE},
                                            {"as-of", "TIME", PT_TEXT_OPT_SHOW_AS_OF}};
static const pt_option why_not_options[] = {{"customer", "ID", PT_TEXT_OPT_WHY_NOT_CUSTOMER},
                                            {"as-of", "TIME", PT_TEXT_OPT_SHOW_AS_OF}};
static const pt_option diff_options[] = {{"from", "BUILD", PT_TEXT_OPT_DIFF_FROM},
                                         {"to", "BUILD", PT_TEXT_OPT_DIFF_TO}};
static const pt_option lineage_options[] = {{"format", "text|json|dot|svg", PT_TEXT_OPT_LINEAGE_FORMAT}};
static const pt_option count_options[] = {{"by", "TAG", PT_TEXT_OPT_BY}};
static const pt_option rfm_options[] = {{"segment", "CONDITION", PT_TEXT_OPT_GRID_SEGMENT},
                                        {"recency", "TAG", PT_TEXT_OPT_RFM_RECENCY},
                                        {"frequency", "TAG", PT_TEXT_OPT_RFM_FREQUENCY},
                                        {"money", "TAG", PT_TEXT_OPT_RFM_MONEY}};
static const pt_option segment_options[] = {{"out", "csv|parquet|xlsx|ids", PT_TEXT_OPT_EXPORT_OUT},
                                            {"file", "PATH", PT_TEXT_OPT_EXPORT_FILE},
                                            {"tags", "A,B", PT_TEXT_OPT_EXPORT_TAGS},
                                            {"limit", "N", PT_TEXT_OPT_EXPORT_LIMIT},
                                            {"bom", NULL, PT_TEXT_OPT_EXPORT_BOM},
                                            {"sensitive", NULL, PT_TEXT_OPT_EXPORT_SENSITIVE},
                                            {"trend", NULL, PT_TEXT_OPT_TREND},
                                            {"from", "TIME|BUILD", PT_TEXT_OPT_SEGMENT_FROM},
                                            {"to", "TIME|BUILD", PT_TEXT_OPT_SEGMENT_TO},
                                            {"list", "N", PT_TEXT_OPT_SEGMENT_LIST}};
static const pt_option flow_options[] = {{"from", "TIME|BUILD", PT_TEXT_OPT_FLOW_FROM},
                                         {"to", "TIME|BUILD", PT_TEXT_OPT_FLOW_TO},
                                         {"list", "VALUE:VALUE", PT_TEXT_OPT_FLOW_LIST},
                                         {"segment", "CONDITION", PT_TEXT_OPT_GRID_SEGMENT}};
static const pt_option regions_options[] = {{"level", "country|province|city|county", PT_TEXT_OPT_REGIONS_LEVEL},
                                            {"tag", "TAG", PT_TEXT_OPT_REGIONS_TAG},
                                            {"segment", "CONDITION", PT_TEXT_OPT_GRID_SEGMENT}};
static const pt_option channels_options[] = {{"segment", "CONDITION", PT_TEXT_OPT_GRID_SEGMENT},
                                             {"channel", "TAG", PT_TEXT_OPT_CHANNEL},
                                             {"sub-channel", "TAG", PT_TEXT_OPT_SUB_CHANNEL},
                                             {"campaign", "TAG", PT_TEXT_OPT_CAMPAIGN}};
static const pt_option pyramid_options[] = {{"segment", "CONDITION", PT_TEXT_OPT_GRID_SEGMENT},
                                            {"age", "TAG", PT_TEXT_OPT_PYRAMID_AGE},
                                            {"gender", "TAG", PT_TEXT_OPT_PYRAMID_GENDER}};
static const pt_option report_options[] = {{"out", "FILE", PT_TEXT_OPT_REPORT_OUT},
                                           {"segment", "CONDITION", PT_TEXT_OPT_REPORT_SEGMENT}};
static const pt_option funnel_options[] = {{"within", "DURATION", PT_TEXT_OPT_FUNNEL_WITHIN},
                                           {"from", "DAY", PT_TEXT_OPT_JOURNEY_FROM},
                                           {"to", "DAY", PT_TEXT_OPT_JOURNEY_TO},
                                           {"by", "TAG", PT_TEXT_OPT_FUNNEL_BY},
                                           {"strict", NULL, PT_TEXT_OPT_FUNNEL_STRICT},
                                           {"segment", "CONDITION", PT_TEXT_OPT_JOURNEY_SEGMENT}};
static const pt_option insight_options[] = {
    {"vs", "CONDITION", PT_TEXT_OPT_INSIGHT_VS}, {"by", "TAG", PT_TEXT_OPT_INSIGHT_BY},
    {"cross", "A,B", PT_TEXT_OPT_INSIGHT_CROSS}, {"tags", "A,B", PT_TEXT_OPT_INSIGHT_TAGS},
    {"group", "GROUP", PT_TEXT_OPT_GROUP},       {"top", "N", PT_TEXT_OPT_INSIGHT_TOP},
    {"all", NULL, PT_TEXT_OPT_INSIGHT_ALL},      {"sensitive", NULL, PT_TEXT_OPT_INSIGHT_SENSITIVE}};
static const pt_option cohort_options[] = {{"every", "month|week", PT_TEXT_OPT_COHORT_EVERY},
                                           {"periods", "N", PT_TEXT_OPT_COHORT_PERIODS},
                                           {"of", "TAG", PT_TEXT_OPT_COHORT_OF},
                                           {"measure", "MEASURE", PT_TEXT_OPT_COHORT_MEASURE},
                                           {"cumulative", NULL, PT_TEXT_OPT_COHORT_CUMULATIVE},
                                           {"from", "DAY", PT_TEXT_OPT_COHORT_FROM},
                                           {"to", "DAY", PT_TEXT_OPT_COHORT_TO},
                                           {"segment", "CONDITION", PT_TEXT_OPT_JOURNEY_SEGMENT}};
static const pt_option heatmap_options[] = {{"where", "CONDITION", PT_TEXT_OPT_HEATMAP_WHERE},
                                            {"segment", "CONDITION", PT_TEXT_OPT_JOURNEY_SEGMENT}};
static const pt_option paths_options[] = {
    {"before", "N", PT_TEXT_OPT_PATHS_BEFORE},        {"after", "N", PT_TEXT_OPT_PATHS_AFTER},
    {"by", "COLUMN", PT_TEXT_OPT_PATHS_BY},           {"through", "SOURCES", PT_TEXT_OPT_PATHS_THROUGH},
    {"within", "DURATION", PT_TEXT_OPT_PATHS_WITHIN}, {"gap", "DURATION", PT_TEXT_OPT_PATHS_GAP},
    {"start", "WHICH", PT_TEXT_OPT_PATHS_START},      {"segment", "CONDITION", PT_TEXT_OPT_JOURNEY_SEGMENT}};
static const pt_option associate_options[] = {{"with", "COLUMN | TAG", PT_TEXT_OPT_ASSOCIATE_WITH},
                                              {"source", "STEP", PT_TEXT_OPT_ASSOCIATE_SOURCE},
                                              {"item", "COLUMN", PT_TEXT_OPT_ASSOCIATE_ITEM},
                                              {"by", "WHAT", PT_TEXT_OPT_ASSOCIATE_BY},
                                              {"min-support", "SHARE", PT_TEXT_OPT_ASSOCIATE_SUPPORT},
                                              {"min-confidence", "SHARE", PT_TEXT_OPT_ASSOCIATE_CONFIDENCE},
                                              {"min-lift", "NUMBER", PT_TEXT_OPT_ASSOCIATE_LIFT},
                                              {"size", "N", PT_TEXT_OPT_ASSOCIATE_SIZE},
                                              {"top", "N", PT_TEXT_OPT_ASSOCIATE_TOP},
                                              {"segment", "CONDITION", PT_TEXT_OPT_JOURNEY_SEGMENT}};
static const pt_option lookalike_options[] = {{"top", "N", PT_TEXT_OPT_LOOKALIKE_TOP},
                                              {"out", "csv|ids", PT_TEXT_OPT_LOOKALIKE_OUT},
                                              {"file", "PATH", PT_TEXT_OPT_LOOKALIKE_FILE}};
static const pt_option recommend_options[] = {{"item", "ITEM", PT_TEXT_OPT_RECOMMEND_ITEM},
                                              {"model", "NAME", PT_TEXT_OPT_RECOMMEND_MODEL},
                                              {"top", "N", PT_TEXT_OPT_RECOMMEND_TOP}};
static const pt_option eval_options[] = {
    {"as-of", "TIME", PT_TEXT_OPT_EVAL_AS_OF}, {"format", "tsv|json", PT_TEXT_OPT_FORMAT},
    {"header", NULL, PT_TEXT_OPT_HEADER},      {"tags", "A,B", PT_TEXT_OPT_TAGS},
    {"base", "FILE", PT_TEXT_OPT_BASE},        {"skip-bad", NULL, PT_TEXT_OPT_SKIP_BAD}};

#define EXAMPLES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define OPTIONS(array) (array), PT_COUNT(array)

const pt_command pt_commands[] = {
    {"init", pt_cmd_init, PT_TEXT_INIT_SUMMARY, PT_TEXT_INIT_ABOUT, "[FILE ...] [DIR]", 0, 64, OPTIONS(init_options),
     EXAMPLES("portrait init --template retail shop", "portrait init --from orders.csv members.csv shop",
              "portrait init --template bank --customers 5000 bank")},
    {"check", pt_cmd_check, PT_TEXT_CHECK_SUMMARY, PT_TEXT_CHECK_ABOUT, "", 0, 0, NULL, 0,
     EXAMPLES("portrait check", "portrait check --project shop --json")},
    {"plan", pt_cmd_plan, PT_TEXT_PLAN_SUMMARY, PT_TEXT_PLAN_ABOUT, "", 0, 0, NULL, 0,
     EXAMPLES("portrait plan", "portrait plan --json")},
    {"build", pt_cmd_build, PT_TEXT_BUILD_SUMMARY, PT_TEXT_BUILD_ABOUT, "", 0, 0, OPTIONS(build_options),
     EXAMPLES("portrait build", "portrait build --as-of 2017-06-30 --threads 2 --memory 4GB",
              "portrait build --dry-run")},
    {"diff", pt_cmd_diff, PT_TEXT_DIFF_SUMMARY, PT_TEXT_DIFF_ABOUT, "", 0, 0, OPTIONS(diff_options),
     EXAMPLES("portrait diff", "portrait diff --from g000011 --to g000012 --json")},
    {"show", pt_cmd_show, PT_TEXT_SHOW_SUMMARY, PT_TEXT_SHOW_ABOUT, "ID | TYPE:VALUE | VALUE", 1, 1,
     OPTIONS(show_options),
     EXAMPLES("portrait show phone:13800000000", "portrait show c1 --why",
              "portrait show c1 --as-of 2017-06-30 --json")},
    {"tags", pt_cmd_tags, PT_TEXT_TAGS_SUMMARY, PT_TEXT_TAGS_ABOUT, "[NAME]", 0, 1, OPTIONS(tags_options),
     EXAMPLES("portrait tags", "portrait tags --group consumption", "portrait tags life_cycle",
              "portrait tags life_cycle --trend", "portrait tags --templates --group value",
              "portrait tags --view 43")},
    {"add", pt_cmd_add, PT_TEXT_ADD_SUMMARY, PT_TEXT_ADD_ABOUT, "[TAG...]", 0, SIZE_MAX, OPTIONS(add_options),
     EXAMPLES("portrait add life_cycle rfm_class", "portrait add --group value --dry-run",
              "portrait add --group interview/vehicle --collect",
              "portrait add religion --purpose 'meals' --consent 'form item 7'", "portrait add --model churn")},
    {"explain", pt_cmd_explain, PT_TEXT_EXPLAIN_SUMMARY, PT_TEXT_EXPLAIN_ABOUT, "TAG | EXPRESSION | ERROR", 1, 1,
     OPTIONS(explain_options),
     EXAMPLES("portrait explain life_cycle --customer phone:13800000000",
              "portrait explain 'count(orders within 30d) > 3' --stage plan",
              "portrait explain 'recency <= 90 and spend_365d >= 1000' --customer c1", "portrait explain E0301")},
    {"why-not", pt_cmd_why_not, PT_TEXT_WHY_NOT_SUMMARY, PT_TEXT_WHY_NOT_ABOUT, "NAME | CONDITION", 1, 1,
     OPTIONS(why_not_options),
     EXAMPLES("portrait why-not 'recency <= 90 and spend_365d >= 1000' --customer phone:13800000000",
              "portrait why-not 'did(orders within 30d)' --customer c1 --json")},
    {"lineage", pt_cmd_lineage, PT_TEXT_LINEAGE_SUMMARY, PT_TEXT_LINEAGE_ABOUT, "TAG | SOURCE | SOURCE.COLUMN | FILE",
     1, 1, OPTIONS(lineage_options),
     EXAMPLES("portrait lineage life_cycle", "portrait lineage orders.amount",
              "portrait lineage orders --format svg > orders.svg")},
    {"count", pt_cmd_count, PT_TEXT_COUNT_SUMMARY, PT_TEXT_COUNT_ABOUT, "[CONDITION]", 0, 1, OPTIONS(count_options),
     EXAMPLES("portrait count 'life_cycle = \"active\" and spend_365d >= 1000'",
              "portrait count 'did(orders within 30d)' --by age_band", "portrait count --by life_cycle --json")},
    {"rfm", pt_cmd_rfm, PT_TEXT_RFM_SUMMARY, PT_TEXT_RFM_ABOUT, "", 0, 0, OPTIONS(rfm_options),
     EXAMPLES("portrait rfm", "portrait rfm --segment 'region = \"浙江省\"'",
              "portrait rfm --frequency orders_90d --money spend_90d --json")},
    {"segment", pt_cmd_segment, PT_TEXT_SEGMENT_SUMMARY, PT_TEXT_SEGMENT_ABOUT,
     "[NAME | CONDITION | overlap A B [C...] | diff NAME]", 0, 7, OPTIONS(segment_options),
     EXAMPLES("portrait segment", "portrait segment big_spenders", "portrait segment big_spenders --trend",
              "portrait segment 'families and not sleeping'",
              "portrait segment big_spenders --out xlsx --file big_spenders.xlsx --lang zh",
              "portrait segment big_spenders --out csv --tags age_band,spend_365d > big_spenders.csv",
              "portrait segment overlap big_spenders families sleeping",
              "portrait segment diff families --from 2017-07-01 --to 2018-01-01 --list 10")},
    {"flow", pt_cmd_flow, PT_TEXT_FLOW_SUMMARY, PT_TEXT_FLOW_ABOUT, "[TAG]", 0, 1, OPTIONS(flow_options),
     EXAMPLES("portrait flow", "portrait flow life_cycle --from 2017-06-30 --to 2017-12-31",
              "portrait flow --list active:sleeping", "portrait flow value_tier --from g000011 --to g000012 --json")},
    {"regions", pt_cmd_regions, PT_TEXT_REGIONS_SUMMARY, PT_TEXT_REGIONS_ABOUT, "", 0, 0, OPTIONS(regions_options),
     EXAMPLES("portrait regions", "portrait regions --level city --segment 'spend_365d >= 1000'",
              "portrait regions --tag home_province --json")},
    {"channels", pt_cmd_channels, PT_TEXT_CHANNELS_SUMMARY, PT_TEXT_CHANNELS_ABOUT, "", 0, 0, OPTIONS(channels_options),
     EXAMPLES("portrait channels", "portrait channels --segment 'life_cycle = \"active\"'",
              "portrait channels --channel first_channel --json")},
    {"pyramid", pt_cmd_pyramid, PT_TEXT_PYRAMID_SUMMARY, PT_TEXT_PYRAMID_ABOUT, "", 0, 0, OPTIONS(pyramid_options),
     EXAMPLES("portrait pyramid", "portrait pyramid --segment 'spend_365d >= 1000'",
              "portrait pyramid --gender marital_status --json")},
    {"report", pt_cmd_report, PT_TEXT_REPORT_SUMMARY, PT_TEXT_REPORT_ABOUT, "", 0, 0, OPTIONS(report_options),
     EXAMPLES("portrait report", "portrait report --lang zh -o 客户画像.html",
              "portrait report --segment 'life_cycle = \"lapsing\"' -o lapsing.html",
              "portrait report -o - > report.html")},
    {"funnel", pt_cmd_funnel, PT_TEXT_FUNNEL_SUMMARY, PT_TEXT_FUNNEL_ABOUT, "STEP STEP ...", 2, 32,
     OPTIONS(funnel_options),
     EXAMPLES("portrait funnel 'visits where page = \"product\"' 'visits where page = \"cart\"' orders --within 7d",
              "portrait funnel campaigns coupon_redemptions transactions --by life_cycle --from 2017-06-01")},
    {"insight", pt_cmd_insight, PT_TEXT_INSIGHT_SUMMARY, PT_TEXT_INSIGHT_ABOUT, "[CONDITION]", 0, 1,
     OPTIONS(insight_options),
     EXAMPLES("portrait insight 'spend_365d >= 1000'",
              "portrait insight 'life_cycle = \"sleeping\"' --vs 'life_cycle = \"active\"'",
              "portrait insight 'has_pet' --by age_band", "portrait insight --cross age_band,price_level --json")},
    {"cohort", pt_cmd_cohort, PT_TEXT_COHORT_SUMMARY, PT_TEXT_COHORT_ABOUT, "STEP", 1, 1, OPTIONS(cohort_options),
     EXAMPLES("portrait cohort orders", "portrait cohort orders --every week --periods 8 --cumulative",
              "portrait cohort 'orders where paid' --of city --measure 'sum(amount)'")},
    {"heatmap", pt_cmd_heatmap, PT_TEXT_HEATMAP_SUMMARY, PT_TEXT_HEATMAP_ABOUT, "STEP", 1, 1, OPTIONS(heatmap_options),
     EXAMPLES("portrait heatmap orders", "portrait heatmap visits --where 'page = \"cart\"' --segment 'spend > 1000'")},
    {"paths", pt_cmd_paths, PT_TEXT_PATHS_SUMMARY, PT_TEXT_PATHS_ABOUT, "STEP", 1, 1, OPTIONS(paths_options),
     EXAMPLES("portrait paths campaigns --within 30d --gap 7d",
              "portrait paths 'visits where page = \"cart\"' --before 3 --by page --start last --json")},
    {"associate", pt_cmd_associate, PT_TEXT_ASSOCIATE_SUMMARY, PT_TEXT_ASSOCIATE_ABOUT, "[LEFT]", 0, 1,
     OPTIONS(associate_options),
     EXAMPLES("portrait associate wine --with brand", "portrait associate 'life_cycle = \"active\"' --with channel",
              "portrait associate --with category --by basket --min-support 2%")},
    {"recommend", pt_cmd_recommend, PT_TEXT_RECOMMEND_SUMMARY, PT_TEXT_RECOMMEND_ABOUT, "[ID | TYPE:VALUE | VALUE]", 0,
     1, OPTIONS(recommend_options),
     EXAMPLES("portrait recommend C000042 --top 5", "portrait recommend --item 'red wine' --lang zh")},
    {"lookalike", pt_cmd_lookalike, PT_TEXT_LOOKALIKE_SUMMARY, PT_TEXT_LOOKALIKE_ABOUT, "SEGMENT | CONDITION", 1, 1,
     OPTIONS(lookalike_options),
     EXAMPLES("portrait lookalike best_buyers",
              "portrait lookalike 'spend > 1000' --top 500 --out csv --file like.csv")},
    {"eval", pt_cmd_eval, PT_TEXT_EVAL_SUMMARY, PT_TEXT_EVAL_ABOUT, "", 0, 0, OPTIONS(eval_options),
     EXAMPLES("portrait eval --project shop --as-of 2017-06-30 --header < rows.tsv > tags.tsv")},
    {"quality", pt_cmd_quality, PT_TEXT_QUALITY_SUMMARY, PT_TEXT_QUALITY_ABOUT, "[SOURCE]", 0, 1,
     OPTIONS(quality_options),
     EXAMPLES("portrait quality", "portrait quality orders --json", "portrait quality --trend")},
    {"history", pt_cmd_history, PT_TEXT_HISTORY_SUMMARY, PT_TEXT_HISTORY_ABOUT, "[backfill]", 0, 1,
     OPTIONS(history_options), EXAMPLES("portrait history", "portrait history backfill --from 2017-01-01 --every 30d")},
    {"link", pt_cmd_link, PT_TEXT_LINK_SUMMARY, PT_TEXT_LINK_ABOUT, "", 0, 0, OPTIONS(link_options),
     EXAMPLES("portrait link", "portrait link --out pairs.csv")},
    {"train", pt_cmd_train, PT_TEXT_TRAIN_SUMMARY, PT_TEXT_TRAIN_ABOUT, "[MODEL]", 0, 1, OPTIONS(train_options),
     EXAMPLES("portrait train", "portrait train churn --approve")},
    {"models", pt_cmd_models, PT_TEXT_MODELS_SUMMARY, PT_TEXT_MODELS_ABOUT,
     "[MODEL [card [vN] | approve vN | roll-back | rules | tiers]]", 0, 3, OPTIONS(models_options),
     EXAMPLES("portrait models", "portrait models churn", "portrait models churn card",
              "portrait models churn card --out churn.html", "portrait models churn approve v2",
              "portrait models churn roll-back", "portrait models churn rules",
              "portrait models churn tiers >> tags/churn.yaml")},
    {"evaluate", pt_cmd_evaluate, PT_TEXT_EVALUATE_SUMMARY, PT_TEXT_EVALUATE_ABOUT, "[MODEL [vN]]", 0, 2,
     OPTIONS(evaluate_options),
     EXAMPLES("portrait evaluate", "portrait evaluate churn v2 --as-of 2017-11-01",
              "portrait evaluate churn --out churn.html")},
    {"doctor", pt_cmd_doctor, PT_TEXT_DOCTOR_SUMMARY, PT_TEXT_DOCTOR_ABOUT, "", 0, 0, NULL, 0,
     EXAMPLES("portrait doctor")},
};
const size_t pt_n_commands = PT_COUNT(pt_commands);
