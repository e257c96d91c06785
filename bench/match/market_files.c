/* SPDX-License-Identifier: Apache-2.0 */
/*
 * S36: the payments of a market as bank files. Days take turns: details that come in a file of their own (053, then 054), an intraday file
 * before the booked one (052, then 053), and a statement that does not tie beside one that does. The key of a payment is its servicer
 * reference, so that the truth is found again.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <o2c/o2c.h>

#include "market.h"
#include "market_files.h"

#define OPENING INT64_C(100000000)

struct bank {
    const struct market *market;
    FILE *out;
    const char *folder;
    uint32_t files;
};

static const char *const roots[] = { [52] = "BkToCstmrAcctRpt", [53] = "BkToCstmrStmt", [54] = "BkToCstmrDbtCdtNtfctn" };
static const char *const parts[] = { [52] = "Rpt", [53] = "Stmt", [54] = "Ntfctn" };
static const char *const accounts[] = { "DE37990000007301000417", "DE10990000007301000418" };

static void
open_message(struct bank *bank, int kind, int32_t day)
{
    char path[2048], date[11];
    if (o2c_date_write(day, date, NULL) != O2C_OK)
        exit(1);
    snprintf(path, sizeof path, "%s/%s.camt%03d.xml", bank->folder, date, kind);
    bank->out = fopen(path, "w");
    if (!bank->out) {
        perror(path);
        exit(1);
    }
    bank->files++;
    fprintf(bank->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.%03d.001.08\"><%s>", kind,
            roots[kind]);
    fprintf(bank->out, "<GrpHdr><MsgId>%s-%d</MsgId><CreDtTm>%sT20:00:00</CreDtTm></GrpHdr>\n", date, kind, date);
}

static void
close_message(struct bank *bank, int kind)
{
    fprintf(bank->out, "</%s></Document>\n", roots[kind]);
    if (fclose(bank->out) != 0)
        exit(1);
}

static void
text(FILE *out, o2c_str heap, o2c_ref ref)
{
    for (uint32_t i = 0; i < ref.len; i++) {
        char c = heap.ptr[ref.at + i];
        if (c == '&' || c == '<' || c == '>')
            fprintf(out, "&#%d;", c);
        else
            fputc(c, out);
    }
}

static void
money(FILE *out, int64_t minor)
{
    fprintf(out, "<Amt Ccy=\"EUR\">%" PRId64 ".%02d</Amt><CdtDbtInd>CRDT</CdtDbtInd>", minor / 100, (int)(minor % 100));
}

static void
balance(struct bank *bank, const char *code, int64_t minor, const char *date)
{
    fprintf(bank->out, "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>", code);
    money(bank->out, minor);
    fprintf(bank->out, "<Dt><Dt>%s</Dt></Dt></Bal>\n", date);
}

static void
head(struct bank *bank, int kind, int32_t day, uint32_t account)
{
    char date[11];
    if (o2c_date_write(day, date, NULL) != O2C_OK)
        exit(1);
    fprintf(bank->out, "<%s><Id>%s-%u-%d</Id><CreDtTm>%sT20:00:00</CreDtTm><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>\n", parts[kind],
            date, account, kind, date, accounts[account]);
}

/* Who, for what: the details of one payment. */
static void
details(struct bank *bank, uint32_t at)
{
    const o2c_payments *payments = &bank->market->payments;
    const o2c_payment *row = &payments->rows[at];
    fputs("<TxDtls><Refs><AcctSvcrRef>", bank->out);
    text(bank->out, payments->heap, row->key);
    fputs("</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>", bank->out);
    money(bank->out, row->amount_minor);
    if (row->instructed_minor)
        fprintf(bank->out, "<AmtDtls><InstdAmt><Amt Ccy=\"%.3s\">%" PRId64 ".%02d</Amt></InstdAmt></AmtDtls>", row->instructed_currency,
                row->instructed_minor / 100, (int)(row->instructed_minor % 100));
    fputs("<RltdPties><Dbtr><Pty><Nm>", bank->out);
    text(bank->out, payments->heap, row->payer_name);
    fputs("</Nm></Pty></Dbtr>", bank->out);
    if (row->payer_account.len) {
        fputs("<DbtrAcct><Id><IBAN>", bank->out);
        text(bank->out, payments->heap, row->payer_account);
        fputs("</IBAN></Id></DbtrAcct>", bank->out);
    }
    fputs("</RltdPties><RmtInf>", bank->out);
    for (uint32_t k = 0; k < row->texts_count; k++) {
        fputs("<Ustrd>", bank->out);
        text(bank->out, payments->heap, payments->texts[row->texts_at + k].text);
        fputs("</Ustrd>", bank->out);
    }
    fputs("</RmtInf></TxDtls>\n", bank->out);
}

static void
open_entry(struct bank *bank, int64_t minor, const char *state, int32_t day)
{
    char date[11];
    if (o2c_date_write(day, date, NULL) != O2C_OK)
        exit(1);
    fputs("<Ntry>", bank->out);
    money(bank->out, minor);
    fprintf(bank->out, "<Sts><Cd>%s</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt>", state, date, date);
}

