/* `link:` of identity.yaml, checked: which records are compared, by what, and what follows. load_link.c reads it;
 * docs/project-files.md is the definition. Column names in it are columns and identifier types of
 * linked sources (or names given with `as`, or kinds); what
 * kind a column has when nothing is said is the reader's to find out. */
#ifndef PT_PROJECT_LINK_CONFIG_H
#define PT_PROJECT_LINK_CONFIG_H

#include "base/hash.h"
#include "link/kinds.h"
#include "link/rules.h"

enum { PT_LINK_IGNORED = -1, PT_LINK_NO_KIND = -2 };

/* `columns:` says what a column is. */
typedef struct pt_link_column_choice {
    int source;         /* -1: in each linked source that has such a column */
    const char *column; /* there is one */
    int kind;           /* pt_link_kind, PT_LINK_IGNORED, PT_LINK_NO_KIND (only `as` is said) */
    /* The name it is linked as: columns of several sources with one such name are one. NULL: nothing is said; then columns with the
     * same name are one, and what is left over is paired by kind. */
    const char *as;
    pt_place place;
} pt_link_column_choice;

/* `blocking:` and `sure:`. */
typedef struct pt_link_key_rule {
    const char *text; /* as written: the rule's name in reports */
    const pt_link_expr *expr;
    pt_place place;
} pt_link_key_rule;

/* `comparisons:`. */
typedef struct pt_link_comparison_rule {
    const char *column;                      /* as written: a column, a name given with `as`, a kind */
    bool ignored;                            /* `none`: the column is there for rules, and not compared */
    const pt_link_level_rule *const *levels; /* the strongest first; none: those of the column's kind */
    uint32_t n_levels;
    int by_frequency;  /* 0, 1; -1: by kind */
    const char *group; /* comparisons of one group tell of the same: NULL by kind, "" in none, else a name */
    pt_place place;
} pt_link_comparison_rule;

/* `never:`: two values of it are two customers. */
typedef struct pt_link_never {
    const char *name;
    int type; /* of pt_identity_config.types; -1: a column, as in comparisons */
    pt_place place;
} pt_link_never;

typedef struct pt_link_config {
    bool on;                 /* `link:` is there, and not `none`; all that follows holds only then */
    const uint32_t *sources; /* numbers of record sources, rising; n_sources 0: nothing is said */
    size_t n_sources;
    const pt_link_column_choice *columns;
    size_t n_columns;
    const pt_link_key_rule *blocking; /* beside the default rules */
    size_t n_blocking;
    bool blocking_only; /* or instead of them */
    const pt_link_key_rule
        *sure; /* pairs with an equal key are of one person nearly always: what the prior is worked out from */
    size_t n_sure;
    bool sure_only;
    double recall; /* the share of all true pairs that sure rules find; 0: nothing is said */
    double prior;  /* stated: that two records drawn at random are of one person; 0: nothing is said */
    const pt_link_comparison_rule *comparisons;
    size_t n_comparisons;
    const pt_link_never *never;
    size_t n_never;
    bool train_labels;             /* what agreement is worth is learned from decisions, too */
    double auto_from, review_from; /* probabilities; 0 < review_from <= auto_from <= 1 */
    uint64_t largest_block;        /* records; 0: nothing is said */
    pt_place place;                /* of `link` */
    pt_hash128 hash;               /* of all that is written under `link` but places */
} pt_link_config;

/* What `columns:` says of a column: a choice that names the source comes before one that does not. NULL: nothing. */
const pt_link_column_choice *pt_link_choice(const pt_link_config *c, uint32_t source, const char *column);
/* Whether a rule or comparison names the column, by itself or by what it is linked as: then it is needed, whatever it looks like. */
bool pt_link_is_named(const pt_link_config *c, const char *source, const char *column, const char *as);

/* A kind by the word of project files ("person"); PT_LINK_KINDS when there is none. */
pt_link_kind pt_link_kind_find(pt_sv word);

#endif
