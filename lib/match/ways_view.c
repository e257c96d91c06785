/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prior of a view: that of the host, and beside it what is known of this payer. It stands in the arena of the case, as what it works
 * out is remembered for the pools of the view. Where the text cites something, the host's prior is asked alone: the references decide, and
 * what is explained without a search is weighed like what is searched.
 */
#include "match/explain.h"
#include "match/ways.h"

struct payer_prior {
    struct o2c__set_prior is;
    struct o2c__ways ways;
    struct o2c__prior_memory worked[2];
};

static void
remember(struct payer_prior *prior, uint32_t n)
{
    if (n > 1 && !o2c__prior_remembers(&prior->is, n, 1))
        o2c__prior_memory_init(&prior->worked[prior->is.worked_count++], n);
}

bool
o2c__view_prior(struct o2c__job *job, struct o2c__view *view)
{
    const o2c_match_pool *pool = job->solve->pool;
    const o2c_match_model *model = job->solve->model;
    const struct o2c__account *account = &pool->accounts[view->account];
    struct o2c__ways ways;
    view->prior = o2c__prior_of(model);
    if (!view->prior || view->debits < 2)
        return true;
    bool known = !job->cites && o2c__ways_of(model, account->tier, o2c__pool_str(pool, account->key), &ways);
    if (!known && view->debits <= O2C__PRIOR_N)
        return true;
    struct payer_prior *prior = o2c__arena_alloc(&job->solve->arena, sizeof *prior);
    if (!prior)
        return false;
    prior->is = *view->prior;
    prior->is.worked = prior->worked;
    prior->is.worked_count = 0;
    if (known) {
        prior->ways = ways;
        prior->is.ways = &prior->ways;
    }
    remember(prior, view->side_count[0]);
    remember(prior, view->debits);
    view->prior = &prior->is;
    return true;
}
