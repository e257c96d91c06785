/* SPDX-License-Identifier: Apache-2.0 */
/* The lexical gate: every limit at L - 1, L, L + 1; 64 bytes at once and byte by byte agree, whatever the pieces. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/gate.h"
#include "rows.h"
#include "support/tap.h"

static o2c_limits
usual_limits(void)
{
    o2c__context context;

    CU_ASSERT_EQUAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    return context.limits;
}

struct verdict {
    o2c_status status;
    const char *field;
    uint64_t at, elements, attributes;
    uint32_t depth, deepest;
};

/* piece 0 = pieces of random size */
static struct verdict
judge(const o2c_limits *limits, bool wide, const char *bytes, size_t size, size_t piece, unsigned seed)
{
    static struct o2c__gate gate;
    bool good = true;

    o2c__gate_init(&gate, limits, wide);
    for (size_t at = 0; good && at < size;) {
        size_t n = piece;
        if (piece == 0) {
            seed = seed * 1103515245u + 12345u;
            n = 1 + (seed >> 16) % 150;
        }
        n = n < size - at ? n : size - at;
        good = o2c__gate_push(&gate, bytes + at, n);
        at += n;
    }
    if (good)
        (void)o2c__gate_finish(&gate);
    return (struct verdict){ gate.status, gate.field, gate.at, gate.elements, gate.attributes, gate.depth, gate.deepest };
}

static bool
same(const struct verdict *a, const struct verdict *b)
{
    if (a->status != b->status || strcmp(a->field, b->field) != 0 || a->at != b->at)
        return false;
    return a->status != O2C_OK || (a->elements == b->elements && a->attributes == b->attributes && a->deepest == b->deepest);
}

static void
all_ways_agree(const o2c_limits *limits, const char *bytes, size_t size)
{
    struct verdict first = judge(limits, false, bytes, size, size + 1, 0);
    static const size_t pieces[] = { 1, 7, 64, 100000 };

    for (int wide = 0; wide < 2; wide++) {
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            struct verdict other = judge(limits, wide != 0, bytes, size, pieces[i], 0);
            if (!same(&first, &other))
                printf("# %s %s @%llu, %s in pieces of %zu: %s %s @%llu\n# %.*s\n", o2c_status_name(first.status), first.field,
                       (unsigned long long)first.at, wide ? "wide" : "narrow", pieces[i], o2c_status_name(other.status), other.field,
                       (unsigned long long)other.at, (int)(size < 400 ? size : 400), bytes);
            CU_ASSERT(same(&first, &other));
        }
        struct verdict other = judge(limits, wide != 0, bytes, size, 0, (unsigned)size);
        CU_ASSERT(same(&first, &other));
    }
}

/* ---- documents of random tokens: legal ones, and ones that are wrong in every way a tag can be */
static const char *const tokens[] = {
    "<a>", "<a>", "</a>", "</a>", "<bb x=\"1\">", "</bb>", "<c/>", "<c y='2'/>", "<Ntry><Amt Ccy=\"EUR\">1.00</Amt></Ntry>", "<d a=\"1\" b=\"2\" />",
    "text ", "\n", "it's", "\"said\"", "&amp;", "&#228;", "&#x1F600;", "a > b", "\xC3\xBC", "\xE2\x82\xAC", "<!-- c - d -->", "<!---->", "<![CDATA[ <x> ]] ]]>",
    "<?pi some?>", "<a q=\">\">", "<a q='\"'>", "</ a >", "<a\n>", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">", "/", "=", "?", "!",
    "<Ustrd>Rechnung RE-4711 vom 12.01.2026, Kunde 10023, vielen Dank</Ustrd>",
};
static const char *const broken[] = { "<", ">", "&", "\"", "'", "<!", "<![", "\x01", "\xFF", "\xE2\x82", "&bad;", "&#0;", "</>", "<a/", "<!DOCTYPE x>", "-->", "<a b=<", "&#xD800;" };

