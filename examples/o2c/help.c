/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <string.h>

static const char overview[] =
    "o2c: which payment pays what, and why\n"
    "\n"
    "  o2c match    --items items.csv --statement bank.xml     proposals for every payment\n"
    "  o2c explain  --payment KEY  (and the same files)        one payment in depth\n"
    "  o2c backtest --items I --payments P --cleared C         how much of the past would have been automatic\n"
    "  o2c learn    judged.csv --model-out next.bin            what people said becomes the next model\n"
    "  o2c convert  bank.xml --to csv                          any bank file as CSV or JSON lines\n"
    "  o2c check-policy policy.json                            what a policy file allows and hides\n"
    "  o2c version                                             the version\n"
    "  o2c help match | explain | backtest | learn | convert | check-policy   each of them, with examples\n"
    "\n"
    "Nothing is posted and nothing is sent anywhere: the answer is a proposal.\n"
    "Exit: 0 done, 2 usage, 3 input refused, 4 out of resources.\n";

static const char inputs[] =
    "INPUTS\n"
    "  --items FILE          open items, CSV. Needed columns, in any order:\n"
    "                          customer,document,currency,open_amount,due_date\n"
    "                        May have: key,company,kind,closed_on,original_amount,document_date,\n"
    "                          discount1_until,discount1_percent,discount2_until,discount2_percent,\n"
    "                          references,po,order,delivery,statement,disputed\n"
    "                        Dates are ISO, amounts decimal: + owes, - credit.\n"
    "  --statement FILE...   bank files: camt.053/.052/.054, MT940/MT942, CSV; .gz of each\n"
    "  --customers FILE      CSV: customer,name,parent,pays_for,bank_accounts,aliases\n"
    "                        (several values with |)\n"
    "  --remittance FILE     CSV: remittance,document,paid[,payer,payment_reference,date,\n"
    "                          currency,gross,discount,deduction,reason]\n"
    "  Each may be given several times. '-' is standard input, once.\n"
    "  --profile NAME        how the CSV files are written: default, german, french, us ...\n"
    "  --our-account NUMBER=COMPANY   which company an account of ours belongs to, when the\n"
    "                        items have a company column; repeatable\n"
    "  --expected FILE       CSV: expected,customer,amount,currency,item[,reference,date,origin]:\n"
    "                        money that was promised or announced; repeatable\n"
    "  --as-of DATE          day of the item list; default: the last booking day read\n"
    "  --accept-mismatch     take in statements whose balances do not tie (else they are parked)\n"
    "\n"
    "POLICY\n"
    "  --policy FILE         policy as JSON (o2c check-policy); repeatable, general first\n"
    "  --model FILE          what 'o2c backtest --model-out' learned\n"
    "  --tolerance AMOUNT    small difference accepted, 1.00 by default, at most 0.5 % of the items\n"
    "  --grace DAYS          days after the discount day on which the discount still counts; 0\n"
    "  --rate USD/EUR=0.92   what one unit of the items' currency is worth in the payment's; repeatable\n"
    "  --short-pay WORD      partial (item stays open), residual (item closes, a deduction opens)\n"
    "                        or hold (a person decides); partial by default\n"
    "  --fee AMOUNT          bank charge that may be missing from a payment; repeatable\n"
    "\n";

static const char match[] =
    "o2c match: proposals for every payment\n"
    "\n"
    "  o2c match --items items.csv --statement bank.xml\n"
    "      a block for each payment, and the funnel of the day\n"
    "  o2c match --items items.csv --customers customers.csv --statement monday.sta tuesday.sta\n"
    "      two bank files, and who pays for whom\n"
    "  o2c match --items items.csv --statement bank.xml --format json --summary > proposals.jsonl\n"
    "      one JSON object a payment, then the sums\n"
    "  o2c match --items items.csv --statement bank.xml --report day.html --fee 15.00 --grace 3\n"
    "      a page to keep open; bank charges of 15.00 and three days of grace are known\n"
    "  zcat bank.xml.gz | o2c match --items offene_posten.csv --profile german --statement -\n"
    "\n";

static const char match_output[] =
    "OUTPUT\n"
    "  --format text|json    text is for people, json for machines (one object a line)\n"
    "  --summary             json: a last object with counts and money per band and kind\n"
    "  --report FILE.html    also writes a self-contained page\n"
    "  --feedback-out FILE   a row for each line, for people to judge and 'o2c learn' to take\n"
    "  --no-color            no colors on a terminal (also: the variable NO_COLOR)\n";

static const char explain[] =
    "o2c explain: one payment in depth\n"
    "\n"
    "  o2c explain --payment 17 --items items.csv --customers customers.csv --statement bank.xml\n"
    "      the 17th payment of 'o2c match' with the same files\n"
    "  o2c explain --payment KEY --items items.csv --statement bank.xml\n"
    "      the payment with this key, as the JSON of 'o2c match' gives it\n"
    "\n"
    "Shows the bank's text with the marked bytes, the evidence with its weight, how the amount\n"
    "becomes the items, the other explanations, and what would make it automatic.\n"
    "\n";

