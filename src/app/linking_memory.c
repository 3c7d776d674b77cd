/* Whether linking fits into memory, before it is begun: better to say so than to be ended by the kernel. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "app/linking_int.h"

/* What scoring holds, in bytes. A key has its record, its block and the block's key (two keys a block); the keys of one rule a thread
 * are being sorted, as two arrays of 16. A record has its number in each rule and what its pairs ask for. Of a pair that is likely
 * enough there are the pair, its two neighbours and its place in a group; more than half a pair a record has not been met, but data
 * may be worse than that. */
enum { KEY_BYTES = 12, SORTED_KEY_BYTES = 32, NUMBER_BYTES = 4, RECORD_BYTES = 100, PAIR_BYTES = 80, RECORD_PAIRS = 2 };

uint64_t linking_score_bytes(const pt_linking *l, unsigned threads)
{
    uint64_t keys = 0, most = 0, record = RECORD_BYTES + RECORD_PAIRS * PAIR_BYTES + NUMBER_BYTES * l->setup.n_rules;

    for (size_t r = 0; r < l->setup.n_rules; r++) {
        uint64_t own = l->setup.rules[r].starts[l->n];
        keys += own;
        most = own > most ? own : most;
    }
    return keys * KEY_BYTES + most * SORTED_KEY_BYTES * threads + record * l->n;
}

/* The first number of the first line that begins with `name`; false when there is none. */
static bool read_number(uint64_t *out, const char *path, const char *name)
{
    char line[256];
    bool found = false;
    FILE *f = fopen(path, "re");

    while (f && !found && fgets(line, sizeof line, f))
        found = strncmp(line, name, strlen(name)) == 0 && sscanf(line + strlen(name), "%" SCNu64, out) == 1;
    if (f)
        fclose(f);
    return found;
}

uint64_t linking_memory_used(void)
{
    uint64_t kb;

    return read_number(&kb, "/proc/self/status", "VmRSS:") ? kb * 1024 : 0;
}

/* What the machine, or the container, still has; UINT64_MAX when neither says. */
static uint64_t memory_left(void)
{
    uint64_t kb, most, used, left = UINT64_MAX;

    if (read_number(&kb, "/proc/meminfo", "MemAvailable:"))
        left = kb * 1024;
    if (read_number(&most, "/sys/fs/cgroup/memory.max", "") &&
        read_number(&used, "/sys/fs/cgroup/memory.current", "") && (most > used ? most - used : 0) < left)
        left = most > used ? most - used : 0;
    return left;
}

pt_rc linking_check_memory(const pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    uint64_t need = linking_score_bytes(l, pt_pool_threads(options->pool)), left = memory_left(),
             used = linking_memory_used(), held = used > l->used_before ? used - l->used_before : 0;

    if (options->memory && options->memory < held + need)
        pt_fail(err, PT_ENOMEM, "linking needs about %" PRIu64 " MB of memory and may have %" PRIu64 " MB",
                (held + need) >> 20, (uint64_t)options->memory >> 20);
    else if (left < need)
        pt_fail(err, PT_ENOMEM,
                "linking needs about %" PRIu64 " MB more memory and the machine has %" PRIu64 " MB left", need >> 20,
                left >> 20);
    else
        return PT_OK;
    return pt_err_hint(
        err, "fewer or narrower blocking rules need less (portrait link blocks); `sources` under `link:` compares "
             "fewer records; --memory allows more");
}
