/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

/*
 * A part of a recording as a file, one function a form; cmd_export.c chooses by the name's end.
 *
 *     struct export_job job = {.out = "night.html", ...};
 *     if (export_html(&job, &err)) ...
 *
 * What they read comes from `recorded`, whose frames have been chosen; the bar on stderr is theirs.
 */

#include "figure_ops.h"
#include "px_params.h"
#include "recorded.h"

struct export_job {
    const char *out, *plotlyjs;
    struct recorded_part part;
    struct recorded recorded;
    struct ims_document *figure; /* as it was recorded; NULL: nothing was */
    struct px_call call;         /* its parameters, and those given over them */
    struct figure_ops ops;       /* given; they follow those that were recorded */
};

/* One writer each; the file appears whole or not at all. Fails: INVALID, LIMIT (with the numbers and what to do), IO,
 * UNSUPPORTED, NOMEM. */
IMS_NODISCARD enum ims_result export_json(struct export_job *job, struct ims_error *err);
IMS_NODISCARD enum ims_result export_html(struct export_job *job, struct ims_error *err);
IMS_NODISCARD enum ims_result export_png(struct export_job *job, struct ims_error *err);
IMS_NODISCARD enum ims_result export_npy(struct export_job *job, struct ims_error *err);
IMS_NODISCARD enum ims_result export_y4m(struct export_job *job, struct ims_error *err);
IMS_NODISCARD enum ims_result export_mcap(struct export_job *job, struct ims_error *err);

/* IO, "interrupted", once Ctrl-C was pressed. */
IMS_NODISCARD enum ims_result export_check_interrupt(struct ims_error *err);
/* The ops that were recorded, then those given. Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result export_apply_ops(const struct export_job *job,
                                               const struct ims_array *array,
                                               struct ims_figure *figure,
                                               struct ims_error *err);
/* INVALID, naming both and what to do, unless a frame has the form of the first. */
IMS_NODISCARD enum ims_result export_check_form(const struct export_job *job, uint64_t i,
                                                const struct ims_array *first,
                                                const struct ims_array *array,
                                                struct ims_error *err);

#endif
