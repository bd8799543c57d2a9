/* SPDX-License-Identifier: MIT */
/* What libwebsockets calls by its name and the daemon defines. */
#include "serve/lws_mend.h"

#include <libwebsockets.h>

#include <criterion/criterion.h>
#include <dlfcn.h>

enum { COUNT = 200 };

struct deadline {
    lws_dll2_t list; /* first */
    int at, number;
};

static int compare(const lws_dll2_t *a, const lws_dll2_t *b)
{
    return ((const struct deadline *)a)->at - ((const struct deadline *)b)->at;
}

Test(deadlines, come_in_their_order_and_equal_ones_in_that_of_their_coming)
{
    static struct deadline all[COUNT];
    lws_dll2_owner_t owner = {0};
    unsigned int state = 1;
    for (int i = 0; i < COUNT; i++) {
        state = state * 1103515245 + 12345;
        all[i].at = (int)(state >> 16) % 40;
        all[i].number = i;
        lws_dll2_add_sorted(&all[i].list, &owner, compare);
    }
    int count = 0;
    for (struct deadline *d = (struct deadline *)owner.head; d;
         d = (struct deadline *)d->list.next, count++) {
        struct deadline *next = (struct deadline *)d->list.next;
        cr_assert_eq(d->list.next ? d->list.next->prev : owner.tail, &d->list);
        cr_assert(!next || d->at < next->at ||
                  (d->at == next->at && d->number < next->number));
    }
    cr_assert_eq(count, COUNT);
    cr_assert_eq(owner.count, COUNT);
}

/* What the library calls is what the program's own name is bound to. */
Test(deadlines, are_put_in_order_by_the_daemon)
{
    void *own = dlsym(RTLD_DEFAULT, "lws_dll2_add_sorted");
    void *theirs = dlsym(RTLD_NEXT, "lws_dll2_add_sorted");
    cr_assert_not_null(theirs);
    cr_assert_neq(own, theirs);
}

Test(waiting_bytes, are_asked_for_by_the_daemons_function)
{
    cr_assert(lws_mend_works());
}
