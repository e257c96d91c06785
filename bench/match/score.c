/* SPDX-License-Identifier: Apache-2.0 */
/* A day of answers against a day of truth: each answer is judged once, then every counter it touches is raised. */
#include "score.h"

#include <stdlib.h>
#include <string.h>

/* Where an answer stands with the case it was judged by. */
struct judged {
    const struct score_answer *answer; /* NULL = the first answer of this case is missing */
    const struct score_case *truth;
    bool right, twins;
};

struct score *
score_new(void)
{
    return calloc(1, sizeof(struct score));
}

void
score_free(struct score *score)
{
    free(score);
}

static void
add(struct score_tally *tally, uint64_t lines, uint64_t money, uint64_t line_money)
{
    tally->payments++;
    tally->lines += lines;
    tally->money += money;
    tally->line_money += line_money;
}

static uint64_t
magnitude(int64_t minor)
{
    return minor < 0 ? (uint64_t)0 - (uint64_t)minor : (uint64_t)minor;
}

static uint64_t
cash_of(const struct score_line *lines, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += magnitude(lines[i].paid_minor);
    return sum;
}

static struct score_class *
class_row(struct score *score, uint32_t line_class)
{
    uint32_t at = (line_class ^ line_class >> 15) * UINT32_C(2654435761) >> 20;
    for (uint32_t tries = 0; tries < SCORE_CLASSES; tries++, at = (at + 1) % SCORE_CLASSES) {
        struct score_class *row = &score->classes[at];
        if (row->lines == 0 || row->line_class == line_class) {
            row->line_class = line_class;
            return row;
        }
    }
    return NULL;
}

/* What the lines of one answer add up to. */
struct lines_count {
    uint64_t automatic, automatic_money, right, right_money, wrong, wrong_money, twins, twins_money;
};

static void
count_lines(struct score *score, const struct score_answer *answer, const uint8_t *flags, struct lines_count *out)
{
    for (uint32_t i = 0; i < answer->count; i++) {
        const struct score_line *line = &answer->lines[i];
        uint64_t money = magnitude(line->paid_minor);
        bool right = flags[i] != SCORE_LINE_WRONG;
        if (line->confidence_ppm) {
            struct score_bin *bin = &score->bins[score_bin_of(line->confidence_ppm)];
            bin->lines++;
            bin->right += right;
            bin->confidence += line->confidence_ppm;
        }
        if (line->band != SCORE_BAND_AUTO)
            continue;
        struct score_class *row = class_row(score, line->line_class);
        if (row) {
            row->lines++;
            row->wrong += !right;
        }
        out->automatic++;
        out->automatic_money += money;
        out->right += right;
        out->right_money += right ? money : 0;
        out->wrong += !right;
        out->wrong_money += right ? 0 : money;
        out->twins += flags[i] == SCORE_LINE_TWIN;
        out->twins_money += flags[i] == SCORE_LINE_TWIN ? money : 0;
    }
}

/* The lines of a payment count wherever they are AUTO; the payment itself only when its band is. */
static void
add_part(struct score_tally *tally, bool payment, uint64_t money, uint64_t lines, uint64_t line_money)
{
    tally->payments += payment;
    tally->money += payment ? money : 0;
    tally->lines += lines;
    tally->line_money += line_money;
}

static void
count_slice(struct score_slice *slice, const struct score_case *one, const struct judged *judged, const struct lines_count *lines)
{
    uint64_t money = magnitude(one->amount_minor);
    bool automatic = judged->answer && judged->answer->band == SCORE_BAND_AUTO, right = automatic && judged->right;
    bool abstain = one->label == SCORE_AMBIGUOUS || one->label == SCORE_NONE;
    add(&slice->seen, one->count, money, cash_of(one->lines, one->count));
    if (one->label == SCORE_IDENT) {
        add(&slice->identifiable, one->count, money, cash_of(one->lines, one->count));
        add_part(&slice->identified, right, money, lines->right, lines->right_money);
    }
    add_part(&slice->automatic, automatic, money, lines->automatic, lines->automatic_money);
    add_part(&slice->wrong, automatic && !right, money, lines->wrong, lines->wrong_money);
    if (abstain)
        add_part(&slice->lucky, right, money, lines->right, lines->right_money);
    add_part(&slice->twins, right && judged->twins, money, lines->twins, lines->twins_money);
    slice->abstain_due += abstain;
    slice->abstained += abstain && !automatic;
}

