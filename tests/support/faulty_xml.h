/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sweep of faulty.h with libxml2's own allocations among those that fail. libxml2 has one set of allocators for the process,
 * which the library never touches: only a test may. Call faulty_xml_install() first in main, before anything calls libxml2.
 */
#ifndef O2C_TEST_FAULTY_XML_H
#define O2C_TEST_FAULTY_XML_H
#include "support/faulty.h"

/* Puts our allocators under libxml2 and lets it make what it keeps for the process. False = something came before. */
bool faulty_xml_install(void);
/* Aims libxml2 at an allocator; NULL = one that never fails. For faulty_plan.aim. */
void faulty_xml_aim(struct faulty *at);
/* points_max as in faulty_plan: 0 = all. */
void faulty_xml_sweep(const char *name, faulty_scenario scenario, void *self, uint64_t points_max);
#endif
