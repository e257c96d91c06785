/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a payment: words of six languages around the numbers, and numbers that name nothing. */
#include <stdio.h>
#include <string.h>

#include "market_inside.h"

static const char *const openings[LANGUAGES][6] = {
    [LANGUAGE_DE] = { "RECHNUNG", "RG NR.", "Zahlung Rechnung", "RE-NR", "Begleichung Ihrer Rechnung", "Ausgleich Beleg" },
    [LANGUAGE_EN] = { "INVOICE", "INV", "PAYMENT OF INVOICE", "INV NO", "SETTLEMENT OF YOUR INVOICE", "PAYMENT FOR" },
    [LANGUAGE_FR] = { "FACTURE", "FACT", "REGLEMENT FACTURE", "FACTURE NO", "REGLEMENT DE VOTRE FACTURE", "PAIEMENT" },
    [LANGUAGE_IT] = { "FATTURA", "FATT", "SALDO FATTURA", "FATTURA N.", "PAGAMENTO VOSTRA FATTURA", "SALDO" },
    [LANGUAGE_ES] = { "FACTURA", "FRA", "PAGO FACTURA", "FACTURA NUM", "PAGO DE SU FACTURA", "ABONO FRA" },
    [LANGUAGE_NL] = { "FACTUUR", "FACT.NR", "BETALING FACTUUR", "FACTUURNR", "BETALING UW FACTUUR", "VOLDOENING" },
};
static const char *const closings[LANGUAGES][6] = {
    [LANGUAGE_DE] = { "VIELEN DANK", "GEM. VEREINBARUNG", "Warenlieferung", "UEBERWEISUNG KREDITOREN", "wie besprochen", "Zahllauf" },
    [LANGUAGE_EN] = { "THANK YOU", "AS AGREED", "GOODS DELIVERED", "VENDOR PAYMENT RUN", "PER OUR CALL", "ACCOUNTS PAYABLE" },
    [LANGUAGE_FR] = { "MERCI", "SELON ACCORD", "LIVRAISON", "VIREMENT FOURNISSEUR", "COMME CONVENU", "COMPTABILITE" },
    [LANGUAGE_IT] = { "GRAZIE", "COME DA ACCORDI", "FORNITURA MERCE", "BONIFICO FORNITORI", "UFFICIO ACQUISTI", "AMMINISTRAZIONE" },
    [LANGUAGE_ES] = { "GRACIAS", "SEGUN ACUERDO", "MERCANCIA", "TRANSFERENCIA PROVEEDORES", "CONTABILIDAD", "REMESA" },
    [LANGUAGE_NL] = { "BEDANKT", "VOLGENS AFSPRAAK", "GOEDEREN", "CREDITEUREN", "ADMINISTRATIE", "BETAALRUN" },
};
static const char *const nothing[LANGUAGES][4] = {
    [LANGUAGE_DE] = { "Warenlieferung lt. Aufstellung", "Sammelzahlung", "Zahlung", "Ueberweisung Kreditoren" },
    [LANGUAGE_EN] = { "PAYMENT FOR GOODS", "VENDOR PAYMENT", "TRADE PAYMENT", "PAYMENT ON ACCOUNT STATEMENT" },
    [LANGUAGE_FR] = { "VIREMENT", "REGLEMENT FOURNISSEUR", "PAIEMENT MARCHANDISES", "REGLEMENT" },
    [LANGUAGE_IT] = { "BONIFICO", "PAGAMENTO MERCE", "SALDO FORNITURE", "PAGAMENTO" },
    [LANGUAGE_ES] = { "TRANSFERENCIA", "PAGO MERCANCIA", "PAGO PROVEEDOR", "REMESA DE PAGOS" },
    [LANGUAGE_NL] = { "BETALING GOEDEREN", "OVERBOEKING", "CREDITEURENBETALING", "BETALING" },
};
static const char *const advances[LANGUAGES] = { "ANZAHLUNG AUFTRAG", "ADVANCE PAYMENT", "ACOMPTE COMMANDE", "ACCONTO ORDINE",
    "ANTICIPO PEDIDO", "VOORUITBETALING" };
static const char *const reasons[] = { "SHORTAGE", "DAMAGE", "PRICE", "FREIGHT", "RETURN", "PALLET" };

static void
put(struct prose *prose, const char *word, size_t len)
{
    if (prose->len + len + 1 >= sizeof prose->text)
        return;
    if (prose->len)
        prose->text[prose->len++] = ' ';
    memcpy(prose->text + prose->len, word, len);
    prose->len += len;
    prose->text[prose->len] = 0;
}

static void
say(struct prose *prose, const char *word)
{
    put(prose, word, strlen(word));
}

static const struct market_line *
line_at(const struct prose *prose, uint32_t i)
{
    return (const struct market_line *)prose->making->lines.rows + prose->pay->lines_at + i;
}

