/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a line goes before matching. Money in leaves the road to the customers only on a clear sign: a return reason, a reversal, a
 * code whose meaning is fixed (external code set of ISO 20022 for bank transaction codes; transaction types of SWIFT field 61; German
 * business transaction codes), or an account of ours on the other side. Families that banks use both ways, such as PMNT/RDDT, do not
 * count by themselves. Money out never is a customer's payment.
 */
#include "match/prepare.h"

struct code_rule {
    const char *code;
    int32_t route;
    uint32_t rule;
};

/* Sub-families, whatever the domain and family. */
static const struct code_rule sub_families[] = {
    { "RRTN", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* payment return */
    { "ARET", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* ACH return */
    { "RPCR", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* cancellation request */
    { "UPDD", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* unpaid direct debit */
    { "PRDD", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* direct debit reversed */
    { "RCDD", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* direct debit canceled */
    { "UPCQ", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* unpaid cheque */
    { "CQRV", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* cheque reversed */
    { "UPCT", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* unpaid card transaction */
    { "INTR", O2C_ROUTE_INTEREST, O2C__RULE_INTEREST_CODE }, /* interest */
    { "CHRG", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           /* charges */
    { "FEES", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           /* fees */
    { "COMM", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           /* commission, and three with and without tax */
    { "COME", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },
    { "COMI", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },
    { "COMT", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },
    { "TAXE", O2C_ROUTE_TAX, O2C__RULE_TAX_CODE },           /* taxes */
    { "ICCT", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE }, /* transfer inside the company */
};
/* Domain and family. */
static const struct code_rule families[] = {
    { "CAMT/ACCB", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE }, /* account balancing: sweeps, zero balance */
    { "CAMT/CAPL", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE }, /* cash pooling */
    { "PMNT/MCRD", O2C_ROUTE_CARD, O2C__RULE_CARD_CODE },         /* merchant card transactions */
};
/* Transaction types of field 61, behind their first letter. */
static const struct code_rule swift_types[] = {
    { "CHG", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           { "COM", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },
    { "BRF", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           { "INT", O2C_ROUTE_INTEREST, O2C__RULE_INTEREST_CODE },
    { "RTI", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     { "CMI", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE },
    { "CMN", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE }, { "CMS", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE },
    { "CMT", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE }, { "CMZ", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE },
};
/* German business transaction codes (GVC), as in "NTRF+109+…". */
static const struct code_rule german_codes[] = {
    { "108", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* returned direct debit, business */
    { "109", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* returned direct debit */
    { "159", O2C_ROUTE_RETURN, O2C__RULE_RETURN_CODE },     /* returned credit transfer */
    { "805", O2C_ROUTE_INTEREST, O2C__RULE_INTEREST_CODE }, /* closing of the account: interest */
    { "808", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           /* fees */
    { "809", O2C_ROUTE_FEE, O2C__RULE_FEE_CODE },           /* commission */
    { "814", O2C_ROUTE_INTEREST, O2C__RULE_INTEREST_CODE }, /* interest */
    { "833", O2C_ROUTE_TRANSFER, O2C__RULE_TRANSFER_CODE }, /* cash concentration */
};

static const struct code_rule *
find(const struct code_rule *rules, size_t count, const char *text, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(rules[i].code) == len && memcmp(rules[i].code, text, len) == 0)
            return &rules[i];
    return NULL;
}

/* "PMNT/RCDT/ESCT": the sub-family speaks first, then the family. */
static const struct code_rule *
find_iso(o2c_str code)
{
    if (code.len < 9 || code.ptr[4] != '/' || (code.len > 9 && code.ptr[9] != '/'))
        return NULL;
    const struct code_rule *rule = NULL;
    if (code.len > 10)
        rule = find(sub_families, O2C__COUNT(sub_families), code.ptr + 10, code.len - 10);
    return rule ? rule : find(families, O2C__COUNT(families), code.ptr, 9);
}

/* "NTRF", "NTRF+166+9075": the German number says more than the type. */
static const struct code_rule *
find_swift(o2c_str code)
{
    if (code.len < 4 || !strchr("NFS", code.ptr[0]) || (code.len > 4 && code.ptr[4] != '+'))
        return NULL;
    const struct code_rule *rule = NULL;
    if (code.len >= 8 && (code.len == 8 || code.ptr[8] == '+'))
        rule = find(german_codes, O2C__COUNT(german_codes), code.ptr + 5, 3);
    return rule ? rule : find(swift_types, O2C__COUNT(swift_types), code.ptr + 1, 3);
}

static int32_t
answer(int32_t route, uint32_t number, uint32_t *rule)
{
    *rule = number;
    return route;
}

static int32_t
route_by_sign(const struct o2c__route_facts *facts, uint32_t *rule)
{
    if (facts->other_is_ours)
        return answer(O2C_ROUTE_TRANSFER, O2C__RULE_OWN_ACCOUNT, rule);
    if (facts->amount < 0)
        return answer(O2C_ROUTE_DEBIT, O2C__RULE_MONEY_OUT, rule);
    if (facts->waits)
        return answer(O2C_ROUTE_AWAITING_DETAIL, facts->bare ? O2C__RULE_BARE : O2C__RULE_BATCH, rule);
    return answer(O2C_ROUTE_CUSTOMER, 0, rule);
}

int32_t
o2c__route(const struct o2c__route_facts *facts, uint32_t *rule)
{
    if (facts->amount == 0)
        return answer(O2C_ROUTE_ZERO, O2C__RULE_ZERO, rule);
    if (facts->status == O2C_ENTRY_STATUS_INFO || facts->status == O2C_ENTRY_STATUS_FUTURE)
        return answer(O2C_ROUTE_NOT_BOOKED, O2C__RULE_STATUS, rule);
    if (facts->level == O2C_ENTRY_RESIDUAL)
        return answer(O2C_ROUTE_RESIDUAL, O2C__RULE_RESIDUAL, rule);
    if (facts->has_return_reason || (facts->flags & O2C_ENTRY_FLAG_RETURN))
        return answer(O2C_ROUTE_RETURN, O2C__RULE_RETURN_REASON, rule);
    if (facts->flags & O2C_ENTRY_FLAG_REVERSAL)
        return answer(O2C_ROUTE_RETURN, O2C__RULE_REVERSAL, rule);
    const struct code_rule *found = find_iso(facts->code);
    found = found ? found : find_swift(facts->code);
    return found ? answer(found->route, found->rule, rule) : route_by_sign(facts, rule);
}
