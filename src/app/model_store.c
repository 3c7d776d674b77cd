#include "app/model_store.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/generation_int.h"
#include "base/compare.h"
#include "base/frame.h"
#include "base/io.h"

#define MAGIC "PTMODEL1"
enum { FORMAT = 1, BLOCK_LOG2 = 16, ARRAYS = 2, MOST_LOG = 1 << 20, MOST_TRAIN = 10000 };

static const char *folder(const char *data_dir, const char *model, pt_arena *arena)
{
    return pt_arena_printf(arena, "%s/models/%s", data_dir, model);
}

static const char *version_path(const char *data_dir, const char *model, uint32_t number, pt_arena *arena)
{
    return pt_arena_printf(arena, "%s/models/%s/v%u.model", data_dir, model, number);
}

/* --- the file of a version --------------------------------------------------------------------------------------------- */

static void put_head(pt_str *out, const pt_model_version *v, size_t artifact, size_t card)
{
    const char *const texts[] = {v->task, v->algorithm, v->measure, v->part, v->program};
    const double numbers[] = {v->value, v->low, v->high};

    pt_frame_put64(out, v->number);
    for (size_t i = 0; i < PT_COUNT(texts); i++)
        pt_frame_put_text(out, texts[i]);
    pt_frame_put(out, numbers, sizeof numbers);
    pt_frame_put64(out, v->n_train);
    if (v->n_train)
        pt_frame_put(out, v->train, v->n_train * sizeof *v->train);
    pt_frame_put(out, &v->test, sizeof v->test);
    pt_frame_put(out, &v->data_end, sizeof v->data_end);
    pt_frame_put(out, &v->definition, sizeof v->definition);
    pt_frame_put(out, &v->artifact, sizeof v->artifact);
    pt_frame_put64(out, artifact);
    pt_frame_put64(out, card);
}

static bool get_head(pt_model_version *v, uint64_t sizes[ARRAYS], pt_sv directory, pt_arena *arena)
{
    pt_frame_cursor c = {.rest = directory};
    const char **const texts[] = {&v->task, &v->algorithm, &v->measure, &v->part, &v->program};
    double numbers[3];

    v->number = (uint32_t)pt_frame_get64(&c);
    for (size_t i = 0; i < PT_COUNT(texts); i++)
        *texts[i] = pt_frame_get_text(&c, arena);
    pt_frame_get(&c, numbers, sizeof numbers);
    v->value = numbers[0];
    v->low = numbers[1];
    v->high = numbers[2];
    v->n_train = pt_frame_get64(&c);
    if (c.failed || v->n_train > MOST_TRAIN)
        return false;
    int64_t *train = PT_NEW_ARRAY(arena, int64_t, v->n_train + 1);
    if (!train)
        return false;
    pt_frame_get(&c, train, v->n_train * sizeof *train);
    v->train = train;
    pt_frame_get(&c, &v->test, sizeof v->test);
    pt_frame_get(&c, &v->data_end, sizeof v->data_end);
    pt_frame_get(&c, &v->definition, sizeof v->definition);
    pt_frame_get(&c, &v->artifact, sizeof v->artifact);
    for (size_t i = 0; i < ARRAYS; i++)
        sizes[i] = pt_frame_get64(&c);
    return !c.failed && c.rest.len == 0;
}

static void describe(pt_frame_array arrays[ARRAYS], const uint64_t sizes[ARRAYS])
{
    static const char *const roles[ARRAYS] = {"bytes", "card bytes"};

    for (size_t i = 0; i < ARRAYS; i++)
        arrays[i] = (pt_frame_array){.role = roles[i], .kind = PT_FRAME_RAW, .width = 1, .n = sizes[i]};
}

