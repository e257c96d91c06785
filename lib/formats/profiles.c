/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shipped column profiles: how a delimited file is written in a country, and its words for our columns. Data, not code: one word
 * list serves all lists, a word counts only where the list has the column. Sources: exports of common ledgers and banks.
 */
#include "formats/formats.h"

static const char german_words[] =
    "customer=Debitor;customer=Kunde;customer=Kundennummer;customer=Kundennr;customer=Debitorenkonto;name=Name;name=Name "
    "1;name=Firma;"
    "parent=Zentrale;parent=Muttergesellschaft;pays_for=Zahlt "
    "für;bank_accounts=Bankverbindungen;bank_accounts=IBAN;aliases=Aliasnamen;"
    "document=Belegnummer;document=Belegnr;document=Beleg;document=Rechnungsnummer;document=Rechnungsnr;currency=Währung;"
    "open_amount=Offener Betrag;open_amount=Offen;open_amount=Restbetrag;due_date=Fälligkeit;due_date=Fälligkeitsdatum;"
    "due_date=Fällig am;due_date=Nettofälligkeit;key=Schlüssel;company=Buchungskreis;kind=Belegart;closed_on=Ausgleichsdatum;"
    "original_amount=Rechnungsbetrag;original_amount=Ursprungsbetrag;document_date=Belegdatum;document_date=Rechnungsdatum;"
    "discount1_until=Skonto 1 bis;discount1_until=Skonto bis;discount1_percent=Skonto 1 Prozent;discount1_percent=Skonto Prozent;"
    "discount2_until=Skonto 2 bis;discount2_percent=Skonto 2 Prozent;references=Referenzen;references=Referenz;po=Bestellnummer;"
    "po=Kundenbestellung;order=Auftrag;order=Auftragsnummer;delivery=Lieferschein;delivery=Lieferscheinnummer;statement="
    "Sammelrechnung;"
    "disputed=Strittig;disputed=Klärungsfall;remittance=Avis;remittance=Avisnummer;paid=Gezahlt;paid=Zahlbetrag;payer=Zahler;"
    "payment_reference=Zahlungsreferenz;date=Datum;date=Avisdatum;gross=Brutto;gross=Bruttobetrag;discount=Skonto;"
    "discount=Skontobetrag;deduction=Abzug;reason=Abzugsgrund;reason=Grund;value_date=Valuta;value_date=Wertstellung;"
    "value_date=Valutadatum;amount=Betrag;payment=Zahlung;payment=Zahlungsnummer;booking_date=Buchungstag;booking_date="
    "Buchungsdatum;"
    "our_account=Konto;our_account=Eigenes Konto;our_account=Auftragskonto;statement=Auszug;statement=Auszugsnummer;"
    "payer_account=Zahlerkonto;payer_account=Kontonummer/IBAN;payer_account=IBAN Zahlungsbeteiligter;payer_name=Auftraggeber;"
    "payer_name=Zahlername;payer_name=Name "
    "Zahlungsbeteiligter;payer_bank=BIC;text=Verwendungszweck;text=Text;reference=Strukturierte Referenz;"
    "end_to_end_id=Kundenreferenz;end_to_end_id=Ende-zu-Ende-Referenz;bank_reference=Bankreferenz;mandate=Mandatsreferenz;"
    "cheque=Schecknummer;code=Geschäftsvorfall;charges=Gebühren;charges=Entgelt;bearer=Entgeltregelung";

static const char french_words[] =
    "customer=Client;customer=Code client;customer=Compte client;name=Nom;name=Raison sociale;parent=Société mère;pays_for=Paie pour;"
    "bank_accounts=Comptes bancaires;bank_accounts=IBAN;aliases=Autres noms;document=Pièce;document=Numéro de pièce;document=Facture;"
    "document=Numéro de facture;currency=Devise;open_amount=Solde;open_amount=Montant ouvert;open_amount=Reste dû;due_date=Échéance;"
    "due_date=Date d'échéance;key=Clé;company=Société;kind=Type;closed_on=Date de lettrage;original_amount=Montant initial;"
    "original_amount=Montant facture;document_date=Date de pièce;document_date=Date de facture;discount1_until=Escompte 1 jusqu'au;"
    "discount1_percent=Escompte 1 pourcentage;discount2_until=Escompte 2 jusqu'au;discount2_percent=Escompte 2 pourcentage;"
    "references=Références;references=Référence;po=Commande client;po=Numéro de commande;order=Commande;delivery=Bon de livraison;"
    "statement=Relevé;disputed=Litige;remittance=Avis;remittance=Numéro d'avis;paid=Payé;paid=Montant payé;payer=Payeur;"
    "payment_reference=Référence de paiement;date=Date;gross=Brut;gross=Montant brut;discount=Escompte;deduction=Déduction;"
    "deduction=Retenue;reason=Motif;value_date=Date de valeur;amount=Montant;payment=Paiement;booking_date=Date d'opération;"
    "booking_date=Date comptable;our_account=Compte;payer_account=Compte du payeur;payer_name=Donneur d'ordre;payer_name=Nom du payeur;"
    "payer_bank=BIC;text=Libellé;text=Motif du paiement;reference=Référence structurée;end_to_end_id=Référence de bout en bout;"
    "bank_reference=Référence banque;mandate=Mandat;cheque=Chèque;code=Code opération;charges=Frais;bearer=Imputation des frais";

