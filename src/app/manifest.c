/* manifest.json: JSON for people and other programs, with a checksum as its last member, over all that comes before.
 * Only text whose checksum is right is parsed. */
#include <libfyaml.h>
#include <stdlib.h>

#include "app/generation_int.h"
#include "base/json.h"
#include "base/time.h"

enum { MANIFEST_VERSION = 1, HEX = 32 };

static const char sum_before[] = ",\n  \"checksum\": \"", sum_after[] = "\"\n}\n";
enum { SUM_TAIL = sizeof sum_before - 1 + HEX + sizeof sum_after - 1 };

/* --- writing ------------------------------------------------------------------------------------------------------ */

static void write_instant(pt_json *j, const char *key, int64_t instant)
{
    char text[40];

    pt_json_put_cstr(j, key, pt_instant_format(text, instant, pt_zone_utc()));
}

static void write_hash(pt_json *j, const char *key, pt_hash128 hash)
{
    char hex[HEX + 1];

    pt_hash128_hex(hex, hash);
    pt_json_put_cstr(j, key, hex);
}

static void write_text(pt_json *j, const char *key, const char *text)
{
    pt_json_put_cstr(j, key, text ? text : "");
}

static void write_numbers(pt_json *j, const char *key, const pt_manifest_number *numbers, size_t n)
{
    pt_json_put_open(j, key, '{');
    for (size_t i = 0; i < n; i++) {
        pt_json_put_number(j, numbers[i].name, numbers[i].value);
    }
    pt_json_close(j, '}');
}

static void write_definitions(pt_json *j, const pt_manifest *m)
{
    pt_json_put_open(j, "definitions", '{');
    for (size_t i = 0; i < m->n_definitions; i++)
        write_text(j, m->definitions[i].name, m->definitions[i].text);
    pt_json_close(j, '}');
}

/* One text each, "HASH BYTES MODIFIED": thousands of files keep a short manifest. */
static void write_inputs(pt_json *j, const pt_manifest *m)
{
    char text[96];

    pt_json_put_open(j, "inputs", '{');
    for (size_t i = 0; i < m->n_inputs; i++) {
        const pt_manifest_input *in = &m->inputs[i];
        snprintf(text, sizeof text, "%.32s %llu %lld", in->hash, (unsigned long long)in->bytes,
                 (long long)in->modified);
        write_text(j, in->name, text);
    }
    pt_json_close(j, '}');
}

static void write_files(pt_json *j, const pt_manifest *m)
{
    pt_json_put_open(j, "files", '{');
    for (size_t i = 0; i < m->n_files; i++) {
        pt_json_put_int(j, m->files[i].name, (int64_t)m->files[i].size);
    }
    pt_json_close(j, '}');
}