/* The whole file, 64-byte aligned; free(). */
static pt_rc seal(unsigned char **out, size_t *n, const pt_model_version *v, const pt_sv parts[ARRAYS], pt_err *err)
{
    const uint64_t sizes[ARRAYS] = {parts[0].len, parts[1].len};
    pt_frame_array arrays[ARRAYS];
    pt_str directory = {0};
    uint64_t bytes = 0;

    describe(arrays, sizes);
    put_head(&directory, v, parts[0].len, parts[1].len);
    *out = NULL;
    if (pt_str_check(&directory, err) == PT_OK && pt_frame_layout(arrays, ARRAYS, &bytes)) {
        pt_frame_head head = {MAGIC, FORMAT, BLOCK_LOG2, {pt_str_cstr(&directory), directory.len}, bytes};
        uint64_t begin = pt_frame_head_bytes(&head), blocks = pt_frame_blocks(bytes, BLOCK_LOG2);
        uint64_t *sums = pt_zalloc(blocks + 1, sizeof *sums);
        *n = begin + bytes;
        *out = sums ? pt_alloc64(*n + 1, 1) : NULL;
        if (*out) {
            memset(*out, 0, *n);
            for (size_t i = 0; i < ARRAYS; i++)
                if (parts[i].len)
                    memcpy(*out + begin + arrays[i].at, parts[i].ptr, parts[i].len);
            for (uint64_t b = 0; b < blocks; b++) {
                uint64_t at = b << BLOCK_LOG2, left = bytes - at;
                sums[b] = pt_hash64(*out + begin + at, left < (1U << BLOCK_LOG2) ? left : (1U << BLOCK_LOG2));
            }
            pt_frame_seal(*out, &head, sums);
        }
        free(sums);
    }
    pt_str_free(&directory);
    return *out ? PT_OK : pt_fail_nomem(err, "a model");
}

typedef struct opened {
    pt_map map;
    pt_frame *frame;
    pt_frame_array arrays[ARRAYS];
} opened;

static void close_file(opened *o)
{
    pt_frame_close(o->frame);
    pt_map_close(&o->map);
    *o = (opened){0};
}

static pt_rc open_file(opened *o, pt_model_version *v, const char *path, const char *noun, pt_arena *arena, pt_err *err)
{
    uint64_t sizes[ARRAYS] = {0};

    *o = (opened){0};
    PT_TRY(pt_map_open(&o->map, path, err));
    pt_rc rc = pt_frame_open(&o->frame, MAGIC, FORMAT, noun, o->map.ptr, o->map.size, err);
    if (rc == PT_OK && !get_head(v, sizes, pt_frame_directory(o->frame), arena))
        rc = pt_frame_corrupt(o->frame, err, "its directory makes no sense");
    if (rc == PT_OK) {
        v->bytes = o->map.size;
        v->trained_at = PT_I64_MISSING;
        describe(o->arrays, sizes);
        rc = pt_frame_set_arrays(o->frame, o->arrays, ARRAYS, err);
    }
    if (rc != PT_OK)
        close_file(o);
    return rc;
}

static pt_rc copy_part(pt_sv *out, const opened *o, size_t i, pt_arena *arena, pt_err *err)
{
    uint64_t n = o->arrays[i].n;
    char *copy = pt_arena_array(arena, n + 1, 1);

    if (!copy)
        return pt_fail_nomem(err, "a model");
    PT_TRY(pt_frame_check(o->frame, i, 0, n, err));
    if (n)
        memcpy(copy, pt_frame_values(o->frame, i), n);
    *out = (pt_sv){copy, n};
    return PT_OK;
}

/* No build makes a model again. */
static pt_rc damaged(pt_rc rc, const char *model, pt_err *err)
{
    return rc == PT_ECORRUPT ? pt_err_hint(err, "portrait train %s --approve learns it again", model) : rc;
}

pt_rc pt_model_store_read(pt_sv *artifact, pt_card *card, const char *data_dir, const char *model, uint32_t number,
                          pt_arena *arena, pt_err *err)
{
    const char *path = version_path(data_dir, model, number, arena);
    const char *noun = pt_arena_printf(arena, "version v%u of model '%s'", number, model);
    pt_model_version v = {0};
    pt_sv bytes = {0};
    opened o;

    if (!path || !noun)
        return pt_fail_nomem(err, "a model");
    if (!pt_is_file(path))
        return pt_fail(err, PT_ENOTFOUND, "model '%s' has no version v%u", model, number);
    pt_rc rc = open_file(&o, &v, path, noun, arena, err);
    if (rc != PT_OK)
        return damaged(rc, model, err);
    rc = artifact ? copy_part(artifact, &o, 0, arena, err) : PT_OK;
    if (rc == PT_OK && card)
        rc = copy_part(&bytes, &o, 1, arena, err);
    close_file(&o);
    if (rc == PT_OK && card)
        rc = pt_card_load(card, bytes, arena, err);
    return damaged(rc, model, err);
}