/* Was the truth what we proposed, or at least among our first three? false = no memory. */
static bool
count_proposed(struct score_slice *slice, const struct score_case *one, const struct judged *judged)
{
    const struct score_answer *answer = judged->answer;
    if (!answer || answer->band != SCORE_BAND_PROPOSE || one->count == 0)
        return true;
    bool found = judged->right;
    for (uint32_t i = 0; !found && i < answer->alternatives_count && i < 2; i++) {
        if (!score_same_items(one, answer->alternatives[i].lines, answer->alternatives[i].count, &found))
            return false;
    }
    slice->proposed++;
    slice->top1 += judged->right;
    slice->top3 += found;
    return true;
}

static uint32_t
step_of(uint32_t value, const uint32_t *steps, uint32_t count)
{
    uint32_t at = 0;
    while (at < count && value > steps[at])
        at++;
    return at;
}

static struct score_slice *
grid_slice(struct score *score, const struct score_case *one)
{
    static const uint32_t pools[SCORE_POOLS - 1] = { 1, 3, 6, 10, 16, 25, 38, 60, 100 }, sets[SCORE_SETS - 1] = { 1, 2, 5, 10, 20 };
    return &score->grid[step_of(one->pool, pools, SCORE_POOLS - 1)][step_of(one->count, sets, SCORE_SETS - 1)];
}

static void
count_bar(struct score *score, const struct score_case *one, const struct judged *judged, uint64_t matched)
{
    const struct score_answer *answer = judged->answer;
    if (!answer || answer->count == 0 || answer->gated)
        return;
    uint32_t at = 0;
    while (at < SCORE_BARS && answer->confidence_ppm >= score_bar_ppm[at])
        at++;
    struct score_bar *bar = &score->bars[at];
    bar->payments++;
    bar->lines += answer->count;
    bar->wrong += !judged->right;
    bar->wrong_lines += answer->count - matched;
    bar->identified += judged->right && one->label == SCORE_IDENT;
}

static int
count_case(struct score *score, const struct score_case *one, const struct judged *judged, uint8_t *flags)
{
    struct lines_count lines = { 0 };
    struct score_verdict verdict = { 0 };
    if (judged->answer) {
        if (!score_compare(judged->truth, judged->answer, flags, &verdict))
            return -1;
        count_lines(score, judged->answer, flags, &lines);
        score->operations += judged->answer->operations;
        if (judged->answer->operations > score->operations_max)
            score->operations_max = judged->answer->operations;
    }
    score->forgotten += !judged->answer;
    score->ceiling += one->p_star_ppm >= 995000;
    score->ceiling_money += one->p_star_ppm >= 995000 ? magnitude(one->amount_minor) : 0;
    count_bar(score, one, judged, verdict.matched);
    struct score_slice *slices[4] = { &score->total, NULL, NULL, grid_slice(score, one) };
    if (one->label > 0 && one->label < SCORE_LABELS)
        slices[1] = &score->label[one->label];
    if (one->scenario > 0 && one->scenario < SCORE_SCENARIOS)
        slices[2] = &score->scenario[one->scenario];
    for (uint32_t i = 0; i < 4; i++) {
        if (!slices[i])
            continue;
        count_slice(slices[i], one, judged, &lines);
        if (!count_proposed(slices[i], one, judged))
            return -1;
    }
    return 0;
}

/* Answers beyond the first have no truth left that they could meet: what they post is posted twice. */
static int
count_again(struct score *score, const struct score_answer *answer, uint8_t *flags)
{
    struct lines_count lines = { 0 };
    if (answer->count)
        memset(flags, SCORE_LINE_WRONG, answer->count);
    count_lines(score, answer, flags, &lines);
    bool automatic = answer->band == SCORE_BAND_AUTO;
    add_part(&score->total.automatic, automatic, 0, lines.automatic, lines.automatic_money);
    add_part(&score->total.wrong, automatic, 0, lines.wrong, lines.wrong_money);
    return 0;
}