#define CODE "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"

static void
entry(struct bank *bank, uint32_t at, const char *state)
{
    const o2c_payment *row = &bank->market->payments.rows[at];
    open_entry(bank, row->amount_minor, state, row->booking_day);
    fputs("<AcctSvcrRef>", bank->out);
    text(bank->out, bank->market->payments.heap, row->key);
    fputs("</AcctSvcrRef>" CODE "<NtryDtls>", bank->out);
    details(bank, at);
    fputs("</NtryDtls></Ntry>\n", bank->out);
}

/* One entry for all of them, with or without what they are. */
static void
batch(struct bank *bank, const uint32_t *rows, uint32_t count, int32_t day, bool with_details)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += bank->market->payments.rows[rows[i]].amount_minor;
    open_entry(bank, sum, "BOOK", day);
    fprintf(bank->out, "<AcctSvcrRef>BATCH-%" PRId32 "</AcctSvcrRef>" CODE "<NtryDtls><Btch><NbOfTxs>%u</NbOfTxs></Btch>", day, count);
    for (uint32_t i = 0; with_details && i < count; i++)
        details(bank, rows[i]);
    fputs("</NtryDtls></Ntry>\n", bank->out);
}

/* off: what the closing balance misses. */
static void
statement(struct bank *bank, const uint32_t *rows, uint32_t count, int32_t day, uint32_t account, int64_t off)
{
    char date[11];
    int64_t sum = 0;
    if (o2c_date_write(day, date, NULL) != O2C_OK)
        exit(1);
    for (uint32_t i = 0; i < count; i++)
        sum += bank->market->payments.rows[rows[i]].amount_minor;
    head(bank, 53, day, account);
    balance(bank, "OPBD", OPENING, date);
    balance(bank, "CLBD", OPENING + sum - off, date);
}

static void
details_later(struct bank *bank, const uint32_t *rows, uint32_t count, int32_t day)
{
    open_message(bank, 53, day);
    statement(bank, rows, count, day, 0, 0);
    batch(bank, rows, count, day, false);
    fputs("</Stmt>", bank->out);
    close_message(bank, 53);
    open_message(bank, 54, day);
    head(bank, 54, day, 0);
    batch(bank, rows, count, day, true);
    fputs("</Ntfctn>", bank->out);
    close_message(bank, 54);
}

static void
intraday_first(struct bank *bank, const uint32_t *rows, uint32_t count, int32_t day)
{
    open_message(bank, 52, day);
    head(bank, 52, day, 0);
    for (uint32_t i = 0; i < count; i++)
        entry(bank, rows[i], "PDNG");
    fputs("</Rpt>", bank->out);
    close_message(bank, 52);
    open_message(bank, 53, day);
    statement(bank, rows, count, day, 0, 0);
    for (uint32_t i = 0; i < count; i++)
        entry(bank, rows[i], "BOOK");
    fputs("</Stmt>", bank->out);
    close_message(bank, 53);
}

/* The first half of the payments in a statement that misses a cent, the others in one that ties. */
static void
one_does_not_tie(struct bank *bank, const uint32_t *rows, uint32_t count, int32_t day)
{
    uint32_t half = count / 2;
    open_message(bank, 53, day);
    for (uint32_t part = 0; part < 2; part++) {
        const uint32_t *own = part ? rows + half : rows;
        uint32_t own_count = part ? count - half : half;
        statement(bank, own, own_count, day, part, part ? 0 : 1);
        for (uint32_t i = 0; i < own_count; i++)
            entry(bank, own[i], "BOOK");
        fputs("</Stmt>", bank->out);
    }
    close_message(bank, 53);
}

/* Money in euros for our first company: the account is one of its own. */
static uint32_t
of_day(const struct market *market, int32_t day, uint32_t *rows)
{
    uint32_t from, to, count = 0;
    market_day(market, day, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const o2c_payment *row = &market->payments.rows[i];
        o2c_str company = { market->payments.heap.ptr + row->company.at, row->company.len };
        if (memcmp(row->currency, "EUR", 3) == 0 && company.len == 4 && memcmp(company.ptr, "1000", 4) == 0)
            rows[count++] = i;
    }
    return count;
}

uint32_t
market_files(const struct market *market, const char *folder, uint32_t days)
{
    static void (*const ways[MARKET_FILES_WAYS])(struct bank *, const uint32_t *, uint32_t, int32_t) = { details_later, intraday_first,
                                                                                                        one_does_not_tie };
    struct bank bank = { .market = market, .folder = folder };
    uint32_t *rows = malloc((market->payments.count + 1) * sizeof *rows), taken = 0;
    for (int32_t day = market->first_day; rows && taken < days && day < market->first_day + market->days; day++) {
        uint32_t count = of_day(market, day, rows);
        if (count < 2) /* half of one payment is none */
            continue;
        ways[taken++ % MARKET_FILES_WAYS](&bank, rows, count, day);
    }
    free(rows);
    return bank.files;
}
