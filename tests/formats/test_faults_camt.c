/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of reading camt may fail, ours and libxml2's, plain and compressed: no crash, no leak, never other rows. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "rows.h"
#include "support/faulty_xml.h"
#include "support/tap.h"

struct sample {
    char *bytes;
    size_t size;
    bool pushed;
};

/* Namespaces on every entry: the shape whose events libxml2 2.9.14 drops silently when it runs out of memory. */
static const char namespaced[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><n:Document xmlns:n=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><n:BkToCstmrStmt><n:Stmt><n:Id>S</n:Id>"
    "<n:Ntry xmlns:a=\"urn:a\" a:b=\"c\"><n:Amt Ccy=\"EUR\">1.00</n:Amt><n:CdtDbtInd>CRDT</n:CdtDbtInd><n:NtryDtls><n:TxDtls><n:Refs><n:EndToEndId>E &amp; F</n:EndToEndId>"
    "</n:Refs><n:RmtInf><n:Ustrd>RE-1 \xC3\xBC</n:Ustrd><n:Strd><n:CdtrRefInf><n:Ref>RF18539007547034</n:Ref></n:CdtrRefInf></n:Strd></n:RmtInf></n:TxDtls></n:NtryDtls></n:Ntry>"
    "<n:Ntry xmlns:d=\"urn:d\"><n:Amt Ccy=\"EUR\">2.00</n:Amt><n:CdtDbtInd>DBIT</n:CdtDbtInd><d:x/></n:Ntry></n:Stmt></n:BkToCstmrStmt></n:Document>";

static int32_t
digest_batch(void *self, const o2c_formats_batch *batch)
{
    uint64_t *digest = self;
    char *text = rows_statements(batch->statements);

    *digest = faulty_digest(*digest, text, strlen(text));
    free(text);
    return O2C_SINK_TAKEN;
}

static struct faulty_result
push_file(const o2c_env *env, const struct sample *sample)
{
    struct faulty_result result = { 0, 0 };
    o2c_formats_reader *reader = NULL;
    uint64_t digest = 0;

    result.status = o2c_formats_reader_new(env, NULL, digest_batch, &digest, &reader, NULL);
    if (result.status == O2C_OK)
        result.status = o2c_formats_push(reader, sample->bytes, sample->size, NULL);
    if (result.status == O2C_OK)
        result.status = o2c_formats_finish(reader, NULL);
    o2c_formats_reader_free(reader);
    if (result.status == O2C_OK)
        result.digest = digest;
    return result;
}

static struct faulty_result
read_file(const o2c_env *env, void *self)
{
    const struct sample *sample = self;
    struct faulty_result result = { 0, 0 };
    o2c_formats_file *file = NULL;
    o2c_statements all = { .struct_size = sizeof all };
    char *text;

    if (sample->pushed)
        return push_file(env, sample);
    result.status = o2c_formats_read(env, sample->bytes, sample->size, NULL, &file, NULL);
    if (result.status != O2C_OK)
        return result;
    o2c_formats_file_statements(file, &all);
    text = rows_statements(&all);
    result.digest = faulty_digest(0, text, strlen(text));
    free(text);
    o2c_formats_file_free(file);
    return result;
}

static struct sample
golden(const char *path)
{
    struct sample sample = { NULL, 0, false };
    char *full = rows_source(path);

    sample.bytes = rows_load(full, &sample.size);
    free(full);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sample.bytes);
    return sample;
}

static struct sample
packed(const struct sample *plain)
{
    struct sample out = { malloc(plain->size + 100), 0, false };
    z_stream stream = { 0 };

    CU_ASSERT_PTR_NOT_NULL_FATAL(out.bytes);
    CU_ASSERT_EQUAL_FATAL(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)plain->bytes;
    stream.avail_in = (uInt)plain->size;
    stream.next_out = (Bytef *)out.bytes;
    stream.avail_out = (uInt)plain->size + 100;
    CU_ASSERT_EQUAL(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.size = stream.total_out;
    deflateEnd(&stream);
    return out;
}

static void
read__every_allocation_may_fail(void)
{
    struct sample sample = golden("tests/golden/camt053/v08.xml"), compressed = packed(&sample);

    faulty_xml_sweep("camt.053.001.08", read_file, &sample, 0);
    faulty_xml_sweep("camt.053.001.08 compressed", read_file, &compressed, 0);
    sample.pushed = true;
    faulty_xml_sweep("camt.053.001.08 pushed", read_file, &sample, 0);
    free(compressed.bytes);
    free(sample.bytes);
}

static void
read__every_version_may_run_out_of_memory(void)
{
    static const char *const files[] = { "tests/golden/camt053/v01.xml", "tests/golden/camt052/v02.xml", "tests/golden/camt054/v12.xml" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct sample sample = golden(files[i]);
        faulty_xml_sweep(files[i], read_file, &sample, 120);
        free(sample.bytes);
    }
}

static void
read__a_dropped_namespace_is_never_silent(void)
{
    struct sample sample = { (char *)(uintptr_t)namespaced, sizeof namespaced - 1, false };

    faulty_xml_sweep("namespaces on entries", read_file, &sample, 0);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "read__a_dropped_namespace_is_never_silent", read__a_dropped_namespace_is_never_silent },
        { "read__every_allocation_may_fail", read__every_allocation_may_fail },
        { "read__every_version_may_run_out_of_memory", read__every_version_may_run_out_of_memory },
    };

    if (!faulty_xml_install())
        return 2;
    return tap_run("formats/faults_camt", tests, TAP_COUNT(tests));
}
