/* SPDX-License-Identifier: Apache-2.0 */
/* What the page of a back-test adds to the style of the report: three figures side by side, and the curve. */
#include "backtest.h"

const char *const backtest_style =
    ".heads{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:18px 32px}"
    ".big{font-size:34px;font-weight:650;letter-spacing:-.02em;line-height:1.2}"
    ".good{color:var(--auto)}.bad{color:var(--unidentified)}.wait{color:var(--proposed)}"
    "svg.curve{display:block;width:100%;max-width:820px;height:auto;font:12px system-ui,sans-serif}"
    "svg.curve text{fill:var(--soft)}.grid{stroke:var(--rule);stroke-width:1}.limit{stroke:var(--unidentified);stroke-width:1.5;"
    "stroke-dasharray:5 4}"
    "polyline{fill:none;stroke-width:2.5;stroke-linejoin:round}.bound{stroke:var(--on_account)}.seen{stroke:var(--bar);stroke-dasharray:2 4}"
    "svg.curve circle{fill:var(--on_account)}"
    ".key i.b1{height:4px;background:var(--on_account)}.key i.b2{height:4px;background:var(--bar)}.key i.b3{height:4px;"
    "background:var(--unidentified)}"
    "footer{margin-top:8px}";
