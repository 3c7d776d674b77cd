/* The log of decisions: what is appended is what is loaded, and what stands after undoing. */
#include "app/decisions.h"

#include "support/store.h"
#include "support/test.h"

static pt_err err;

static pt_decision pair(pt_decision_kind kind, const char *a, const char *b)
{
    return (pt_decision){.kind = kind,
                         .a = {PT_SV("user_id"), pt_sv_of(a)},
                         .b = {PT_SV("phone"), pt_sv_of(b)},
                         .rule = PT_SV(PT_DECISION_HAND),
                         .who = PT_SV("王芳"),
                         .why = PT_SV("同一个人")};
}

static pt_decision undo(uint32_t number)
{
    return (pt_decision){.kind = PT_DECISION_UNDO, .undoes = number, .rule = PT_SV("hand"), .who = PT_SV("w")};
}

static uint32_t append(test_store *t, const pt_decision *rows, size_t n, int64_t at)
{
    uint32_t number;

    CHECK_OK(pt_decisions_append(&number, rows, n, at, t->conn, &err));
    return number;
}

TEST(decisions__are_loaded_as_they_were_appended)
{
    const pt_decision rows[] = {pair(PT_DECISION_SAME, "b", "1"), pair(PT_DECISION_SAME, "a", "2")};
    pt_arena *arena = pt_arena_new(0);
    pt_decisions all;
    test_store t;

    test_store_open(&t, NULL);
    CHECK_OK(pt_decisions_load(&all, t.conn, arena, &err));
    CHECK_INT(all.n, 0);
    CHECK_INT(append(&t, rows, 2, 1000000), 1);
    CHECK_INT(append(&t,
                     &(pt_decision){.kind = PT_DECISION_PIN,
                                    .a = rows[0].a,
                                    .b = rows[0].a,
                                    .rule = PT_SV(PT_DECISION_REVIEW),
                                    .who = PT_SV("")},
                     1, 2000000),
              2);
    CHECK_OK(pt_decisions_load(&all, t.conn, arena, &err));
    CHECK_INT(all.n, 3);
    CHECK(pt_sv_eq(all.items[0].a.value, PT_SV("a")) && pt_sv_eq(all.items[1].a.value, PT_SV("b")));
    CHECK(pt_sv_eq(all.items[0].b.type, PT_SV("phone")) && pt_sv_eq(all.items[0].b.value, PT_SV("2")));
    CHECK(pt_sv_eq(all.items[0].who, PT_SV("王芳")) && pt_sv_eq(all.items[0].why, PT_SV("同一个人")));
    CHECK_INT(all.items[0].number, 1);
    CHECK_INT(all.items[0].at, 1000000);
    CHECK_INT(all.items[0].build, 0);
    CHECK_INT(all.items[2].kind, PT_DECISION_PIN);
    CHECK_INT(all.items[2].number, 2);
    CHECK(pt_sv_eq(all.items[2].rule, PT_SV("review")));
    test_store_close(&t);
    pt_arena_free(arena);
}

/* Whether each of the decisions is undone, as digits. */
static const char *standing(test_store *t)
{
    static char text[32];
    pt_arena *arena = pt_arena_new(0);
    pt_decisions all;

    CHECK_OK(pt_decisions_load(&all, t->conn, arena, &err));
    for (size_t i = 0; i < all.n; i++)
        text[i] = all.items[i].undone ? '-' : '+';
    text[all.n] = 0;
    pt_arena_free(arena);
    return text;
}

TEST(decisions_undo__is_a_row_and_may_be_undone)
{
    const pt_decision rows[] = {pair(PT_DECISION_SAME, "a", "1"), pair(PT_DECISION_SAME, "a", "2")};
    const pt_decision first = undo(1), third = undo(3), fourth = undo(4), missing = undo(9);
    uint32_t number;
    test_store t;

    test_store_open(&t, NULL);
    append(&t, rows, 2, 1);
    append(&t, &rows[1], 1, 2);
    CHECK_STR(standing(&t), "+++");
    CHECK_INT(append(&t, &first, 1, 3), 3);
    CHECK_STR(standing(&t), "--++");
    CHECK_INT(append(&t, &third, 1, 4), 4);
    CHECK_STR(standing(&t), "+++-+");
    CHECK_INT(append(&t, &fourth, 1, 5), 5);
    CHECK_STR(standing(&t), "--++-+");
    CHECK_INT(pt_decisions_append(&number, &missing, 1, 6, t.conn, &err), PT_ENOTFOUND);
    CHECK_STR(err.msg, "there is no decision 9");
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM identity.decisions"), 6);
    test_store_close(&t);
}

TEST(decisions_text__is_one_line_of_a_bounded_length)
{
    static char large[1 << 20];
    static const struct {
        pt_sv why;
        const char *message;
    } cases[] = {
        {{"a\nb", 3}, "the reason is one line, without control characters"},
        {{"a\0b", 3}, "the reason is one line, without control characters"},
        {{"\x1b[2J", 4}, "the reason is one line, without control characters"},
        {{"\xc2\x9b", 2}, "the reason is one line, without control characters"},
        {{"\xff", 1}, "the reason is not valid UTF-8"},
        {{"\xe5\xbc", 2}, "the reason is not valid UTF-8"},
        {{large, sizeof large}, "the reason has 1048576 bytes; it may have 2000"},
    };
    uint32_t number;
    test_store t;

    memset(large, 'x', sizeof large);
    test_store_open(&t, NULL);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_decision d = pair(PT_DECISION_DIFFERENT, "a", "1");
        d.why = cases[i].why;
        CHECK_INT(pt_decisions_append(&number, &d, 1, 1, t.conn, &err), PT_EINVAL);
        CHECK_STR(err.msg, cases[i].message);
    }
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM identity.decisions"), 0);
    test_store_close(&t);
}
