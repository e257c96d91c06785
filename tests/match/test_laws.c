/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The laws of the one number, as properties over seeded random desks: every line has a label (L1), a fact that agrees never lowers what
 * it agrees with (L4), the evidence handed out is the weight that was decided on (L5), and nothing but the posterior, its calibration and
 * the record of its class moves a confidence (L6).
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/learn.h"
#include "match/lessons.h"
#include "match/random_desk.h"
#include "match/reading.h"
#include "support/tap.h"

#define SEEDS 400

/* ---- what was decided, line by line, in an order of its own */

struct seen_line {
    char payment[16], item[16];
    uint32_t line_class, confidence_ppm, error_ppb, class_error_ppm;
};
struct seen {
    struct seen_line rows[DESK_ROWS_MAX];
    uint32_t count;
};

static void
copy_key(char out[16], o2c_ref ref, o2c_str heap)
{
    snprintf(out, 16, "%.*s", (int)ref.len, heap.ptr + ref.at);
}

static void
look(const struct desk *desk, struct seen *seen)
{
    o2c_str heap;
    o2c_match_solution_heap(desk->solution, &heap);
    seen->count = 0;
    for (uint32_t p = 0; p < desk->payments_count; p++) {
        const o2c_proposal *proposal = desk_proposal(desk, p);
        const o2c_line *line = desk_lines(desk, p);
        for (uint32_t i = 0; i < proposal->lines_count; i++, line++) {
            struct seen_line *row = &seen->rows[seen->count++];
            copy_key(row->payment, proposal->payment, heap);
            copy_key(row->item, line->item, heap);
            row->line_class = line->line_class;
            row->confidence_ppm = line->confidence_ppm;
            row->error_ppb = line->error_ppb;
            row->class_error_ppm = line->class_error_ppm;
        }
    }
}

static const struct seen_line *
same_line(const struct seen *seen, const struct seen_line *line)
{
    for (uint32_t i = 0; i < seen->count; i++)
        if (strcmp(seen->rows[i].payment, line->payment) == 0 && strcmp(seen->rows[i].item, line->item) == 0)
            return &seen->rows[i];
    return NULL;
}

/* Lines that stand in both; every one of them must have the confidence it had. */
static uint32_t
none_changed(const struct seen *before, const struct seen *after, const char *what)
{
    uint32_t compared = 0;
    for (uint32_t i = 0; i < before->count; i++) {
        const struct seen_line *was = &before->rows[i], *is = same_line(after, was);
        if (!is)
            continue;
        compared++;
        if (is->confidence_ppm != was->confidence_ppm)
            printf("# %s: %s %s %u, was %u\n", what, was->payment, was->item, is->confidence_ppm, was->confidence_ppm);
        CU_ASSERT_EQUAL(is->confidence_ppm, was->confidence_ppm);
    }
    return compared;
}

/* ---- L6: confidence is made of p, q, judged, wrong and expected, and of nothing else */

/* A record for every class that the desk shows, so that class errors are what people did and not the starting ones. */
static void
teach(struct lessons *lessons, const struct seen *seen, uint64_t *seed)
{
    static const char *const customers[] = { "C1", "C2", "C3", "C4", "elsewhere" };
    for (uint32_t i = 0; i < seen->count; i++)
        for (uint64_t n = 30 + random_below(seed, 200); n > 0; n--) {
            const char *who = customers[random_below(seed, 5)];
            o2c_feedback *row = lessons_line(lessons, "P", who, 0, seen->rows[i].line_class);
            row->verdict = random_below(seed, 25) ? O2C_VERDICT_CONFIRMED : O2C_VERDICT_REJECTED;
            row->error_ppb = (uint32_t)random_below(seed, 3000000);
        }
}

