#include "app/link_labels.h"

#include <stdlib.h>

#include "base/io.h"
#include "base/utf8.h"
#include "source/csv.h"

/* --- the file -------------------------------------------------------------------------------------------------------------------- */

typedef struct labels_file {
    const char *path;
    pt_csv csv;
    bool pairs, nomem;
    size_t first, second, answer; /* columns: record and person, or the two records and the answer */
} labels_file;

static pt_rc wrong(const labels_file *f, pt_err *err, const char *message, const char *hint)
{
    pt_fail(err, PT_EINVAL, "%s", message);
    if (hint)
        pt_err_hint(err, "%s", hint);
    pt_err_at(err, f->path, (int)f->csv.line, 0);
    return PT_EINVAL;
}

/* The column that has the first of these names that there is, but for `taken`; -1. */
static int find_column(labels_file *f, const char *const *names, int taken)
{
    for (; *names; names++)
        for (size_t i = 0; i < f->csv.n_fields; i++) {
            pt_str folded = {0};
            pt_utf8_fold(&folded, pt_sv_trim(f->csv.fields[i]));
            bool is = (int)i != taken && strcmp(pt_str_cstr(&folded), *names) == 0;
            f->nomem |= folded.failed;
            pt_str_free(&folded);
            if (is)
                return (int)i;
        }
    return -1;
}

/* The first column that is none of the two. */
static int first_other(const labels_file *f, int one, int two)
{
    for (size_t i = 0; i < f->csv.n_fields; i++)
        if ((int)i != one && (int)i != two)
            return (int)i;
    return -1;
}

static pt_rc read_header(labels_file *f, pt_err *err)
{
    static const char *const answers[] = {"same", "match", "is_match", "answer", "label", "同一人", "是否同一人", NULL};
    static const char *const ones[] = {"a", "left", "id_a", "id_l", "id1", "id_1", NULL};
    static const char *const others[] = {"b", "right", "id_b", "id_r", "id2", "id_2", NULL};
    static const char *const persons[] = {"entity",     "entity_id", "person",   "person_id",   "cluster",
                                          "cluster_id", "truth",     "customer", "customer_id", "实体",
                                          "客户",       "人",        NULL};
    static const char *const records[] = {"identifier", "record", "record_id", "id", "标识", "标识符", "记录", NULL};
    int answer = find_column(f, answers, -1), person = find_column(f, persons, -1), first, second;

    f->pairs = answer >= 0;
    if (f->pairs) {
        first = find_column(f, ones, answer);
        first = first < 0 ? first_other(f, answer, -1) : first;
        second = find_column(f, others, first);
        second = second < 0 || second == answer ? first_other(f, answer, first) : second;
    } else {
        first = find_column(f, records, person);
        first = first < 0 ? first_other(f, person, -1) : first;
        second = person;
    }
    if (f->nomem)
        return pt_fail_nomem(err, "labels");
    if (first < 0 || second < 0)
        return wrong(f, err, "the first line does not say what the columns are",
                     "record_id,person for records, or a,b,same for pairs");
    f->first = (size_t)first;
    f->second = (size_t)second;
    f->answer = f->pairs ? (size_t)answer : 0;
    return PT_OK;
}

static pt_rc open_file(labels_file *f, const char *path, pt_arena *arena, pt_err *err)
{
    pt_sv text;

    *f = (labels_file){.path = path};
    PT_TRY(pt_read_file(&text, path, 0, arena, err));
    pt_csv_open(&f->csv, text, ',', '"', 0);
    if (!pt_csv_next(&f->csv))
        return f->csv.nomem ? pt_fail_nomem(err, "labels") : wrong(f, err, "there are no labels in the file", NULL);
    if (f->csv.wrong)
        return wrong(f, err, f->csv.wrong, NULL);
    PT_TRY(read_header(f, err));
    f->csv.expect = f->csv.n_fields;
    return PT_OK;
}

/* *more is false at the end. */
static pt_rc next_row(labels_file *f, bool *more, pt_err *err)
{
    *more = pt_csv_next(&f->csv);
    if (f->csv.nomem)
        return pt_fail_nomem(err, "labels");
    if (*more && f->csv.wrong)
        return wrong(f, err, f->csv.wrong, NULL);
    return PT_OK;
}

typedef enum said { SAID_NOTHING, SAID_YES, SAID_NO, SAID_WRONG } said;

static said read_answer(labels_file *f)
{
    static const char *const yes[] = {"yes", "y", "true", "1", "same", "match", "是", "同", "同一人"};
    static const char *const no[] = {"no", "n", "false", "0", "different", "否", "不是", "不同", "不同人"};
    pt_sv text = pt_sv_trim(f->csv.fields[f->answer]);
    pt_str folded = {0};
    said is = SAID_WRONG;

    if (!text.len)
        return SAID_NOTHING;
    pt_utf8_fold(&folded, text);
    for (size_t i = 0; i < PT_COUNT(yes); i++)
        is = strcmp(pt_str_cstr(&folded), yes[i]) == 0 ? SAID_YES : is;
    for (size_t i = 0; i < PT_COUNT(no); i++)
        is = strcmp(pt_str_cstr(&folded), no[i]) == 0 ? SAID_NO : is;
    f->nomem |= folded.failed;
    pt_str_free(&folded);
    return is;
}

