#include "script.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/compare.h"

enum { MOST_BLOCKS = 64, MOST_RUNS = 15 };

typedef enum block_kind { BLOCK_SETUP, BLOCK_BEFORE, BLOCK_TIME, BLOCK_ONCE } block_kind;

static const char *const kinds[] = {"setup", "before", "time", "once"}; /* by block_kind */

typedef struct block {
    block_kind kind;
    char name[64];
    char *sql;
} block;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double peak_mb(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t n = 0, cap = 0;

    if (!f)
        return NULL;
    for (;;) {
        if (n + 4096 > cap) {
            cap = cap * 2 + 8192;
            char *more = realloc(text, cap);
            if (!more)
                break;
            text = more;
        }
        size_t got = fread(text + n, 1, cap - n - 1, f);
        n += got;
        if (got == 0)
            break;
    }
    fclose(f);
    if (text)
        text[n] = '\0';
    return text;
}

/* Replaces {dir} and {rows}; the result is the caller's. */
static char *substitute(const char *sql, const char *dir, const char *rows)
{
    size_t cap = strlen(sql) + 1;

    for (const char *p = sql; (p = strchr(p, '{')); p++)
        cap += strlen(dir) + strlen(rows);
    char *out = malloc(cap), *o = out;
    if (!out)
        return NULL;
    while (*sql) {
        const char *value = NULL;
        size_t skip = 0;
        if (strncmp(sql, "{dir}", 5) == 0) {
            value = dir;
            skip = 5;
        } else if (strncmp(sql, "{rows}", 6) == 0) {
            value = rows;
            skip = 6;
        }
        if (value) {
            o = stpcpy(o, value);
            sql += skip;
        } else {
            *o++ = *sql++;
        }
    }
    *o = '\0';
    return out;
}

/* Cuts the script at its "-- @" lines. */
static int split(block *blocks, char *text)
{
    int n = 0;

    for (char *line = text; line && *line;) {
        char *end = strchr(line, '\n');
        if (strncmp(line, "-- @", 4) == 0 && n < MOST_BLOCKS) {
            block *b = &blocks[n++];
            char kind[16] = "";
            if (end)
                *end = '\0';
            sscanf(line, "-- @%15s %63s", kind, b->name);
            for (int k = BLOCK_SETUP; k <= BLOCK_ONCE; k++)
                if (strcmp(kind, kinds[k]) == 0)
                    b->kind = (block_kind)k;
            b->sql = end ? end + 1 : line + strlen(line);
            if (line > text)
                line[-1] = '\0';
        }
        line = end ? end + 1 : NULL;
    }
    return n;
}

/* Statements end with ';' at the end of a line. */
static bool run_all(peer_statement run, void *engine, const char *sql)
{
    char *copy = strdup(sql), *at = copy;
    bool ok = copy != NULL;

    while (ok && at && *at) {
        char *end = strstr(at, ";\n");
        if (end)
            *end = '\0';
        if (at[strspn(at, " \t\r\n;")] != '\0')
            ok = run(engine, at);
        at = end ? end + 2 : NULL;
    }
    free(copy);
    return ok;
}

static const char *before_of(const block *blocks, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (blocks[i].kind == BLOCK_BEFORE && strcmp(blocks[i].name, name) == 0)
            return blocks[i].sql;
    return "";
}

int peer_run_script(int argc, char **argv, peer_statement run, void *engine)
{
    block blocks[MOST_BLOCKS] = {0};
    double seconds[MOST_RUNS];

    if (argc != 5) {
        fprintf(stderr, "usage: %s SCRIPT DIR ROWS RUNS\n", argv[0]);
        return 2;
    }
    char *raw = read_all(argv[1]);
    char *text = raw ? substitute(raw, argv[2], argv[3]) : NULL;
    int runs = (int)strtol(argv[4], NULL, 10), n = text ? split(blocks, text) : 0;
    bool ok = n > 0 && runs >= 1 && runs <= MOST_RUNS;

    for (int i = 0; ok && i < n; i++) {
        if (blocks[i].kind == BLOCK_SETUP)
            ok = run_all(run, engine, blocks[i].sql);
        if (blocks[i].kind != BLOCK_TIME && blocks[i].kind != BLOCK_ONCE)
            continue;
        int times = blocks[i].kind == BLOCK_ONCE ? 1 : runs;
        for (int r = 0; ok && r < times; r++) {
            ok = run_all(run, engine, before_of(blocks, n, blocks[i].name));
            double start = now();
            ok = ok && run_all(run, engine, blocks[i].sql);
            seconds[r] = now() - start;
        }
        if (ok) {
            qsort(seconds, (size_t)times, sizeof *seconds, pt_compare_doubles);
            printf("%s %.6f %.1f\n", blocks[i].name, seconds[times / 2], peak_mb());
            fflush(stdout);
        }
    }
    free(text);
    free(raw);
    return ok ? 0 : 1;
}