static void
change_rules(struct desk *desk, uint64_t turn)
{
    static const uint64_t sample_key[2] = { 1, 2 };
    static uint32_t released[] = { M13_KNOWN, M03_CITED };
    o2c_match_policy p = { .struct_size = sizeof p, .present = O2C_POLICY_MATCH_SHOW_PPM, .show_ppm = 600000 };
    switch (turn) {
    case 0:
        p.present |= O2C_POLICY_MATCH_RELEASED | O2C_POLICY_MATCH_MAX_ERROR_PPM;
        p.released = released, p.released_count = 2, p.max_error_ppm = 500000;
        break;
    case 1:
        p.present |= O2C_POLICY_MATCH_SAMPLE_KEY | O2C_POLICY_MATCH_AUDIT_SAMPLE_PPM;
        p.sample_key = sample_key, p.sample_key_count = 2, p.audit_sample_ppm = 1000000;
        break;
    case 2:
        p.present |= O2C_POLICY_MATCH_AUTO_LIMIT_MINOR | O2C_POLICY_MATCH_DEDUCTION_LIMIT_MINOR | O2C_POLICY_MATCH_OPEN_FROM_DAY;
        p.auto_limit_minor = 1, p.deduction_limit_minor = 0, p.open_from_day = 40000;
        break;
    case 3:
        p.present |= O2C_POLICY_MATCH_SPLIT_NAKED | O2C_POLICY_MATCH_INTERCHANGEABLE_AUTO;
        p.split_naked = 1, p.interchangeable_auto = 0;
        break;
    case 4:
        p.present |= O2C_POLICY_MATCH_SHORT_PAY | O2C_POLICY_MATCH_OVER_PAY;
        p.short_pay = O2C_SHORT_PAY_RESIDUAL, p.over_pay = O2C_OVER_PAY_REFUND;
        break;
    default:
        p.show_ppm = 500000;
        break;
    }
    desk_policy(desk, &p);
}

static void
l6_policy_moves_bands_and_no_confidence(void)
{
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= SEEDS / 8; seed++) {
        struct desk desk;
        struct seen before, after;
        random_desk(&desk, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        look(&desk, &before);
        for (uint64_t turn = 0; turn < 6; turn++) {
            change_rules(&desk, turn);
            CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
            look(&desk, &after);
            compared += none_changed(&before, &after, "policy");
        }
        desk_close(&desk);
    }
    CU_ASSERT(compared > 500);
}

/* Echoes and flags of rows: a host's numbers, versions, names of known payers, what stops an account. */
static void
change_rows(struct desk *desk, uint64_t turn)
{
    static const uint32_t flags[] = { O2C_ACCOUNT_FLAG_LEGAL, O2C_ACCOUNT_FLAG_INSOLVENT, O2C_ACCOUNT_FLAG_AGENCY, O2C_ACCOUNT_FLAG_REVIEW,
                                      O2C_ACCOUNT_FLAG_RETURN_PENDING };
    for (uint32_t i = 0; i < desk->items_count; i++) {
        desk->items[i].host_ref += 17 + i;
        desk->items[i].version += 3 * turn + 1;
    }
    for (uint32_t i = 0; i < desk->payments_count; i++) {
        desk->payments[i].host_ref += 5;
        desk->payments[i].stage = turn % 2 ? O2C_STAGE_PREVIEW : O2C_STAGE_BOOKED;
        desk->payments[i].booking_day += 2; /* the value day counts */
    }
    for (uint32_t i = 0; i < desk->accounts_count; i++)
        desk->accounts[i].flags = flags[turn % 5];
}

static void
l6_echoes_and_gates_change_no_confidence(void)
{
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= SEEDS / 8; seed++) {
        struct desk desk;
        struct seen before, after;
        random_desk(&desk, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        look(&desk, &before);
        for (uint64_t turn = 0; turn < 5; turn++) {
            change_rows(&desk, turn);
            CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
            look(&desk, &after);
            CU_ASSERT_EQUAL(after.count, before.count);
            compared += none_changed(&before, &after, "rows");
        }
        desk_close(&desk);
    }
    CU_ASSERT(compared > 500);
}

