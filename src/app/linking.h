/* Records of a project linked: rows of record sources that may be of one person, how surely, and which groups follow.
 * docs/linking.md, "In a project". The resolve stage of a build makes edges of it; `portrait link` and its subcommands show it.
 *
 * A record is a row of a record source that has an identifier. Records are numbered by source, identifier and values, never by the
 * place of their rows: the same tables in another order give the same numbers, and with them the same model, pairs and groups. */
#ifndef PT_APP_LINKING_H
#define PT_APP_LINKING_H

#include "app/app.h"
#include "base/intern.h"
#include "link/evaluate.h"
#include "link/kinds.h"
#include "project/link_config.h"
#include "store/store.h"

typedef enum pt_linking_step {
    PT_LINKING_READ,  /* records, columns, rules: what is compared */
    PT_LINKING_TRAIN, /* the model */
    PT_LINKING_SCORE, /* pairs */
    PT_LINKING_GROUP,
    PT_LINKING_STEPS
} pt_linking_step;
const char *pt_linking_step_name(pt_linking_step step); /* "records", "learning", "pairs", "groups" */

/* One column of one source. */
typedef struct pt_linking_column {
    uint32_t source; /* of the project */
    int32_t column;  /* of the source; -1: an identifier that is no column */
    uint32_t type;   /* then: of the project's identifier types */
} pt_linking_column;

/* What is compared: columns of several sources that hold the same are one field. Fields 0 .. n_fields - 1 are also the first ones of
 * the setup, in this order, unless setting up drops or replaces them (places become a region). */
typedef struct pt_linking_field {
    const char *name;
    pt_link_kind kind;
    bool said; /* by the project; else guessed */
    const pt_linking_column *columns;
    size_t n_columns;
    uint64_t filled;       /* records with a value */
    uint32_t distinct;     /* different values, as written */
    const uint32_t *codes; /* by record; 0: no value */
    pt_intern *texts;      /* by code: values as written */
} pt_linking_field;

/* A column that could be compared and is not. */
typedef struct pt_linking_left_out {
    pt_linking_column column;
    enum { PT_LINKING_EMPTY, PT_LINKING_ONE_VALUE, PT_LINKING_NAMES_RECORDS, PT_LINKING_TOO_MANY } reason;
} pt_linking_left_out;

typedef struct pt_linking {
    const pt_project *project;
    pt_arena *arena;         /* owns all but what is said otherwise, this struct included */
    const uint32_t *sources; /* that have records here: numbers of the project's, rising */
    size_t n_sources;

    uint32_t n;                 /* records */
    const uint8_t *source;      /* by record: its place in `sources` */
    const uint8_t *type;        /* by record: type of its strongest identifier, of the project's */
    const uint32_t *identifier; /* by record: the value, a code of `identifiers` */
    pt_intern *identifiers;
    const uint32_t *start; /* by record: the first record of those that equal identifiers join it with */

    const bool *pinned; /* by record: the first of a group that only people change; links do not reach it */
    const struct pt_link_apart *apart; /* records of which people said that they are two persons */
    size_t n_apart;
    const pt_link_label *same; /* records of which people said that they are one person */
    size_t n_same;
    uint32_t never[PT_LINK_COMPARISONS_MAX]; /* columns of the setup of which a customer has one value */
    size_t n_never, n_facts;                 /* the first n_facts by `never:`, the rest by limits of identifiers */

    pt_linking_field *fields;
    size_t n_fields;
    pt_linking_left_out *left_out;
    size_t n_left_out;

    pt_link_setup setup;          /* comparisons and rules */
    pt_link_model model;          /* once trained; its comparisons are the setup's */
    pt_link_block_report *blocks; /* by rule of the setup, once scored */
    pt_link_pair
        *pairs; /* once scored: those of at least `review` that equal identifiers do not join, in order of (a, b) */
    size_t n_pairs;
    uint32_t *group; /* once grouped: by record, the first record of its group */

    double automatic, review; /* probabilities from which records are linked, and people are asked */
    double seconds[PT_LINKING_STEPS];
    uint64_t used_before; /* memory of the process before records were read, bytes */
} pt_linking;

typedef struct pt_linking_options {
    pt_pool *pool;     /* needed */
    pt_cancel *cancel; /* may be NULL */
    size_t memory;     /* bytes that linking may have; 0: what the machine has left */
    void (*report)(void *ctx, pt_linking_step step, bool ended, const pt_linking *l); /* may be NULL */
    void *report_ctx;
} pt_linking_options;

/* The four steps; each needs those before. `c` is a connection to a store whose sources were cleaned and whose links are recorded:
 * which records equal identifiers join is read from identity.standing. PT_EINVAL, in the user's words, when there is nothing to
 * compare. */
