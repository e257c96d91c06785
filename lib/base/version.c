/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the library that is loaded; the suite compares it with the one meson installs. */
#include "base/base.h"

int32_t
o2c_version(void)
{
    return O2C_VERSION;
}

const char *
o2c_version_text(void)
{
    return "0.1.0";
}