static pt_rc read_said(said *out, labels_file *f, pt_err *err)
{
    *out = read_answer(f);
    if (f->nomem)
        return pt_fail_nomem(err, "labels");
    return *out == SAID_WRONG ? wrong(f, err, "the answer is neither yes nor no", "yes, no, or nothing") : PT_OK;
}

/* --- labels ---------------------------------------------------------------------------------------------------------------------- */

typedef struct labelling {
    labels_file file;
    pt_link_find *find;
    pt_link_labels *out;
    uint32_t *entity; /* by record */
    uint64_t *line;   /* by record: where it was labelled */
    pt_intern *persons;
    pt_link_label *labels;
    uint64_t *label_line;
    size_t n_labels, cap_labels, cap_lines;
} labelling;

static pt_rc find_record(uint32_t *record, labelling *x, size_t column, pt_err *err)
{
    PT_TRY(pt_link_find_first(record, x->find, x->file.csv.fields[column], err));
    if (*record != PT_ID_NONE)
        *record = pt_link_find_unit(x->find, *record);
    return PT_OK;
}

static void note_unknown(labelling *x)
{
    if (x->out->unknown < PT_LINK_LINES)
        x->out->unknown_lines[x->out->unknown] = x->file.csv.line;
    x->out->unknown++;
}

static pt_rc contradicts(const labelling *x, uint64_t line, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "the label contradicts line %llu", (unsigned long long)line);
    pt_err_at(err, x->file.path, (int)x->file.csv.line, 0);
    return PT_EINVAL;
}

static pt_rc take_record(labelling *x, pt_err *err)
{
    pt_sv person = pt_sv_trim(x->file.csv.fields[x->file.second]);
    uint32_t record, code;

    if (!person.len) {
        x->out->open++;
        return PT_OK;
    }
    x->out->rows++;
    PT_TRY(find_record(&record, x, x->file.first, err));
    if (record == PT_ID_NONE) {
        note_unknown(x);
        return PT_OK;
    }
    if (!(code = pt_intern_add(x->persons, person)))
        return pt_fail_nomem(err, "labels");
    if (x->entity[record] != PT_LINK_UNKNOWN && x->entity[record] != code - 1)
        return contradicts(x, x->line[record], err);
    x->out->records += x->entity[record] == PT_LINK_UNKNOWN;
    x->entity[record] = code - 1;
    x->line[record] = x->file.csv.line;
    return PT_OK;
}

static pt_rc take_pair(labelling *x, pt_err *err)
{
    uint32_t a, b;
    said is;

    PT_TRY(read_said(&is, &x->file, err));
    if (is == SAID_NOTHING) {
        x->out->open++;
        return PT_OK;
    }
    x->out->rows++;
    PT_TRY(find_record(&a, x, x->file.first, err));
    PT_TRY(find_record(&b, x, x->file.second, err));
    if (a == PT_ID_NONE || b == PT_ID_NONE) {
        note_unknown(x);
        return PT_OK;
    }
    if (a == b)
        return wrong(&x->file, err, "both ends of the pair are one record", NULL);
    if (!pt_grow(&x->labels, &x->cap_labels, x->n_labels + 1, sizeof *x->labels) ||
        !pt_grow(&x->label_line, &x->cap_lines, x->n_labels + 1, sizeof *x->label_line))
        return pt_fail_nomem(err, "labels");
    x->label_line[x->n_labels] = x->file.csv.line;
    x->labels[x->n_labels++] = (pt_link_label){a < b ? a : b, a < b ? b : a, is == SAID_YES};
    return PT_OK;
}

static pt_rc take_all(labelling *x, pt_err *err)
{
    bool more;

    PT_TRY(next_row(&x->file, &more, err));
    while (more) {
        PT_TRY(x->file.pairs ? take_pair(x, err) : take_record(x, err));
        PT_TRY(next_row(&x->file, &more, err));
    }
    if (!x->out->rows)
        return wrong(&x->file, err, "there are no labels in the file", NULL);
    if (x->out->unknown == x->out->rows) {
        pt_fail(err, PT_EINVAL, "no record has any of the identifiers that the labels name");
        pt_err_hint(err, "TYPE:VALUE, or the value of an identifier of a record source that is linked");
        pt_err_at(err, x->file.path, (int)x->out->unknown_lines[0], 0);
        return PT_EINVAL;
    }
    return PT_OK;
}

