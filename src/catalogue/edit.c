#include "catalogue/edit.h"

static pt_rc parse(pt_yaml **root, const char *file, pt_sv text, pt_arena *arena, pt_err *err)
{
    pt_diags diags;

    pt_diags_init(&diags, arena);
    pt_rc rc = pt_yaml_parse(root, file, text, &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    return rc;
}

static bool is_block(const pt_yaml *map)
{
    return map->kind == PT_YAML_MAP && !map->flow && map->n > 0;
}

pt_rc pt_edit_can_append(bool *out, pt_sv old, pt_arena *arena, pt_err *err)
{
    pt_yaml *root;
    pt_err broken;

    pt_rc rc = parse(&root, "a file", old, arena, &broken);
    if (rc == PT_ENOMEM)
        return pt_fail_nomem(err, "a file");
    *out = rc == PT_OK && (!root || root->kind == PT_YAML_NULL || (is_block(root) && root->keys[0]->place.col == 1));
    return PT_OK;
}

void pt_edit_append(pt_str *out, pt_sv old, const char *entries)
{
    pt_str_addsv(out, old);
    if (old.len && old.ptr[old.len - 1] != '\n')
        pt_str_addc(out, '\n');
    if (old.len)
        pt_str_addc(out, '\n');
    pt_str_add(out, entries);
}

/* Where line `line` (1 is the first) begins. */
static size_t line_start(pt_sv text, int line)
{
    const char *at = text.ptr;

    while (line-- > 1) {
        const char *end = memchr(at, '\n', text.len - (size_t)(at - text.ptr));
        if (!end)
            return text.len;
        at = end + 1;
    }
    return (size_t)(at - text.ptr);
}

static void add_indented(pt_str *out, const char *entries, size_t indent)
{
    while (*entries) {
        size_t n = strcspn(entries, "\n");
        if (n)
            pt_str_pad(out, ' ', indent);
        pt_str_addn(out, entries, n);
        pt_str_addc(out, '\n');
        entries += n + (entries[n] == '\n');
    }
}

static void insert_at(pt_str *out, pt_sv old, int line, size_t indent, const char *entries)
{
    size_t at = line_start(old, line);

    pt_str_addn(out, old.ptr, at);
    if (at && old.ptr[at - 1] != '\n')
        pt_str_addc(out, '\n');
    add_indented(out, entries, indent);
    pt_str_addn(out, old.ptr + at, old.len - at);
}

static void append_key(pt_str *out, pt_sv old, const char *key, const char *comment, const char *entries)
{
    pt_str block = {0};

    pt_str_addf(&block, "# %s\n%s:\n", comment, key);
    add_indented(&block, entries, 2);
    pt_edit_append(out, old, pt_str_cstr(&block));
    out->failed |= block.failed;
    pt_str_free(&block);
}

static pt_rc fail_form(const char *file, const char *key, const pt_yaml *at, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "'%s' in %s is written in braces, which cannot be added to", key, file);
    pt_err_at(err, file, at->place.line, at->place.col);
    return pt_err_hint(err, "write it in lines, one entry below the other");
}

pt_rc pt_edit_insert(pt_str *out, pt_sv old, const char *file, const char *key, const char *comment,
                     const char *entries, pt_arena *arena, pt_err *err)
{
    pt_yaml *root;

    PT_TRY(parse(&root, file, old, arena, err));
    if (root && root->kind == PT_YAML_MAP && root->flow)
        return fail_form(file, key, root, err);
    for (size_t i = 0; root && root->kind == PT_YAML_MAP && i < root->n; i++) {
        const pt_yaml *map = root->items[i];
        if (!pt_sv_eq(root->keys[i]->text, pt_sv_of(key)))
            continue;
        if (map->kind == PT_YAML_NULL)
            insert_at(out, old, root->keys[i]->place.line + 1, 2, entries);
        else if (is_block(map))
            insert_at(out, old, map->keys[0]->place.line, (size_t)map->keys[0]->place.col - 1, entries);
        else
            return fail_form(file, key, map, err);
        return PT_OK;
    }
    append_key(out, old, key, comment, entries);
    return PT_OK;
}
