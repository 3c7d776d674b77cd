/* libportrait: customer profiles from raw data, as a library.
 *
 *   #include <portrait.h>              cc program.c $(pkg-config --cflags --libs portrait)
 *
 *   portrait_project *project;
 *   portrait_error error;
 *   if (portrait_open(&project, "shop", &error) != PORTRAIT_OK)
 *       fprintf(stderr, "%s\n", error.message);
 *
 * A project is a folder of text files (portrait.yaml, sources/, tags/); docs/project-files.md defines them. portrait_build
 * reads the data and computes every customer's tags; portrait_profile_open reads one customer's; a portrait_evaluator
 * works out any expression of the portrait language, for a customer of the last build or for rows given in memory.
 *
 * ERRORS are values. A function that can fail returns a portrait_status and takes a portrait_error last, which may be NULL.
 * Output parameters are set to NULL on failure. Nothing is printed; no signal handler is installed; the library never
 * calls exit.
 *
 * TEXT is UTF-8, terminated by NUL. Instants are microseconds since 1970-01-01T00:00:00Z; where a time is given as text it is
 * ISO 8601, read in the project's zone when it has no offset: "2017-06-30", "2017-06-30T18:00", "2017-06-30T18:00+08:00".
 *
 * OWNERSHIP. What a function returns through its first parameter is the caller's, and is given back to the function of
 * the same family that ends in _close or _free; these accept NULL. A pointer returned by value belongs to the object asked
 * and lives as long as it, unless something shorter is said. Close evaluators, profiles and coverages before their project.
 *
 * THREADS. There is no state outside the objects. One project, with all that was opened from it, is used by one thread at a
 * time; several projects (also of one folder) by several threads at once. portrait_cancel_fire alone may be called from
 * any thread while another works. portrait_build starts threads of its own and ends them before it returns.
 *
 * COMPATIBILITY. Functions are never removed or changed within a soname. Structures that the library hands out by
 * pointer may get new members at their end: read them, never copy or count them by sizeof. Structures that the caller
 * makes begin with their size, which PORTRAIT_..._INIT sets: a program compiled against an older header keeps working. */
#ifndef PORTRAIT_H
#define PORTRAIT_H

#include <stddef.h>
#include <stdint.h>

#define PORTRAIT_VERSION_MAJOR 0
#define PORTRAIT_VERSION_MINOR 1
#define PORTRAIT_VERSION_PATCH 0
#define PORTRAIT_ABI 1 /* the number in libportrait.so.1 */

#if defined(__GNUC__)
#define PORTRAIT_API __attribute__((visibility("default")))
#else
#define PORTRAIT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- errors -------------------------------------------------------------------------------------------------------- */

/* New ones may be added; treat an unknown one as PORTRAIT_INTERNAL. */
typedef enum portrait_status {
    PORTRAIT_OK = 0,
    PORTRAIT_INVALID = 1,  /* the request, the project's files or the input are wrong */
    PORTRAIT_PROBLEMS = 2, /* the work was done and found problems: portrait_check */
    PORTRAIT_NOT_FOUND = 3,
    PORTRAIT_DENIED = 4,
    PORTRAIT_ENGINE = 5, /* a library that this one stands on failed, or is not installed */
    PORTRAIT_IO = 6,     /* the operating system refused: disk full, no permission */
    PORTRAIT_NO_MEMORY = 7,
    PORTRAIT_CORRUPT = 8, /* a derived file fails its checksum; portrait_build makes it anew */
    PORTRAIT_BUSY = 9,    /* another process is building the project */
    PORTRAIT_CANCELED = 10,
    PORTRAIT_INTERNAL = 11
} portrait_status;

typedef struct portrait_error {
    portrait_status status;
    char message[400]; /* one line, in English, without a stop at its end */
    char hint[200];    /* what would be right; may be empty */
    char file[200];    /* the project or data file at fault; may be empty */
    int line, column;  /* from 1; 0 when not known; column counts characters */
} portrait_error;

/* "ok", "invalid", "not_found", ...: stable, for logs and programs. */
PORTRAIT_API const char *portrait_status_name(portrait_status status);

/* --- version ------------------------------------------------------------------------------------------------------- */

/* "0.1.0": of the library in use, which may be newer than the header a program was compiled with. */
PORTRAIT_API const char *portrait_version(void);
/* One of the parts the library was built with or is using: "duckdb", "pcre2", "compiler", ... NULL when i is past the last.
 * *version is set to its version in use; "" for a part that is not there (DuckDB is loaded when it is first needed). */
