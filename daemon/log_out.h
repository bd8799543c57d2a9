/* SPDX-License-Identifier: MIT */
#ifndef LOG_OUT_H
#define LOG_OUT_H

/*
 * stderr, written to without waiting: a terminal that is stopped, or a pipe that nobody reads, costs lines and no time.
 *
 *     if (!log_out_write(line, size)) lost++;
 *     if (log_out_is_journal()) ...
 *
 * Loop thread only.
 */

#include <stdbool.h>
#include <stddef.h>

/* False: it took nothing, or not all. At most 4096 bytes, which a pipe takes whole or not at all. */
bool log_out_write(const char *line, size_t size);
/* Whether stderr is the very socket that systemd gave us for the journal: $JOURNAL_STREAM has its device and inode. */
bool log_out_is_journal(void);

#endif
