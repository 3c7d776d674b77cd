#include "app/build_int.h"
#include "clean/clean.h"

pt_rc pt_stage_read(pt_build *b, pt_err *err)
{
    const pt_project *p = b->project;
    const uint32_t *order;

    PT_TRY(pt_source_prepare(b->conn, err));
    PT_TRY(pt_clean_prepare(b->conn, err));
    PT_TRY(pt_source_sweep(p, b->conn, err));
    PT_TRY(pt_source_order(&order, p, b->arena, err));
    for (size_t i = 0; i < p->n_sources; i++) {
        uint32_t s = order[i];
        PT_TRY(pt_cancel_check(b->options->cancel, err));
        pt_build_report(b, PT_STAGE_READ, p->sources[s].name, i, p->n_sources);
        PT_TRY(pt_source_read(&b->sources[s].read, p, s, b->conn, pt_data_dir_tmp(b->data), err));
        /* What others look up is cleaned first; a reference has no time, so no as-of is known yet or needed. */
        if (p->sources[s].kind == PT_SOURCE_REFERENCE)
            PT_TRY(pt_clean_source(p, s, 0, b->conn, err));
    }
    return PT_OK;
}