static const struct score_case *
find_case(const struct score_case *cases, uint64_t count, uint64_t payment)
{
    uint64_t low = 0, high = count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (cases[middle].payment < payment)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && cases[low].payment == payment ? &cases[low] : NULL;
}

static int
by_group(const void *a, const void *b)
{
    const struct judged *x = *(struct judged *const *)a, *y = *(struct judged *const *)b;
    if (x->truth->group != y->truth->group)
        return x->truth->group < y->truth->group ? -1 : 1;
    return x->truth->payment < y->truth->payment ? -1 : x->truth->payment > y->truth->payment;
}

static bool
is_right(const struct judged *one, const struct score_answer *answer, bool *out_right)
{
    struct score_verdict verdict = { 0 };
    if (answer && !score_compare(one->truth, answer, NULL, &verdict))
        return false;
    *out_right = answer && verdict.right;
    return true;
}

/* Within a group, an answer that misses its truth may be the answer to another payment whose own answer misses: then they change places.
 * Each exchange makes one more payment right, so there are at most count of them. */
static int
swap_group(struct judged **rows, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        for (uint64_t k = 0; k < count && rows[i]->answer && !rows[i]->right; k++) {
            const struct score_answer *mine = rows[i]->answer;
            bool fits;
            if (k == i || rows[k]->right)
                continue;
            if (!is_right(rows[k], mine, &fits))
                return -1;
            if (!fits)
                continue;
            rows[i]->answer = rows[k]->answer;
            rows[k]->answer = mine;
            rows[k]->right = rows[k]->twins = true;
            if (!is_right(rows[i], rows[i]->answer, &rows[i]->right))
                return -1;
            rows[i]->twins = rows[i]->right;
            k = UINT64_MAX; /* the answer that came in exchange is tried from the beginning */
        }
    }
    return 0;
}

static int
swap_groups(struct judged *judged, uint64_t count)
{
    struct judged **rows = malloc((count ? count : 1) * sizeof(struct judged *));
    uint64_t grouped = 0;
    int status = rows ? 0 : -1;
    for (uint64_t i = 0; rows && i < count; i++) {
        if (judged[i].truth->group)
            rows[grouped++] = &judged[i];
    }
    if (grouped)
        qsort(rows, grouped, sizeof *rows, by_group);
    for (uint64_t at = 0, end; status == 0 && at < grouped; at = end) {
        uint64_t group = rows[at]->truth->group;
        for (end = at; end < grouped && rows[end]->truth->group == group; end++)
            continue;
        if (end - at > 1 && end - at <= SCORE_GROUP_MAX)
            status = swap_group(rows + at, end - at);
    }
    free(rows);
    return status;
}

static int
judge(struct score *score, struct judged *judged, const struct score_case *cases, uint64_t count, const struct score_answer *answers,
      uint64_t answers_count, uint8_t *flags)
{
    for (uint64_t i = 0; i < count; i++)
        judged[i] = (struct judged){ .truth = &cases[i] };
    for (uint64_t i = 0; i < answers_count; i++) {
        const struct score_case *one = find_case(cases, count, answers[i].payment);
        struct score_verdict verdict;
        if (!one) {
            score->strangers++;
            count_again(score, &answers[i], flags);
        } else if (judged[one - cases].answer) {
            score->twice++;
            count_again(score, &answers[i], flags);
        } else {
            if (!score_compare(one, &answers[i], NULL, &verdict))
                return -1;
            judged[one - cases].answer = &answers[i];
            judged[one - cases].right = verdict.right;
            judged[one - cases].twins = verdict.right && verdict.twins;
        }
    }
    if (swap_groups(judged, count) < 0)
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        if (count_case(score, &cases[i], &judged[i], flags) < 0)
            return -1;
    }
    return 0;
}

int
score_day(struct score *score, const struct score_case *cases, uint64_t cases_count, const struct score_answer *answers,
          uint64_t answers_count)
{
    uint32_t longest = 1;
    for (uint64_t i = 0; i < answers_count; i++)
        longest = answers[i].count > longest ? answers[i].count : longest;
    uint8_t *flags = malloc(longest);
    struct judged *judged = malloc((cases_count ? cases_count : 1) * sizeof *judged);
    int status = flags && judged ? judge(score, judged, cases, cases_count, answers, answers_count, flags) : -1;
    free(flags);
    free(judged);
    return status;
}