/* Where a label that contradicts another was read. */
static pt_rc find_contradiction(labelling *x, const pt_link_label *unsorted, uint32_t a, uint32_t b, pt_err *err)
{
    uint64_t lines[2] = {0};

    for (size_t i = 0; i < x->n_labels; i++)
        if (unsorted[i].a == a && unsorted[i].b == b && !lines[unsorted[i].same])
            lines[unsorted[i].same] = x->label_line[i];
    x->file.csv.line = lines[0] > lines[1] ? lines[0] : lines[1];
    return contradicts(x, lines[0] > lines[1] ? lines[1] : lines[0], err);
}

static pt_rc finish_pairs(labelling *x, pt_arena *arena, pt_err *err)
{
    pt_link_label *kept = PT_NEW_ARRAY(arena, pt_link_label, x->n_labels + 1);
    size_t n = x->n_labels;
    uint32_t a, b;

    if (!kept)
        return pt_fail_nomem(err, "labels");
    if (n)
        memcpy(kept, x->labels, n * sizeof *kept);
    if (!pt_link_labels_sort(kept, &n, &a, &b))
        return find_contradiction(x, x->labels, a, b, err);
    x->out->truth.labels = kept;
    x->out->truth.n_labels = n;
    return PT_OK;
}

static pt_rc finish_records(labelling *x, pt_arena *arena, pt_err *err)
{
    uint32_t *kept = PT_NEW_ARRAY(arena, uint32_t, (size_t)x->out->truth.n + 1);

    if (!kept)
        return pt_fail_nomem(err, "labels");
    memcpy(kept, x->entity, x->out->truth.n * sizeof *kept);
    x->out->truth.entity = kept;
    return PT_OK;
}

static pt_rc label(labelling *x, const char *path, uint32_t n, pt_arena *arena, pt_err *err)
{
    x->entity = pt_alloc64((size_t)n + 1, sizeof *x->entity);
    x->line = pt_alloc64((size_t)n + 1, sizeof *x->line);
    x->persons = pt_intern_new();
    if (!x->entity || !x->line || !x->persons)
        return pt_fail_nomem(err, "labels");
    for (uint32_t i = 0; i < n; i++)
        x->entity[i] = PT_LINK_UNKNOWN;
    x->out->truth.n = n;
    PT_TRY(open_file(&x->file, path, arena, err));
    PT_TRY(take_all(x, err));
    return x->file.pairs ? finish_pairs(x, arena, err) : finish_records(x, arena, err);
}

pt_rc pt_link_labels_read(pt_link_labels *out, const char *path, pt_link_find *f, pt_arena *arena, pt_err *err)
{
    labelling x = {.find = f, .out = out};

    *out = (pt_link_labels){0};
    pt_rc rc = label(&x, path, pt_link_find_linking(f)->n, arena, err);
    pt_csv_close(&x.file.csv);
    pt_intern_free(x.persons);
    free(x.entity);
    free(x.line);
    free(x.labels);
    free(x.label_line);
    return rc;
}

/* --- answers --------------------------------------------------------------------------------------------------------------------- */

static pt_sv keep(pt_arena *arena, pt_sv text)
{
    return (pt_sv){pt_arena_strndup(arena, text.ptr, text.len), text.len};
}

static pt_rc take_answers(pt_link_answer_row **rows, size_t *n, labels_file *f, pt_arena *arena, pt_err *err)
{
    size_t cap = 0;
    bool more;
    said is;

    if (!f->pairs)
        return wrong(f, err, "the first line does not say what the columns are", "a,b,same");
    PT_TRY(next_row(f, &more, err));
    for (; more;) {
        PT_TRY(read_said(&is, f, err));
        if (is != SAID_NOTHING) {
            if (!pt_grow(rows, &cap, *n + 1, sizeof **rows))
                return pt_fail_nomem(err, "answers");
            pt_link_answer_row *row = &(*rows)[(*n)++];
            *row = (pt_link_answer_row){keep(arena, f->csv.fields[f->first]), keep(arena, f->csv.fields[f->second]),
                                        is == SAID_YES, f->csv.line};
            if (!row->a.ptr || !row->b.ptr)
                return pt_fail_nomem(err, "answers");
        }
        PT_TRY(next_row(f, &more, err));
    }
    return PT_OK;
}

pt_rc pt_link_answers_read(pt_link_answer_row **out, size_t *n, const char *path, pt_arena *arena, pt_err *err)
{
    labels_file f;
    pt_link_answer_row *rows = NULL;
    pt_rc rc = open_file(&f, path, arena, err);

    *n = 0;
    if (rc == PT_OK)
        rc = take_answers(&rows, n, &f, arena, err);
    *out = rc == PT_OK ? PT_NEW_ARRAY(arena, pt_link_answer_row, *n + 1) : NULL;
    if (*out && *n)
        memcpy(*out, rows, *n * sizeof *rows);
    free(rows);
    pt_csv_close(&f.csv);
    return rc == PT_OK && !*out ? pt_fail_nomem(err, "answers") : rc;
}