/* Everything of a class that speaks for release only, and everything that belongs to other classes and other customers. */
static void
change_model(struct o2c__memories *memories, const struct seen *seen, uint64_t *seed)
{
    for (uint32_t i = 0; i < memories->releases.count; i++) {
        struct o2c__release_row *row = &memories->releases.rows[i];
        row->suspended ^= 1;
        row->history_lines = random_below(seed, 100000);
        row->history_wrong = random_below(seed, 1 + row->history_lines);
        row->sample_bound_ppm = (uint32_t)random_below(seed, 1000001);
        row->history_bound_ppm = (uint32_t)random_below(seed, 1000001);
        row->sample_lines[0] = row->posted[0] = row->corrections[0] = (uint32_t)random_below(seed, 1000);
    }
    for (uint32_t i = 0; i < memories->classes.room; i++) {
        struct o2c__class_count *count = &memories->classes.slots[i];
        bool shown = false;
        for (uint32_t k = 0; k < seen->count; k++)
            shown = shown || seen->rows[k].line_class == count->line_class;
        if (count->line_class && (!shown || count->owner == o2c__owner_segment(7) || count->owner == o2c__owner_customer(o2c__str("elsewhere"))))
            count->judged = count->wrong = random_below(seed, UINT64_C(1) << 40);
    }
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++)
        memories->cal.judged[i] = memories->cal.wrong[i] = random_below(seed, UINT64_C(1) << 40); /* what q was fitted from; q stands */
}

/* The count at the host, of one class that is shown: then its lines must change. */
static void
change_record(struct o2c__memories *memories, uint32_t line_class)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < memories->classes.room; i++) {
        struct o2c__class_count *count = &memories->classes.slots[i];
        if (count->line_class != line_class || count->owner != O2C__OWNER_HOST)
            continue;
        count->wrong = count->judged;
        count->expected = 0;
        found++;
    }
    CU_ASSERT_EQUAL(found, 1);
}

static o2c_match_model *
taught(struct desk *desk, struct seen *before, uint64_t *seed)
{
    struct lessons lessons;
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    look(desk, before);
    lessons_open(&lessons);
    teach(&lessons, before, seed);
    for (uint32_t i = 0; i < 40; i++) /* a class and a segment that this desk has not */
        lessons_line(&lessons, "P", "elsewhere", 7, LINE_CLASS(O2C_LABEL_M20, O2C_PAYER_NAME, 0))->would_auto = 1;
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    lessons_close(&lessons);
    return model;
}

static uint32_t
model_law(uint64_t seed)
{
    struct desk desk;
    struct seen before, after;
    random_desk(&desk, seed);
    desk.payments_count = 1; /* alone: who contends for an item brings the record of his class along */
    o2c_match_model *model = taught(&desk, &before, &seed);
    desk.base = model;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    look(&desk, &before);
    change_model(model->learned, &before, &seed);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    look(&desk, &after);
    CU_ASSERT_EQUAL(after.count, before.count);
    uint32_t compared = none_changed(&before, &after, "model");
    for (uint32_t i = 0; i < before.count; i++)
        change_record(model->learned, before.rows[i].line_class);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    look(&desk, &after);
    for (uint32_t i = 0; i < after.count; i++) {
        const struct seen_line *was = same_line(&before, &after.rows[i]);
        CU_ASSERT(was && after.rows[i].confidence_ppm < was->confidence_ppm);
    }
    o2c_match_model_free(model);
    desk.base = NULL;
    desk_close(&desk);
    return compared;
}

static void
l6_of_a_model_only_the_record_of_the_class_counts(void)
{
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        compared += model_law(seed);
    CU_ASSERT(compared > 300);
}

