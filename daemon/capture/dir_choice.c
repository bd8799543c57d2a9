/* SPDX-License-Identifier: MIT */
#include "dir_choice.h"

#include <string.h>

/* ---- stamps ---- */

bool dir_stamp_same(const struct dir_stamp *a, const struct dir_stamp *b)
{
    return a->mtime_ns == b->mtime_ns && a->size == b->size && a->inode == b->inode &&
           strcmp(a->name, b->name) == 0;
}

bool dir_stamp_after(enum dir_order order, const struct dir_stamp *a,
                     const struct dir_stamp *b)
{
    if (order == DIR_BY_MTIME && a->mtime_ns != b->mtime_ns)
        return a->mtime_ns > b->mtime_ns;
    return strverscmp(a->name, b->name) > 0; /* shot_10 comes after shot_9 */
}

/* ---- the choice ---- */

static bool is_after_shown(const struct dir_choice *choice, const struct dir_stamp *stamp)
{
    if (!choice->has_shown)
        return true;
    if (strcmp(stamp->name, choice->shown.name) == 0) /* written anew */
        return !dir_stamp_same(stamp, &choice->shown);
    return dir_stamp_after(choice->order, stamp, &choice->shown);
}

bool dir_choice_knows(const struct dir_choice *choice, const struct dir_stamp *stamp)
{
    for (size_t i = 0; i < choice->refused_count; i++)
        if (dir_stamp_same(stamp, &choice->refused[i]))
            return true;
    return choice->has_shown && dir_stamp_same(stamp, &choice->shown);
}

bool dir_choice_is_news(const struct dir_choice *choice, const struct dir_stamp *stamp)
{
    return !dir_choice_knows(choice, stamp) && is_after_shown(choice, stamp);
}

void dir_choice_offer(struct dir_choice *choice, const struct dir_stamp *stamp)
{
    size_t at = choice->now_count;
    if (!dir_choice_is_news(choice, stamp))
        return;
    while (at > 0 && dir_stamp_after(choice->order, stamp, &choice->now[at - 1]))
        at--;
    if (at == DIR_OFFERS)
        return;
    if (choice->now_count < DIR_OFFERS)
        choice->now_count++;
    memmove(choice->now + at + 1, choice->now + at,
            (choice->now_count - at - 1) * sizeof *choice->now);
    choice->now[at] = *stamp;
}

static bool was_before(const struct dir_choice *choice, const struct dir_stamp *stamp)
{
    for (size_t i = 0; i < choice->before_count; i++)
        if (dir_stamp_same(stamp, &choice->before[i]))
            return true;
    return false;
}

bool dir_choice_settle(struct dir_choice *choice, struct dir_stamp *out, bool *waits)
{
    size_t found = 0;
    while (found < choice->now_count && !was_before(choice, &choice->now[found]))
        found++;
    *waits = found > 0;
    memcpy(choice->before, choice->now, sizeof choice->now);
    choice->before_count = choice->now_count;
    choice->now_count = 0;
    if (found == choice->before_count)
        return false;
    *out = choice->before[found];
    return true;
}

/* ---- what became of it ---- */

static void forget_refused(struct dir_choice *choice)
{
    size_t kept = 0;
    for (size_t i = 0; i < choice->refused_count; i++)
        if (is_after_shown(choice, &choice->refused[i]))
            choice->refused[kept++] = choice->refused[i];
    choice->refused_count = kept;
}

void dir_choice_shown(struct dir_choice *choice, const struct dir_stamp *stamp)
{
    /* A file that was moved in may be older than the one before: that one must not come again. */
    if (choice->has_shown && !is_after_shown(choice, stamp))
        return;
    choice->shown = *stamp;
    choice->has_shown = true;
    forget_refused(choice);
}

void dir_choice_refuse(struct dir_choice *choice, const struct dir_stamp *stamp)
{
    if (choice->refused_count < DIR_REFUSED) {
        choice->refused[choice->refused_count++] = *stamp;
        return;
    }
    /* Too many to look below them: what is older than the newest of them has had its time. */
    struct dir_stamp newest = *stamp;
    for (size_t i = 0; i < DIR_REFUSED; i++)
        if (dir_stamp_after(choice->order, &choice->refused[i], &newest))
            newest = choice->refused[i];
    dir_choice_shown(choice, &newest);
}
