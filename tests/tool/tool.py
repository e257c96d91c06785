# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command share: run it, speak TAP, build small inputs. Standard library only."""
import json
import os
import subprocess
import sys
import tempfile
import traceback
from decimal import Decimal
from pathlib import Path

SOURCE = Path(os.environ.get("O2C_SOURCE", Path(__file__).resolve().parents[2]))
SAMPLE = SOURCE / "examples" / "sample"
TOOL = sys.argv[1] if len(sys.argv) > 1 else "o2c"
SAMPLE_FILES = ["--items", str(SAMPLE / "items.csv"), "--customers", str(SAMPLE / "customers.csv"), "--remittance", str(SAMPLE / "remittance.csv"),
                "--statement", str(SAMPLE / "bank.camt053.xml"), "--fee", "15.00"]


class Result:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()

    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]


def run(*words, stdin=b"", env=None):
    done = subprocess.run([TOOL, *map(str, words)], input=stdin, capture_output=True, timeout=120, env={**os.environ, **(env or {})}, check=False)
    assert done.returncode >= 0, f"killed by signal {-done.returncode}: {done.stderr.decode()[-2000:]}"
    assert b"Sanitizer" not in done.stderr, done.stderr.decode()[-3000:]
    return Result(done)


def same(left, right, words=""):
    assert left == right, f"{words}: {left!r:.500} is not {right!r:.500}"


def holds(fact, words):
    assert fact, words


class Folder:
    """A folder of inputs that vanishes with the test."""

    def __init__(self):
        self.keep = tempfile.TemporaryDirectory()
        self.path = Path(self.keep.name)

    def write(self, name, content):
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


ITEMS = """customer,document,currency,open_amount,due_date
C1,INV-100234,EUR,1000.00,2026-02-04
C1,INV-100235,EUR,250.00,2026-02-06
C2,INV-200017,EUR,800.00,2026-02-10
"""


def camt(entries, opening="100.00", closing=None, account="DE37990000007301000417", statement="S1", version="08"):
    """A camt.053 with entries of (amount, name, texts); it ties unless closing says otherwise."""
    total = Decimal(opening) + sum(Decimal(entry[0]) for entry in entries)
    out = f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
    out += "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-02-03T20:00:00</CreDtTm></GrpHdr>"
    out += statement_xml(entries, opening, closing or str(total), account, statement)
    return out + "</BkToCstmrStmt></Document>\n"


def balance_xml(code, amount):
    return (f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            "<Dt><Dt>2026-02-03</Dt></Dt></Bal>")


def statement_xml(entries, opening, closing, account, statement):
    out = f"<Stmt><Id>{statement}</Id><CreDtTm>2026-02-03T20:00:00</CreDtTm><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    out += balance_xml("OPBD", opening) + balance_xml("CLBD", closing)
    for number, (amount, name, texts) in enumerate(entries, 1):
        side = "DBIT" if amount.startswith("-") else "CRDT"
        party = "Cdtr" if side == "DBIT" else "Dbtr"
        plain = amount.lstrip("-")
        out += (f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{plain}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
                f"<BookgDt><Dt>2026-02-03</Dt></BookgDt><ValDt><Dt>2026-02-03</Dt></ValDt><AcctSvcrRef>{statement}B{number}</AcctSvcrRef>"
                "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
                f"<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy=\"EUR\">{plain}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
                f"<RltdPties><{party}><Pty><Nm>{name}</Nm></Pty></{party}></RltdPties><RmtInf>"
                + "".join(f"<Ustrd>{text}</Ustrd>" for text in texts) + "</RmtInf></TxDtls></NtryDtls></Ntry>")
    return out + "</Stmt>"


def payments(objects):
    return [row for row in objects if "payment" in row]


def main(tests):
    """Runs each test, one TAP line each; a sentence is its name."""
    print(f"1..{len(tests)}")
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except Exception:  # a broken test must not hide the next one
            failed += 1
            print(f"not ok {number} - {test.__name__}")
            for line in traceback.format_exc().splitlines()[-12:]:
                print(f"# {line}")
        sys.stdout.flush()
    return 1 if failed else 0
