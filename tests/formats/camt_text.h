/* SPDX-License-Identifier: Apache-2.0 */
/* A camt.053 statement in pieces of text, for tests that need no file. */
#ifndef O2C_TEST_CAMT_TEXT_H
#define O2C_TEST_CAMT_TEXT_H
#define HEAD(version) "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." version "\"><BkToCstmrStmt><Stmt><Id>S</Id>"
#define TAIL "</Stmt></BkToCstmrStmt></Document>"
#define ENTRY(amount, sign, inner) \
    "<Ntry><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>" sign "</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-02-03</Dt></BookgDt>" inner "</Ntry>"
#define BALANCE(code, amount) \
    "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-03</Dt></Dt></Bal>"
#define DETAILS(inner) "<NtryDtls>" inner "</NtryDtls>"
#define TX(inner) "<TxDtls>" inner "</TxDtls>"
#endif