/* The formula itself, from the two halves that stand in the line. */
static void
l6_confidence_is_what_its_two_halves_make(void)
{
    uint32_t lines = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct desk desk;
        struct seen seen;
        random_desk(&desk, seed);
        random_remittances(&desk, &(uint64_t){ seed });
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        look(&desk, &seen);
        for (uint32_t i = 0; i < seen.count; i++, lines++) {
            const struct seen_line *row = &seen.rows[i];
            uint64_t wanted = (1000000000 - (uint64_t)row->error_ppb) * (1000000 - row->class_error_ppm) / 1000000000;
            /* cold: q is the posterior's error, e is in whole ppm; a contested line is rounded down once more */
            CU_ASSERT(row->confidence_ppm == wanted || row->confidence_ppm + 1 == wanted);
        }
        desk_close(&desk);
    }
    CU_ASSERT(lines > 800);
}

/* ---- L4: a fact that agrees never lowers the posterior of what it agrees with */

struct law {
    char items[DESK_ROWS_MAX][16];
    uint32_t count;
    uint32_t error_ppb;   /* of the worst line */
    int64_t weight_mnat;  /* of the evidence, give or take one for each of its terms */
    uint32_t terms;
    bool interchangeable; /* some line stands for items that nothing tells apart */
};

static void
weigh_evidence(const struct desk *desk, struct law *law)
{
    const o2c_proposal *proposal = desk_proposal(desk, 0);
    const o2c_match_evidence *rows;
    uint64_t count;
    o2c_match_solution_evidence(desk->solution, &rows, &count);
    law->weight_mnat = 0;
    law->terms = proposal->evidence_count;
    for (uint32_t i = 0; i < proposal->evidence_count; i++)
        law->weight_mnat += rows[proposal->evidence_at + i].weight_mnat;
}

static bool
winner_of(const struct desk *desk, struct law *law)
{
    const o2c_proposal *proposal = desk_proposal(desk, 0);
    const o2c_line *line = desk_lines(desk, 0);
    o2c_str heap;
    o2c_match_solution_heap(desk->solution, &heap);
    memset(law, 0, sizeof *law); /* keys are compared with what stands behind them */
    law->count = proposal->lines_count;
    for (uint32_t i = 0; i < law->count; i++) {
        copy_key(law->items[i], line[i].item, heap);
        law->error_ppb = line[i].error_ppb > law->error_ppb ? line[i].error_ppb : law->error_ppb;
    }
    law->interchangeable = proposal->certificate == O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE;
    weigh_evidence(desk, law);
    return proposal->kind == O2C_KIND_APPLY && law->count > 0;
}

static bool
same_winner(const struct law *a, const struct law *b)
{
    return a->count == b->count && memcmp(a->items, b->items, a->count * sizeof a->items[0]) == 0;
}

enum { NAKED, CUT, LOOSE, EXACT, READINGS };

/* Numbers of the winner's items, each written in one way. They are 17 apart, so that a lost last digit leaves one that fits. */
static const char *
cite(const struct desk *desk, const struct law *law, int how, char *out, size_t size)
{
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    out[0] = 0;
    for (uint32_t k = 0; k < law->count && how != NAKED; k++)
        for (uint32_t i = 0; i < desk->items_count; i++) {
            char key[16];
            copy_key(key, desk->items[i].key, heap);
            if (strcmp(key, law->items[k]) != 0)
                continue;
            const char *document = heap.ptr + desk->items[i].document.at;
            int len = (int)desk->items[i].document.len;
            const char *front = how == LOOSE ? " re 00" : " RE-";
            snprintf(out + strlen(out), size - strlen(out), "%s%.*s", front, len - 3 - (how == CUT), document + 3);
        }
    return how == NAKED ? NULL : out;
}

/* One payment of the desk by itself; iban NULL = the payer is not known. */
static bool
solve_alone(struct desk *desk, int64_t amount, const char *iban, const char *text, struct law *out)
{
    desk->payments_count = desk->texts_count = 0;
    memset(desk->payments, 0, sizeof desk->payments[0]);
    desk_payment(desk, "P", amount, "2026-02-03", iban, text);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    return winner_of(desk, out);
}

/* What is not listed is bounded, and another way to the same winner may bound it less tightly: by so much and no more. */
#define BOUNDS_PPB 200000

