/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over the files of a folder: regress FOLDER. What a fuzzer once found stays found. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

/* In memory of exactly the file's size, so that the sanitizer sees a read past its end. */
static bool run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    bool ok = false;

    if (!file)
        return false;
    if (fseek(file, 0, SEEK_END) == 0) {
        const size_t size = (size_t)ftell(file);
        uint8_t *data = malloc(size ? size : 1);
        rewind(file);
        ok = data && fread(data, 1, size, file) == size;
        if (ok)
            LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    int files = 0, failed = 0;

    if (!dir) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        files++;
        if (!run_file(path)) {
            fprintf(stderr, "%s: cannot be read\n", path);
            failed++;
        }
    }
    closedir(dir);
    printf("%d files\n", files);
    return files > 0 && failed == 0 ? 0 : 1;
}
