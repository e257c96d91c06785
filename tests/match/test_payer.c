/* SPDX-License-Identifier: Apache-2.0 */
/* The payer ladder: who may pay, by which step, with what chance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/reading.h"
#include "support/tap.h"

struct fields {
    const char *iban, *name, *ultimate, *customer, *mandate, *text;
    int64_t amount;
};

static const char *
payers_of(struct desk *desk, const struct fields *fields, char *buffer, size_t size)
{
    struct reading reading;
    desk->payments_count = desk->texts_count = 0;
    memset(&desk->payments[0], 0, sizeof desk->payments[0]);
    o2c_payment *row = desk_payment(desk, "P", fields->amount ? fields->amount : 1, "2026-02-03", fields->iban, fields->text);
    row->payer_name = desk_text(desk, fields->name);
    row->ultimate_payer = desk_text(desk, fields->ultimate);
    row->customer_number = desk_text(desk, fields->customer);
    row->mandate = desk_text(desk, fields->mandate);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    reading_payers(&reading, 0, buffer, size);
    reading_close(&reading);
    return buffer;
}

static void
is(struct desk *desk, struct fields fields, const char *expected)
{
    char buffer[4000];
    payers_of(desk, &fields, buffer, sizeof buffer);
    CU_ASSERT_STRING_EQUAL(buffer, expected);
    if (strcmp(buffer, expected) != 0)
        printf("# %s | %s | %s: %s, expected %s\n", fields.iban ? fields.iban : "-", fields.name ? fields.name : "-", fields.text ? fields.text : "-",
               buffer, expected);
}

static struct desk *
desk_new(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    f1_open(desk);
    return desk;
}

static void
desk_free(struct desk *desk)
{
    desk_close(desk);
    free(desk);
}

static o2c_alias *
add_alias(struct desk *desk, const char *account, int32_t kind, const char *text)
{
    o2c_alias *row = &desk->aliases[desk->aliases_count++];
    memset(row, 0, sizeof *row);
    row->account = desk_text(desk, account);
    row->text = desk_text(desk, text);
    row->kind = kind;
    return row;
}

static void
p1__customer_number_in_a_field(void)
{
    struct desk *desk = desk_new();
    add_alias(desk, "C3", O2C_ALIAS_CUSTOMER_NUMBER, "D-99/17")->row = 42;
    is(desk, (struct fields){ .customer = "C1" }, "C1 P1 999500 confirmed");
    is(desk, (struct fields){ .customer = " c1 " }, "C1 P1 999500 confirmed");
    is(desk, (struct fields){ .mandate = "d99 17" }, "C3 P1 999500 confirmed");
    is(desk, (struct fields){ .customer = "C7" }, "");
    /* A number of two customers decides nothing. */
    add_alias(desk, "C2", O2C_ALIAS_CUSTOMER_NUMBER, "D9917");
    is(desk, (struct fields){ .customer = "D-99/17" }, "");
    desk_free(desk);
}

static void
p2__bank_account_confirmed_observed_shared(void)
{
    struct desk *desk = desk_new();
    desk_bank_account(desk, "C2", "DE44 5001 0517 5407 3249 31")->state = O2C_BANK_ACCOUNT_OBSERVED;
    is(desk, (struct fields){ .iban = F1_C1_IBAN }, "C1 P2 999500 confirmed");
    is(desk, (struct fields){ .iban = "de02 1203 0000 0000 2020 51" }, "C1 P2 999500 confirmed");
    is(desk, (struct fields){ .iban = "DE44500105175407324931" }, "C2 P2 920000");
    is(desk, (struct fields){ .iban = "DE00500105175407324931" }, "");
    /* Given twice for one customer it is not shared, and the later state counts. */
    desk_bank_account(desk, "C2", "DE44500105175407324931");
    is(desk, (struct fields){ .iban = "DE44500105175407324931" }, "C2 P2 999500 confirmed");
    desk_free(desk);
}

