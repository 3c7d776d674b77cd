#include "bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/compare.h"
#include "base/io.h"
#include "store/store.h"

static FILE *kept; /* build/bench.txt */

static const struct {
    const char *name;
    void (*run)(const bench_env *env);
    const char *what;
} benches[] = {
    {"eval", bench_eval, "40 tags over 20 M events of 1 M customers; eval_floor, eval_memory"},
    {"reeval_one", bench_reeval_one, "one customer of 100 events, 40 tags"},
    {"ingest", bench_ingest, "CSV to a typed table"},
    {"clean", bench_clean, "eight rules of cleaning; clean_view as a build does it, without the copy"},
    {"quality", bench_quality, "measures of every column, 12 columns"},
    {"convert", bench_convert, "one value in its normal form: numbers, dates, phones, cards, regions"},
    {"timeline", bench_timeline_build, "table to timeline file"},
    {"show", bench_show, "a customer's full profile, warm"},
    {"identity", bench_identity, "settling 10 M identifiers with 10 M links; identity_directory, identity_memory"},
    {"undo_merge", bench_undo_merge, "taking back a merge among 1 M customers, 99th percentile; undo_merge_memory"},
    {"build_retail", bench_build_retail,
     "the demo: first build, and again with nothing changed (build_retail_unchanged)"},
    {"index_build", bench_index_build_all, "200 tag columns to an index on disk; index_size"},
    {"count_category", bench_count_category, "five conditions over categories of 10 M customers; ROWS=n for others"},
    {"count_numeric", bench_count_numeric, "five conditions, two of them ranges of numbers, and not"},
    {"insight_1000", bench_insight_1000, "TGI of 1,000 values of single-valued tags in a tenth of all customers"},
    {"insight_2000", bench_insight_2000, "the same of all 2,000 values, lists too"},
    {"fim", bench_fim, "frequent itemsets of 100,000 baskets at four supports"},
    {"als", bench_als, "implicit ALS, 64 factors, 1.5 M pairs of 60,000 customers and 8,000 items"},
    {"funnel", bench_funnel, "three steps within 7 days over 10 M events of 500,000 customers"},
    {"index_open", bench_index_open_all,
     "opening the index, all tags; the first count after that, which checks what it reads"},
    {"index_growth", bench_index_growth, "building the index of 1, 10 and 50 M customers, to nowhere"},
    {"kmeans_8", bench_kmeans_8, "k-means of 1 M x 8 rows, k 8, from given centres"},
    {"kmeans_16", bench_kmeans_16, "1 M x 16, k 32"},
    {"kmeans_rfm", bench_kmeans_rfm, "1 M x 3 scores from 1 to 5, k 8"},
    {"tree", bench_tree, "a tree of depth 8 from 150,000 x 20"},
    {"tree_xgb", bench_tree_xgb, "the same against one tree of XGBoost's"},
    {"forest", bench_forest, "100 trees of depth 6: forest_score and forest_explain (Shapley values) of 150,000 rows"},
    {"svm_rbf", bench_svm_rbf, "a support vector machine of 20,000 x 20 rows, RBF; svm_rbf_thread on one thread"},
    {"svm_linear", bench_svm_linear, "a linear one of 500,000 x 20 rows, squared hinge"},
    {"logistic", bench_logistic, "logistic regression of 500,000 x 20 rows, to its optimum"},
    {"churn_template", bench_churn_template,
     "training a churn model over 60 tags of 1 M customers, from timelines to card"},
    {"clv_fit", bench_clv_fit, "BG/NBD and Gamma-Gamma of 1 M customers; clv_value: what they will spend"},
    {"gru_epoch", bench_gru_epoch, "an epoch of a GRU over 25,600 sequences of 50 events"},
    {"lstm_epoch", bench_lstm_epoch, "the same of an LSTM"},
    {"cnn_epoch", bench_cnn_epoch, "an epoch of a CNN over 25,600 times 90 days"},
    {"gru_latency", bench_gru_latency, "one sequence to a probability; gru_step one more event from a kept state"},
    {"dbscan", bench_dbscan, "DBSCAN of 200,000 x 3; dbscan_memory"},
    {"layers", bench_layers, "a GRU, an LSTM, a convolution forward and backward on one thread, beside oneDNN"},
    {"f1_fake1000", bench_f1_fake1000, "pairs found among 1,000 records; f1_fake1000_groups, _auto"},
    {"f1_febrl1", bench_f1_febrl1, "the same of FEBRL's set 1, 1,000 records"},
    {"f1_febrl3", bench_f1_febrl3, "of its set 3, 5,000 records"},
    {"f1_febrl4", bench_f1_febrl4, "of its set 4: two sources of 5,000"},
    {"f1_cn_er_dev", bench_f1_cn_er_dev, "of 4,141 Chinese records"},
    {"link_1m", bench_link_1m, "1 M persons, from a Parquet file to groups; ROWS=n for others"},
    {"link_score_1m", bench_link_score_1m, "their blocking and scoring alone, by Splink's rules and levels"},
    {"link_online", bench_link_online, "one record resolved against 1 M; link_online_p50, link_online_memory"},
    {"growth", bench_growth, "timeline and tags at 1 M, 10 M and 50 M events"},
};