pt_rc pt_linking_read(pt_linking **out, const pt_project *p, pt_conn *c, const pt_linking_options *options,
                      pt_err *err);
pt_rc pt_linking_train(pt_linking *l, const pt_linking_options *options, pt_err *err);
pt_rc pt_linking_score(pt_linking *l, const pt_linking_options *options, pt_err *err);
pt_rc pt_linking_group(pt_linking *l, const pt_linking_options *options, pt_err *err);
/* All of them. */
pt_rc pt_linking_run(pt_linking **out, const pt_project *p, pt_conn *c, const pt_linking_options *options, pt_err *err);
void pt_linking_free(pt_linking *l); /* NULL is fine */

typedef struct pt_linking_run_options {
    const pt_project *project; /* by whose rules; NULL: the app's */
    unsigned threads;          /* 0: all cores */
    pt_linking_step until;     /* the last step that is taken */
    size_t memory;             /* as in pt_linking_options */
    pt_cancel *cancel;         /* may be NULL */
    void (*report)(void *ctx, pt_linking_step step, bool ended, const pt_linking *l); /* may be NULL */
    void *report_ctx;
} pt_linking_run_options;

/* Of an app, over the tables of its last build, which nothing is written to. PT_ENOTFOUND when nothing was built, PT_EBUSY while a
 * build is at work. */
pt_rc pt_app_linking(pt_linking **out, pt_app *app, const pt_linking_run_options *options, pt_err *err);

/* Records of a block from which it is split or left out. */
uint64_t pt_linking_largest_block(const pt_linking *l);
/* The strongest identifier of a record. */
pt_sv pt_linking_identifier(const pt_linking *l, uint32_t record, uint32_t *type);
/* A value as written; len 0 when there is none. */
pt_sv pt_linking_value(const pt_linking *l, uint32_t record, size_t field);
/* Records whose strongest identifier has this value, rising: of type `type` of the project's, or of any type (-1). */
pt_rc pt_linking_find(const uint32_t **records, size_t *n, const pt_linking *l, int type, pt_sv value, pt_arena *arena,
                      pt_err *err);

/* Of all pairs that could, those that hold groups together, the strongest ones; in order of (a, b). */
pt_rc pt_linking_edges(const pt_link_pair **out, size_t *n, const pt_linking *l, pt_arena *arena, pt_err *err);
/* Of every two groups that may be one person the strongest pair; in order of (a, b). Not those that people have decided about. */
pt_rc pt_linking_likely(const pt_link_pair **out, size_t *n, const pt_linking *l, pt_arena *arena, pt_err *err);
enum { PT_LINKING_BANDS = 8 };
extern const double pt_linking_bands[PT_LINKING_BANDS]; /* probabilities: each band begins here and ends at the next */

/* What a build would make of it. Once grouped. */
typedef struct pt_linking_summary {
    uint64_t bands[PT_LINKING_BANDS];  /* pairs by probability */
    uint64_t linked;                   /* pairs that are followed from */
    uint64_t links;                    /* between customers */
    uint64_t to_review;                /* pairs of customers for people to decide */
    uint64_t before, after;            /* customers with records: as equal identifiers make them; with links */
    uint64_t largest, largest_records; /* of those that links make: customers and records in the largest */
} pt_linking_summary;
pt_rc pt_linking_summarise(pt_linking_summary *out, const pt_linking *l, pt_arena *arena, pt_err *err);

/* The customers that a build makes of it: links settled with all others under limits, facts that may not differ and decisions. */
typedef struct pt_linking_settled {
    uint32_t *customer; /* by record: the first record of its customer */
    uint64_t links,
        refused; /* links of likeness; of all links those that a limit, a fact or a decision stands against */
} pt_linking_settled;
/* Once grouped, over the store that was read. In the arena. */
pt_rc pt_linking_settle(pt_linking_settled *out, const pt_linking *l, pt_conn *c, pt_cancel *cancel, pt_arena *arena,
                        pt_err *err);
/* The score of a link of this weight: three decimals, so that a model that has learned a little more does not make all links anew.
 * None is 1: that is for equal identifiers. */
double pt_linking_link_score(float weight);

/* PT_EINVAL unless pairs can be written to a file of this name: .csv or .parquet. */
pt_rc pt_linking_export_check(const char *path, pt_err *err);
/* Writes pairs to a file by its ending: whole, or not at all. */
pt_rc pt_linking_export(const pt_linking *l, const char *path, pt_arena *arena, pt_err *err);

/* Why two records are linked, in short: the names of what speaks for it most, "name+birth". `x` is of the model. */
pt_rc pt_linking_rule(char **out, const pt_linking *l, pt_link_explainer *x, uint32_t a, uint32_t b, pt_arena *arena,
                      pt_err *err);

#endif