static size_t
make_document(unsigned *seed, char *out, size_t room)
{
    size_t size = 0;
    unsigned count = 0;

    for (count = 2 + (*seed >> 8) % 40; count > 0; count--) {
        const char *token;
        *seed = *seed * 1103515245u + 12345u;
        token = (*seed >> 24) % 61 == 0 ? broken[(*seed >> 8) % (sizeof broken / sizeof *broken)] : tokens[(*seed >> 8) % (sizeof tokens / sizeof *tokens)];
        if (size + strlen(token) >= room)
            break;
        memcpy(out + size, token, strlen(token));
        size += strlen(token);
    }
    return size;
}

static void
random__wide_and_narrow_agree_in_any_pieces(void)
{
    o2c_limits limits = usual_limits(), tight = limits;
    unsigned seed = 20261122;
    unsigned accepted = 0;

    tight.depth_max = 4;
    tight.attributes_max = 1;
    tight.text_bytes_max = 64;
    tight.name_bytes_max = 64;
    tight.tag_bytes_max = 64;
    tight.elements_max = 9;
    for (int i = 0; i < 20000; i++) {
        char document[4096];
        size_t size = make_document(&seed, document, sizeof document);
        all_ways_agree(&limits, document, size);
        all_ways_agree(&tight, document, size);
        accepted += judge(&limits, true, document, size, size + 1, 0).status == O2C_OK;
    }
    CU_ASSERT(accepted > 200);
}

