/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payer's adjustment code → our deduction reason. X12 data element 426 is what most files carry; facts from docs/rooms/match.md.
 * Unknown codes are kept verbatim beside UNMAPPED: nobody's word is thrown away.
 */
#include "match/decide.h"
#include "match/difference.h"
#include "match/pool.h"

/* Index = the two-digit code; 0 = not in the list. */
static const uint8_t x12_426[] = {
    [1] = O2C_DEDUCTION_PRICE,       [2] = O2C_DEDUCTION_ALLOWANCE,  [3] = O2C_DEDUCTION_PRICE,       [4] = O2C_DEDUCTION_DAMAGE,
    [5] = O2C_DEDUCTION_QUALITY,     [6] = O2C_DEDUCTION_SHORTAGE,   [7] = O2C_DEDUCTION_WRONG_ITEM,  [8] = O2C_DEDUCTION_WRONG_ITEM,
    [9] = O2C_DEDUCTION_PRICE,       [10] = O2C_DEDUCTION_PALLET,    [11] = O2C_DEDUCTION_RETURN,     [12] = O2C_DEDUCTION_RETURN,
    [13] = O2C_DEDUCTION_RETURN,     [14] = O2C_DEDUCTION_RETURN,    [15] = O2C_DEDUCTION_RECALL,     [16] = O2C_DEDUCTION_ALLOWANCE,
    [17] = O2C_DEDUCTION_DOCUMENTS,  [18] = O2C_DEDUCTION_NOT_OURS,  [19] = O2C_DEDUCTION_DUPLICATE,  [20] = O2C_DEDUCTION_PRIOR,
    [21] = O2C_DEDUCTION_FREIGHT,    [22] = O2C_DEDUCTION_FREIGHT,   [23] = O2C_DEDUCTION_FEES,       [24] = O2C_DEDUCTION_DISCOUNT,
    [25] = O2C_DEDUCTION_QUALITY,    [26] = O2C_DEDUCTION_NOT_OURS,  [27] = O2C_DEDUCTION_CONTRACT_CLAIM, [28] = O2C_DEDUCTION_ALLOWANCE,
    [29] = O2C_DEDUCTION_FEES,       [30] = O2C_DEDUCTION_FREIGHT,   [31] = O2C_DEDUCTION_FREIGHT,    [32] = O2C_DEDUCTION_FREIGHT,
    [33] = O2C_DEDUCTION_PRICE,      [34] = O2C_DEDUCTION_FREIGHT,   [35] = O2C_DEDUCTION_FREIGHT,    [36] = O2C_DEDUCTION_FREIGHT,
    [37] = O2C_DEDUCTION_FREIGHT,    [38] = O2C_DEDUCTION_QUALITY,   [39] = O2C_DEDUCTION_DOCUMENTS,  [40] = O2C_DEDUCTION_DOCUMENTS,
    [41] = O2C_DEDUCTION_LATE,       [42] = O2C_DEDUCTION_SHORTAGE,  [43] = O2C_DEDUCTION_ALLOWANCE,  [44] = O2C_DEDUCTION_DOCUMENTS,
    [45] = O2C_DEDUCTION_LATE,       [46] = O2C_DEDUCTION_FREIGHT,   [47] = O2C_DEDUCTION_FREIGHT,    [48] = O2C_DEDUCTION_FEES,
    [49] = O2C_DEDUCTION_FEES,       [50] = O2C_DEDUCTION_FEES,      [51] = O2C_DEDUCTION_FEES,       [52] = O2C_DEDUCTION_PRIOR,
    [53] = O2C_DEDUCTION_PRIOR,      [54] = O2C_DEDUCTION_FREIGHT,   [55] = O2C_DEDUCTION_TAX,        [56] = O2C_DEDUCTION_ADVERTISING,
    [57] = O2C_DEDUCTION_DISCOUNT,   [58] = O2C_DEDUCTION_NOT_OURS,  [59] = O2C_DEDUCTION_SHORTAGE,   [60] = O2C_DEDUCTION_NOT_OURS,
    [61] = O2C_DEDUCTION_NOT_OURS,   [62] = O2C_DEDUCTION_WRONG_ITEM, [63] = O2C_DEDUCTION_PRIOR,     [64] = O2C_DEDUCTION_OTHER,
    [65] = O2C_DEDUCTION_OTHER,      [66] = O2C_DEDUCTION_OTHER,     [67] = O2C_DEDUCTION_OTHER,      [68] = O2C_DEDUCTION_OTHER,
    [69] = O2C_DEDUCTION_OTHER,      [70] = O2C_DEDUCTION_DOCUMENTS, [71] = O2C_DEDUCTION_ADVERTISING, [72] = O2C_DEDUCTION_RETURN,
    [73] = O2C_DEDUCTION_DOCUMENTS,  [74] = O2C_DEDUCTION_PRIOR,
};

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int32_t
o2c__deduction_reason(o2c_str code)
{
    char name[32];
    int64_t found = 0;
    if (code.len == 0)
        return O2C_DEDUCTION_UNCODED;
    if (code.len == 2 && code.ptr[0] >= '0' && code.ptr[0] <= '9' && code.ptr[1] >= '0' && code.ptr[1] <= '9') {
        size_t number = (size_t)(code.ptr[0] - '0') * 10 + (size_t)(code.ptr[1] - '0');
        return number < O2C__COUNT(x12_426) && x12_426[number] ? x12_426[number] : O2C_DEDUCTION_UNMAPPED;
    }
    if (code.len >= sizeof name)
        return O2C_DEDUCTION_UNMAPPED;
    for (size_t i = 0; i < code.len; i++)
        name[i] = lower(code.ptr[i]);
    name[code.len] = 0;
    if (o2c_code_find(O2C_TABLE_DEDUCTION_REASON, name, &found) || found == O2C_DEDUCTION_NONE)
        return O2C_DEDUCTION_UNMAPPED;
    return (int32_t)found;
}

int32_t
o2c__reason_of(const struct o2c__solve *solve, uint32_t account, o2c_str code)
{
    int32_t reason = o2c__deduction_reason(code), learned = O2C_DEDUCTION_NONE;
    if (reason == O2C_DEDUCTION_UNMAPPED && account != O2C__NONE)
        learned = o2c__differs_reason(solve->model, o2c__pool_str(solve->pool, solve->pool->accounts[account].key), code);
    return learned == O2C_DEDUCTION_NONE ? reason : learned;
}