double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, pt_compare_doubles);
    return values[n / 2];
}

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    fflush(stdout);
    if (!kept)
        return;
    va_start(ap, fmt);
    vfprintf(kept, fmt, ap);
    va_end(ap);
    fflush(kept);
}

void bench_line(const char *name, double value, const char *unit, double ratio, const char *peer)
{
    if (ratio > 0)
        say("bench %s %.4g %s %.2f %s\n", name, value, unit, ratio, peer);
    else
        say("bench %s %.4g %s - -\n", name, value, unit);
}

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static double peak_mb(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

bench_result bench_child(const bench_env *env, bench_work work, uint64_t rows)
{
    bench_result r = {0};
    int ends[2], status;

    if (pipe(ends) != 0)
        give_up("no pipe");
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        give_up("no process");
    if (child == 0) {
        pt_err err = {0};
        if (work(&r, env, rows, &err) != PT_OK) {
            fprintf(stderr, "bench: %s\n", err.msg);
            _exit(1);
        }
        r.peak_mb = peak_mb();
        _exit(write(ends[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 1);
    }
    close(ends[1]);
    bool got = read(ends[0], &r, sizeof r) == (ssize_t)sizeof r;
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!got || status != 0)
        give_up("a measurement failed");
    return r;
}

/* A peer prints "NAME seconds peak_mb" lines. */
static bench_result best_line(FILE *out, const char *program, const char *prefix)
{
    bench_result best = {0};
    char name[64];
    double seconds, mb;

    while (fscanf(out, "%63s %lf %lf", name, &seconds, &mb) == 3) {
        say("# %s %s: %.3f s, peak %.0f MB\n", program, name, seconds, mb);
        if (strncmp(name, prefix, strlen(prefix)) == 0 && (best.seconds == 0 || seconds < best.seconds))
            best = (bench_result){.seconds = seconds, .peak_mb = mb};
    }
    return best;
}

bench_result bench_peer(const bench_env *env, const char *program, const char *script, const char *prefix,
                        uint64_t rows)
{
    bench_result best = {0};
    char path[512], script_path[512], rows_text[24], runs_text[12];
    int ends[2];

    snprintf(path, sizeof path, "%s/%s", env->build, program);
    snprintf(script_path, sizeof script_path, "%s/%s", env->scripts, script);
    snprintf(rows_text, sizeof rows_text, "%llu", (unsigned long long)rows);
    snprintf(runs_text, sizeof runs_text, "%d", env->runs);
    if (access(path, X_OK) != 0 || pipe(ends) != 0)
        return best;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(path, program, script_path, env->dir, rows_text, runs_text, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    if (child > 0 && out)
        best = best_line(out, program, prefix);
    if (out)
        fclose(out);
    int status = 1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (status != 0)
        fprintf(stderr, "bench: peer %s failed on %s\n", program, script);
    return best;
}

void bench_data(const bench_env *env, uint64_t rows)
{
    char path[512];
    bench_env once = *env;

    snprintf(path, sizeof path, "%s/events_%llu.ready", env->dir, (unsigned long long)rows);
    if (access(path, R_OK) == 0)
        return;
    fprintf(stderr, "making %llu events ...\n", (unsigned long long)rows);
    once.runs = 1;
    static const char *const parts[] = {"duckdb", "duckdb.wal", "csv", "parquet", "timeline"};
    for (size_t i = 0; i < PT_COUNT(parts); i++) {
        char old[512];
        snprintf(old, sizeof old, "%s/events_%llu.%s", env->dir, (unsigned long long)rows, parts[i]);
        unlink(old);
    }
    if (bench_peer(&once, "peer_duckdb", "generate.sql", "generate", rows).seconds == 0)
        give_up("cannot make the data");
    if (pt_write_file(path, "ok\n", 3, NULL) != PT_OK)
        give_up("cannot write the data folder");
}

/* The first "key : value" line of a /proc file that begins with `key`. */
static void proc_line(char *out, size_t size, const char *path, const char *key)
{
    FILE *f = fopen(path, "r");

    snprintf(out, size, "?");
    for (char line[256]; f && fgets(line, sizeof line, f);) {
        char *colon = strchr(line, ':');
        if (!colon || strncmp(line, key, strlen(key)) != 0)
            continue;
        const char *value = colon + 1 + strspn(colon + 1, " \t");
        snprintf(out, size, "%.*s", (int)strcspn(value, "\n"), value);
        break;
    }
    if (f)
        fclose(f);
}

static void describe_machine(void)
{
    struct utsname u;
    char cpu[128], memory[64];

    proc_line(cpu, sizeof cpu, "/proc/cpuinfo", "model name");
    proc_line(memory, sizeof memory, "/proc/meminfo", "MemTotal");
    uname(&u);
    say("# machine: %s, %ld cores, %s memory, %s %s\n", cpu, sysconf(_SC_NPROCESSORS_ONLN), memory, u.sysname,
        u.release);
    say("# portrait %s, compiler %s\n", PORTRAIT_VERSION, __VERSION__);
    say("# data: bench/peers/generate.sql; 20 M events of 1 M customers unless the name says otherwise; medians\n");
}

int main(int argc, char **argv)
{
    bench_env env = {.runs = 3};
    int first = 1, chosen = 0;

    if (argc < 4) {
        fprintf(stderr, "usage: bench BUILD DATA SCRIPTS [NAME...]\n");
        return 2;
    }
    env.build = argv[1];
    env.dir = argv[2];
    env.scripts = argv[3];
    first = 4;
    if (pt_mkdirs(env.dir, NULL) != PT_OK)
        give_up("cannot make the data folder");
    char path[512];
    snprintf(path, sizeof path, "%s/bench.txt", env.build);
    kept = fopen(path, argc > first ? "a" : "w");
    describe_machine();
    for (size_t i = 0; i < PT_COUNT(benches); i++) {
        bool wanted = argc == first;
        for (int a = first; a < argc; a++)
            wanted = wanted || strcmp(argv[a], benches[i].name) == 0;
        if (!wanted)
            continue;
        benches[i].run(&env);
        chosen++;
    }
    if (kept)
        fclose(kept);
    if (chosen == 0) {
        for (size_t i = 0; i < PT_COUNT(benches); i++)
            fprintf(stderr, "  %-12s %s\n", benches[i].name, benches[i].what);
        return 2;
    }
    return 0;
}
