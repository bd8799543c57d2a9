/* SPDX-License-Identifier: MIT */
#ifndef IMS_CLONES_H
#define IMS_CLONES_H

/*
 * IMS__CLONES in front of a plain loop makes the compiler build it once for each instruction set and
 * choose at load time:
 *
 *     IMS__CLONES
 *     static void add_rows(uint32_t *sum, const uint8_t *row, size_t n) ...
 *
 * The levels of the x86-64 ABI: v3 has AVX2 and BMI2, v4 the common part of AVX-512. A processor's name
 * ("arch=skylake-avx512") would be taken by its maker's only.
 *
 * gcc on x86-64 with glibc only: the choice is an ifunc, which runs before a sanitizer is ready and
 * which other C libraries lack. Elsewhere the loop is compiled once, for the target at hand.
 */

#include <stdlib.h> /* __GLIBC__ */

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) &&                    \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                             \
    !defined(__SANITIZE_THREAD__)
#define IMS__CLONES                                                                      \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define IMS__CLONES
#endif

#endif
