/* SPDX-License-Identifier: MIT */
/*
 * An encoder that hangs, before a program: LD_PRELOAD. While the file that STUCK names is there, a call of TurboJPEG's
 * compressor does not return; when it goes, the call goes on as ever.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int compress(void *handle, const unsigned char **planes, int width,
                     const int *strides, int height, int subsamp, unsigned char **jpeg,
                     unsigned long *size, int quality, int flags);

static int is_stuck(void)
{
    const char *path = getenv("STUCK");
    return path && access(path, F_OK) == 0;
}

compress tjCompressFromYUVPlanes;

int tjCompressFromYUVPlanes(void *handle, const unsigned char **planes, int width,
                            const int *strides, int height, int subsamp,
                            unsigned char **jpeg, unsigned long *size, int quality,
                            int flags)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    compress *real = (compress *)dlsym(RTLD_NEXT, "tjCompressFromYUVPlanes");
    if (!real)
        abort();
    while (is_stuck())
        nanosleep(&pause, NULL);
    return real(handle, planes, width, strides, height, subsamp, jpeg, size, quality,
                flags);
}