static void
ca33_shared_account__narrows_and_never_decides(void)
{
    struct desk *desk = desk_new();
    desk_bank_account(desk, "C2", F1_C1_IBAN);
    is(desk, (struct fields){ .iban = F1_C1_IBAN }, "C1 P2 499750 shared; C2 P2 499750 shared");
    desk_bank_account(desk, "C3", F1_C1_IBAN);
    is(desk, (struct fields){ .iban = F1_C1_IBAN, .text = "100236" }, "C1 P2 333166 shared; C2 P2 333166 shared; C3 P2 333166 shared");
    desk_free(desk);
}

static void
p4__learned_alias_after_folding(void)
{
    struct desk *desk = desk_new();
    add_alias(desk, "C3", O2C_ALIAS_LEARNED, "Fairchild Automotive Inc.")->row = 7;
    is(desk, (struct fields){ .name = "FAIRCHILD  AUTOMOTIVE" }, "C3 P4 900000");
    is(desk, (struct fields){ .ultimate = "Fairchild Automotive" }, "C3 P4 900000");
    /* Beside a confirmed account of another it is not asked. */
    is(desk, (struct fields){ .iban = F1_C1_IBAN, .name = "Fairchild Automotive" }, "C1 P2 999500 confirmed");
    add_alias(desk, "C2", O2C_ALIAS_LEARNED, "Fairchild Automotive");
    is(desk, (struct fields){ .name = "Fairchild Automotive" }, "");
    desk_free(desk);
}

static void
p5__customer_number_in_the_text(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    desk_account(desk, "10023", NULL);
    desk_account(desk, "10024", NULL);
    desk_account(desk, "ACME", NULL); /* letters alone are a word, not a number */
    is(desk, (struct fields){ .text = "customer 10023" }, "10023 P5 850000");
    is(desk, (struct fields){ .text = "10023 and 10024" }, "10023 P5 425000; 10024 P5 425000");
    is(desk, (struct fields){ .text = "customer 100231 ACME" }, "");
    desk_free(desk);
}

static void
p6__similar_names(void)
{
    struct desk *desk = desk_new();
    is(desk, (struct fields){ .name = "ACME TOOLS GMBH" }, "C1 P6 850000");
    is(desk, (struct fields){ .name = "Acme Tolls GmbH" }, "C1 P6 816000");
    is(desk, (struct fields){ .name = "Fairchild Tire" }, "C3 P6 838666");
    is(desk, (struct fields){ .name = "Acme" }, "");          /* two of them are alike */
    is(desk, (struct fields){ .name = "Nobody Here Ltd" }, "");
    desk_free(desk);
}

static void
trap_t04_a_part_of_a_word_is_no_name(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    desk_account(desk, "C1", "ACME");
    is(desk, (struct fields){ .name = "PAYMENT PLACMENT CO" }, "");
    is(desk, (struct fields){ .name = "MACMEDIA GMBH" }, "");
    is(desk, (struct fields){ .name = "Acme Ltd" }, "C1 P6 850000");
    desk_free(desk);
}

static void
trap_t05_umlauts_and_legal_forms(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    desk_account(desk, "C1", "M\u00fcller GmbH");
    desk_account(desk, "C2", "Smith & Sons Ltd");
    is(desk, (struct fields){ .name = "MUELLER GMBH" }, "C1 P6 850000");
    is(desk, (struct fields){ .name = "Muller GmbH" }, "C1 P6 850000");
    is(desk, (struct fields){ .name = "SMITH AND SONS LIMITED" }, "C2 P6 850000");
    desk_free(desk);
}

static void
p3__owners_of_what_the_text_cites(void)
{
    struct desk *desk = desk_new();
    is(desk, (struct fields){ .text = "200001" }, "C3 P0 0");
    is(desk, (struct fields){ .text = "200001 100234" }, "C1 P0 0; C3 P0 0");
    is(desk, (struct fields){ .iban = F1_C3_IBAN, .text = "INV-100234" }, "C3 P2 999500 confirmed; C1 P0 0");
    /* P3 stands before names in the ladder. */
    is(desk, (struct fields){ .name = "Acme Tools GmbH", .text = "200001" }, "C3 P0 0");
    desk_free(desk);
}