static bool
not_less_sure(const struct law *law, const struct law *weaker)
{
    return same_winner(law, weaker) && law->error_ppb <= weaker->error_ppb + BOUNDS_PPB;
}

static bool
not_lighter(const struct law *law, const struct law *weaker)
{
    return law->weight_mnat + law->terms + weaker->terms >= weaker->weight_mnat;
}

static uint32_t
reference_law(struct desk *desk, int64_t amount, const char *iban)
{
    struct law naked, law, weaker;
    char text[512];
    uint32_t steps = 0;
    if (!solve_alone(desk, amount, iban, NULL, &naked))
        return 0;
    weaker = naked;
    for (int how = CUT; how < READINGS; how++) {
        CU_ASSERT(solve_alone(desk, amount, iban, cite(desk, &naked, how, text, sizeof text), &law));
        bool twins = how == CUT && naked.interchangeable; /* a number tells them apart: they were one outcome and are two */
        bool holds = twins || (not_less_sure(&law, &weaker) && (how == CUT || not_lighter(&law, &weaker)));
        if (!holds)
            printf("# %lld from %s \"%s\": error %u weight %lld, was %u and %lld\n", (long long)amount, iban, text, law.error_ppb,
                   (long long)law.weight_mnat, weaker.error_ppb, (long long)weaker.weight_mnat);
        CU_ASSERT(holds);
        weaker = law;
        steps += !twins;
    }
    return steps;
}

static uint32_t
payer_law(struct desk *desk, int64_t amount, uint32_t customer)
{
    struct law naked, unknown, known;
    char text[512];
    if (!solve_alone(desk, amount, random_ibans[customer], NULL, &naked))
        return 0;
    cite(desk, &naked, EXACT, text, sizeof text);
    if (!solve_alone(desk, amount, NULL, text, &unknown))
        return 0;
    CU_ASSERT(solve_alone(desk, amount, random_ibans[customer], text, &known));
    if (!same_winner(&known, &unknown)) /* a relative's items: the unknown payer may be read as somebody else's sum */
        return 0;
    CU_ASSERT(not_less_sure(&known, &unknown));
    return 1;
}

static void
l4_an_agreeing_fact_never_lowers_the_winner(void)
{
    uint32_t references = 0, payers = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct desk desk;
        random_desk(&desk, seed);
        uint64_t dice = seed * 31;
        int64_t amount = desk.payments[0].amount_minor;
        uint32_t customer = (uint32_t)random_below(&dice, RANDOM_CUSTOMERS);
        references += reference_law(&desk, amount, random_ibans[customer]);
        payers += payer_law(&desk, amount, customer);
        desk_close(&desk);
    }
    printf("# %u steps of references, %u payers\n", references, payers);
    CU_ASSERT(references > 200 && payers > 60);
}

/* ---- L5: the evidence handed out adds up to the weight that was decided on */

static bool
row_is(const struct reading *reading, const struct o2c__explanation *why, const struct o2c__hypothesis *row, const struct law *law)
{
    for (uint32_t i = 0; i < row->items_count && row->items_count == law->count; i++) {
        o2c_str key = o2c__pool_str(reading->pool, reading->pool->echo[why->items[row->items_at + i]].key);
        if (strlen(law->items[i]) != key.len || memcmp(law->items[i], key.ptr, key.len) != 0)
            return false;
    }
    return row->items_count == law->count;
}

static void
evidence_law(const struct law *law, const struct o2c__hypothesis *row)
{
    int64_t parts = (int64_t)row->ln_payer + row->ln_class + row->ln_set + row->ln_scope + row->ln_credit + row->ln_amount + row->ln_text +
                    row->ln_expected;
    int64_t off = law->weight_mnat - row->weight * 1000 / 65536;
    if (off > (int64_t)law->terms || -off > (int64_t)law->terms)
        printf("# %u terms, %lld mnat, weight %lld\n", law->terms, (long long)law->weight_mnat, (long long)row->weight);
    CU_ASSERT_EQUAL(parts, row->weight);
    CU_ASSERT(off <= (int64_t)law->terms && -off <= (int64_t)law->terms);
}