static void
golden__wide_and_narrow_agree(void)
{
    o2c_limits limits = usual_limits();

    for (int version = 1; version <= 13; version++) {
        char path[100], *full, *bytes;
        size_t size;
        snprintf(path, sizeof path, "tests/golden/camt053/v%02d.xml", version);
        full = rows_source(path);
        bytes = rows_load(full, &size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL(judge(&limits, true, bytes, size, size, 0).status, O2C_OK);
        all_ways_agree(&limits, bytes, size);
        free(bytes);
        free(full);
    }
}

/* ---- limits. A shape makes a document whose measure is n; n = L passes, L + 1 does not. */
struct paper {
    char *bytes;
    size_t size, room;
};

static void
write_paper(struct paper *paper, const char *text)
{
    size_t len = strlen(text);

    if (paper->size + len > paper->room) {
        paper->room = 2 * (paper->size + len);
        paper->bytes = realloc(paper->bytes, paper->room);
        if (paper->bytes == NULL)
            abort();
    }
    memcpy(paper->bytes + paper->size, text, len);
    paper->size += len;
}

static void
repeat(struct paper *paper, const char *text, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        write_paper(paper, text);
}

static void
around(struct paper *paper, const char *head, const char *middle, uint64_t count, const char *tail)
{
    write_paper(paper, head);
    repeat(paper, middle, count);
    write_paper(paper, tail);
}

static void
shape_depth(struct paper *paper, uint64_t n)
{
    repeat(paper, "<a>", n);
    repeat(paper, "</a>", n);
}
static void
shape_attributes(struct paper *paper, uint64_t n)
{
    around(paper, "<a", " b=\"\"", n, "/>");
}
static void
shape_single_quotes(struct paper *paper, uint64_t n)
{
    around(paper, "<a", " b=''", n, "/>");
}
static void
shape_tag(struct paper *paper, uint64_t n)
{
    around(paper, "<a b=\"", "x", n - 8, "\">");
    write_paper(paper, "</a>");
}
static void
shape_name(struct paper *paper, uint64_t n)
{
    around(paper, "<", "x", n, "/>");
}
static void
shape_attribute_name(struct paper *paper, uint64_t n)
{
    around(paper, "<a ", "x", n, "=''/>");
}
static void
shape_text(struct paper *paper, uint64_t n)
{
    around(paper, "<a>", "x", n, "</a>");
}
static void
shape_references(struct paper *paper, uint64_t n)
{
    around(paper, "<a>", "&#65;", n / 5, "");
    around(paper, "", "x", n % 5, "</a>");
}
static void
shape_comment(struct paper *paper, uint64_t n)
{
    around(paper, "<a><!--", "x", n, "--></a>");
}
static void
shape_cdata(struct paper *paper, uint64_t n)
{
    around(paper, "<a><![CDATA[", "]", n, "]]></a>");
}
static void
shape_instruction(struct paper *paper, uint64_t n)
{
    around(paper, "<a><?", "x", n, "?></a>");
}
static void
shape_elements(struct paper *paper, uint64_t n)
{
    around(paper, "<a>", "<b></b>", n - 1, "</a>");
}
static void
shape_instructions(struct paper *paper, uint64_t n)
{
    around(paper, "<a>", "<?x?>", n, "</a>");
}

struct limit_case {
    const char *name, *field;
    void (*shape)(struct paper *paper, uint64_t n);
    size_t offset, width;
};
#define OF(member) offsetof(o2c_limits, member), sizeof(((o2c_limits *)0)->member)
static const struct limit_case limit_cases[] = {
    { "depth", "depth_max", shape_depth, OF(depth_max) },
    { "attributes", "attributes_max", shape_attributes, OF(attributes_max) },
    { "attributes in single quotes", "attributes_max", shape_single_quotes, OF(attributes_max) },
    { "tag", "tag_bytes_max", shape_tag, OF(tag_bytes_max) },
    { "name", "name_bytes_max", shape_name, OF(name_bytes_max) },
    { "name of an attribute", "name_bytes_max", shape_attribute_name, OF(name_bytes_max) },
    { "text", "text_bytes_max", shape_text, OF(text_bytes_max) },
    { "character references", "text_bytes_max", shape_references, OF(text_bytes_max) },
    { "comment", "comment_bytes_max", shape_comment, OF(comment_bytes_max) },
    { "CDATA", "comment_bytes_max", shape_cdata, OF(comment_bytes_max) },
    { "instruction", "instruction_bytes_max", shape_instruction, OF(instruction_bytes_max) },
    { "elements", "elements_max", shape_elements, OF(elements_max) },
    { "instructions", "distinct_names_max", shape_instructions, OF(distinct_names_max) },
};

static void
set_limit(o2c_limits *limits, const struct limit_case *row, uint64_t value)
{
    uint32_t narrow = (uint32_t)value;

    if (row->width == sizeof narrow)
        memcpy((char *)limits + row->offset, &narrow, sizeof narrow);
    else
        memcpy((char *)limits + row->offset, &value, sizeof value);
}

static void
try_limit(const struct limit_case *row, uint64_t limit, bool wide)
{
    o2c_limits limits = usual_limits();

    set_limit(&limits, row, limit);
    for (uint64_t n = limit - 1; n <= limit + 1; n++) {
        struct paper paper = { 0 };
        struct verdict verdict;
        row->shape(&paper, n);
        verdict = judge(&limits, wide, paper.bytes, paper.size, 65536, 0);
        if ((verdict.status == O2C_OK) != (n <= limit))
            printf("# %s: limit %llu, %llu: %s %s\n", row->name, (unsigned long long)limit, (unsigned long long)n, o2c_status_name(verdict.status), verdict.field);
        CU_ASSERT_EQUAL(verdict.status, n <= limit ? O2C_OK : O2C_E_LIMIT);
        CU_ASSERT(n <= limit || strcmp(verdict.field, row->field) == 0);
        free(paper.bytes);
    }
}

static void
limits__hold_at_one_below_at_and_above(void)
{
    static const uint64_t values[] = { 11, 64, 65, 127, 128, 200 };

    for (size_t i = 0; i < sizeof limit_cases / sizeof *limit_cases; i++) {
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            try_limit(&limit_cases[i], values[j], true);
            try_limit(&limit_cases[i], values[j], false);
        }
    }
}

static void
limits__the_defaults_hold_too(void)
{
    static const uint64_t defaults[] = { 64, 32, 32, 16384, 128, 128, 65536, 65536, 65536, 65536, 1024, 0, 1024 };

    for (size_t i = 0; i < sizeof limit_cases / sizeof *limit_cases; i++) {
        if (defaults[i] != 0)
            try_limit(&limit_cases[i], defaults[i], true);
    }
}