void manifest_write(pt_str *out, const pt_manifest *m)
{
    char hex[HEX + 1];
    pt_json j;

    pt_json_init(&j, out, 2);
    pt_json_open(&j, '{');
    pt_json_put_int(&j, "manifest_version", MANIFEST_VERSION);
    write_text(&j, "generation", m->generation);
    write_instant(&j, "as_of", m->as_of);
    write_instant(&j, "built_at", m->built_at);
    write_text(&j, "zone", m->zone);
    write_text(&j, "program", m->program);
    write_text(&j, "engine", m->engine);
    write_hash(&j, "made_from", m->made_from);
    write_hash(&j, "tags_hash", m->tags_hash);
    write_numbers(&j, "stages", m->stages, m->n_stages);
    write_numbers(&j, "counts", m->counts, m->n_counts);
    write_definitions(&j, m);
    write_inputs(&j, m);
    write_files(&j, m);
    if (out->failed)
        return;
    pt_hash128_hex(hex, pt_hash128_of(out->ptr, out->len));
    pt_str_add(out, sum_before);
    pt_str_add(out, hex);
    pt_str_add(out, sum_after);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool sum_is_right(pt_sv text)
{
    char tail[SUM_TAIL + 1], hex[HEX + 1];

    if (text.len <= SUM_TAIL)
        return false;
    pt_hash128_hex(hex, pt_hash128_of(text.ptr, text.len - SUM_TAIL));
    snprintf(tail, sizeof tail, "%s%s%s", sum_before, hex, sum_after);
    return memcmp(text.ptr + text.len - SUM_TAIL, tail, SUM_TAIL) == 0;
}

typedef struct reader {
    struct fy_node *root;
    pt_arena *arena;
    bool nomem, bad; /* sticky */
} reader;

static char *copy_scalar(reader *r, struct fy_node *node)
{
    size_t n = 0;
    const char *text = node ? fy_node_get_scalar(node, &n) : NULL;
    char *copy;

    if (!text) {
        r->bad = true;
        return "";
    }
    copy = pt_arena_strndup(r->arena, text, n);
    r->nomem |= !copy;
    return copy ? copy : "";
}

static struct fy_node *member(reader *r, const char *key)
{
    return fy_node_mapping_lookup_by_string(r->root, key, FY_NT);
}

static const char *read_text(reader *r, const char *key)
{
    return copy_scalar(r, member(r, key));
}

static int64_t read_instant(reader *r, const char *key)
{
    int64_t instant = 0;

    r->bad |= !pt_instant_parse(&instant, pt_sv_of(read_text(r, key)), pt_zone_utc());
    return instant;
}

static pt_hash128 read_hash(reader *r, const char *key)
{
    const char *text = read_text(r, key);
    char half[HEX / 2 + 1], again[HEX + 1];
    pt_hash128 h = {0};

    snprintf(half, sizeof half, "%s", text);
    h.hi = strtoull(half, NULL, 16);
    if (strlen(text) == HEX)
        h.lo = strtoull(text + HEX / 2, NULL, 16);
    pt_hash128_hex(again, h);
    r->bad |= strcmp(text, again) != 0;
    return h;
}

/* A mapping of names to numbers. */
static const pt_manifest_number *read_numbers(reader *r, const char *key, size_t *n)
{
    struct fy_node *map = member(r, key);
    int count = map && fy_node_is_mapping(map) ? fy_node_mapping_item_count(map) : -1;
    pt_manifest_number *numbers;
    void *iter = NULL;

    *n = 0;
    if (count < 0) {
        r->bad = true;
        return NULL;
    }
    numbers = PT_NEW_ARRAY(r->arena, pt_manifest_number, (size_t)count);
    if (!numbers) {
        r->nomem = true;
        return NULL;
    }
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(map, &iter)) && *n < (size_t)count; ++*n) {
        numbers[*n].name = copy_scalar(r, fy_node_pair_key(pair));
        r->bad |= !pt_parse_double(&numbers[*n].value, pt_sv_of(copy_scalar(r, fy_node_pair_value(pair))));
    }
    return numbers;
}

/* A mapping of names to texts; absent in manifests of older programs. */
static const pt_manifest_text *read_texts(reader *r, const char *key, size_t *n)
{
    struct fy_node *map = member(r, key);
    int count = map && fy_node_is_mapping(map) ? fy_node_mapping_item_count(map) : 0;
    pt_manifest_text *texts = PT_NEW_ARRAY(r->arena, pt_manifest_text, (size_t)(count > 0 ? count : 0));
    void *iter = NULL;

    *n = 0;
    r->nomem |= !texts;
    for (struct fy_node_pair *pair; texts && map && (pair = fy_node_mapping_iterate(map, &iter)) && *n < (size_t)count;
         ++*n) {
        texts[*n].name = copy_scalar(r, fy_node_pair_key(pair));
        texts[*n].text = copy_scalar(r, fy_node_pair_value(pair));
    }
    return texts;
}

