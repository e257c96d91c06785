/* SPDX-License-Identifier: Apache-2.0 */
#include "camt_make.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FLUSH 65536u
#define OPENING 1000000

static bool
flush(struct camt_make *make)
{
    bool on = make->sink == NULL || make->fill == 0 || make->sink(make->self, make->buffer, make->fill);

    make->bytes += make->fill;
    make->fill = 0;
    return on;
}

static bool put(struct camt_make *make, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool
put(struct camt_make *make, const char *format, ...)
{
    va_list rest;
    int len;

    va_start(rest, format);
    len = vsnprintf(make->buffer + make->fill, sizeof make->buffer - make->fill, format, rest);
    va_end(rest);
    make->fill += (size_t)len;
    return make->fill < FLUSH || flush(make);
}

/* splitmix64 */
static uint64_t
draw(struct camt_make *make)
{
    uint64_t z = make->seed += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static bool
put_head(struct camt_make *make, int64_t closing)
{
    return put(
        make,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document "
        "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n<BkToCstmrStmt>\n"
        "<GrpHdr>\n<MsgId>BENCH-1</MsgId>\n<CreDtTm>2026-02-03T06:00:00</CreDtTm>\n</GrpHdr>\n<Stmt>\n<Id>BENCH-1-1</Id>\n"
        "<ElctrncSeqNb>23</ElctrncSeqNb>\n<Acct>\n<Id>\n<IBAN>DE02120300000000202051</IBAN>\n</Id>\n<Ccy>EUR</Ccy>\n</Acct>\n"
        "<Bal>\n<Tp>\n<CdOrPrtry>\n<Cd>OPBD</Cd>\n</CdOrPrtry>\n</Tp>\n<Amt Ccy=\"EUR\">%d.00</Amt>\n<CdtDbtInd>CRDT</CdtDbtInd>\n"
        "<Dt>\n<Dt>2026-02-02</Dt>\n</Dt>\n</Bal>\n"
        "<Bal>\n<Tp>\n<CdOrPrtry>\n<Cd>CLBD</Cd>\n</CdOrPrtry>\n</Tp>\n<Amt Ccy=\"EUR\">%" PRId64 ".%02d</Amt>\n"
        "<CdtDbtInd>%s</CdtDbtInd>\n<Dt>\n<Dt>2026-02-02</Dt>\n</Dt>\n</Bal>\n",
        OPENING, (closing < 0 ? -closing : closing) / 100, (int)((closing < 0 ? -closing : closing) % 100),
        closing < 0 ? "DBIT" : "CRDT");
}

static const char *const names[] = { "Alpenblick Apotheke GmbH", "Hafenlogistik Nord KG",  "M&amp;R Werkzeuge",
                                     "Seerose Kliniken gAG",     "Büro Schön &amp; Söhne", "Ostwind Energie eG",
                                     "Kranich Verlag",           "Blum Feinkost OHG" };

static bool
put_entry(struct camt_make *make)
{
    uint64_t random = draw(make), cents = 100 + random % 9000000, invoice = 4700000 + draw(make) % 900000;
    bool debit = random >> 40 & 1 && (random >> 41 & 7) == 0;
    const char *sign = debit ? "DBIT" : "CRDT", *side = debit ? "Cdtr" : "Dbtr";
    uint64_t number = make->entries++;

    if (debit)
        make->debit += (int64_t)cents;
    else
        make->credit += (int64_t)cents;
    return put(make,
               "<Ntry>\n<NtryRef>%" PRIu64 "</NtryRef>\n<Amt Ccy=\"EUR\">%" PRIu64 ".%02" PRIu64
               "</Amt>\n<CdtDbtInd>%s</CdtDbtInd>\n"
               "<Sts>\n<Cd>BOOK</Cd>\n</Sts>\n<BookgDt>\n<Dt>2026-02-02</Dt>\n</BookgDt>\n<ValDt>\n<Dt>2026-02-%02" PRIu64
               "</Dt>\n</ValDt>\n"
               "<AcctSvcrRef>2026020%016" PRIX64 "</AcctSvcrRef>\n<BkTxCd>\n<Domn>\n<Cd>PMNT</Cd>\n<Fmly>\n<Cd>RCDT</Cd>\n"
               "<SubFmlyCd>ESCT</SubFmlyCd>\n</Fmly>\n</Domn>\n</BkTxCd>\n<NtryDtls>\n<TxDtls>\n<Refs>\n<EndToEndId>E2E-%" PRIu64
               "</EndToEndId>\n</Refs>\n<Amt Ccy=\"EUR\">%" PRIu64 ".%02" PRIu64
               "</Amt>\n<CdtDbtInd>%s</CdtDbtInd>\n<RltdPties>\n<%s>\n<Pty>\n<Nm>%s</Nm>\n"
               "</Pty>\n</%s>\n<%sAcct>\n<Id>\n<IBAN>DE%02" PRIu64 "%018" PRIu64 "</IBAN>\n</Id>\n</%sAcct>\n</RltdPties>\n"
               "<RmtInf>\n<Ustrd>Rechnung RE-%" PRIu64 " vom 12.01.2026, Kunde %" PRIu64
               "</Ustrd>\n</RmtInf>\n</TxDtls>\n</NtryDtls>\n</Ntry>\n",
               number, cents / 100, cents % 100, sign, 1 + random % 28, random, number, cents / 100, cents % 100, sign, side,
               names[random >> 50 & 7], side, side, random % 97, random >> 8, side, invoice, 10000 + random % 9000);
}

static bool
make_once(struct camt_make *make, int64_t closing)
{
    bool on = put_head(make, closing);

    while (on && make->bytes + make->fill < make->wanted)
        on = put_entry(make);
    return on && put(make, "</Stmt>\n</BkToCstmrStmt>\n</Document>\n") && flush(make);
}

bool
camt_make(struct camt_make *make)
{
    struct camt_make again = *make;
    bool (*sink)(void *, const char *, size_t) = make->sink;

    /* The head of the second round may be some bytes longer, never an entry: both stop at the same entry count. */
    make->sink = NULL;
    make->fill = 0;
    make->bytes = make->entries = 0;
    make->credit = make->debit = 0;
    if (!make_once(make, INT64_C(99999999999999)))
        return false;
    again.sink = sink;
    again.fill = 0;
    again.bytes = again.entries = 0;
    again.credit = again.debit = 0;
    int64_t closing = OPENING * INT64_C(100) + make->credit - make->debit;
    bool on = put_head(&again, closing);
    for (uint64_t i = 0; on && i < make->entries; i++)
        on = put_entry(&again);
    on = on && put(&again, "</Stmt>\n</BkToCstmrStmt>\n</Document>\n") && flush(&again);
    *make = again;
    return on;
}
