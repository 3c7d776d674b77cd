/* What a model of models/ says, checked (docs/models.md, "The frame"). A model has a task; a task is a `pt_model_kind`, which says what
 * else the model may set and what it gives. What a kind does is in app/ (app/learn.h). */
#ifndef PT_PROJECT_MODEL_DEF_H
#define PT_PROJECT_MODEL_DEF_H

#include "base/hash.h"
#include "lang/lang.h"
#include "model/learner.h"

typedef struct pt_label pt_label;

/* --- settings of a kind ------------------------------------------------------------------------------------------- */

typedef enum pt_setting_type {
    PT_SETTING_NUMBER,
    PT_SETTING_INTEGER,
    PT_SETTING_BOOL,
    PT_SETTING_CHOICE,    /* one of `choices` */
    PT_SETTING_TEXT,      /* any text */
    PT_SETTING_DURATION,  /* "90d" */
    PT_SETTING_SOURCE,    /* an event or record source: "orders" */
    PT_SETTING_COLUMN,    /* of such a source: "orders.category" */
    PT_SETTING_EVENTS,    /* what `did` takes: "orders where status = 'paid' within 2y" */
    PT_SETTING_CONDITION, /* over tags, segments and events: a bool, of each customer */
    PT_SETTING_VALUE,     /* an expression of any type, of each customer */
    PT_SETTING_TAG        /* a tag that no model gives */
} pt_setting_type;

/* A key of a model file. Any of them may be a list. */
typedef struct pt_setting {
    const char *name; /* "events" */
    pt_setting_type type;
    bool required, list;
    double preset;              /* of numbers, bools (0 and 1), choices (their number), durations (microseconds) */
    double low, high;           /* of numbers: both allowed; equal: no limits. Of durations in microseconds */
    const char *const *choices; /* of a choice; ends with NULL */
} pt_setting;

typedef struct pt_setting_item {
    double number;       /* of numbers, bools, choices */
    int64_t length;      /* of durations: microseconds */
    const char *text;    /* as written */
    uint32_t source;     /* of sources, columns, events */
    int32_t column;      /* of columns; -1: `time` */
    uint32_t tag;        /* of tags; of events, conditions and values: their number in project->learning */
    const pt_node *node; /* of events (a `did`: its u.agg has source, where and window), conditions, values */
    pt_place place;
} pt_setting_item;

typedef struct pt_setting_value {
    bool given;                   /* else one item holds the preset, or there is none */
    const pt_setting_item *items; /* one unless the setting is a list */
    size_t n;
} pt_setting_value;

/* --- kinds -------------------------------------------------------------------------------------------------------- */

/* What a kind gives of each customer: what tags can be made of. */
typedef struct pt_model_output {
    const char *name; /* "probability" */
    pt_type type;
    const char *label_zh, *label_en;
    bool share; /* a number from 0 to 1 that is shown as a percentage */
} pt_model_output;

/* Which of the common keys a kind knows; the names of the others are free for its own settings. */
typedef enum pt_model_uses {
    PT_MODEL_POPULATION = 1, /* who is learned from and scored; everybody without it */
    PT_MODEL_TARGET = 2,     /* what is to be foreseen: required */
    PT_MODEL_FEATURES = 4,   /* tags, `auto` without it */
    PT_MODEL_ALGORITHM = 8,  /* learners of model/learners_list.h with the task `learner_task`, `prepare`, `measure` */
    PT_MODEL_VALIDATION = 16,
    PT_MODEL_TUNING = 32,
    PT_MODEL_DATES = 64 /* train, test */
} pt_model_uses;

typedef struct pt_model_kind {
    const char *task; /* "classify", "value": as `task` says it */
    unsigned uses;    /* pt_model_uses, or-ed */
    pt_task learner_task;
    const pt_setting *settings; /* its own keys */
    size_t n_settings;
    const pt_model_output *outputs;
    size_t n_outputs;
    const char *names_tags; /* the output whose texts are names of tags, shown as their labels; NULL: none */
} pt_model_kind;

/* model_kinds_list.h lists them: X(value) is an extern const pt_model_kind pt_value_kind, in src/project/kind_value.c. */
const pt_model_kind *const *pt_model_kinds(size_t *n);
/* The number of a setting or an output in the kind's table; -1 for none. */
int pt_model_kind_setting(const pt_model_kind *k, pt_sv name);
int pt_model_kind_output(const pt_model_kind *k, pt_sv name);

/* --- a model ------------------------------------------------------------------------------------------------------ */

typedef struct pt_model_algorithm {
    const char *name; /* "xgboost" */
    const pt_learner *learner;
    const double *parameters; /* all of the learner's: given, else the preset */
    const bool *given;
    pt_place place;
} pt_model_algorithm;

/* A tag that the model gives. */
typedef struct pt_model_tag {
    uint32_t tag;    /* in the project */
    uint32_t output; /* of the kind */
} pt_model_tag;

/* An expression of a model, in the module project->learning. */
typedef struct pt_model_expression {
    const pt_node *node; /* NULL: none */
    uint32_t number;     /* as a tag of project->learning */
    const char *text;    /* as written, on one line */
} pt_model_expression;

typedef struct pt_model_def {
    const char *name;
    const pt_model_kind *kind;
    const char *owner;
    const pt_label *label, *description; /* either may have no text */
    pt_model_expression population, target;
    int64_t horizon;          /* microseconds that the target looks ahead; 0: it does not */
    bool auto_features;       /* then `features` come on top of those that are chosen */
    const uint32_t *features; /* tags */
    size_t n_features;
    const uint32_t *except; /* tags that are not chosen */
    size_t n_except;
    const uint32_t *fairness; /* tags by whose values the model is looked at, and that are not learned from */
    size_t n_fairness;
    const int64_t *train; /* as-ofs, rising; none: worked out from the data's end and the horizon */
    size_t n_train;
    bool test_unsaid; /* then it is worked out */
    bool has_test;
    int64_t test; /* as-of */
    const pt_model_algorithm *algorithms;
    size_t n_algorithms;
    const struct pt_preparation *preparation; /* model/pipeline.h */
    const struct pt_validation *validation;   /* model/study.h */
    const struct pt_tuning *tuning;
    const char *measure; /* that decides; NULL: by the task */
    uint64_t seed;
    const pt_setting_value *settings; /* by number in the kind's table */
    const pt_model_tag *tags;
    size_t n_tags;
    pt_hash128 hash; /* of all that what is learned follows from, but for tags and data */
    pt_place place;
} pt_model_def;

#endif
