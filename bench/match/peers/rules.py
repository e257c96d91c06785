#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The published rules of four products on a world of the generator: answers for the scorer, and the time they took.

    rules.py WORLD OUT [SECONDS]      WORLD: folder of o2c-match-gen; OUT: folder for <peer>.csv; one JSON line a peer
"""
import functools
import json
import pathlib
import sys

import business_central
import erpnext
import odoo
import oracle_automatch
from world import World, write

PEERS = [("odoo", "Odoo greedy", odoo.answer), ("odoo_naked", "Odoo greedy, claims without a reference counted", functools.partial(odoo.answer, naked=True)),
         ("erpnext", "ERPNext rank", erpnext.answer), ("business_central", "Business Central table", business_central.answer),
         ("oracle_automatch", "Oracle AutoMatch", oracle_automatch.answer)]


def main():
    folder, out = sys.argv[1], pathlib.Path(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else None
    for name, words, answer in PEERS:
        world = World(folder)
        rows, payments, spent = world.replay(answer, seconds)
        write(out / f"{name}.csv", rows)
        print(json.dumps({"what": "peer", "peer": words, "answers": f"{name}.csv", "payments": payments, "of": len(world.payments),
                          "ns_per_payment": round(spent / max(payments, 1) * 1e9), "whole": payments == len(world.payments)}), flush=True)


main()