PORTRAIT_API const char *portrait_component(size_t i, const char **version);

/* --- projects ------------------------------------------------------------------------------------------------------ */

typedef struct portrait_project portrait_project;

/* Loads the project that `dir` is in: dir itself, or the nearest folder above it with a portrait.yaml. Touches no data.
 * PORTRAIT_OK also when the files have problems: see portrait_check. */
PORTRAIT_API portrait_status portrait_open(portrait_project **out, const char *dir, portrait_error *error);
PORTRAIT_API void portrait_close(portrait_project *project);

typedef struct portrait_project_info {
    const char *root;      /* absolute path of its folder */
    const char *data_dir;  /* absolute path of what portrait_build makes */
    const char *name;      /* "shop" */
    const char *label;     /* what people call it, in its language; the name when it has none */
    const char *time_zone; /* "Asia/Shanghai" */
    const char *locale;    /* "zh" or "en" */
    const char *currency;  /* "CNY" */
    size_t sources, tags;  /* how many */
} portrait_project_info;

PORTRAIT_API const portrait_project_info *portrait_project_get(const portrait_project *project);

typedef enum portrait_severity { PORTRAIT_ERROR = 0, PORTRAIT_WARNING = 1 } portrait_severity;

/* One problem in a project file. */
typedef struct portrait_problem {
    portrait_severity severity;
    const char *code;    /* "E0301": stable; `portrait explain E0301` says more */
    const char *message; /* in English */
    const char *hint;    /* NULL when there is none */
    const char *file;    /* "tags/value.yaml", relative to the project's folder */
    int line, column;    /* from 1 */
    int length;          /* characters that are wrong; at least 1 */
} portrait_problem;

/* All problems of the project's files, with those that only the SQL engine finds. PORTRAIT_OK when there is none,
 * PORTRAIT_PROBLEMS when there are (warnings too). */
PORTRAIT_API portrait_status portrait_check(portrait_project *project, portrait_error *error);
/* Those known now: what loading found, and after portrait_check all. In the order of files and lines. A pointer lives
 * until the next portrait_check. NULL when i is past the last. */
PORTRAIT_API size_t portrait_problem_count(const portrait_project *project);
PORTRAIT_API const portrait_problem *portrait_problem_get(const portrait_project *project, size_t i);

/* --- building ------------------------------------------------------------------------------------------------------ */

/* A request to stop. Once fired it stays fired. */
typedef struct portrait_cancel portrait_cancel;

PORTRAIT_API portrait_cancel *portrait_cancel_new(void); /* NULL when memory is short */
PORTRAIT_API void portrait_cancel_free(portrait_cancel *cancel);
/* From any thread, not from a signal handler. The work it was given to ends soon, with PORTRAIT_CANCELED. */
PORTRAIT_API void portrait_cancel_fire(portrait_cancel *cancel);

typedef struct portrait_progress {
    const char *stage;    /* "read", "resolve", "timelines", "tags", "publish" ...; later versions may have more */
    const char *what;     /* the source at work, or NULL */
    uint64_t done, total; /* rows or customers; total 0 when it is not known */
    int ended;            /* the stage is over, after `seconds` */
    double seconds;
} portrait_progress;

/* Return 0 to go on, anything else to stop as portrait_cancel_fire does. Called by one thread at a time, which need not be
 * the caller's; it may not use the project. */
typedef int (*portrait_progress_fn)(const portrait_progress *progress, void *context);

typedef struct portrait_build_options {
    size_t size;                   /* PORTRAIT_BUILD_OPTIONS_INIT */
    const char *as_of;             /* a time, as text; NULL: what the project says */
    unsigned threads;              /* 0: all cores. The result does not depend on it */
    uint64_t memory;               /* bytes to work in; 0: the default */
    portrait_progress_fn progress; /* may be NULL */
    void *context;                 /* given to progress */
    portrait_cancel *cancel;       /* may be NULL */
} portrait_build_options;

#define PORTRAIT_BUILD_OPTIONS_INIT                                  \
    {                                                                \
        sizeof(portrait_build_options), NULL, 0, 0, NULL, NULL, NULL \
    }

