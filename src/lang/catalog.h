/* What an expression may name: the sources of a project with their columns, and its tags. The caller fills it in
 * (project/ does, from YAML); lang only reads it. */
#ifndef PT_LANG_CATALOG_H
#define PT_LANG_CATALOG_H

#include "base/diag.h"
#include "base/type.h"

typedef enum pt_source_kind {
    PT_SOURCE_RECORD,    /* customer attributes; a bare `source.column` is the last known value */
    PT_SOURCE_EVENT,     /* things customers did, each at a time */
    PT_SOURCE_REFERENCE, /* products, regions: looked up while reading, not visible to the language */
    PT_SOURCE_LINK       /* pairs of identifiers; not visible to the language */
} pt_source_kind;

typedef struct pt_lang_column {
    const char *name;
    pt_type type;
} pt_lang_column;

typedef struct pt_lang_source {
    const char *name;
    pt_source_kind kind;
    const pt_lang_column *columns; /* `time` is not among them: every source has it, an instant */
    size_t n_columns;
} pt_lang_source;

/* One tier of a tiered tag: the label taken when the condition is the first that is true. */
typedef struct pt_lang_tier {
    const char *label;
    pt_sv condition;
    pt_place place; /* where the condition's text begins */
} pt_lang_tier;

/* What a tag was before: `name@v2`. */
typedef struct pt_lang_version {
    uint32_t number;
    pt_sv value;
    pt_place place;
} pt_lang_version;

/* A tag as written. Exactly one of value, tiers, external. */
typedef struct pt_lang_tag {
    const char *name;
    pt_sv value; /* expression; len 0 when the tag is tiered or external */
    pt_place place;
    const pt_lang_tier *tiers;
    size_t n_tiers;
    bool external; /* computed elsewhere (`sql:`, models): the evaluator is given its value */
    bool segment;  /* problems speak of a segment; these come after all tags */
    bool ahead;    /* the target of a model: may look at what comes after the as-of */
    int64_t ttl;   /* microseconds: missing when the newest event behind it is as old; 0: never */
    pt_place ttl_place;
    uint32_t version; /* 1 unless said */
    const pt_lang_version *previous;
    size_t n_previous;
    pt_sv confidence; /* expression, a number from 0 to 1; len 0: by origin */
    pt_place confidence_place;
    bool keep;    /* where it is missing, what it was when the customer's events last gave a value */
    pt_type type; /* external: its type. Otherwise the declared type or PT_TYPE_NONE */
} pt_lang_tag;

typedef struct pt_catalog {
    const pt_lang_source *sources; /* index = source number everywhere downstream */
    size_t n_sources;
    const pt_lang_tag *tags; /* index = tag number everywhere downstream */
    size_t n_tags;
    bool history; /* whether expressions may ask for kept history: was(...) */
    bool ahead;   /* whether expressions that are no tags may look at what comes after the as-of */
} pt_catalog;

#endif
