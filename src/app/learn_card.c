/* What a study says, as a card. */
#include "app/learn_table.h"

static pt_card_measure *add_measures(pt_card_measure *m, const pt_measured *from, size_t n, const char *of,
                                     const char *part)
{
    for (size_t i = 0; i < n; i++)
        *m++ = (pt_card_measure){from[i].name, of, part, from[i].value, from[i].low, from[i].high};
    return m;
}

static pt_rc put_measures(pt_card *card, const pt_study *study, pt_arena *arena, pt_err *err)
{
    size_t n = study->n_figures;
    pt_card_measure *measures, *end;

    for (size_t c = 0; c < study->n_candidates; c++)
        n += study->candidates[c].n_validation + study->candidates[c].n_training;
    if (!(measures = PT_NEW_ARRAY(arena, pt_card_measure, n + 1)))
        return pt_fail_nomem(err, "the card");
    end = add_measures(measures, study->figures, study->n_figures, NULL, study->part);
    for (size_t c = 0; c < study->n_candidates; c++) {
        const pt_candidate_result *r = &study->candidates[c];
        end = add_measures(end, r->validation, r->n_validation, r->name, "validation");
        end = add_measures(end, r->training, r->n_training, r->name, "train");
    }
    card->measures = measures;
    card->n_measures = (size_t)(end - measures);
    return PT_OK;
}

static pt_rc put_leaks(pt_card *card, const pt_study *study, const pt_table *table, pt_arena *arena, pt_err *err)
{
    pt_card_sentence *s = PT_NEW_ARRAY(arena, pt_card_sentence, study->n_leaks + 1);

    if (!s)
        return pt_fail_nomem(err, "the card");
    for (size_t i = 0; i < study->n_leaks; i++) {
        const char *name = table->features[study->leaks[i].feature].name;
        s[i].warning = true;
        s[i].text.en =
            pt_arena_printf(arena, "'%s' alone tells the outcome nearly for certain (%.3f): is it known before?", name,
                            study->leaks[i].value);
        s[i].text.zh = pt_arena_printf(arena, "仅凭“%s”就几乎能确定结果（%.3f）：它在事前真的已知吗？", name,
                                       study->leaks[i].value);
    }
    card->sentences = s;
    card->n_sentences = study->n_leaks;
    return PT_OK;
}

pt_rc pt_learn_table_card(pt_learned *out, const pt_learn_request *request, const pt_learn_tables *tables,
                          const pt_study *study, pt_err *err)
{
    out->algorithm = study->candidates[study->chosen].name;
    out->measure = study->measure;
    PT_TRY(put_leaks(&out->card, study, &tables->train, request->arena, err));
    return put_measures(&out->card, study, request->arena, err);
}
