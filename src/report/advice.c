#include "report/advice.h"

#include <math.h>

typedef enum scope { BASE, SEGMENT } scope;
typedef enum kind { CONCLUSION, ACTION } kind;
typedef enum measure { SHARE, BELOW, MORE, FEWER, HIGHER, LOWER } measure;

enum { MOST_OF_A_KIND = 6 };
static const double least_share = 0.05; /* of a group, for a rule of MORE */

typedef struct rule {
    const char *name;
    scope scope;
    kind kind;
    const char *tag, *value;
    measure measure;
    double limit;
    const char *sentence[2];
} rule;

static const rule rules[] = {
#define X(name, scope, kind, tag, value, measure, limit, en, zh) \
    {#name, scope, kind, tag, value, measure, limit, {en, zh}},
#include "report/advice_list.h"
#undef X
};

const char *pt_advice_say(pt_draft *d, const pt_fact *fact, const char *sentence)
{
    pt_words *w = &d->words;
    bool of_tag = fact->tag != PT_FACT_NO_TAG, numbers = of_tag && !fact->value.ptr;

    return pt_words_fill(w, sentence,
                         (const char *const[]){pt_words_about(w, fact->share), pt_words_about(w, fact->base_share),
                                               pt_words_index(w, fact->index),
                                               PT_WORDS(w, FIGURE_INSIDE, pt_words_count(w, fact->figure)),
                                               numbers ? pt_words_figure(w, fact->tag, fact->median) : "",
                                               numbers ? pt_words_figure(w, fact->tag, fact->base_median) : "",
                                               of_tag ? pt_words_tag(w, fact->tag) : "",
                                               fact->value_text ? fact->value_text : ""},
                         8);
}

/* Whether `value` is one of "a|b". */
static bool is_listed(const char *list, pt_sv value)
{
    for (;;) {
        size_t n = strcspn(list, "|");
        if (pt_sv_eq((pt_sv){list, n}, value))
            return true;
        if (!list[n])
            return false;
        list += n + 1;
    }
}

static bool is_about(const rule *r, int tag, const pt_fact *f)
{
    if (r->tag[0] ? (int64_t)f->tag != tag : f->tag != PT_FACT_NO_TAG)
        return false;
    if (!r->value[0])
        return !f->value.ptr;
    return f->value.ptr && (strcmp(r->value, "*") == 0 || is_listed(r->value, f->value));
}

static bool holds(const rule *r, const pt_fact *f)
{
    double ratio = f->base_median > 0 ? f->median / f->base_median : f->median > 0 ? (double)INFINITY : (double)NAN;

    switch (r->measure) {
    case SHARE: return f->share >= r->limit && f->share > 0;
    case BELOW: return f->share < r->limit;
    case MORE: return f->significant && f->index >= r->limit && f->share >= least_share;
    case FEWER: return f->significant && f->index <= r->limit;
    case HIGHER: return f->significant && ratio >= r->limit;
    default: return f->significant && ratio <= r->limit;
    }
}

/* How much a fact stands out, to choose among several that a rule is about. */
static double weight(const rule *r, const pt_fact *f)
{
    return r->measure == MORE ? f->index : f->share;
}

/* The fact of which the rule holds, and most; NULL when there is none. */
static pt_fact *find_fact(const pt_draft *d, const rule *r)
{
    int tag = r->tag[0] ? pt_draft_find(d, r->tag) : -1;
    pt_fact *best = NULL;

    if ((r->scope == SEGMENT) != d->facts.segment)
        return NULL;
    for (size_t i = 0; i < d->facts.n; i++) {
        pt_fact *f = &d->facts.list[i];
        if (is_about(r, tag, f) && holds(r, f) && (!best || weight(r, f) > weight(r, best)))
            best = f;
    }
    return best;
}

void pt_advice_mark(pt_draft *d)
{
    for (size_t i = 0; i < PT_COUNT(rules); i++) {
        pt_fact *f = find_fact(d, &rules[i]);
        if (f)
            f->wanted = true;
    }
}

void pt_advice_tell(pt_draft *d, pt_report_part *part)
{
    size_t said[2] = {0, 0};

    for (size_t i = 0; i < PT_COUNT(rules); i++) {
        const rule *r = &rules[i];
        const pt_fact *f = find_fact(d, r);
        if (!f || !f->figure || said[r->kind]++ >= MOST_OF_A_KIND)
            continue;
        pt_draft_statement(d, r->kind == ACTION ? &part->actions : &part->conclusions, r->name,
                           pt_advice_say(d, f, r->sentence[d->words.zh]), f->figure);
    }
}

/* Whether it is the most frequent value of its tag, of at least a quarter. */
static bool is_most(const pt_facts *facts, const pt_fact *f)
{
    if (f->tag == PT_FACT_NO_TAG || !f->figure || !f->value.ptr || !(f->share >= 0.25))
        return false;
    for (size_t i = 0; i < facts->n; i++) {
        const pt_fact *other = &facts->list[i];
        if (other->tag == f->tag && (other->share > f->share || (other->share == f->share && other < f)))
            return false;
    }
    return true;
}

void pt_advice_tell_most(pt_draft *d, pt_report_part *part)
{
    size_t said = 0;

    for (size_t i = 0; i < d->facts.n && said < MOST_OF_A_KIND; i++) {
        const pt_fact *f = &d->facts.list[i];
        if (!is_most(&d->facts, f))
            continue;
        pt_draft_statement(d, &part->conclusions, "most_frequent", pt_advice_say(d, f, PT_WORD(&d->words, SAY_MOST)),
                           f->figure);
        said++;
    }
}