static const char backtest[] =
    "o2c backtest: what would have been automatic in the past, and how often wrong\n"
    "\n"
    "  o2c backtest --items items.csv --payments payments.csv --cleared cleared.csv\n"
    "      rates, classes that are proved, months, disagreements\n"
    "  o2c backtest --items items.csv --customers customers.csv --payments payments.csv \\\n"
    "               --cleared cleared.csv --report year.html --model-out learned.bin\n"
    "      the same as a page, and the model for 'o2c match --model learned.bin'\n"
    "  o2c backtest ... --policy try.json --format json > answers.jsonl\n"
    "      another policy; one JSON object a payment with \"truth\" and \"agrees\", then the summary\n"
    "\n"
    "Each day is solved with what was known the day before, compared with what people cleared, then\n"
    "learned. Nothing of a later day is seen.\n"
    "\n"
    "INPUTS\n"
    "  --items FILE          as for 'o2c match', with document_date (known from the day after) and\n"
    "                        original_amount; closed items with kind closed and closed_on\n"
    "  --payments FILE       CSV: payment,value_date,currency,amount[,company,customer,\n"
    "                          payer_account,payer_name,text,booking_date,reference,\n"
    "                          end_to_end_id,our_account]\n"
    "  --cleared FILE        CSV: payment,item,applied[,discount,cleared_on,known_on,closes]\n"
    "                        item is the key of the item, or its document where it has no key\n"
    "  --judged FILE         CSV: payment,verdict (ours, theirs, both, neither): what a person said of the\n"
    "                        first disagreements of the draw; until then all count as our mistakes\n"
    "  --customers FILE      as for 'o2c match'; known from the first day\n"
    "  --remittance FILE     as for 'o2c match'; an advice is known on its date\n"
    "  --learn-accounts      bank accounts of the customer list are ignored and learned day by day:\n"
    "                        today's list knows accounts that nobody knew then\n"
    "  --same-day            a document is known on its own date, before the bank file of that day\n"
    "  --threads N           solve the payments of a day on N threads, 1 to 64; 1 by default. The\n"
    "                        output is the same bytes for any N\n"
    "  --profile NAME        how the CSV files are written\n"
    "  --policy FILE         policy as JSON; also --tolerance, --grace, --short-pay, --fee\n"
    "  --model FILE          a model to begin with instead of nothing\n"
    "\n"
    "OUTPUT\n"
    "  --format text|json    text is for people\n"
    "  --report FILE.html    also writes a self-contained page\n"
    "  --model-out FILE      also writes the model after the last day\n"
    "  --no-color            no colors on a terminal\n";

static const char convert[] =
    "o2c convert: any bank file as CSV or JSON lines\n"
    "\n"
    "  o2c convert bank.xml > lines.csv\n"
    "  o2c convert january.sta february.sta.gz --to jsonl --output lines.jsonl\n"
    "\n"
    "  --to csv|jsonl        csv by default. Text cells that a spreadsheet would run as a formula\n"
    "                        get an apostrophe in front; amounts stay numbers.\n"
    "  --output FILE         written whole or not at all\n"
    "  --profile NAME        how a CSV bank file is written\n"
    "\n"
    "The memory needed does not depend on the size of the file. Lines on standard output are\n"
    "therefore provisional until the exit code is 0: after an error the last line says ERROR.\n";

static const char learn[] =
    "o2c learn: what people said of proposals becomes the next model\n"
    "\n"
    "  o2c match ... --model monday.bin --feedback-out monday.csv\n"
    "      a row for each proposed line, its verdict empty; people fill in what they judged\n"
    "  o2c learn monday.csv --model monday.bin --model-out tuesday.bin\n"
    "      what was learned, revoked and suspended; what the audit sample proves\n"
    "\n"
    "Several files are taken together; give all rows of a day at once. A row without a verdict teaches\n"
    "nothing: that nobody complained proves nothing. Verdicts and columns: docs/formats/csv.md.\n"
    "Rows with source blind are the audit sample: judge them before you look at our answer.\n"
    "\n"
    "  --model FILE          the model so far; without it the shipped one\n"
    "  --model-out FILE      the next model, for 'o2c match --model'; may be the same file\n"
    "  --policy FILE         the policy in force, as for 'o2c match'\n"
    "  --profile NAME        how the CSV files are written\n"
    "  --format text|json    json: one object a change, then the summary\n";

static const char check_policy[] =
    "o2c check-policy: what a policy file allows, and what its author hardly meant\n"
    "\n"
    "  o2c check-policy policy.json\n"
    "  o2c check-policy company.json germany.json --format json\n"
    "      two layers, general first: what a later one sets wins, field by field\n"
    "\n"
    "Each finding is a line: file, line, note | warning | error, field, sentence. The fields and\n"
    "their ranges: docs/formats/policy.md; for editors: docs/formats/policy.schema.json.\n"
    "Exit 0: accepted, with or without findings. Exit 3: refused, with line, byte and reason.\n";

void
help_print(FILE *out, const char *subject)
{
    if (subject && strcmp(subject, "match") == 0) {
        fputs(match, out);
        fputs(inputs, out);
        fputs(match_output, out);
    } else if (subject && strcmp(subject, "explain") == 0) {
        fputs(explain, out);
        fputs(inputs, out);
    } else if (subject && strcmp(subject, "backtest") == 0) {
        fputs(backtest, out);
    } else if (subject && strcmp(subject, "convert") == 0) {
        fputs(convert, out);
    } else if (subject && strcmp(subject, "learn") == 0) {
        fputs(learn, out);
    } else if (subject && strcmp(subject, "check-policy") == 0) {
        fputs(check_policy, out);
    } else {
        fputs(overview, out);
    }
}