/* ---- numbers that name nothing of this payment */
static void
decoy(struct prose *prose)
{
    struct market_random *random = prose->random;
    char word[48];
    uint32_t a = (uint32_t)market_below(random, 900000) + 100000, b = (uint32_t)market_below(random, 28) + 1;
    switch (market_below(random, 16)) {
    case 0: case 1: case 2: case 3:
        snprintf(word, sizeof word, "PO 45%08u", (unsigned)market_below(random, 100000000));
        break;
    case 4: case 5: case 6:
        snprintf(word, sizeof word, "TEL 0%u/%u", 30 + b, a);
        break;
    case 7: case 8: case 9: case 10:
        snprintf(word, sizeof word, "%02u.%02u.2026", b, (unsigned)market_below(random, 12) + 1);
        break;
    case 11: case 12: case 13:
        snprintf(word, sizeof word, "EUR %u,%02u", a / 50, b);
        break;
    case 14:
        snprintf(word, sizeof word, "KD-NR %u", a);
        break;
    default:
        /* A valid number of somebody else: it is the payer's clerk who copied it from somewhere. */
        market_document(market_item(prose->making, (uint32_t)market_below(random, prose->making->items.count)), word);
        break;
    }
    prose->flags |= MARKET_DECOY;
    say(prose, word);
}

/* ---- our numbers */
static enum how
how_of(struct prose *prose, uint32_t i)
{
    static const enum how damages[3] = { HOW_SUBSTITUTED, HOW_TRANSPOSED, HOW_OCR };
    int32_t scenario = prose->pay->scenario;
    bool this_one = i == prose->pay->sequence % (prose->pay->lines_count ? prose->pay->lines_count : 1);
    switch (scenario) {
    case 1: case 8: case 9: case 10:
        return HOW_VERBATIM;
    case 3: case 4: case 5:
        return this_one ? damages[scenario - 3] : HOW_VERBATIM;
    case 6:
        return this_one ? market_below(prose->random, 2) ? HOW_CUT_LEFT : HOW_CUT_RIGHT : HOW_VERBATIM;
    case 7:
        return HOW_NO_PREFIX;
    default:
        return market_how(prose->random);
    }
}

static void
cite(struct prose *prose, uint32_t row, enum how how)
{
    char printed[32], word[48];
    const struct item *item = market_item(prose->making, row);
    market_document(item, printed);
    /* A number that is all digits has no prefix but the two that all numbers of the range share. */
    bool bare = printed[0] >= '1' && printed[0] <= '9' && how == HOW_NO_PREFIX;
    market_render(prose->random, bare ? printed + (prose->pay->scenario == 7 ? 2 : 0) : printed, bare ? HOW_VERBATIM : how, word);
    if (how >= HOW_SUBSTITUTED) {
        struct damaged *damaged = vector_add(&prose->making->damages);
        damaged->payment = prose->payment;
        damaged->item = row;
        memcpy(damaged->text, word, sizeof damaged->text);
    }
    say(prose, word);
}

/* Decoys stand on three texts of ten; they make room for the numbers that matter. */
void
market_prose(struct prose *prose)
{
    const struct pay *pay = prose->pay;
    struct market_random *random = prose->random;
    bool free = pay->scenario != 1 && pay->scenario != 10, decoys = market_chance(random, pay->scenario == 11 ? 1000000 : 300000);
    prose->len = 0;
    prose->text[0] = 0;
    if (pay->kind == O2C_KIND_ON_ACCOUNT && pay->cites == CITE_NOTHING)
        say(prose, market_below(random, 2) ? advances[pay->language] : nothing[pay->language][market_below(random, 4)]);
    else if (pay->cites == CITE_NOTHING)
        say(prose, nothing[pay->language][market_below(random, 4)]);
    else
        say(prose, openings[pay->language][market_below(random, free ? 6 : 2)]);
    if (decoys && market_below(random, 2))
        decoy(prose);
    for (uint32_t i = 0; pay->cites == CITE_ALL && i < pay->lines_count && !(prose->flags & MARKET_ADVICE); i++) {
        if (i && free && market_below(random, 6) == 0)
            say(prose, (const char *[]){ "UND", "AND", "ET", "E", "Y", "EN" }[pay->language]);
        cite(prose, line_at(prose, i)->item, how_of(prose, i));
    }
    /* A valid number, but not of what is paid. */
    if (pay->cites == CITE_WRONG)
        cite(prose, (uint32_t)market_below(random, prose->making->items.count), HOW_VERBATIM);
    if (pay->closed_item != MARKET_NONE) {
        if (pay->lines_count)
            say(prose, "LESS CLAIM ON");
        cite(prose, pay->closed_item, HOW_VERBATIM);
    }
    if (prose->flags & MARKET_ADVICE)
        say(prose, (const char *[]){ "LT. AVIS", "SEE ADVICE", "SELON AVIS", "COME DA AVVISO", "SEGUN AVISO",
            "ZIE ADVIES" }[pay->language]);
    if (pay->aside && pay->scenario == 15) {
        say(prose, "LESS");
        say(prose, reasons[pay->aside - 1]);
    }
    if (decoys)
        decoy(prose);
    if (!free)
        return;
    size_t want = 85 + market_below(random, 60);
    for (int i = 0; i < 12 && prose->len < want; i++)
        say(prose, closings[pay->language][market_below(random, 6)]);
}