typedef struct portrait_build_info {
    const char *generation; /* "g000012" */
    int64_t as_of;
    uint64_t customers, customers_new, customers_merged, customers_split;
    uint64_t rows;        /* in all sources, those set aside included */
    uint64_t quarantined; /* rows set aside, each with its reason */
    double seconds;
} portrait_build_info;

/* Reads new and changed data, settles who is who, computes all tags and publishes them together. Stopped at any moment it
 * leaves the last good state. `options` may be NULL. *info (`info` may be NULL) belongs to the project and lives until the
 * next build. Profiles and coverages opened before stay as they were; evaluators see the new build. */
PORTRAIT_API portrait_status portrait_build(const portrait_build_info **info, portrait_project *project,
                                            const portrait_build_options *options, portrait_error *error);

/* --- values -------------------------------------------------------------------------------------------------------- */

typedef enum portrait_type {
    PORTRAIT_NONE = 0,
    PORTRAIT_BOOL = 1,
    PORTRAIT_NUMBER = 2,
    PORTRAIT_MONEY = 3, /* exact: units of 1/10,000 of the project's currency */
    PORTRAIT_DATE = 4,
    PORTRAIT_INSTANT = 5,
    PORTRAIT_DURATION = 6,
    PORTRAIT_TEXT = 7,
    PORTRAIT_CATEGORY = 8, /* a text out of a small vocabulary */
    PORTRAIT_LIST = 9,
    PORTRAIT_WEIGHTED = 10 /* a list whose items have weights, heaviest first */
} portrait_type;

/* "number", "money", ...: the words of project files. */
PORTRAIT_API const char *portrait_type_name(portrait_type type);

typedef struct portrait_item { /* grows no further: items stand side by side */
    const char *text;
    double weight; /* PORTRAIT_WEIGHTED; else 1 */
} portrait_item;

typedef struct portrait_value {
    portrait_type type;
    int missing;                /* not known: what follows is 0 or empty */
    int64_t integer;            /* bool: 0 or 1; money: 1/10,000; date: days since 1970-01-01; instant, duration: us */
    double number;              /* number; money in whole units of the currency, rounded */
    const char *text;           /* text and category; "" otherwise */
    const portrait_item *items; /* list and weighted */
    size_t n_items;
    const char *shown; /* as a person reads it, in the project's language, labels in place of tiers: "618.89 USD" */
    const char *json;  /* exact, as `portrait show --json` writes it */
} portrait_value;

/* --- sources ------------------------------------------------------------------------------------------------------- */

typedef struct portrait_column { /* grows no further: columns stand side by side */
    const char *name;
    portrait_type type;
} portrait_column;

typedef struct portrait_source {
    const char *name;
    const char *kind; /* "record", "event", "reference", "link" */
    const portrait_column *columns;
    size_t n_columns; /* those that rules of cleaning add included, at the end */
} portrait_source;

/* In the order of their numbers. NULL when the project has problems (portrait_check) or i is past the last. */
PORTRAIT_API const portrait_source *portrait_source_get(const portrait_project *project, size_t i);

/* --- tags ---------------------------------------------------------------------------------------------------------- */

/* A tag of the catalogue. */
typedef struct portrait_tag {
    size_t number; /* its place in the catalogue, 0 .. portrait_project_info.tags - 1 */
    const char *name;
    portrait_type type;
    const char *label_en, *label_zh;             /* NULL when not given */
    const char *description_en, *description_zh; /* likewise */
    const char *unit_en, *unit_zh;               /* likewise */
    const char *group;                           /* "consumption/frequency"; "" at the top */
    const char *origin;                          /* "fact", "statistic", "rule", "model", "survey", "import" */
    const char *sensitivity;                     /* "personal", "sensitive"; NULL: neither */
    const char *owner;                           /* NULL when not given */
    const char *definition;                      /* the expression in canonical form, or a query in SQL */
    int live;                                    /* 0: only a build can compute it */
} portrait_tag;

/* NULL when the project has problems (portrait_check) or i is past the last. */
PORTRAIT_API const portrait_tag *portrait_tag_get(const portrait_project *project, size_t i);
PORTRAIT_API const portrait_tag *portrait_tag_find(const portrait_project *project, const char *name);

/* How many customers have each tag in the last build. */
typedef struct portrait_coverage portrait_coverage;

/* PORTRAIT_NOT_FOUND when nothing has been built. */
PORTRAIT_API portrait_status portrait_coverage_open(portrait_coverage **out, portrait_project *project,
                                                    portrait_error *error);
