/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Umbrella: everything libo2c (core) offers. <o2c/formats.h> belongs to libo2c-formats and is included on its own.
 */
#ifndef O2C_O2C_H
#define O2C_O2C_H
#include <o2c/backtest.h>
#include <o2c/base.h>
#include <o2c/codes.h>
#include <o2c/match.h>
#include <o2c/policy.h>
#include <o2c/record.h>
#include <o2c/status.h>
#endif
