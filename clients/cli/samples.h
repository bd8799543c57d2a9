/* SPDX-License-Identifier: MIT */
#ifndef CLI_SAMPLES_H
#define CLI_SAMPLES_H

/*
 * Prometheus' text format, read line by line: what /metrics answers.
 *
 *     static void on_sample(void *user, const struct sample *s)
 *     {
 *         if (strcmp(s->name, "imshowd_clients") == 0)
 *             printf("%s: %g\n", sample_label(s, "kind"), s->value);
 *     }
 *     ... samples_read(text, size, on_sample, user, &err)
 *
 * Comments are passed over. Nothing is kept; a sample is the callback's while it runs.
 */

#include <imshow/error.h>
#include <stddef.h>

enum {
    SAMPLE_NAME_MAX = 100,
    SAMPLE_LABELS_MAX = 8,
    SAMPLE_LABEL_MAX = 40,  /* bytes of a label's name */
    SAMPLE_VALUE_MAX = 160, /* and of its value */
};

struct sample {
    char name[SAMPLE_NAME_MAX + 1];
    int label_count;
    struct {
        char name[SAMPLE_LABEL_MAX + 1];
        char value[SAMPLE_VALUE_MAX + 1]; /* what is no printable ASCII is a '?' */
    } labels[SAMPLE_LABELS_MAX];
    double value; /* infinities and NaN are some */
};

/* "" where there is none such. */
const char *sample_label(const struct sample *sample, const char *name);

/* Fails: INVALID with the line that is no sample, or one that is longer than the above. */
IMS_NODISCARD enum ims_result samples_read(const char *text, size_t size,
                                           void (*on_sample)(void *user,
                                                             const struct sample *sample),
                                           void *user, struct ims_error *err);

#endif