static const char us_words[] =
    "customer=Customer Number;customer=Customer No;customer=Account Number;customer=Bill To;name=Customer Name;parent=Parent "
    "Account;"
    "bank_accounts=Bank Account;aliases=Also Known As;document=Invoice;document=Invoice Number;document=Invoice No;"
    "document=Document Number;currency=Currency Code;open_amount=Balance;open_amount=Balance Due;open_amount=Amount Due;"
    "open_amount=Open Balance;due_date=Due;company=Company Code;kind=Type;kind=Transaction Type;closed_on=Closed Date;"
    "original_amount=Invoice Amount;original_amount=Original;document_date=Invoice Date;discount1_until=Discount Date;"
    "discount1_percent=Discount Percent;references=Reference;po=PO Number;po=Purchase Order;order=Sales Order;order=Order Number;"
    "delivery=BOL;delivery=Bill of Lading;delivery=Delivery Number;disputed=In Dispute;remittance=Remittance ID;"
    "remittance=Remittance Number;paid=Amount Paid;paid=Net Amount;payer=Paid By;payment_reference=Trace Number;"
    "payment_reference=Payment Number;date=Payment Date;gross=Gross Amount;discount=Discount Taken;deduction=Adjustment;"
    "deduction=Adjustment Amount;reason=Reason Code;reason=Adjustment Reason;value_date=Value;value_date=Effective "
    "Date;amount=Credit Amount;"
    "payment=Payment ID;booking_date=Posting Date;booking_date=Post Date;our_account=Account;payer_account=Originator Account;"
    "payer_name=Payer;payer_name=Originator;text=Description;text=Details;text=Memo;end_to_end_id=Customer Reference;"
    "bank_reference=Bank Ref;cheque=Check Number;cheque=Check No;code=Type Code;charges=Fee;charges=Bank Fee";

static const struct {
    const char *name;
    o2c_csv_profile profile;
} profiles[] = {
    { "default", { .struct_size = sizeof(o2c_csv_profile) } },
    { "semicolon", { .struct_size = sizeof(o2c_csv_profile), .delimiter = ';', .decimal_mark = ',', .group_mark = '.' } },
    { "german",
      { .struct_size = sizeof(o2c_csv_profile), .delimiter = ';', .decimal_mark = ',', .group_mark = '.',
        .date_order = O2C_DATE_ORDER_DMY,
        .encoding = O2C_ENCODING_WINDOWS1252, .columns = { german_words, sizeof german_words - 1 } } },
    { "swiss",
      { .struct_size = sizeof(o2c_csv_profile), .delimiter = ';', .decimal_mark = '.', .group_mark = '\'',
        .date_order = O2C_DATE_ORDER_DMY,
        .encoding = O2C_ENCODING_WINDOWS1252, .columns = { german_words, sizeof german_words - 1 } } },
    { "french",
      { .struct_size = sizeof(o2c_csv_profile), .delimiter = ';', .decimal_mark = ',', .group_mark = ' ',
        .date_order = O2C_DATE_ORDER_DMY,
        .encoding = O2C_ENCODING_WINDOWS1252, .columns = { french_words, sizeof french_words - 1 } } },
    { "us",
      { .struct_size = sizeof(o2c_csv_profile), .delimiter = ',', .decimal_mark = '.', .group_mark = ',',
        .date_order = O2C_DATE_ORDER_MDY,
        .encoding = O2C_ENCODING_WINDOWS1252, .columns = { us_words, sizeof us_words - 1 } } },
    { "uk",
      { .struct_size = sizeof(o2c_csv_profile), .delimiter = ',', .decimal_mark = '.', .group_mark = ',',
        .date_order = O2C_DATE_ORDER_DMY,
        .encoding = O2C_ENCODING_WINDOWS1252, .columns = { us_words, sizeof us_words - 1 } } },
};

const char *
o2c_formats_profile_name(uint32_t index)
{
    return index < O2C__COUNT(profiles) ? profiles[index].name : NULL;
}

o2c_status
o2c_formats_profile(const o2c_str *name, o2c_csv_profile *out_profile, o2c_error *err)
{
    if (!name || !out_profile || (!name->ptr && name->len))
        return o2c__fail(err, O2C_E_MISUSE, !out_profile ? "out_profile" : "name", "a pointer is NULL");
    for (size_t i = 0; i < O2C__COUNT(profiles); i++) {
        if (o2c__str_equal(*name, o2c__str(profiles[i].name))) {
            o2c__options_write(out_profile, &profiles[i].profile, sizeof *out_profile, sizeof *out_profile);
            return O2C_OK;
        }
    }
    return o2c__fail(err, O2C_E_ARG, "name", "no shipped profile has this name");
}
