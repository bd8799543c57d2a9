/* SPDX-License-Identifier: MIT */
#include "latency.h"

const struct latency_bound latency_bounds[LATENCY_BOUNDS] = {
    {100000, "0.0001"}, {200000, "0.0002"}, {500000, "0.0005"}, {1000000, "0.001"},
    {2000000, "0.002"}, {5000000, "0.005"}, {10000000, "0.01"}, {20000000, "0.02"},
    {50000000, "0.05"}, {100000000, "0.1"}, {200000000, "0.2"}, {500000000, "0.5"},
    {1000000000, "1"},  {2000000000, "2"},  {5000000000, "5"},
};

void latency_add(struct latency *latency, int64_t ns)
{
    int i = 0;
    ns = ns > 0 ? ns : 0;
    while (i < LATENCY_BOUNDS && ns > latency_bounds[i].ns)
        i++;
    latency->buckets[i]++;
    latency->count++;
    latency->sum_ns += ns;
}
