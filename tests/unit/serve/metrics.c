/* SPDX-License-Identifier: MIT */
#include "serve/metrics.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(struct ims_bytes *out, const char *text)
{
    ims_bytes_append(out, "", 1);
    cr_assert_eq(out->result, IMS_OK);
    cr_assert_str_eq((char *)out->data, text);
    ims_bytes_finish(out);
}

Test(metrics, escapes_what_would_end_a_label)
{
    struct ims_bytes out = {0};
    struct metrics_labels labels;
    metrics_labels_begin(&labels);
    metrics_label(&labels, "a", "x\"y\\z\n\xc3\xa9");
    metrics_label(&labels, "b", "");
    metrics_u64(&out, "n_total", &labels, UINT64_MAX);
    metrics_u64(&out, "m", NULL, 0);
    expect(&out,
           "n_total{a=\"x\\\"y\\\\z\\n\xc3\xa9\",b=\"\"} 18446744073709551615\nm 0\n");
}

Test(metrics, leaves_out_a_label_that_does_not_fit)
{
    char value[METRICS_LABELS_MAX];
    struct ims_bytes out = {0};
    struct metrics_labels labels;
    memset(value, '"', sizeof value - 1);
    value[sizeof value - 1] = 0;
    metrics_labels_begin(&labels);
    metrics_label(&labels, "a", "1");
    metrics_label(&labels, "b", value);
    metrics_label(&labels, "c", "2");
    metrics_u64(&out, "n", &labels, 1);
    expect(&out, "n{a=\"1\",c=\"2\"} 1\n");
}

Test(metrics, writes_seconds_to_the_nanosecond)
{
    struct ims_bytes out = {0};
    metrics_seconds(&out, "s", NULL, 1500000000000000001);
    metrics_seconds(&out, "s", NULL, -1);
    expect(&out, "s 1500000000.000000001\ns 0.000000000\n");
}

Test(metrics, writes_buckets_that_add_up)
{
    struct ims_bytes out = {0};
    struct metrics_labels labels;
    struct latency latency = {0};
    char *text, name[METRICS_NAME_MAX + 1];
    latency_add(&latency, 150000);
    latency_add(&latency, 150000);
    latency_add(&latency, INT64_C(7000000000));
    metrics_labels_begin(&labels);
    while (labels.size < METRICS_LABELS_MAX - 8)
        metrics_label(&labels, "a", "1");
    memset(name, 'n', METRICS_NAME_MAX);
    name[METRICS_NAME_MAX] = 0;
    metrics_latency(&out, name, &labels, &latency); /* as long as they may be */
    ims_bytes_append(&out, "", 1);
    text = (char *)out.data;
    cr_assert_not_null(strstr(text, "le=\"0.0001\"} 0\n"));
    cr_assert_not_null(strstr(text, "le=\"0.0002\"} 2\n"));
    cr_assert_not_null(strstr(text, "le=\"5\"} 2\n"));
    cr_assert_not_null(strstr(text, "le=\"+Inf\"} 3\n"));
    cr_assert_not_null(strstr(text, "} 7.000300000\n"));
    cr_assert_not_null(strstr(text, "} 3\n"));
    ims_bytes_finish(&out);
}
