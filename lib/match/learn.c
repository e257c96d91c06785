/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feedback → the next model. Only counters: what a person judged, what history answers, what was taken back. Rows of one day are added
 * up, and sums do not know an order; days come one after another.
 */
#include "match/difference.h"
#include "match/learning.h"
#include "match/pool.h"

/* One judged line at one owner. */
static bool
count_at(struct o2c__learning *learning, const o2c_feedback *row, uint64_t owner, uint64_t weight, uint64_t expected)
{
    struct o2c__memories *memories = learning->next->learned;
    struct o2c__class_count *count = o2c__class_put(&memories->classes, &learning->next->context.memory, owner, row->line_class);
    if (!count)
        return false;
    if (!count->touched && count->day)
        o2c__digest_class(&memories->classes_sum, count, false);
    count->touched = 1;
    o2c__class_age(count, memories->day);
    count->judged += weight;
    count->wrong += o2c__judged_wrong(row) ? weight : 0;
    count->expected += expected;
    return true;
}

/* What the posterior had announced counts by the calibration of the day before, so that the rows of a day have no order. */
static bool
count_line(struct o2c__learning *learning, const o2c_feedback *row)
{
    struct o2c__memories *memories = learning->next->learned;
    int64_t age = (int64_t)memories->day - row->day;
    uint64_t weight = o2c__decay(O2C__LINE_UNIT, age);
    uint64_t expected = o2c__decay(o2c__calibrated(&memories->cal, row->error_ppb), age);
    uint32_t bin = o2c__cal_bin(row->error_ppb);
    o2c_str account = o2c__ref_str(row->account, learning->heap);
    if (!count_at(learning, row, O2C__OWNER_HOST, weight, expected) ||
        !count_at(learning, row, o2c__owner_segment(row->tier), weight, expected) ||
        (account.len && !count_at(learning, row, o2c__owner_customer(account), weight, expected)))
        return false;
    memories->cal.judged[bin] += weight;
    memories->cal.wrong[bin] += o2c__judged_wrong(row) ? weight : 0;
    return o2c__learn_release(learning, row);
}

static bool
learn_row(struct o2c__learning *learning, const o2c_feedback *row)
{
    if (row->verdict != O2C_VERDICT_ANSWER && row->line_class && !count_line(learning, row))
        return false;
    if (row->pool_count) {
        o2c__learn_habit(&learning->next->learned->habits, row);
        if (!o2c__learn_ways(learning, row))
            return false;
    }
    return o2c__learn_difference(learning, row);
}

static o2c_status
learn_day(struct o2c__learning *learning, const uint32_t *order, uint32_t count, o2c_error *err)
{
    struct o2c__memories *memories = learning->next->learned;
    learning->day = learning->rows[order[0]].day;
    o2c__habits_age(&memories->habits, memories->day, learning->day);
    memories->day = learning->day > memories->day ? learning->day : memories->day;
    o2c__cal_age(&memories->cal, memories->day);
    bool whole = o2c__ways_day(learning);
    for (uint32_t i = 0; whole && i < count; i++) {
        if (i % 4096 == 0 && o2c__canceled(&learning->next->context))
            return o2c__fail(err, O2C_E_CANCELED, NULL, "learning was canceled");
        whole = learn_row(learning, &learning->rows[order[i]]);
    }
    whole = whole && o2c__learn_names(learning, order, count) && o2c__learn_revoke(learning, order, count) &&
            o2c__differences_keep(learning, order, count) && o2c__learn_suspend(learning);
    if (!whole)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to learn");
    o2c__cal_fit(&memories->cal);
    return O2C_OK;
}

static int
compare_days(const void *self, uint32_t a, uint32_t b)
{
    const o2c_feedback *rows = self;
    return rows[a].day < rows[b].day ? -1 : rows[a].day > rows[b].day;
}

/* Rows that teach, day by day. */
static o2c_status
learn_days(struct o2c__learning *learning, uint64_t count, uint32_t *order, o2c_error *err)
{
    uint32_t n = 0;
    o2c_status status = O2C_OK;
    for (uint32_t i = 0; i < count; i++)
        if (!o2c__silent(learning->rows[i].verdict))
            order[n++] = i;
    if (n && !learning->next->learned && !(learning->next->learned = o2c__memories_new(&learning->next->context.memory)))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to learn");
    o2c__sort(order, order + count, n, compare_days, learning->rows);
    for (uint32_t first = 0, last; !status && first < n; first = last) {
        for (last = first + 1; last < n && learning->rows[order[last]].day == learning->rows[order[first]].day; last++)
            ;
        status = learn_day(learning, order + first, last - first, err);
    }
    if (!status && n)
        o2c__digest_touched(learning->next->learned);
    return status;
}

static o2c_status
learn_all(struct o2c__learning *learning, uint64_t count, o2c_error *err)
{
    o2c__memory *memory = &learning->next->context.memory;
    uint32_t *order = count ? o2c__alloc_array(memory, count, 2 * sizeof *order) : NULL;
    if (count && !order)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to learn");
    o2c__map_init(&learning->known, memory, learning->next->context.key);
    o2c__vector_init(&learning->numbers, memory, sizeof(uint64_t));
    o2c__arena_init(&learning->words, memory, 0);
    o2c__arena_init(&learning->cutting, memory, 0);
    o2c_status status = learn_days(learning, count, order, err);
    o2c__release(memory, order, count * 2 * sizeof *order);
    o2c__ways_end(learning);
    o2c__vector_free(&learning->lessons);
    o2c__vector_free(&learning->numbers);
    o2c__map_free(&learning->known);
    o2c__arena_free(&learning->words);
    o2c__arena_free(&learning->cutting);
    if (!status && learning->changes && !o2c__changes_sort(learning->changes))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for what changed");
    return status;
}

o2c_status
o2c_match_learn(const o2c_match_model *model, const o2c_match_rules *rules, const o2c_feedback *rows, uint64_t count, const o2c_str *heap,
                o2c_match_model **out_model, o2c_match_changes **out_changes, o2c_error *err)
{
    o2c_match_policy defaults;
    if (!model || !out_model || (count && (!rows || !heap)))
        return o2c__fail(err, O2C_E_MISUSE, !model ? "model" : "rows", "model, out_model, rows or heap is NULL");
    if (count >= UINT32_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "count", "too many rows for one call");
    o2c_status status = count ? o2c__feedback_check(rows, count, *heap, err) : O2C_OK;
    if (status)
        return status;
    o2c__policy_defaults(&defaults);
    struct o2c__learning learning = { .next = o2c__model_copy(model, true), .policy = rules ? &rules->policy : &defaults, .rows = rows };
    learning.heap = count ? *heap : (o2c_str){ "", 0 };
    learning.changes = out_changes ? o2c__changes_new(&model->context) : NULL;
    if (!learning.next || (out_changes && !learning.changes)) {
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to learn");
    } else {
        status = learn_all(&learning, count, err);
        if (!status) {
            o2c_match_model *whole = learning.next;
            learning.next = NULL; /* finish frees it when it fails */
            status = o2c__model_finish(whole, out_model, err);
        }
    }
    if (status) {
        o2c_match_model_free(learning.next);
        o2c_match_changes_free(learning.changes);
        return status;
    }
    if (out_changes)
        *out_changes = learning.changes;
    return O2C_OK;
}
