/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "lender.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SMALL ((size_t)256 * 1024)  /* below that malloc is as good */
#define STEP ((size_t)2 * 1024 * 1024)

/* Sizes are whole huge pages, four to each doubling: at most a quarter is wasted. */
static unsigned
size_number(size_t size, size_t *out_room)
{
    size_t room = STEP;
    for (unsigned number = 0; number < LENDER_SIZES; number++) {
        size_t base = room << number / 4, here = base + base / 4 * (number % 4);
        here = (here + STEP - 1) / STEP * STEP;
        if (here >= size) {
            *out_room = here;
            return number;
        }
    }
    return LENDER_SIZES;
}

static void *
lend(void *self, size_t size)
{
    struct lender *lender = self;
    size_t room;
    if (size < SMALL)
        return malloc(size);
    unsigned number = size_number(size, &room);
    if (number == LENDER_SIZES)
        return NULL;
    void *block = lender->idle[number];
    if (block) {
        memcpy(&lender->idle[number], block, sizeof block);
        return block;
    }
    if (posix_memalign(&block, STEP, room) != 0)
        return NULL;
#ifdef MADV_HUGEPAGE
    (void)madvise(block, room, MADV_HUGEPAGE);
#endif
    return block;
}

static void
take_back(void *self, void *block, size_t size)
{
    struct lender *lender = self;
    size_t room;
    if (size < SMALL) {
        free(block);
        return;
    }
    unsigned number = size_number(size, &room);
    memcpy(block, &lender->idle[number], sizeof block);
    lender->idle[number] = block;
}

static void *
lend_more(void *self, void *block, size_t old_size, size_t size)
{
    size_t room;
    if (old_size < SMALL && size < SMALL)
        return realloc(block, size);
    if (old_size >= SMALL && size >= SMALL && size_number(old_size, &room) == size_number(size, &room))
        return block;
    void *to = lend(self, size);
    if (!to)
        return NULL;
    memcpy(to, block, old_size < size ? old_size : size);
    take_back(self, block, old_size);
    return to;
}

void
lender_open(struct lender *lender)
{
    memset(lender, 0, sizeof *lender);
    lender->lent = (o2c_allocator){ sizeof lender->lent, 0, lender, lend, lend_more, take_back };
    lender->env = (o2c_env){ .struct_size = sizeof lender->env, .allocator = &lender->lent };
}
