/* SPDX-License-Identifier: MIT */
#include "build.h"

#include <fnmatch.h>
#include <stddef.h>

const struct feature features[] = {
    {"tls", IMSHOWD_TLS, "IMSHOWD_TLS", {"tls-cert", "tls-key"}},
    {"recording",
     IMSHOWD_RECORDING,
     "IMSHOWD_RECORDING",
     {"record", "recordings", "recordings-*", "replay:*", "/api/v1/recordings*",
      "/recordings/*"}},
    {"page", IMSHOWD_PAGE, "IMSHOWD_PAGE", {"/", "/assets/*", "/streams/*/figure.html"}},
    {.name = NULL},
};

static bool is_of(const struct feature *feature, const char *thing)
{
    for (int i = 0; i < FEATURE_THINGS_MAX && feature->things[i]; i++)
        if (fnmatch(feature->things[i], thing, 0) == 0)
            return true;
    return false;
}

const struct feature *build_missing(const char *thing)
{
    for (const struct feature *f = features; f->name; f++)
        if (!f->is_in && is_of(f, thing))
            return f;
    return NULL;
}

static void print_those(FILE *file, const char *head, bool is_in)
{
    int count = 0;
    for (const struct feature *f = features; f->name; f++)
        if (f->is_in == is_in)
            fprintf(file, "%s %s", count++ ? "" : head, f->name);
    if (count)
        fputc('\n', file);
}

void build_print(FILE *file)
{
    print_those(file, "with:", true);
    print_those(file, "without:", false);
}
