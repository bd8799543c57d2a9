/* SPDX-License-Identifier: MIT */
/* npy: the frames one behind the other as one array, however long; no more than one of them in memory. */
#include "export.h"
#include "file.h"
#include "progress.h"

#include <imshow/npy.h>
#include <string.h>

static enum ims_result put_head(const struct export_job *job,
                                const struct ims_array *first, struct file_out *out,
                                struct ims_error *err)
{
    size_t shape[IMS_MAX_DIMS + 1] = {job->recorded.count};
    struct ims_bytes head = {0};
    if (first->ndim == IMS_MAX_DIMS)
        return ims_fail(err, IMS_ERR_LIMIT, "a frame of %d dimensions cannot be stacked",
                        IMS_MAX_DIMS);
    memcpy(shape + 1, first->shape, sizeof first->shape);
    enum ims_result r = ims_npy_head_write(first->dtype, first->ndim + 1, shape, &head);
    r = r ? ims_fail(err, r, "out of memory")
          : file_out_put(out, head.data, head.size, err);
    ims_bytes_finish(&head);
    return r;
}

static enum ims_result put_frame(const struct export_job *job, uint64_t i,
                                 const struct ims_array *first,
                                 const struct ims_array *array, struct file_out *out,
                                 struct ims_error *err)
{
    struct ims_array items;
    enum ims_result r = export_check_form(job, i, first, array, err);
    if (!r)
        r = ims_array_c_ordered(array, &items, err);
    if (r)
        return r;
    r = file_out_put(out, items.data,
                     ims_array_count(&items) * ims_dtype_size(items.dtype), err);
    ims_array_finish(&items);
    return r;
}

static enum ims_result put_all(struct export_job *job, const struct ims_array *first,
                               struct file_out *out, struct ims_error *err)
{
    struct progress bar = progress_start("writing", job->recorded.count);
    enum ims_result r = put_head(job, first, out, err);
    for (uint64_t i = 0; i < job->recorded.count && !r; i++) {
        struct ims_array array;
        r = export_check_interrupt(err);
        if (!r)
            r = recorded_array(&job->recorded, i, true, &array, err);
        if (r)
            break;
        r = put_frame(job, i, first, &array, out, err);
        ims_array_finish(&array);
        progress_step(&bar);
    }
    progress_finish(&bar);
    return r;
}

enum ims_result export_npy(struct export_job *job, struct ims_error *err)
{
    struct ims_array first;
    struct file_out out;
    enum ims_result r = recorded_array(&job->recorded, 0, true, &first, err);
    if (r)
        return r;
    r = file_out_begin(job->out, &out, err);
    if (!r)
        r = file_out_end(&out, put_all(job, &first, &out, err), err);
    ims_array_finish(&first);
    return r;
}
