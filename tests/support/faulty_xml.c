/* SPDX-License-Identifier: Apache-2.0 */
#include "support/faulty_xml.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <string.h>

/* What libxml2 keeps for the process belongs here; nobody closes it. */
static struct faulty ground;
static struct faulty *target = &ground;

static void *
xml_alloc(size_t size)
{
    return faulty_alloc(target, size);
}

static void *
xml_resize(void *block, size_t size)
{
    return block ? faulty_resize(block, size) : faulty_alloc(target, size);
}

static void
xml_release(void *block)
{
    if (block)
        faulty_release(block);
}

static char *
xml_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = faulty_alloc(target, size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static void
say_nothing(void *self, const char *format, ...)
{
    (void)self;
    (void)format;
}

bool
faulty_xml_install(void)
{
    faulty_open(&ground, FAULTY_NEVER, 0);
    if (xmlMemSetup(xml_release, xml_alloc, xml_resize, xml_copy) != 0)
        return false;
    xmlInitParser();
    /* "out of memory" on stderr, thousands of times, helps nobody. */
    xmlSetGenericErrorFunc(NULL, say_nothing);
    return true;
}

void
faulty_xml_aim(struct faulty *at)
{
    target = at ? at : &ground;
    /* The last error of the thread keeps copies of its message: they would count as leaks of this run. */
    if (!at)
        xmlResetLastError();
}

void
faulty_xml_sweep(const char *name, faulty_scenario scenario, void *self, uint64_t points_max)
{
    faulty_sweep_plan(
        &(struct faulty_plan){ .name = name, .scenario = scenario, .self = self, .points_max = points_max, .aim = faulty_xml_aim });
}
