/* SPDX-License-Identifier: Apache-2.0 */
/* Structured references on arbitrary bytes: a canonical form is its own canonical form, what is made checks, what checks is remade. */
#include "fuzz.h"
#include "record/record.h"

/* Characters of the check digits, and where the body begins. */
static size_t
check_count(int32_t scheme)
{
    return scheme == O2C_SCHEME_RF ? 4 : scheme == O2C_SCHEME_OGM ? 2 : 1;
}

static void
try_check(int32_t scheme, o2c_str text)
{
    char out[36], again[36], made[36];
    if (o2c_reference_check(scheme, &text, out, sizeof out, NULL) != O2C_OK)
        return;
    o2c_str canonical = o2c__str(out);
    FUZZ_DEMAND(canonical.len <= text.len);
    FUZZ_DEMAND(o2c_reference_check(scheme, &canonical, again, sizeof again, NULL) == O2C_OK && strcmp(out, again) == 0);
    size_t check = check_count(scheme);
    o2c_str body = scheme == O2C_SCHEME_RF ? (o2c_str){ out + 4, canonical.len - 4 } : (o2c_str){ out, canonical.len - check };
    FUZZ_DEMAND(o2c_reference_make(scheme, &body, made, sizeof made, NULL) == O2C_OK);
    FUZZ_DEMAND(scheme == O2C_SCHEME_KID ? strlen(made) == canonical.len : strcmp(made, out) == 0); /* KID has two kinds of check digit */
}

static void
try_make(int32_t scheme, o2c_str body)
{
    char out[36], again[36];
    if (o2c_reference_make(scheme, &body, out, sizeof out, NULL) != O2C_OK)
        return;
    o2c_str made = o2c__str(out);
    FUZZ_DEMAND(o2c_reference_check(scheme, &made, again, sizeof again, NULL) == O2C_OK && strcmp(out, again) == 0);
    size_t at = scheme == O2C_SCHEME_RF ? 4 : 0; /* another digit in the body is never valid with the same check digits */
    if (scheme == O2C_SCHEME_KID || out[at] < '0' || out[at] > '9')
        return;
    out[at] = out[at] == '9' ? '0' : (char)(out[at] + 1);
    FUZZ_DEMAND(o2c_reference_check(scheme, &made, again, sizeof again, NULL) == O2C_E_RECORD_REFERENCE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = { data, size < 256 ? size : 256, 0 };
    int32_t scheme = O2C_SCHEME_RF + fuzz_u8(&input) % 6;
    o2c_str text;
    text.ptr = fuzz_rest(&input, &text.len);
    try_check(scheme, text);
    try_make(scheme, text);
    int32_t guess = o2c__reference_guess(text.ptr, text.len);
    if (guess)
        FUZZ_DEMAND(o2c_reference_check(guess, &text, NULL, 0, NULL) == O2C_OK);
    (void)o2c__iban_valid(text.ptr, text.len);
    return 0;
}