/* Masses are what the weights say, and the posterior of the proposal is the mass of its row among all of it. */
static void
posterior_law(const struct desk *desk, const struct o2c__explanation *why, const struct o2c__hypothesis *row)
{
    const o2c_proposal *proposal = desk_proposal(desk, 0);
    uint64_t same = 0;
    for (uint32_t i = 0; i < why->count; i++) {
        const struct o2c__hypothesis *other = &why->rows[i];
        bool is = other->arithmetic == row->arithmetic && other->rate == row->rate && other->items_count == row->items_count &&
                  memcmp(why->items + other->items_at, why->items + row->items_at, row->items_count * sizeof *why->items) == 0;
        same += is ? other->mass : 0;
    }
    CU_ASSERT_EQUAL(proposal->outcome_ppm, (uint32_t)((long double)same * 1e6L / (long double)why->total));
}

static bool
score_again(const struct desk *desk)
{
    struct reading reading;
    struct o2c__explanation why;
    struct law law;
    bool found = false;
    if (!winner_of(desk, &law))
        return false;
    CU_ASSERT_EQUAL_FATAL(reading_open(&reading, desk, NULL), O2C_OK);
    memset(&why, 0, sizeof why);
    CU_ASSERT_EQUAL_FATAL(o2c__explain(&reading.solve, &reading.cases[0], &why, NULL), O2C_OK);
    for (uint32_t i = 0; i < why.count && !found; i++) { /* the heaviest with these items is the winner */
        found = row_is(&reading, &why, &why.rows[i], &law);
        if (found) {
            evidence_law(&law, &why.rows[i]);
            posterior_law(desk, &why, &why.rows[i]);
        }
    }
    CU_ASSERT(found);
    reading_close(&reading);
    return true;
}

static void
l5_scoring_a_proposal_again_gives_its_number(void)
{
    uint32_t scored = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct desk desk;
        random_desk(&desk, seed);
        desk.payments_count = 1;
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        scored += score_again(&desk);
        desk_close(&desk);
    }
    printf("# %u proposals scored again\n", scored);
    CU_ASSERT(scored > 150);
}

/* ---- L1: labels are total. That none of them enters a weight is in house/floors: no file that weighs knows one */

static void
l1_every_line_has_a_label(void)
{
    uint32_t lines = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct desk desk;
        random_desk(&desk, seed);
        random_remittances(&desk, &(uint64_t){ seed * 7 });
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        for (uint32_t p = 0; p < desk.payments_count; p++) {
            const o2c_line *line = desk_lines(&desk, p);
            for (uint32_t i = 0; i < desk_proposal(&desk, p)->lines_count; i++, line++, lines++)
                CU_ASSERT(line->label >= O2C_LABEL_M01 && line->label <= O2C_LABEL_M21 && line->label != O2C_LABEL_M20);
        }
        desk_close(&desk);
    }
    CU_ASSERT(lines > 800);
}

static const struct tap_test tests[] = {
    { "l1_every_line_has_a_label", l1_every_line_has_a_label },
    { "l4_an_agreeing_fact_never_lowers_the_winner", l4_an_agreeing_fact_never_lowers_the_winner },
    { "l5_scoring_a_proposal_again_gives_its_number", l5_scoring_a_proposal_again_gives_its_number },
    { "l6_policy_moves_bands_and_no_confidence", l6_policy_moves_bands_and_no_confidence },
    { "l6_echoes_and_gates_change_no_confidence", l6_echoes_and_gates_change_no_confidence },
    { "l6_of_a_model_only_the_record_of_the_class_counts", l6_of_a_model_only_the_record_of_the_class_counts },
    { "l6_confidence_is_what_its_two_halves_make", l6_confidence_is_what_its_two_halves_make },
};

int
main(void)
{
    return tap_run("match/laws", tests, TAP_COUNT(tests));
}