/* --- what was done ------------------------------------------------------------------------------------------------------------ */

typedef struct log_line {
    pt_sv word; /* "trained", "approved", "rolled_back" */
    uint32_t number;
    int64_t at;
} log_line;

/* False for a line that is none of ours. */
static bool read_line(log_line *out, pt_sv line)
{
    const char *first = memchr(line.ptr, ' ', line.len);
    const char *second = first ? memchr(first + 1, ' ', (size_t)(line.ptr + line.len - first - 1)) : NULL;
    int64_t number;

    if (!second || !pt_parse_int64(&number, (pt_sv){first + 1, (size_t)(second - first - 1)}) || number < 0 ||
        number > INT32_MAX)
        return false;
    out->word = (pt_sv){line.ptr, (size_t)(first - line.ptr)};
    out->number = (uint32_t)number;
    return pt_instant_parse(&out->at, (pt_sv){second + 1, (size_t)(line.ptr + line.len - second - 1)}, pt_zone_utc());
}

typedef struct log_file {
    const char *path;
    bool present, damaged;
    pt_sv whole;
    log_line *lines; /* the sound ones; of a damaged log those alone that say what was trained */
    size_t n;
} log_file;

static bool is_training(const log_line *l)
{
    return pt_sv_eq(l->word, PT_SV("trained"));
}

static void read_lines(log_file *log)
{
    size_t kept = 0;

    for (const char *at = log->whole.ptr, *end = at + log->whole.len; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        pt_sv line = {at, (size_t)((stop ? stop : end) - at)};
        bool sound = line.len && read_line(&log->lines[log->n], line);
        log->damaged |= line.len && !sound;
        log->n += sound;
        at = stop ? stop + 1 : end;
    }
    for (size_t i = 0; log->damaged && i < log->n; i++)
        if (is_training(&log->lines[i]))
            log->lines[kept++] = log->lines[i];
    log->n = log->damaged ? kept : log->n;
}

static pt_rc read_log(log_file *out, const char *data_dir, const char *model, pt_arena *arena, pt_err *err)
{
    size_t most = 1;

    *out = (log_file){.path = pt_arena_printf(arena, "%s/models/%s/log.txt", data_dir, model), .whole = {"", 0}};
    if (!out->path)
        return pt_fail_nomem(err, "a model's log");
    out->present = pt_is_file(out->path);
    if (out->present)
        PT_TRY(pt_read_file(&out->whole, out->path, MOST_LOG, arena, err));
    for (size_t i = 0; i < out->whole.len; i++)
        most += out->whole.ptr[i] == '\n';
    if (!(out->lines = PT_NEW_ARRAY(arena, log_line, most)))
        return pt_fail_nomem(err, "a model's log");
    read_lines(out);
    return PT_OK;
}

pt_rc pt_model_log_check(const pt_model_versions *versions, const char *model, pt_err *err)
{
    const unsigned last = versions->n ? versions->items[versions->n - 1].number : 1;

    if (versions->log == PT_MODEL_LOG_WHOLE)
        return PT_OK;
    if (versions->log == PT_MODEL_LOG_LOST)
        pt_fail(err, PT_ECORRUPT, "the log of model '%s' is lost: which version was in use is not known", model);
    else
        pt_fail(err, PT_ECORRUPT, "the log of model '%s' makes no sense: which version was in use is not known", model);
    return pt_err_hint(err, "portrait models %s approve v%u", model, last);
}

static uint32_t approved_in(const log_line *lines, size_t n)
{
    for (size_t i = n; i-- > 0;)
        if (!is_training(&lines[i]))
            return lines[i].number;
    return 0;
}

/* What the last approval that still holds took the place of: each roll back takes one away. */
static uint32_t before_in(const log_line *lines, size_t n, uint32_t *stack)
{
    size_t depth = 0;

    for (size_t i = 0; i < n; i++) {
        if (pt_sv_eq(lines[i].word, PT_SV("approved")))
            stack[depth++] = lines[i].number;
        else if (!is_training(&lines[i]) && depth)
            depth--;
    }
    return depth > 1 ? stack[depth - 2] : 0;
}

