/* SPDX-License-Identifier: MIT */
#ifndef FAKECAM_REAL_H
#define FAKECAM_REAL_H

/*
 * The C library's own functions behind those that hooks.c puts in their place.
 *
 *     int fd = real_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
 *
 * Everything in this library that means a real file must call these. Looked up at first use, since a
 * sanitizer's start calls our hooks before any constructor of ours has run.
 */

#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

int real_openat(int dir, const char *path, int flags, mode_t mode);
int real_close(int fd);
ssize_t real_read(int fd, void *buf, size_t size);
int real_ioctl(int fd, unsigned long request, void *arg);
void *real_mmap(void *at, size_t size, int prot, int flags, int fd, off64_t offset);
FILE *real_fopen(const char *path, const char *mode);
int real_stat(const char *path, struct stat *st);
int real_stat64(const char *path, struct stat64 *st);
int real_lstat(const char *path, struct stat *st);
int real_lstat64(const char *path, struct stat64 *st);
int real_fstat(int fd, struct stat *st);
int real_fstat64(int fd, struct stat64 *st);

#endif
