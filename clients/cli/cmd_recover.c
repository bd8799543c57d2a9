/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/mcap.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static const struct option_row rows[] = {{0}};

static void print_options(FILE *file)
{
    fputs("  (none)\nEach file is checked to the last byte and mended in place: what is "
          "torn or "
          "damaged is cut out,\nthe index is written anew. A whole file is left alone.\n",
          file);
}

static void tell(const char *path, const struct ims_mcap_mended *m)
{
    uint64_t messages = m->counts.messages;
    if (m->was_whole) {
        printf("%s: is whole: %" PRIu64 " messages\n", path, messages);
        return;
    }
    printf("%s: mended: %" PRIu64 " messages are left", path, messages);
    if (m->bytes_cut)
        printf(", %" PRIu64 " bytes were cut off", m->bytes_cut);
    if (m->damaged)
        printf(", %u damaged places were taken out", m->damaged);
    putchar('\n');
}

static enum ims_result recover(const char *path, struct ims_error *err)
{
    struct ims_mcap_mended mended;
    struct ims_error why = {0};
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", path, strerror(errno));
    enum ims_result r = ims_mcap_recover(fd, true, &mended, &why);
    if (r)
        ims_error_set(err, "%.120s: %s", path, *why.text ? why.text : ims_result_name(r));
    else
        tell(path, &mended);
    close(fd);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    char unused;
    struct option_args args;
    enum ims_result r = options_parse(rows, argc, argv, &unused, &args, err);
    if (!r && args.count == 0)
        r = ims_fail(err, IMS_ERR_INVALID, "give a recording's file");
    if (r) {
        *is_usage = true;
        return r;
    }
    for (int i = 0; i < args.count;
         i++) { /* one that is beyond help does not keep the others */
        enum ims_result one = recover(args.values[i], err);
        r = r ? r : one;
    }
    if (!r && fflush(stdout) != 0)
        r = ims_fail(err, IMS_ERR_IO, "stdout cannot be written");
    return r;
}

const struct command command_recover = {
    .name = "recover",
    .usage = "FILE...",
    .summary = "mends recordings that were not finished, or are damaged, in place",
    .print_options = print_options,
    .run = run,
};