PORTRAIT_API void portrait_coverage_free(portrait_coverage *coverage);
PORTRAIT_API uint64_t portrait_coverage_customers(const portrait_coverage *coverage);
PORTRAIT_API int64_t portrait_coverage_as_of(const portrait_coverage *coverage);
/* Customers with a value of the tag; UINT64_MAX when the build has no such tag. */
PORTRAIT_API uint64_t portrait_coverage_known(const portrait_coverage *coverage, size_t tag);

/* --- profiles ------------------------------------------------------------------------------------------------------ */

typedef struct portrait_profile portrait_profile;

/* `who` is a customer's id, "type:value" ("phone:13800000000"), or a value of any identifier type. `as_of` NULL: as built;
 * otherwise worked out anew from the customer's events up to that time. PORTRAIT_NOT_FOUND when nobody has the
 * identifier or nothing has been built. What is asked for never appears in an error. */
PORTRAIT_API portrait_status portrait_profile_open(portrait_profile **out, portrait_project *project, const char *who,
                                                   const char *as_of, portrait_error *error);
PORTRAIT_API void portrait_profile_free(portrait_profile *profile);
PORTRAIT_API const char *portrait_profile_id(const portrait_profile *profile); /* the same in every later build */
PORTRAIT_API int64_t portrait_profile_as_of(const portrait_profile *profile);
/* The value of tag number `tag`; NULL past the last. */
PORTRAIT_API const portrait_value *portrait_profile_value(const portrait_profile *profile, size_t tag);

typedef struct portrait_identifier {
    const char *type, *value;
} portrait_identifier;

/* NULL past the last. Personal data. */
PORTRAIT_API const portrait_identifier *portrait_profile_identifier(const portrait_profile *profile, size_t i);

/* --- expressions --------------------------------------------------------------------------------------------------- */

/* One expression, parsed, checked and planned once, for any number of customers. */
typedef struct portrait_evaluator portrait_evaluator;

/* `expression` is in the portrait language (docs/language.md), or a tag's name. `as_of` NULL: that of the
 * last build for its customers; for rows in memory the project's, which must then be a fixed one. PORTRAIT_INVALID with the place in error->column when the expression is wrong. */
PORTRAIT_API portrait_status portrait_evaluator_new(portrait_evaluator **out, portrait_project *project,
                                                    const char *expression, const char *as_of, portrait_error *error);
PORTRAIT_API void portrait_evaluator_free(portrait_evaluator *evaluator);
PORTRAIT_API portrait_type portrait_evaluator_type(const portrait_evaluator *evaluator);

/* For a customer of the last build; `who` as in portrait_profile_open. *value lives until the next call on this evaluator. */
PORTRAIT_API portrait_status portrait_evaluate(const portrait_value **value, portrait_evaluator *evaluator,
                                               const char *who, portrait_error *error);

/* What proves the value of the last portrait_evaluate: one aggregate or sequence of the expression. */
typedef struct portrait_evidence {
    const char *expression; /* "sum(orders.amount within 30d)" */
    const char *shown;      /* its value, as a person reads it */
    size_t events;          /* how many events it counted */
    int64_t first, last;    /* their earliest and latest time; INT64_MIN when there is none */
} portrait_evidence;

/* NULL past the last; lives as the value does. */
PORTRAIT_API const portrait_evidence *portrait_evidence_get(const portrait_evaluator *evaluator, size_t i);

/* For rows in memory, of a customer that need not exist: begin, add each row, then evaluate. Needs neither a build nor the
 * database library. An expression that uses an `sql:` tag cannot be evaluated so. */
PORTRAIT_API portrait_status portrait_rows_begin(portrait_evaluator *evaluator, const char *customer,
                                                 portrait_error *error);
/* One row of `source`, in any order of time, as it would be after cleaning. `fields` are the values of the source's columns
 * (portrait_source_get) in their order, as the texts of docs/eval-filter.md; NULL is missing. `time` may be NULL for a record. After a failure nothing was added. */
PORTRAIT_API portrait_status portrait_rows_add(portrait_evaluator *evaluator, const char *source, const char *time,
                                               const char *const *fields, size_t n_fields, portrait_error *error);
/* *value lives until the next call on this evaluator. */
PORTRAIT_API portrait_status portrait_rows_evaluate(const portrait_value **value, portrait_evaluator *evaluator,
                                                    portrait_error *error);

#ifdef __cplusplus
}
#endif

#endif
