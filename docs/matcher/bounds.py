#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Upper bounds of an error, asked of the library itself: wrong lines of judged lines."""
import ctypes
import ctypes.util

library = ctypes.CDLL("libo2c.so.0")
library.o2c_match_bound_ppm.argtypes, library.o2c_match_bound_ppm.restype = [ctypes.c_uint64, ctypes.c_uint64], ctypes.c_uint32
print("judged   wrong   error at most, with 95 % certainty")
for wrong, judged in ((0, 300), (0, 2995), (1, 4742), (2, 6294), (3, 7752), (0, 29956)):
    ppm = library.o2c_match_bound_ppm(wrong, judged)
    print(f"{judged:6,}   {wrong:5}   {ppm // 10000}.{ppm % 10000:04} %")
