/* SPDX-License-Identifier: MIT
 *
 * The C library functions that a freestanding kernel and the compiler expect
 * (C17 7.24), and the printf family that log and procfs share.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/* Copy with truncation, always terminated when size > 0; the source's length. */
size_t string_copy(char *to, const char *from, size_t size);

/* %d %i %u %x %lx %zu %c %s %p, width, 0 and - flags, precision on %s. The answer
 * is the length that would have been written (C17 7.21.6.12). */
int format(char *to, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int format_list(char *to, size_t size, const char *fmt, va_list args);
