/* SPDX-License-Identifier: MIT */
#include "usbcam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number behind KIND% or KIND@, with that mark; 0 where the fault is another one. */
static unsigned number_of(const char *fault, const char *kind, char *mark)
{
    size_t length = strlen(kind);
    if (strncmp(fault, kind, length))
        return 0;
    *mark = fault[length];
    return *mark ? (unsigned)strtoul(fault + length + 1, NULL, 10) : 1;
}

bool fault_holds(char **faults, const char *kind, unsigned frame)
{
    for (; *faults; faults++) {
        char mark = 0;
        unsigned n = number_of(*faults, kind, &mark);
        if (n && (!mark || (mark == '@' ? frame >= n : frame % n == n - 1)))
            return true;
    }
    return false;
}

static bool is_known(const char *fault)
{
    static const char *const kinds[] = {"err%", "short%", "stall@", "unplug@"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strncmp(fault, kinds[i], strlen(kinds[i])) &&
            strtoul(fault + strlen(kinds[i]), NULL, 10))
            return true;
    return !strcmp(fault, "nocommit");
}

void fault_check(char **faults)
{
    for (; *faults; faults++)
        if (!is_known(*faults)) {
            fprintf(stderr,
                    "usbcam: no fault %s; there are: err%%N short%%N stall@N unplug@N "
                    "nocommit\n",
                    *faults);
            exit(2);
        }
}
