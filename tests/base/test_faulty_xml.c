/* SPDX-License-Identifier: Apache-2.0 */
/* The sweep reaches into libxml2: its allocations count, fail, and leak visibly. */
#include <libxml/parser.h>
#include <string.h>

#include "support/faulty_xml.h"
#include "support/tap.h"

#include <o2c/status.h>

static const char bytes[] = "<a><b c='d'>text</b><e/></a>";

static void
count_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int spaces, const xmlChar **space, int count,
            int defaulted, const xmlChar **attributes)
{
    (void)name, (void)prefix, (void)uri, (void)spaces, (void)space, (void)count, (void)defaulted, (void)attributes;
    ++*(uint64_t *)self;
}

/* What the readers do: a push parser, whose context the scenario forgets when self says so. */
static struct faulty_result
push(const o2c_env *env, void *self)
{
    struct faulty_result result = { O2C_E_NOMEM, 0 };
    uint64_t elements = 0;
    xmlSAXHandler sax;
    (void)env;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = count_start;
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, &elements, NULL, 0, NULL);
    if (!parser)
        return result;
    int wrong = xmlParseChunk(parser, bytes, (int)strlen(bytes), 1);
    if (wrong == 0) {
        result.status = O2C_OK;
        result.digest = elements;
    }
    if (parser->myDoc)
        xmlFreeDoc(parser->myDoc);
    if (!*(bool *)self)
        xmlFreeParserCtxt(parser);
    return result;
}

static void
sweep__fails_every_allocation_of_libxml2(void)
{
    bool forget = false;
    struct faulty_report report;
    struct faulty_plan plan = { .name = "libxml2", .scenario = push, .self = &forget, .aim = faulty_xml_aim };
    faulty_try(&plan, &report);
    CU_ASSERT_STRING_EQUAL(report.complaint, "");
    CU_ASSERT(report.points >= 10);
    /* Most of its allocations matter: when one is refused the file is refused. */
    CU_ASSERT(report.refused >= report.points);
}

static void
sweep__sees_a_parser_that_nobody_freed(void)
{
    bool forget = true;
    struct faulty_report report;
    struct faulty_plan plan = { .name = "forgotten", .scenario = push, .self = &forget, .points_max = 2, .aim = faulty_xml_aim };
    faulty_try(&plan, &report);
    CU_ASSERT_PTR_NOT_NULL(strstr(report.complaint, "was not released"));
    CU_ASSERT(report.runs < 30);
}

static const struct tap_test tests[] = {
    { "sweep__fails_every_allocation_of_libxml2", sweep__fails_every_allocation_of_libxml2 },
    { "sweep__sees_a_parser_that_nobody_freed", sweep__sees_a_parser_that_nobody_freed },
};
int
main(void)
{
    if (!faulty_xml_install())
        return 2;
    return tap_run("base/faulty_xml", tests, TAP_COUNT(tests));
}
