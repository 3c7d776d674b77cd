/* The data that comes with a template: made on the spot, since invented customers need no network. */
#include "cli/init_data.h"

#include <stdio.h>

#include "base/io.h"
#include "sample/sample.h"

static pt_rc read_number(uint64_t *out, const pt_cli *cli, const char *option, int64_t most, pt_err *err)
{
    const char *text = pt_cli_option(cli, option);
    int64_t n;

    if (!text)
        return PT_OK;
    if (!pt_parse_int64(&n, pt_sv_of(text)) || n < 1 || n > most) {
        pt_fail(err, PT_EINVAL, "--%s '%s' is no number it could be", option, text);
        return pt_err_hint(err, "a number from 1 to %lld", (long long)most);
    }
    *out = (uint64_t)n;
    return PT_OK;
}

pt_rc pt_cli_init_data_check(uint64_t *customers, uint64_t *seed, const pt_cli *cli, const char *name, pt_err *err)
{
    const pt_sample *sample = pt_sample_find(name);

    *customers = sample ? sample->customers : 0;
    *seed = 1;
    PT_TRY(read_number(customers, cli, "customers", PT_SAMPLE_MOST_CUSTOMERS, err));
    PT_TRY(read_number(seed, cli, "seed", INT64_MAX, err));
    if (!sample && (pt_cli_option(cli, "customers") || pt_cli_option(cli, "seed"))) {
        pt_fail(err, PT_EINVAL, "the template '%s' comes without data of its own", name);
        return pt_err_hint(err, "--customers and --seed are for the templates bank and b2b");
    }
    return PT_OK;
}

pt_rc pt_cli_init_data(const pt_cli *cli, const char *dir, const char *name, uint64_t customers, uint64_t seed,
                       pt_err *err)
{
    const pt_sample *sample = pt_sample_find(name);
    const char *data = sample ? pt_path_join(cli->arena, dir, "data") : NULL;

    if (!sample)
        return PT_OK;
    if (!data)
        return pt_fail_nomem(err, "the template's data");
    PT_TRY(pt_mkdirs(data, err));
    return sample->write(data, customers, seed, err);
}
