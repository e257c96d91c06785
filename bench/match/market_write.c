/* SPDX-License-Identifier: Apache-2.0 */
/* The market as files: what the tool reads, what was meant, and what could be known. A digest of each is printed. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "market_inside.h"

#define BUFFER (1u << 20)

struct csv {
    const struct market *market;
    FILE *file;
    char *bytes;
    size_t len;
    o2c__sha256 sha;
};

static void
flush(struct csv *csv)
{
    o2c__sha256_add(&csv->sha, csv->bytes, csv->len);
    market_must(fwrite(csv->bytes, 1, csv->len, csv->file) == csv->len, "cannot write");
    csv->len = 0;
}

static void
bytes(struct csv *csv, const char *text, size_t len)
{
    if (csv->len + len > BUFFER)
        flush(csv);
    memcpy(csv->bytes + csv->len, text, len);
    csv->len += len;
}

__attribute__((format(printf, 2, 3))) static void
print(struct csv *csv, const char *form, ...)
{
    char text[512];
    va_list args;
    va_start(args, form);
    int len = vsnprintf(text, sizeof text, form, args);
    va_end(args);
    bytes(csv, text, (size_t)len);
}

static void
ref(struct csv *csv, o2c_ref ref)
{
    bytes(csv, csv->market->master.heap.ptr + ref.at, ref.len);
}

static void
money(struct csv *csv, int64_t minor)
{
    uint64_t size = minor < 0 ? (uint64_t)-minor : (uint64_t)minor;
    print(csv, "%s%llu.%02u", minor < 0 ? "-" : "", (unsigned long long)(size / 100), (unsigned)(size % 100));
}

static void
date(struct csv *csv, int32_t day)
{
    char text[11];
    if (day > 0 && o2c_date_write(day, text, NULL) == O2C_OK)
        bytes(csv, text, 10);
}

static void
open_file(struct csv *csv, const char *folder, const char *name, const char *header)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    csv->file = fopen(path, "wb");
    market_must(csv->file != NULL, path);
    csv->len = 0;
    o2c__sha256_init(&csv->sha);
    print(csv, "%s\n", header);
}

static void
close_file(struct csv *csv, const char *name, FILE *report)
{
    uint8_t digest[32];
    flush(csv);
    market_must(fclose(csv->file) == 0, "cannot close");
    o2c__sha256_end(&csv->sha, digest);
    for (int i = 0; report && i < 32; i++)
        fprintf(report, "%02x", digest[i]);
    if (report)
        fprintf(report, "  %s\n", name);
}

static void
write_items(struct csv *csv)
{
    static const char *const kinds[] = { "", "invoice", "debit_memo", "credit_memo", "on_account", "deduction", "interest", "fee",
        "deposit_request", "closed" };
    const o2c_master *master = &csv->market->master;
    uint64_t at = 0;
    for (uint64_t i = 0; i < master->items_count; i++) {
        const o2c_open_item *item = &master->items[i];
        ref(csv, item->account);
        bytes(csv, ",", 1);
        ref(csv, item->key);
        bytes(csv, ",", 1);
        ref(csv, item->document);
        bytes(csv, ",", 1);
        ref(csv, item->company);
        print(csv, ",%s,%s,", kinds[item->kind], item->currency);
        money(csv, item->open_minor);
        bytes(csv, ",", 1);
        money(csv, item->original_minor);
        bytes(csv, ",", 1);
        date(csv, item->document_day);
        bytes(csv, ",", 1);
        date(csv, item->due_day);
        bytes(csv, ",", 1);
        date(csv, item->closed_day);
        bytes(csv, ",", 1);
        date(csv, item->discount[0].until_day);
        if (item->discount[0].set)
            print(csv, ",%u.%04u,", (unsigned)(item->discount[0].value / 10000), (unsigned)(item->discount[0].value % 10000));
        else
            bytes(csv, ",,", 2);
        for (bool more = false; at < master->references_count && master->references[at].item.at == item->key.at; at++, more = true) {
            if (more)
                bytes(csv, "|", 1);
            ref(csv, master->references[at].text);
        }
        print(csv, ",%s\n", item->flags & O2C_ITEM_FLAG_DISPUTED ? "yes" : "");
    }
}

static void
write_customers(struct csv *csv)
{
    const o2c_master *master = &csv->market->master;
    uint64_t bank = 0, tie = 0;
    for (uint64_t i = 0; i < master->accounts_count; i++) {
        const o2c_account *account = &master->accounts[i];
        ref(csv, account->key);
        bytes(csv, ",", 1);
        ref(csv, account->name);
        bytes(csv, ",", 1);
        for (; tie < master->ties_count && master->ties[tie].owner.at == account->key.at; tie++)
            ref(csv, master->ties[tie].payer);
        bytes(csv, ",", 1);
        for (; bank < master->bank_accounts_count && master->bank_accounts[bank].account.at == account->key.at; bank++)
            ref(csv, master->bank_accounts[bank].number);
        bytes(csv, "\n", 1);
    }
}

static void
write_payments(struct csv *csv)
{
    const o2c_payments *payments = &csv->market->payments;
    for (uint64_t i = 0; i < payments->count; i++) {
        const o2c_payment *row = &payments->rows[i];
        ref(csv, row->key);
        bytes(csv, ",", 1);
        date(csv, row->value_day);
        print(csv, ",%s,", row->currency);
        money(csv, row->amount_minor);
        bytes(csv, ",", 1);
        ref(csv, row->company);
        bytes(csv, ",,", 2);
        ref(csv, row->payer_account);
        bytes(csv, ",", 1);
        ref(csv, row->payer_name);
        bytes(csv, ",\"", 2);
        for (uint32_t k = 0; k < row->texts_count; k++) {
            if (k)
                bytes(csv, "\n", 1);
            ref(csv, payments->texts[row->texts_at + k].text);
        }
        bytes(csv, "\",", 2);
        for (uint32_t k = 0; k < row->structured_count; k++) {
            bytes(csv, "|", k ? 1 : 0);
            ref(csv, payments->texts[row->structured_at + k].text);
        }
        bytes(csv, ",", 1);
        ref(csv, row->end_to_end_id);
        bytes(csv, ",", 1);
        if (row->instructed_minor)
            money(csv, row->instructed_minor);
        print(csv, ",%s\n", row->instructed_currency);
    }
}

static void
write_remittances(struct csv *csv)
{
    const o2c_remittances *all = &csv->market->remittances;
    for (uint64_t i = 0; i < all->count; i++) {
        const o2c_remittance *row = &all->rows[i];
        for (uint32_t k = row->lines_at; k < row->lines_at + row->lines_count; k++) {
            const o2c_remittance_line *line = &all->lines[k];
            ref(csv, row->key);
            bytes(csv, ",", 1);
            ref(csv, line->document);
            bytes(csv, ",", 1);
            money(csv, line->paid_minor);
            bytes(csv, ",", 1);
            ref(csv, row->payer);
            bytes(csv, ",", 1);
            ref(csv, row->payment_reference);
            bytes(csv, ",", 1);
            date(csv, row->day);
            print(csv, ",%s,", row->currency);
            money(csv, line->gross_minor);
            bytes(csv, ",", 1);
            money(csv, line->discount_minor);
            bytes(csv, ",", 1);
            money(csv, line->deduction_minor);
            bytes(csv, ",", 1);
            ref(csv, line->reason);
            bytes(csv, "\n", 1);
        }
    }
}

static void
write_cleared(struct csv *csv)
{
    const struct market *market = csv->market;
    for (uint64_t i = 0; i < market->clearings_count; i++) {
        const o2c_clearing *row = &market->cleared[i];
        ref(csv, row->payment);
        bytes(csv, ",", 1);
        ref(csv, row->item);
        bytes(csv, ",", 1);
        money(csv, row->applied_minor);
        bytes(csv, ",", 1);
        money(csv, row->discount_minor);
        bytes(csv, ",", 1);
        date(csv, row->known_day);
        bytes(csv, "\n", 1);
    }
}

static void
write_truth(struct csv *csv)
{
    const struct market *market = csv->market;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        for (uint32_t k = truth->lines_at; k < truth->lines_at + truth->lines_count; k++) {
            const struct market_line *line = &market->lines[k];
            ref(csv, market->payments.rows[i].key);
            bytes(csv, ",", 1);
            ref(csv, market->master.items[line->item].key);
            const int64_t parts[] = { line->paid_minor, line->discount_minor, line->charge_minor, line->withholding_minor,
                line->tolerance_minor,
                                      line->short_minor };
            for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
                bytes(csv, ",", 1);
                money(csv, parts[p]);
            }
            bytes(csv, "\n", 1);
        }
    }
}

static void
write_labels(struct csv *csv)
{
    static const char *const labels[] = { "UNKNOWN", "IDENT", "LIKELY", "AMBIGUOUS", "NONE" };
    const struct market *market = csv->market;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        ref(csv, market->payments.rows[i].key);
        print(csv, ",S%02d,%s,%s,%u,", (int)truth->scenario, truth->kind == O2C_KIND_APPLY ? "apply" :
            truth->kind == O2C_KIND_DUPLICATE ? "duplicate" : "on_account",
              labels[truth->label], (unsigned)truth->p_star_ppm);
        if (truth->customer != MARKET_NONE)
            ref(csv, market->master.accounts[truth->customer].key);
        bytes(csv, ",", 1);
        if (truth->owner != MARKET_NONE)
            ref(csv, market->master.accounts[truth->owner].key);
        print(csv, ",%u,%u,%u,", (unsigned)truth->lines_count, (unsigned)truth->pool, (unsigned)truth->runs);
        money(csv, truth->on_account_minor);
        print(csv, ",%u,", (unsigned)truth->flags);
        if (truth->closed_item != MARKET_NONE)
            ref(csv, market->master.items[truth->closed_item].key);
        bytes(csv, "\n", 1);
    }
}

static void
write_pins(struct csv *csv)
{
    const struct market *market = csv->market;
    for (uint64_t i = 0; i < market->pins_count; i++) {
        ref(csv, market->payments.rows[market->pins[i].payment].key);
        bytes(csv, ",", 1);
        ref(csv, market->master.items[market->pins[i].item].key);
        print(csv, ",%s\n", market->pins[i].use ? "use" : "not");
    }
}

int
market_write(const struct market *market, const char *folder, FILE *report)
{
    static const struct {
        const char *name, *header;
        void (*write)(struct csv *csv);
    } files[] = {
        { "items.csv", "customer,key,document,company,kind,currency,open_amount,original_amount,document_date,due_date,closed_on,discount1_until,"
                       "discount1_percent,references,disputed", write_items },
        { "customers.csv", "customer,name,parent,bank_accounts", write_customers },
        { "payments.csv", "payment,value_date,currency,amount,company,customer,payer_account,payer_name,text,reference,end_to_end_id,"
                          "instructed_amount,instructed_currency", write_payments },
        { "remittance.csv", "remittance,document,paid,payer,payment_reference,date,currency,gross,discount,deduction,reason",
            write_remittances },
        { "cleared.csv", "payment,item,applied,discount,cleared_on", write_cleared },
        { "truth.csv", "payment,item,paid,discount,charge,withholding,tolerance,short", write_truth },
        { "labels.csv", "payment,scenario,kind,label,p_star_ppm,payer,owner,lines,pool,runs,on_account,flags,closed_item", write_labels },
    };
    struct csv csv = { .market = market, .bytes = market_alloc(BUFFER, 1) };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        open_file(&csv, folder, files[i].name, files[i].header);
        files[i].write(&csv);
        close_file(&csv, files[i].name, report);
    }
    if (market->pins_count) {
        open_file(&csv, folder, "pins.csv", "payment,item,pin");
        write_pins(&csv);
        close_file(&csv, "pins.csv", report);
    }
    free(csv.bytes);
    return 0;
}
