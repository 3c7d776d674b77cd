/* Timeline files: whatever the bytes, what pt_timeline_check lets pass can be read to the end. Each input is tried as it is
 * and with good checksums. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/walk.h"
#include "timeline/timeline_int.h"

enum { CUSTOMERS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_customer(const pt_timeline *t, uint32_t ordinal)
{
    const uint64_t *offsets = pt_timeline_offsets(t);
    int64_t before = INT64_MIN;

    for (uint64_t e = offsets[ordinal]; e < offsets[ordinal + 1]; e++) {
        PT_ASSERT(pt_timeline_times(t)[e] >= before);
        before = pt_timeline_times(t)[e];
        for (size_t i = 0; i < pt_timeline_get_schema(t)->n_columns; i++)
            walk_value(&pt_timeline_columns(t)[i], e);
    }
}

/* A row with a value of every type, new texts among them. */
static pt_rows new_row(const pt_timeline *t, uint32_t *ordinal, pt_arena *a)
{
    static const uint64_t zero, offsets[] = {0, 2};
    static const pt_sv items[] = {{"no such text", 12}, {"", 0}};
    const pt_timeline_schema *schema = pt_timeline_get_schema(t);
    pt_cells *cells = PT_NEW_ARRAY(a, pt_cells, TIMELINE_KEYS + schema->n_columns);

    if (!cells)
        return (pt_rows){0};
    cells[0] = (pt_cells){.form = PT_CELLS_U32, .data = ordinal};
    cells[1] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = &zero};
    cells[2] = (pt_cells){.form = PT_CELLS_U64, .data = &zero};
    for (size_t i = 0; i < schema->n_columns; i++) {
        pt_type type = schema->columns[i].type;
        bool text = pt_type_is_text(type) || type == PT_TYPE_LIST;
        cells[TIMELINE_KEYS + i] = (pt_cells){
            .form = PT_CELLS_TYPED, .type = type, .data = text ? (const void *)items : &zero, .offsets = offsets};
    }
    return (pt_rows){1, TIMELINE_KEYS + schema->n_columns, cells};
}

static void gather(pt_timeline *t, uint32_t ordinal)
{
    pt_err err;
    pt_timeline_overlay *o;
    pt_timeline_slice s;
    pt_arena *a = pt_arena_new(0);

    if (a && pt_timeline_overlay_new(&o, t, NULL, &err) == PT_OK) {
        pt_rows row = new_row(t, &ordinal, a);
        if (pt_timeline_gather(&s, o, ordinal, &row, a, &err) == PT_OK)
            for (uint64_t e = s.offsets[0]; e < s.offsets[1]; e++)
                for (size_t i = 0; i < pt_timeline_get_schema(t)->n_columns; i++)
                    walk_value(&s.columns[i], e);
        pt_timeline_overlay_free(o);
    }
    pt_arena_free(a);
}

static void use(const char *path)
{
    pt_err err;
    pt_timeline *t;

    if (pt_timeline_open(&t, path, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    uint32_t n = pt_timeline_ordinals(t);
    for (uint32_t o = 0; o < n && o < CUSTOMERS; o++)
        if (pt_timeline_check(t, o, 1, &err) == PT_OK)
            read_customer(t, o);
    if (pt_timeline_check(t, 0, n, &err) == PT_OK)
        for (uint32_t o = 0; o < n; o++)
            read_customer(t, o);
    if (n)
        gather(t, n / 2);
    if (pt_timeline_check(t, 0, n, &err) == PT_OK)
        pt_timeline_release(t, 0, n);
    pt_timeline_close(t);
}

static void use_bytes(const void *bytes, size_t n)
{
    char path[64];
    int fd = memfd_create("timeline", MFD_CLOEXEC);

    if (fd < 0)
        return;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (n == 0 || write(fd, bytes, n) == (ssize_t)n)
        use(path);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    walk_both(bytes, n, TIMELINE_MAGIC, TIMELINE_VERSION, TIMELINE_BLOCK_LOG2, use_bytes);
    return 0;
}
