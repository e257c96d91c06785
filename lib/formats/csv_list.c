/* SPDX-License-Identifier: Apache-2.0 */
/* Delimited lists: the whole file in memory, one answer; what was read before a refusal is thrown away. */
#include "formats/csv.h"
#include "formats/reader.h"

#define BLOCK ((size_t)65536)

bool
o2c__csv_list_line(struct o2c__csv_list *list)
{
    uint32_t *line = o2c__vector_add(&list->lines);
    if (line)
        *line = list->table.record->line;
    return line != NULL;
}

o2c_status
o2c__csv_list_index(struct o2c__csv_list *list, const o2c_ref *first, size_t stride, size_t count, const char *column,
                    o2c__map *map,
                    o2c_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const o2c_ref *ref = (const o2c_ref *)(const void *)((const char *)first + i * stride);
        o2c_str key = o2c__csv_list_str(list, *ref);
        uint32_t stands, line = O2C__AT(&list->lines, uint32_t, i);
        if (!o2c__map_put(map, key, (uint32_t)i, &stands))
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the keys of the list");
        if (stands != i)
            return o2c__fail_at(err, O2C_E_FORMATS_REPEATED, column, O2C_NOWHERE, line,
                                "%s '%.*s' stands in line %u and in line %u", column, (int)key.len, key.ptr,
                                (unsigned)O2C__AT(&list->lines, uint32_t, stands), (unsigned)line);
    }
    return O2C_OK;
}

static o2c_status
push_all(struct o2c__csv_list *list, const char *bytes, size_t size, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    o2c_status status = O2C_OK;
    uint64_t limit = context->limits.input_bytes_max;
    for (size_t at = 0; at < size && status == O2C_OK; at += BLOCK) {
        size_t piece = size - at < BLOCK ? size - at : BLOCK;
        if (o2c__canceled(context))
            return o2c__fail(err, O2C_E_CANCELED, NULL, "the host asked to stop");
        if (at + piece > limit)
            return o2c__fail_at(err, O2C_E_LIMIT, "input_bytes_max", limit, 0, "the file is larger than %llu bytes",
                                (unsigned long long)limit);
        status = o2c__csv_push(&list->table, bytes + at, piece, err);
    }
    return status == O2C_OK ? o2c__csv_finish(&list->table, err) : status;
}

static o2c_status
read_list(struct o2c__csv_list *list, const o2c_csv_profile *profile, const struct o2c__csv_kind *kind, const char *bytes,
          size_t size,
          o2c_error *err)
{
    o2c__context *context = &list->file->context;
    if (profile && profile->group_mark && profile->group_mark == (profile->decimal_mark ? profile->decimal_mark : '.'))
        return o2c__fail(err, O2C_E_ARG, "csv_profile.group_mark", "the thousands sign is also the decimal mark");
    o2c__vector_init(&list->lines, &context->memory, sizeof(uint32_t));
    o2c__vector_init(&list->more, &context->memory, kind->more_size ? kind->more_size : 1);
    list->with = kind->with;
    o2c__csv_open(&list->table, context, &list->file->rows, profile, kind->columns, kind->columns_count, kind->take, list);
    o2c_status status = push_all(list, bytes, size, err);
    if (status == O2C_OK && kind->end)
        status = kind->end(list, err);
    o2c__csv_close(&list->table);
    o2c__vector_free(&list->lines);
    o2c__vector_free(&list->more);
    return status;
}

o2c_status
o2c__csv_list_read(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                   const struct o2c__csv_kind *kind,
                   o2c_formats_file **out_file, o2c_error *err)
{
    struct o2c__csv_list list;
    struct o2c__reader reader; /* it checks the options and keeps a copy of the profile */
    if (!out_file || (!bytes && size))
        return o2c__fail(err, O2C_E_MISUSE, out_file ? "bytes" : "out_file", "a pointer is NULL");
    memset(&list, 0, sizeof list);
    o2c_status status = o2c__file_new(env, &list.file, err);
    if (status != O2C_OK)
        return status;
    status = o2c__reader_open(&reader, &list.file->context, options, &list.file->rows, err);
    if (status == O2C_OK && reader.options.format && reader.options.format != O2C_FORMAT_CSV)
        status = o2c__fail(err, O2C_E_ARG, "formats_options.format", "a list is delimited text");
    if (status == O2C_OK)
        status = read_list(&list, reader.options.profile, kind, bytes, size, err);
    o2c__reader_close(&reader);
    if (status != O2C_OK) {
        o2c_formats_file_free(list.file);
        return status;
    }
    list.file->format = O2C_FORMAT_CSV;
    list.file->why = kind->why;
    *out_file = list.file;
    return O2C_OK;
}
