/* SPDX-License-Identifier: MIT */
#include "stack.h"

#include "pace.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

static bool is_alike(const struct ims_array *a, const struct ims_array *b)
{
    return a->dtype == b->dtype && a->ndim == b->ndim &&
           memcmp(a->shape, b->shape, (size_t)a->ndim * sizeof *a->shape) == 0;
}

/* "(2, 3) uint8" */
static void describe(const struct ims_array *a, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "(");
    for (int i = 0; i < a->ndim && at + 24 < size; i++)
        at += (size_t)snprintf(out + at, size - at, i ? ", %zu" : "%zu", a->shape[i]);
    snprintf(out + at, size - at, ") %s", ims_dtype_name(a->dtype));
}

static enum ims_result fail_odd(const struct stack *stack, const struct ims_array *array,
                                const char *who, struct ims_error *err)
{
    char first[128], odd[128];
    describe(&stack->first, first, sizeof first);
    describe(array, odd, sizeof odd);
    return ims_fail(err, IMS_ERR_INVALID, "%.100s is %s, those before it are %s", who,
                    odd, first);
}

static enum ims_result append(struct stack *stack, const struct ims_array *array,
                              const char *who, struct ims_error *err)
{
    struct ims_array items;
    enum ims_result r = ims_array_c_ordered(array, &items, err);
    if (r)
        return r;
    stack->bytes.limit = (size_t)STACK_MAX_MIB << 20;
    ims_bytes_append(&stack->bytes, items.data,
                     ims_array_count(&items) * ims_dtype_size(items.dtype));
    ims_array_finish(&items);
    if (stack->bytes.result == IMS_ERR_LIMIT)
        return ims_fail(
            err, IMS_ERR_LIMIT,
            "%.100s: more than %d MiB in all; take fewer frames with --frames N", who,
            STACK_MAX_MIB);
    return stack->bytes.result ? ims_fail(err, stack->bytes.result, "out of memory")
                               : IMS_OK;
}

/* The first one moves into the bytes when a second one comes. */
static enum ims_result add(struct stack *stack, const struct ims_array *array,
                           const char *who, struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    if (stack->count == 0) {
        stack->first = ims_array_ref(array);
        return IMS_OK;
    }
    if (!is_alike(&stack->first, array))
        return fail_odd(stack, array, who, err);
    if (stack->count == 1)
        r = append(stack, &stack->first, who, err);
    return r ? r : append(stack, array, who, err);
}

enum ims_result stack_add(struct stack *stack, struct ims_array *array, const char *who,
                          struct ims_error *err)
{
    enum ims_result r = add(stack, array, who, err);
    stack->count += !r;
    ims_array_finish(array);
    return r;
}

void stack_drop(struct stack *stack)
{
    ims_array_finish(&stack->first);
    ims_bytes_finish(&stack->bytes);
    *stack = (struct stack){0};
}

enum ims_result stack_finish(struct stack *stack, struct ims_array *out,
                             struct ims_error *err)
{
    size_t shape[IMS_MAX_DIMS + 1] = {stack->count};
    struct ims_buffer *buffer = NULL;
    struct ims_bytes *bytes = &stack->bytes;
    enum ims_result r;
    if (stack->count == 1) {
        *out = ims_array_ref(&stack->first);
        stack_drop(stack);
        return IMS_OK;
    }
    memcpy(shape + 1, stack->first.shape, sizeof stack->first.shape);
    if (bytes->data)
        r = ims_buffer_wrap(bytes->data, bytes->size, free, bytes->data, &buffer);
    else
        r = ims_buffer_create(0, &buffer); /* items of arrays without any */
    if (!r)
        *bytes = (struct ims_bytes){0}; /* the buffer's from here on */
    if (!r)
        r = ims_array_over(buffer, 0, stack->first.dtype, stack->first.ndim + 1, shape,
                           out, err);
    ims_buffer_unref(&buffer);
    stack_drop(stack);
    return r;
}

/* ---- files ---- */

static enum ims_result load_frames(struct input *input, uint64_t frames,
                                   struct stack *stack, struct ims_error *err)
{
    struct progress bar = progress_start(input->path, frames);
    enum ims_result r = IMS_OK;
    while (!r && (frames == 0 || input->frames < frames)) {
        struct ims_array array = {0};
        char who[128];
        r = input_next(input, &array, err);
        if (!r && pace_is_interrupted())
            r = ims_fail(err, IMS_ERR_IO, "interrupted");
        if (r || !array.buffer)
            break;
        snprintf(who, sizeof who, "frame %llu of %.90s",
                 (unsigned long long)input->frames, input->path);
        r = stack_add(stack, &array, who, err);
        progress_step(&bar);
    }
    progress_finish(&bar);
    return r;
}

static enum ims_result load_input(const char *path, const struct raw *raw,
                                  uint64_t frames, struct ims_array *out,
                                  struct ims_error *err)
{
    struct input input;
    struct stack stack = {0};
    enum ims_result r = input_open(path, raw, &input, err);
    if (r)
        return r;
    r = load_frames(&input, frames, &stack, err);
    if (!r && stack.count == 0)
        r = ims_fail(err, IMS_ERR_TRUNCATED, "%s: holds no frame", input.path);
    input_close(&input); /* the file's bytes go before the arrays are joined */
    if (!r)
        r = stack_finish(&stack, out, err);
    stack_drop(&stack);
    return r;
}

enum ims_result stack_load(const struct option_args *paths, const struct raw *raw,
                           uint64_t frames, struct ims_array *out, struct ims_error *err)
{
    struct stack stack = {0};
    enum ims_result r = IMS_OK;
    struct progress bar = progress_start("loading", (uint64_t)paths->count);
    for (int i = 0; !r && i < paths->count; i++) {
        struct ims_array array = {0};
        r = load_input(paths->values[i], raw, frames, &array, err);
        if (!r)
            r = stack_add(&stack, &array, paths->values[i], err);
        progress_step(&bar);
    }
    progress_finish(&bar);
    if (!r)
        r = stack_finish(&stack, out, err);
    stack_drop(&stack);
    return r;
}
