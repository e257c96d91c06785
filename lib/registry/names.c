/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry/registry.h"

static const struct o2c__status_row *
find_status(o2c_status status)
{
    for (uint32_t i = 0; i < o2c__status_count; i++)
        if (o2c__status_rows[i].status == status)
            return &o2c__status_rows[i];
    return NULL;
}

int32_t
o2c_status_class(o2c_status status)
{
    if (status == 0)
        return O2C_STATUS_CLASS_OK;
    if (status > 0)
        return O2C_STATUS_CLASS_UNKNOWN;
    if (status >= -15 || status == O2C_E_ABI)
        return O2C_STATUS_CLASS_USAGE;
    if (status >= -31)
        return O2C_STATUS_CLASS_STORE;
    return status >= -63 ? O2C_STATUS_CLASS_BOOK : O2C_STATUS_CLASS_ROOM;
}

int32_t
o2c_status_retry(o2c_status status)
{
    return status == O2C_E_NOMEM || status == -17 /* busy, of the storage port */;
}

const char *
o2c_status_name(o2c_status status)
{
    const struct o2c__status_row *row = find_status(status);
    return row ? row->name : "O2C_E_?";
}

const char *
o2c_status_text(o2c_status status)
{
    const struct o2c__status_row *row = find_status(status);
    return row ? row->text : "unknown status";
}

const char *
o2c_status_cause(o2c_status status)
{
    const struct o2c__status_row *row = find_status(status);
    return row ? row->cause : "This library does not know the code; a newer one may.";
}

const char *
o2c_status_remedy(o2c_status status)
{
    const struct o2c__status_row *row = find_status(status);
    return row ? row->remedy : "Look the code up in the documentation of the library that returned it.";
}

static const struct o2c__code_row *
find_code(int32_t table, int64_t code)
{
    if (table <= 0 || (uint32_t)table >= o2c__code_table_count)
        return NULL;
    const struct o2c__code_table *codes = &o2c__code_tables[table];
    for (uint32_t i = 0; i < codes->count; i++)
        if (codes->rows[i].code == code)
            return &codes->rows[i];
    return NULL;
}

const char *
o2c_code_name(int32_t table, int64_t code)
{
    const struct o2c__code_row *row = find_code(table, code);
    return row ? row->name : "?";
}

const char *
o2c_code_text(int32_t table, int64_t code)
{
    const struct o2c__code_row *row = find_code(table, code);
    return row ? row->text : "?";
}

o2c_status
o2c_code_find(int32_t table, const char *name, int64_t *out_code)
{
    if (!name || !out_code)
        return O2C_E_MISUSE;
    if (table <= 0 || (uint32_t)table >= o2c__code_table_count)
        return O2C_E_ARG;
    const struct o2c__code_table *codes = &o2c__code_tables[table];
    for (uint32_t i = 0; i < codes->count; i++) {
        if (strcmp(codes->rows[i].name, name) == 0) {
            *out_code = codes->rows[i].code;
            return O2C_OK;
        }
    }
    return O2C_E_ARG;
}
