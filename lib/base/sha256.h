/* SPDX-License-Identifier: Apache-2.0 */
/* One block of SHA-256: in plain C, and with the instructions of the machine where it has them. Both give the same state. */
#ifndef O2C__BASE_SHA256_H
#define O2C__BASE_SHA256_H
#include "base/base.h"

void o2c__sha256_plain(uint32_t state[8], const uint8_t block[64]);
void o2c__sha256_widest(uint32_t state[8], const uint8_t block[64]);
#endif
