/* SPDX-License-Identifier: Apache-2.0 */
/* The other side of a transaction: who paid us, or whom we paid. */
#include "formats/camt.h"

bool
o2c__camt_party_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    struct o2c__camt_party *party = &camt->party[camt->side];

    if (state == CAMT_PARTY_NAME && camt->ultimate)
        party->ultimate = *value;
    else if (state == CAMT_PARTY_NAME)
        party->name = *value;
    else if (state == CAMT_PARTY_ACCOUNT)
        party->account = *value;
    else if (state == CAMT_AGENT_BIC)
        party->bank = *value;
    else if (party->bank_other.text.len == 0)
        party->bank_other = *value;
    return true;
}

static bool
is_ours(struct o2c__camt *camt, const struct o2c__camt_party *party)
{
    o2c_str ours = o2c__camt_text(camt, o2c__camt_statement(camt)->account.text);
    o2c_str account = o2c__camt_text(camt, party->account.text);

    return ours.len > 0 && o2c__str_equal(ours, account);
}

static bool
is_named(const struct o2c__camt_party *party)
{
    return party->name.text.len > 0 || party->account.text.len > 0 || party->ultimate.text.len > 0;
}

/*
 * Money in comes from the debtor, money out goes to the creditor. A return or reversal repeats the parties of the first payment, so
 * there it is the other way round; and whatever the direction says, the side with our own account is not the other side.
 */
void
o2c__camt_other_side(struct o2c__camt *camt, o2c_entry *row)
{
    uint32_t side = row->amount_minor >= 0 ? CAMT_DEBTOR : CAMT_CREDITOR;
    const struct o2c__camt_party *party;

    if ((row->flags & (O2C_ENTRY_FLAG_RETURN | O2C_ENTRY_FLAG_REVERSAL)) != 0 && is_named(&camt->party[!side]))
        side = !side;
    if (is_ours(camt, &camt->party[side]) && is_named(&camt->party[!side]) && !is_ours(camt, &camt->party[!side]))
        side = !side;
    party = &camt->party[side];
    o2c__camt_field(&row->other_name, &party->name, row->at);
    o2c__camt_field(&row->other_ultimate, &party->ultimate, row->at);
    o2c__camt_field(&row->other_account, &party->account, row->at);
    o2c__camt_field(&row->other_bank, party->bank.text.len > 0 ? &party->bank : &party->bank_other, row->at);
}
