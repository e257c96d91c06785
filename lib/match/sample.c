/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit sample: a keyed hash of payment and item draws the same lines on every run, machine and shard, and nobody without the key
 * can tell which (MATCHER 15.3).
 */
#include "match/learn.h"

#define KEY_BYTES 64u

bool
o2c__sampled(const o2c_match_model *model, const o2c_match_policy *policy, uint32_t line_class, o2c_str payment, o2c_str item)
{
    char bytes[2 * KEY_BYTES + 1];
    uint32_t share = policy->audit_sample_ppm;
    if (policy->sample_key_count != 2 || share == 0 || payment.len > KEY_BYTES || item.len > KEY_BYTES)
        return false;
    const struct o2c__release_row *row = model->learned ? o2c__release_find(&model->learned->releases, line_class) : NULL;
    if (row && row->sample_bound_ppm <= policy->max_error_ppm && policy->audit_sample_proven_ppm < share)
        share = policy->audit_sample_proven_ppm;
    memcpy(bytes, payment.ptr, payment.len);
    bytes[payment.len] = 0;
    memcpy(bytes + payment.len + 1, item.ptr, item.len);
    uint64_t hash = o2c__siphash24(policy->sample_key, bytes, payment.len + 1 + item.len);
    return share >= 1000000 || hash < o2c__muldiv_floor(share, UINT64_C(1) << 63, 500000);
}
