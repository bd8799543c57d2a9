/* SPDX-License-Identifier: MIT */
#ifndef CLI_STACK_H
#define CLI_STACK_H

/*
 * Arrays of one shape and type, one by one, to one array with a new first axis; a single one stays as it is.
 *
 *     struct stack stack = {0};
 *     if (stack_add(&stack, &array, "a.png", &err)) ...      // as often as there are
 *     if (stack_finish(&stack, &whole, &err)) ...
 *     stack_drop(&stack);                                    // on failure
 *
 * stack_load does it for files: the frames of each, then the files.
 */

#include "input.h"
#include "options.h"

enum { STACK_MAX_MIB = 512 };

struct stack {
    size_t count;
    struct ims_array first;
    struct ims_bytes bytes; /* from the second one on */
};

/* Consumes `array`. Fails: INVALID naming `who` as the odd one, LIMIT past STACK_MAX_MIB, NOMEM. */
IMS_NODISCARD enum ims_result stack_add(struct stack *stack, struct ims_array *array,
                                        const char *who, struct ims_error *err);
/* Empties the stack, which must hold one at least. Fails: LIMIT (dimensions), NOMEM. */
IMS_NODISCARD enum ims_result stack_finish(struct stack *stack, struct ims_array *out,
                                           struct ims_error *err);
void stack_drop(struct stack *stack);

/* At most `frames` frames of each input (0: all). Fails: as input_next and stack_add; IO when interrupted. */
IMS_NODISCARD enum ims_result stack_load(const struct option_args *paths,
                                         const struct raw *raw, uint64_t frames,
                                         struct ims_array *out, struct ims_error *err);

#endif
