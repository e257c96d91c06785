/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of slot tables. */
#include "match/index_slots.h"

bool
o2c__slots_new(struct o2c__slots *slots, o2c__memory *memory, uint64_t count)
{
    uint64_t room = count + count / 2 + 8;
    if (room >= UINT32_MAX)
        return false;
    struct o2c__slot *rows = o2c__alloc_array(memory, (size_t)room, sizeof *rows);
    if (!rows)
        return false;
    memset(rows, 0xFF, (size_t)room * sizeof *rows);
    *slots = (struct o2c__slots){ rows, (uint32_t)room, 0 };
    return true;
}

void
o2c__slots_free(struct o2c__slots *slots, o2c__memory *memory)
{
    if (slots->rows)
        o2c__release(memory, slots->rows, slots->room * sizeof *slots->rows);
    memset(slots, 0, sizeof *slots);
}