static void
p3__more_than_64_owners_are_cut_by_weight_and_key(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct reading reading;
    char *text = calloc(1, 4000), key[16], account[16], document[16];
    desk_open(desk);
    for (int i = 0; i < 70; i++) {
        snprintf(key, sizeof key, "I%02d", i);
        snprintf(account, sizeof account, "C%02d", i);
        snprintf(document, sizeof document, "INV-%06d", 100000 + i);
        desk_item(desk, key, account, document, 100, "2026-01-05", NULL);
        snprintf(text + strlen(text), 16, i == 69 ? "INV-%d " : "%d ", 100000 + i);
    }
    desk_payment(desk, "P", 999, "2026-02-03", NULL, text);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    const struct o2c__case *one = &reading.cases[0];
    CU_ASSERT_EQUAL(one->hits_count, 70);
    CU_ASSERT_EQUAL(one->payers_count, 64);
    CU_ASSERT_TRUE(one->stray_tokens);
    /* The one cited best is in, though its key is the last; the others by key. */
    CU_ASSERT_EQUAL(one->payers[63].account, 69);
    CU_ASSERT_EQUAL(one->payers[62].account, 62);
    reading_close(&reading);
    free(text);
    desk_free(desk);
}

static void
p7__owners_of_the_amount(void)
{
    struct desk *desk = desk_new();
    is(desk, (struct fields){ .amount = 749999 }, "C3 P0 0");
    is(desk, (struct fields){ .amount = 100000 }, "C1 P0 0; C2 P0 0");
    is(desk, (struct fields){ .amount = 100000, .iban = F1_C1_IBAN }, "C1 P2 999500 confirmed");
    is(desk, (struct fields){ .amount = 100000, .text = "INV-100234" }, "C1 P0 0");              /* the text explains it */
    is(desk, (struct fields){ .amount = 749999, .text = "INV-100234" }, "C1 P0 0; C3 P0 0");    /* it does not */
    desk->items[5].currency[0] = 'A', desk->items[5].currency[1] = 'U', desk->items[5].currency[2] = 'D';
    is(desk, (struct fields){ .amount = 749999 }, "");
    desk_free(desk);
}

/* A second, weaker step for another account gets only what the first one left. */
static void
chances__never_pass_one(void)
{
    struct desk *desk = desk_new();
    add_alias(desk, "C3", O2C_ALIAS_LEARNED, "Fairchild");
    desk_bank_account(desk, "C2", "DE44500105175407324931")->state = O2C_BANK_ACCOUNT_OBSERVED;
    is(desk, (struct fields){ .iban = F1_C1_IBAN, .customer = "C2" }, "C2 P1 999500 confirmed; C1 P2 500 confirmed");
    is(desk, (struct fields){ .iban = "DE44500105175407324931", .customer = "C2" }, "C2 P1 999500 confirmed");
    desk_free(desk);
}

static const struct tap_test tests[] = {
    { "p1__customer_number_in_a_field", p1__customer_number_in_a_field },
    { "p2__bank_account_confirmed_observed_shared", p2__bank_account_confirmed_observed_shared },
    { "ca33_shared_account__narrows_and_never_decides", ca33_shared_account__narrows_and_never_decides },
    { "p4__learned_alias_after_folding", p4__learned_alias_after_folding },
    { "p5__customer_number_in_the_text", p5__customer_number_in_the_text },
    { "p6__similar_names", p6__similar_names },
    { "trap_t04_a_part_of_a_word_is_no_name", trap_t04_a_part_of_a_word_is_no_name },
    { "trap_t05_umlauts_and_legal_forms", trap_t05_umlauts_and_legal_forms },
    { "p3__owners_of_what_the_text_cites", p3__owners_of_what_the_text_cites },
    { "p3__more_than_64_owners_are_cut_by_weight_and_key", p3__more_than_64_owners_are_cut_by_weight_and_key },
    { "p7__owners_of_the_amount", p7__owners_of_the_amount },
    { "chances__never_pass_one", chances__never_pass_one },
};

int
main(void)
{
    return tap_run("match/payer", tests, TAP_COUNT(tests));
}