static void read_inputs(reader *r, pt_manifest *m)
{
    const pt_manifest_text *texts = read_texts(r, "inputs", &m->n_inputs);
    pt_manifest_input *inputs = PT_NEW_ARRAY(r->arena, pt_manifest_input, m->n_inputs);

    r->nomem |= !inputs;
    for (size_t i = 0; inputs && i < m->n_inputs; i++) {
        char *rest = NULL;
        bool whole = strlen(texts[i].text) > HEX && texts[i].text[HEX] == ' ';
        inputs[i] = (pt_manifest_input){.name = texts[i].name};
        inputs[i].hash = whole ? pt_arena_strndup(r->arena, texts[i].text, HEX) : "";
        r->bad |= !whole;
        r->nomem |= !inputs[i].hash;
        inputs[i].bytes = whole ? strtoull(texts[i].text + HEX, &rest, 10) : 0;
        inputs[i].modified = rest ? strtoll(rest, NULL, 10) : 0;
    }
    m->inputs = inputs;
}

static void read_files(reader *r, pt_manifest *m)
{
    const pt_manifest_number *sizes = read_numbers(r, "files", &m->n_files);
    pt_manifest_file *files = PT_NEW_ARRAY(r->arena, pt_manifest_file, m->n_files);

    r->nomem |= !files;
    for (size_t i = 0; files && i < m->n_files; i++)
        files[i] = (pt_manifest_file){sizes[i].name, (uint64_t)sizes[i].value};
    m->files = files;
}

static void read_all(reader *r, pt_manifest *m)
{
    r->bad |= strcmp(read_text(r, "manifest_version"), "1") != 0;
    m->generation = read_text(r, "generation");
    m->as_of = read_instant(r, "as_of");
    m->built_at = read_instant(r, "built_at");
    m->zone = read_text(r, "zone");
    m->program = read_text(r, "program");
    m->engine = read_text(r, "engine");
    m->made_from = read_hash(r, "made_from");
    m->tags_hash = read_hash(r, "tags_hash");
    m->stages = read_numbers(r, "stages", &m->n_stages);
    m->counts = read_numbers(r, "counts", &m->n_counts);
    m->definitions = read_texts(r, "definitions", &m->n_definitions);
    read_inputs(r, m);
    read_files(r, m);
}

static void parse(reader *r, pt_manifest *m, pt_sv text, struct fy_diag *diag)
{
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_JSON_FORCE, .diag = diag};
    struct fy_document *doc = fy_document_build_from_string(&cfg, text.ptr, text.len);

    r->root = doc ? fy_document_root(doc) : NULL;
    if (r->root && fy_node_is_mapping(r->root))
        read_all(r, m);
    else
        r->bad = true;
    fy_document_destroy(doc);
}

pt_rc manifest_read(pt_manifest *out, pt_sv text, pt_arena *arena, pt_err *err)
{
    reader r = {.arena = arena};
    struct fy_diag_cfg diag_cfg;
    struct fy_diag *diag;

    *out = (pt_manifest){0};
    if (!sum_is_right(text))
        return pt_fail(err, PT_ECORRUPT, "the checksum of " PT_FILE_MANIFEST " is wrong");
    fy_diag_cfg_default(&diag_cfg);
    if (!(diag = fy_diag_create(&diag_cfg)))
        return pt_fail_nomem(err, PT_FILE_MANIFEST);
    fy_diag_set_collect_errors(diag, true); /* rather than print them */
    parse(&r, out, text, diag);
    fy_diag_destroy(diag);
    if (r.nomem)
        return pt_fail_nomem(err, PT_FILE_MANIFEST);
    if (r.bad)
        return pt_fail(err, PT_ECORRUPT, PT_FILE_MANIFEST " is of another version, or lacks something");
    return PT_OK;
}

double pt_manifest_count(const pt_manifest *m, const char *name, double otherwise)
{
    for (size_t i = 0; i < m->n_counts; i++)
        if (strcmp(m->counts[i].name, name) == 0)
            return m->counts[i].value;
    return otherwise;
}
