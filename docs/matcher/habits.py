#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How a company's habits change what a selection weighs: the formula of docs/rooms/match.md, section 5.4, in exact fractions.

Pools of twelve items. Of the payments counted, 12 % settled three items, of these 80 % in one run; 70 % of all held the oldest item.
tests/match/test_habits.c asks the library for the same numbers.
"""
from fractions import Fraction as F

SIZES = [F(x, 10**6) for x in (0, 629000, 163000, 60000, 44000, 34000) + (7800,) * 5 + (1300,) * 2]
RUNS = [F(x, 10**4) for x in (0, 6300, 2000, 800)]


def times(count, counted, expected):
    """How many times as often as expected; the cold default has the weight of 20 payments, and fewer than 50 say nothing."""
    return (count / expected + 20) / (counted + 20) if counted >= 50 else F(1)


def factor(payments, runs, oldest):
    three, held = payments * 12 // 100, payments * 7 // 10
    runs_counted = three * 8 // 10 if runs == 1 else three - three * 8 // 10
    x = times(three, payments, F(95, 100) * SIZES[3] / sum(SIZES))
    x *= times(runs_counted, three, RUNS[runs] / sum(RUNS))
    x *= times(held if oldest else payments - held, payments, F(1, 2))
    return min(F(1, 5) + F(4, 5) * x, F(4))


print("payments counted   three neighbors from the oldest   three in two runs, not the oldest")
for counted in (49, 50, 200, 1000, 10000):
    print(f"{counted:16,}   {float(factor(counted, 1, True)):21.2f} times   {float(factor(counted, 2, False)):23.2f} times")
