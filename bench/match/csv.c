/* SPDX-License-Identifier: Apache-2.0 */
#include "csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <o2c/record.h>

void
csv_refuse(const struct csv_file *csv, const char *why)
{
    fprintf(stderr, "%s:%llu: %s\n", csv->path, (unsigned long long)csv->line, why);
    exit(2);
}

static char *
read_all(const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0, len = 0, got = 1;
    while (file && got) {
        if (len + (1u << 20) > room) {
            room = room ? room * 2 : 1u << 21;
            char *more = realloc(bytes, room);
            if (!more)
                exit(2);
            bytes = more;
        }
        got = fread(bytes + len, 1, room - len - 1, file);
        len += got;
    }
    if (file)
        fclose(file);
    *out_len = len;
    return bytes;
}

/* One row into cells; quotes are taken off in place. */
static bool
split(struct csv_file *csv)
{
    if (csv->next == csv->end)
        return false;
    csv->cells_count = 0;
    csv->line++;
    for (bool more = true; more;) {
        char *at = csv->next, *out = at, *from = at;
        bool quoted = at < csv->end && *at == '"';
        at += quoted;
        while (at < csv->end && (quoted || (*at != ',' && *at != '\n'))) {
            if (quoted && *at == '"') {
                at++;
                if (at == csv->end || *at != '"') {
                    quoted = false;
                    continue;
                }
            }
            csv->line += *at == '\n';
            *out++ = *at++;
        }
        if (csv->cells_count == CSV_COLUMNS_MAX)
            csv_refuse(csv, "too many cells");
        if (out > from && out[-1] == '\r' && (at == csv->end || *at == '\n'))
            out--;
        csv->cells[csv->cells_count++] = (o2c_str){ from, (size_t)(out - from) };
        more = at < csv->end && *at == ',';
        csv->next = at < csv->end ? at + 1 : at;
    }
    return true;
}

bool
csv_open(struct csv_file *csv, const char *folder, const char *name, bool optional)
{
    char path[4096];
    size_t len;
    if (folder)
        snprintf(path, sizeof path, "%s/%s", folder, name);
    else
        snprintf(path, sizeof path, "%s", name);
    *csv = (struct csv_file){ .path = name, .bytes = read_all(path, &len) };
    if (!csv->bytes) {
        if (optional)
            return false;
        csv_refuse(csv, "there is no such file");
    }
    csv->next = csv->bytes;
    csv->end = csv->bytes + len;
    if (!split(csv))
        csv_refuse(csv, "the file is empty");
    memcpy(csv->header, csv->cells, sizeof csv->header);
    csv->columns = csv->cells_count;
    return true;
}

bool
csv_next(struct csv_file *csv)
{
    if (!split(csv))
        return false;
    if (csv->cells_count != csv->columns)
        csv_refuse(csv, "another number of cells than the header has");
    return true;
}

void
csv_close(struct csv_file *csv)
{
    free(csv->bytes);
    *csv = (struct csv_file){ 0 };
}

int
csv_column(const struct csv_file *csv, const char *name, bool needed)
{
    for (uint32_t i = 0; i < csv->columns; i++) {
        if (csv->header[i].len == strlen(name) && memcmp(csv->header[i].ptr, name, csv->header[i].len) == 0)
            return (int)i;
    }
    if (needed) {
        fprintf(stderr, "%s: the column %s is missing\n", csv->path, name);
        exit(2);
    }
    return -1;
}

o2c_str
csv_cell(const struct csv_file *csv, int column)
{
    return column < 0 ? (o2c_str){ "", 0 } : csv->cells[column];
}

int64_t
csv_minor(const struct csv_file *csv, int column)
{
    o2c_str cell = csv_cell(csv, column);
    bool minus = cell.len && cell.ptr[0] == '-';
    int64_t minor = 0;
    uint32_t decimals = 0;
    bool point = false;
    for (size_t i = minus; i < cell.len; i++) {
        char byte = cell.ptr[i];
        if (byte == '.' && !point) {
            point = true;
            continue;
        }
        if (byte < '0' || byte > '9' || minor > INT64_C(90000000000000000))
            csv_refuse(csv, "not an amount");
        if (decimals == 2 && byte != '0')
            csv_refuse(csv, "an amount has two decimals");
        if (decimals < 2)
            minor = minor * 10 + (byte - '0');
        decimals += point && decimals < 2;
    }
    for (; cell.len && decimals < 2; decimals++)
        minor *= 10;
    return minus ? -minor : minor;
}

uint64_t
csv_number(const struct csv_file *csv, int column)
{
    o2c_str cell = csv_cell(csv, column);
    uint64_t number = 0;
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] < '0' || cell.ptr[i] > '9' || number > UINT64_MAX / 11)
            csv_refuse(csv, "not a number");
        number = number * 10 + (uint64_t)(cell.ptr[i] - '0');
    }
    return number;
}

int32_t
csv_day(const struct csv_file *csv, int column)
{
    o2c_str cell = csv_cell(csv, column);
    int32_t day = 0;
    if (cell.len && o2c_date_read(&cell, &day, NULL) != O2C_OK)
        csv_refuse(csv, "not a date");
    return day;
}