static void put_line(pt_str *out, pt_sv word, uint32_t number, int64_t at)
{
    char text[64];

    pt_str_addf(out, "%.*s %u %s\n", (int)word.len, word.ptr, number, pt_instant_format(text, at, pt_zone_utc()));
}

static pt_rc put_aside(const log_file *log, pt_arena *arena, pt_err *err)
{
    const char *aside = pt_arena_printf(arena, "%.*sdamaged", (int)(strlen(log->path) - 3), log->path);

    return aside ? pt_write_file(aside, log->whole.ptr, log->whole.len, err) : pt_fail_nomem(err, "a model's log");
}

static pt_rc add_line(const char *data_dir, const char *model, const char *word, uint32_t number, int64_t now,
                      pt_arena *arena, pt_err *err)
{
    pt_str text = {0};
    log_file log;

    PT_TRY(read_log(&log, data_dir, model, arena, err));
    if (log.damaged)
        PT_TRY(put_aside(&log, arena, err));
    for (size_t i = 0; i < log.n; i++)
        put_line(&text, log.lines[i].word, log.lines[i].number, log.lines[i].at);
    put_line(&text, pt_sv_of(word), number, now);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(log.path, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

/* --- lists --------------------------------------------------------------------------------------------------------------------- */

static uint32_t number_of(const char *name)
{
    size_t n = strlen(name);
    int64_t number;

    if (n < sizeof "v1.model" - 1 || name[0] != 'v' || strcmp(name + n - 6, ".model") != 0)
        return 0;
    return pt_parse_int64(&number, (pt_sv){name + 1, n - 7}) && number > 0 && number < INT32_MAX ? (uint32_t)number : 0;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = ((const pt_model_version *)a)->number, y = ((const pt_model_version *)b)->number;

    return (x > y) - (x < y);
}

static pt_rc add_version(pt_model_versions *out, pt_model_version *items, uint32_t *damaged, const char *data_dir,
                         const char *model, uint32_t number, pt_arena *arena, pt_err *err)
{
    const char *path = version_path(data_dir, model, number, arena);
    opened o;

    if (!path)
        return pt_fail_nomem(err, "a model");
    pt_rc rc = open_file(&o, &items[out->n], path, model, arena, err);
    if (rc == PT_ECORRUPT || (rc == PT_OK && items[out->n].number != number)) {
        damaged[out->n_damaged++] = number;
        if (rc == PT_OK)
            close_file(&o);
        return PT_OK;
    }
    PT_TRY(rc);
    close_file(&o);
    out->n++;
    return PT_OK;
}

static void note_trainings(pt_model_version *items, size_t n, const log_file *log)
{
    for (size_t i = 0; i < log->n; i++)
        for (size_t k = 0; k < n; k++)
            if (items[k].number == log->lines[i].number && is_training(&log->lines[i]))
                items[k].trained_at = log->lines[i].at;
}

static pt_model_log state_of(const log_file *log, const pt_model_versions *versions)
{
    if (log->damaged)
        return PT_MODEL_LOG_DAMAGED;
    return !log->present && versions->n + versions->n_damaged ? PT_MODEL_LOG_LOST : PT_MODEL_LOG_WHOLE;
}

pt_rc pt_model_store_list(pt_model_versions *out, const char *data_dir, const char *model, pt_arena *arena, pt_err *err)
{
    const char *path = folder(data_dir, model, arena);
    const char *const *names;
    log_file log;
    size_t n;

    *out = (pt_model_versions){0};
    if (!path)
        return pt_fail_nomem(err, "a model");
    if (!pt_is_dir(path))
        return PT_OK;
    PT_TRY(folder_names(&names, &n, path, arena, err));
    pt_model_version *items = PT_NEW_ARRAY(arena, pt_model_version, n + 1);
    uint32_t *damaged = PT_NEW_ARRAY(arena, uint32_t, n + 1);
    if (!items || !damaged)
        return pt_fail_nomem(err, "a model");
    for (size_t i = 0; i < n; i++)
        if (number_of(names[i]))
            PT_TRY(add_version(out, items, damaged, data_dir, model, number_of(names[i]), arena, err));
    if (out->n > 1)
        qsort(items, out->n, sizeof *items, by_number);
    if (out->n_damaged > 1)
        qsort(damaged, out->n_damaged, sizeof *damaged, pt_compare_u32);
    PT_TRY(read_log(&log, data_dir, model, arena, err));
    note_trainings(items, out->n, &log);
    out->items = items;
    out->damaged = damaged;
    out->log = state_of(&log, out);
    out->approved = approved_in(log.lines, log.n);
    return PT_OK;
}

/* --- writing --------------------------------------------------------------------------------------------------------------------- */

/* After every number that a file or the log has ever had. */
static pt_rc next_number(uint32_t *out, const char *data_dir, const char *model, pt_arena *arena, pt_err *err)
{
    const char *const *names;
    log_file log;
    size_t n;

    *out = 1;
    PT_TRY(folder_names(&names, &n, folder(data_dir, model, arena), arena, err));
    PT_TRY(read_log(&log, data_dir, model, arena, err));
    for (size_t i = 0; i < n; i++)
        *out = number_of(names[i]) >= *out ? number_of(names[i]) + 1 : *out;
    for (size_t i = 0; i < log.n; i++)
        *out = log.lines[i].number >= *out ? log.lines[i].number + 1 : *out;
    return PT_OK;
}

static pt_rc add_version_file(pt_model_version *v, const char *data_dir, const char *model, pt_sv artifact,
                              const pt_card *card, int64_t now, pt_arena *arena, pt_err *err)
{
    const char *path = folder(data_dir, model, arena);
    pt_card numbered = *card;
    unsigned char *bytes = NULL;
    pt_str text = {0};
    size_t n = 0;

    if (!path)
        return pt_fail_nomem(err, "a model");
    PT_TRY(pt_mkdirs(path, err));
    PT_TRY(next_number(&v->number, data_dir, model, arena, err));
    numbered.version = v->number;
    v->artifact = pt_hash128_of(artifact.ptr, artifact.len);
    pt_card_save(&text, &numbered);
    pt_sv parts[ARRAYS] = {artifact, {pt_str_cstr(&text), text.len}};
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = seal(&bytes, &n, v, parts, err);
    pt_str_free(&text);
    PT_TRY(rc);
    v->bytes = n;
    v->trained_at = now;
    path = version_path(data_dir, model, v->number, arena);
    rc = path ? pt_write_file(path, bytes, n, err) : pt_fail_nomem(err, "a model");
    free(bytes);
    return rc == PT_OK ? add_line(data_dir, model, "trained", v->number, now, arena, err) : rc;
}

/* What failed leaves no empty folder. */
pt_rc pt_model_store_add(pt_model_version *v, const char *data_dir, const char *model, pt_sv artifact,
                         const pt_card *card, int64_t now, pt_arena *arena, pt_err *err)
{
    const char *path = folder(data_dir, model, arena);
    pt_rc rc = add_version_file(v, data_dir, model, artifact, card, now, arena, err);

    if (rc != PT_OK && path)
        rmdir(path);
    return rc;
}

pt_rc pt_model_store_approve(const char *data_dir, const char *model, uint32_t number, int64_t now, pt_arena *arena,
                             pt_err *err)
{
    pt_sv artifact;
    pt_card card;

    PT_TRY(pt_model_store_read(&artifact, &card, data_dir, model, number, arena, err));
    return add_line(data_dir, model, "approved", number, now, arena, err);
}

pt_rc pt_model_store_roll_back(uint32_t *number, const char *data_dir, const char *model, int64_t now, pt_arena *arena,
                               pt_err *err)
{
    log_file log;

    PT_TRY(read_log(&log, data_dir, model, arena, err));
    uint32_t *stack = PT_NEW_ARRAY(arena, uint32_t, log.n + 1);
    if (!stack)
        return pt_fail_nomem(err, "a model's log");
    if (!approved_in(log.lines, log.n))
        return pt_fail(err, PT_EINVAL, "no version of model '%s' is approved", model);
    *number = before_in(log.lines, log.n, stack);
    return add_line(data_dir, model, "rolled_back", *number, now, arena, err);
}