/* ---- what it refuses, and where */
struct refusal {
    const char *bytes;
    o2c_status status;
    uint64_t at;
};
static const struct refusal refusals[] = {
    { "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", O2C_E_FORMATS_DTD, 2 },
    { "<a><!ELEMENT a ANY></a>", O2C_E_FORMATS_SYNTAX, 5 },
    { "<a>&b;</a>", O2C_E_FORMATS_SYNTAX, 5 },
    { "<a>&#0;</a>", O2C_E_FORMATS_SYNTAX, 6 },
    { "<a>&#xFFFE;</a>", O2C_E_FORMATS_SYNTAX, 10 },
    { "<a>&#1114112;</a>", O2C_E_FORMATS_SYNTAX, 12 },
    { "<a>&averyverylongname;</a>", O2C_E_FORMATS_SYNTAX, 16 },
    { "<a>\x01</a>", O2C_E_FORMATS_ENCODING, 3 },
    { "<a>\xC0\x80</a>", O2C_E_FORMATS_ENCODING, 3 },
    { "<a>\xED\xA0\x80</a>", O2C_E_FORMATS_ENCODING, 3 },
    { "<a>\xF4\x90\x80\x80</a>", O2C_E_FORMATS_ENCODING, 3 },
    { "<a>\xEF\xBF\xBF</a>", O2C_E_FORMATS_ENCODING, 3 },
    { "<a>\xE2\x82</a>", O2C_E_FORMATS_ENCODING, 3 },
    { "<a b=\"<\"/>", O2C_E_FORMATS_SYNTAX, 6 },
    { "<a <b/>", O2C_E_FORMATS_SYNTAX, 3 },
    { "</a>", O2C_E_FORMATS_SYNTAX, 3 },
    { "<a><b></b>", O2C_E_FORMATS_TRUNCATED, 10 },
    { "<a", O2C_E_FORMATS_TRUNCATED, 2 },
    { "<a/><!-- ", O2C_E_FORMATS_TRUNCATED, 9 },
};

static void
refusal__says_where(void)
{
    o2c_limits limits = usual_limits();

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct verdict verdict = judge(&limits, true, refusals[i].bytes, strlen(refusals[i].bytes), 65536, 0);
        if (verdict.status != refusals[i].status || verdict.at != refusals[i].at)
            printf("# %s: %s @%llu\n", refusals[i].bytes, o2c_status_name(verdict.status), (unsigned long long)verdict.at);
        CU_ASSERT_EQUAL(verdict.status, refusals[i].status);
        CU_ASSERT_EQUAL(verdict.at, refusals[i].at);
        all_ways_agree(&limits, refusals[i].bytes, strlen(refusals[i].bytes));
    }
    CU_ASSERT_EQUAL(judge(&limits, true, "<a>\0</a>", 8, 65536, 0).status, O2C_E_FORMATS_ENCODING);
}

static void
counts__elements_attributes_and_levels(void)
{
    static const char document[] = "<?xml version=\"1.0\"?><a x='1' y=\"2\"><b/><b q=\">\"><c/></b>it's &lt; > <!-- <z> --><![CDATA[<z>]]></a>";
    o2c_limits limits = usual_limits();
    struct verdict verdict = judge(&limits, true, document, sizeof document - 1, 65536, 0);

    CU_ASSERT_EQUAL(verdict.status, O2C_OK);
    CU_ASSERT_EQUAL(verdict.elements, 4);
    CU_ASSERT_EQUAL(verdict.attributes, 3);
    CU_ASSERT_EQUAL(verdict.deepest, 3);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "limits__hold_at_one_below_at_and_above", limits__hold_at_one_below_at_and_above },
        { "limits__the_defaults_hold_too", limits__the_defaults_hold_too },
        { "refusal__says_where", refusal__says_where },
        { "counts__elements_attributes_and_levels", counts__elements_attributes_and_levels },
        { "golden__wide_and_narrow_agree", golden__wide_and_narrow_agree },
        { "random__wide_and_narrow_agree_in_any_pieces", random__wide_and_narrow_agree_in_any_pieces },
    };

    return tap_run("formats/gate", tests, TAP_COUNT(tests));
}
