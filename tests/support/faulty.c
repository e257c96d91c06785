/* SPDX-License-Identifier: Apache-2.0 */
#include "support/faulty.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <o2c/status.h>

#define ZONE 32
#define ZONE_BYTE 0x5A
#define DEAD_BYTE 0xDD

/* Stands before every block; the zone at its end touches the first byte of the user. */
struct faulty_block {
    struct faulty *owner;
    struct faulty_block *next, *before;
    size_t size;
    uint64_t number;
    _Alignas(16) unsigned char zone[ZONE];
};
_Static_assert(sizeof(struct faulty_block) % 16 == 0, "what stands behind the head must be aligned");

static void
complain(struct faulty *faulty, const char *what, uint64_t number, size_t size)
{
    if (!faulty->complaint[0])
        snprintf(faulty->complaint, sizeof faulty->complaint, "%s (allocation %llu, %zu bytes)", what, (unsigned long long)number, size);
}

static uint64_t
scramble(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

static bool
refused(struct faulty *faulty)
{
    uint64_t number = faulty->count++;
    bool refuse = (faulty->mode == FAULTY_ONCE && number == faulty->at) || (faulty->mode == FAULTY_FOREVER && number >= faulty->at) ||
                  (faulty->mode == FAULTY_RANDOM && scramble(faulty->at * 1000003 + number) % 32 == 0);
    faulty->failed += refuse;
    return refuse;
}

static struct faulty_block *
head_of(void *block)
{
    return (struct faulty_block *)((char *)block - sizeof(struct faulty_block));
}

static unsigned char *
body_of(struct faulty_block *head)
{
    return (unsigned char *)(head + 1);
}

static struct faulty_block *
new_block(struct faulty *faulty, size_t size)
{
    struct faulty_block *head = size < SIZE_MAX / 2 ? malloc(sizeof *head + size + ZONE) : NULL;
    if (!head)
        return NULL;
    *head = (struct faulty_block){ .owner = faulty, .next = faulty->blocks, .size = size, .number = faulty->count - 1 };
    if (head->next)
        head->next->before = head;
    faulty->blocks = head;
    memset(head->zone, ZONE_BYTE, ZONE);
    memset(body_of(head), faulty->fill, size);
    memset(body_of(head) + size, ZONE_BYTE, ZONE);
    faulty->live++;
    faulty->live_bytes += size;
    if (faulty->live_bytes > faulty->peak_bytes)
        faulty->peak_bytes = faulty->live_bytes;
    return head;
}

static void
check_zones(struct faulty_block *head)
{
    const unsigned char *after = body_of(head) + head->size;
    for (size_t i = 0; i < ZONE; i++) {
        if (head->zone[i] != ZONE_BYTE)
            complain(head->owner, "bytes before a block were overwritten", head->number, head->size);
        if (after[i] != ZONE_BYTE)
            complain(head->owner, "bytes behind a block were overwritten", head->number, head->size);
    }
}

static void
end_block(struct faulty_block *head)
{
    struct faulty *faulty = head->owner;
    check_zones(head);
    if (head->next)
        head->next->before = head->before;
    *(head->before ? &head->before->next : &faulty->blocks) = head->next;
    faulty->live--;
    faulty->live_bytes -= head->size;
    memset(body_of(head), DEAD_BYTE, head->size);
    free(head);
}

void *
faulty_alloc(struct faulty *faulty, size_t size)
{
    if (refused(faulty))
        return NULL;
    struct faulty_block *head = new_block(faulty, size);
    return head ? body_of(head) : NULL;
}

void *
faulty_resize(void *block, size_t size)
{
    struct faulty_block *old = head_of(block);
    if (refused(old->owner))
        return NULL;
    struct faulty_block *head = new_block(old->owner, size);
    if (!head)
        return NULL;
    memcpy(body_of(head), block, old->size < size ? old->size : size);
    end_block(old);
    return body_of(head);
}

void
faulty_release(void *block)
{
    end_block(head_of(block));
}

/* ---- as the library calls it: with a self, and with sizes that must be right */
static void *
library_alloc(void *self, size_t size)
{
    struct faulty *faulty = self;
    if (size == 0)
        complain(faulty, "a block of no bytes was asked for", faulty->count, size);
    return faulty_alloc(faulty, size);
}

static void *
library_resize(void *self, void *block, size_t old_size, size_t size)
{
    struct faulty *faulty = self;
    if (!block || size == 0 || head_of(block)->size != old_size)
        complain(faulty, "a resize names a size the block does not have", block ? head_of(block)->number : 0, old_size);
    return faulty_resize(block, size);
}

static void
library_release(void *self, void *block, size_t size)
{
    struct faulty *faulty = self;
    if (!block || head_of(block)->size != size)
        complain(faulty, "a release names a size the block does not have", block ? head_of(block)->number : 0, size);
    if (block)
        faulty_release(block);
}

void
faulty_open(struct faulty *faulty, int mode, uint64_t at)
{
    memset(faulty, 0, sizeof *faulty);
    faulty->allocator = (o2c_allocator){ sizeof(o2c_allocator), 0, faulty, library_alloc, library_resize, library_release };
    faulty->mode = mode;
    faulty->at = at;
    faulty->fill = 0xA5;
}

uint64_t
faulty_close(struct faulty *faulty)
{
    uint64_t leaked = faulty->live;
    if (leaked)
        complain(faulty, "a block was not released", faulty->blocks->number, faulty->blocks->size);
    while (faulty->blocks)
        end_block(faulty->blocks);
    return leaked;
}

/* ---- the sweep */
struct run {
    struct faulty_result result;
    uint64_t count;
    char complaint[200];
};

static void
run_once(const struct faulty_plan *plan, struct faulty_report *report, int mode, uint64_t at, struct run *out)
{
    struct faulty faulty;
    o2c_env env = { .struct_size = sizeof env };
    if (plan->env)
        env = *plan->env;
    faulty_open(&faulty, mode, at);
    faulty.fill = (unsigned char)(0xA5 + 31 * report->runs++);
    env.allocator = &faulty.allocator;
    if (plan->aim)
        plan->aim(&faulty);
    out->result = plan->scenario(&env, plan->self);
    if (plan->aim)
        plan->aim(NULL);
    faulty_close(&faulty);
    out->count = faulty.count;
    memcpy(out->complaint, faulty.complaint, sizeof out->complaint);
}

static void
judge(const struct faulty_plan *plan, struct faulty_report *report, const struct run *good, int mode, uint64_t at)
{
    static const char *const modes[] = { "no fault", "failing once at", "failing for ever from", "failing at random, seed" };
    struct run run;
    run_once(plan, report, mode, at, &run);
    bool same = run.result.status == good->result.status && run.result.digest == good->result.digest;
    bool clean = same || (run.result.status == O2C_E_NOMEM && mode != FAULTY_NEVER);
    report->refused += run.result.status == O2C_E_NOMEM;
    if (report->complaint[0] || (clean && !run.complaint[0]))
        return;
    if (run.complaint[0])
        snprintf(report->complaint, sizeof report->complaint, "%s, %s %llu: %s", plan->name, modes[mode], (unsigned long long)at,
                 run.complaint);
    else
        snprintf(report->complaint, sizeof report->complaint, "%s, %s %llu: status %d with digest %016llx, not %d with %016llx", plan->name,
                 modes[mode], (unsigned long long)at, run.result.status, (unsigned long long)run.result.digest, good->result.status,
                 (unsigned long long)good->result.digest);
}

/* The i-th of `tries` points out of `points`: the first half one by one, where most shapes are made, then in even steps. */
static uint64_t
point_of(uint64_t i, uint64_t tries, uint64_t points)
{
    uint64_t head = tries / 2;
    if (tries == points || i < head)
        return i;
    return head + (i - head) * (points - head) / (tries - head);
}

void
faulty_try(const struct faulty_plan *plan, struct faulty_report *report)
{
    struct run good;
    memset(report, 0, sizeof *report);
    run_once(plan, report, FAULTY_NEVER, 0, &good);
    report->points = good.count;
    if (good.complaint[0])
        snprintf(report->complaint, sizeof report->complaint, "%s, no fault: %s", plan->name, good.complaint);
    uint64_t tries = plan->points_max && plan->points_max < good.count ? plan->points_max : good.count;
    for (uint64_t i = 0; i < tries; i++) {
        judge(plan, report, &good, FAULTY_ONCE, point_of(i, tries, good.count));
        judge(plan, report, &good, FAULTY_FOREVER, point_of(i, tries, good.count));
    }
    for (uint64_t seed = 1; seed <= 16; seed++)
        judge(plan, report, &good, FAULTY_RANDOM, seed);
    judge(plan, report, &good, FAULTY_NEVER, 0);
}

void
faulty_sweep_plan(const struct faulty_plan *plan)
{
    struct faulty_report report;
    faulty_try(plan, &report);
    printf("# %s: %llu allocations, %llu runs, %llu of them refused\n", plan->name, (unsigned long long)report.points,
           (unsigned long long)report.runs, (unsigned long long)report.refused);
    if (report.points == 0)
        snprintf(report.complaint, sizeof report.complaint, "%s: the scenario allocates nothing", plan->name);
    CU_assertImplementation(!report.complaint[0], __LINE__, report.complaint, plan->name, "", CU_FALSE);
}

void
faulty_sweep(const char *name, faulty_scenario scenario, void *self)
{
    faulty_sweep_plan(&(struct faulty_plan){ .name = name, .scenario = scenario, .self = self });
}

uint64_t
faulty_digest(uint64_t digest, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t value = digest ^ UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < len; i++)
        value = (value ^ at[i]) * UINT64_C(0x100000001B3);
    return scramble(value);
}

uint64_t
faulty_digest_u64(uint64_t digest, uint64_t value)
{
    return faulty_digest(digest, &value, sizeof value);
}

uint64_t
faulty_digest_str(uint64_t digest, o2c_str text)
{
    return faulty_digest(faulty_digest_u64(digest, text.len), text.ptr, text.len);
}
