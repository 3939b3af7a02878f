/* SPDX-License-Identifier: MIT
 *
 * What Debian's prebuilt libunwind asks of a C library. After its first use only
 * dl_iterate_phdr, memcpy and memset are called; it never allocates (a trial
 * kernel showed that: FACTS of the design).
 * Source: dl_iterate_phdr(3); System V ABI, chapter 5.
 */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include <link.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arch/image.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>

extern const char eh_frame_hdr_start[], eh_frame_hdr_end[];

void *stderr;

/* The C library's headers would bring its macros and inline functions along. */
_Noreturn void abort(void);
_Noreturn void __assert_fail(const char *what, const char *file, unsigned int line,
                             const char *function);
int fprintf(void *stream, const char *fmt, ...);
int __fprintf_chk(void *stream, int flag, const char *fmt, ...);
size_t fwrite(const void *from, size_t size, size_t count, void *stream);
int fflush(void *stream);
int snprintf(char *to, size_t size, const char *fmt, ...);
char *getenv(const char *name);
void *malloc(size_t size);
void free(void *memory);
int pthread_rwlock_rdlock(void *lock);
int pthread_rwlock_wrlock(void *lock);
int pthread_rwlock_unlock(void *lock);

/* The image as one loaded object: its code, and the table that finds the FDEs. No more of the
 * image, since an address within it that the table does not know is looked for in all FDEs. */
int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
	const ElfW(Phdr) headers[] = {
	        {.p_type = PT_LOAD,
	         .p_vaddr = (uint64_t)text_start,
	         .p_memsz = (uint64_t)(text_end - text_start)},
	        {.p_type = PT_GNU_EH_FRAME,
	         .p_vaddr = (uint64_t)eh_frame_hdr_start,
	         .p_memsz = (uint64_t)(eh_frame_hdr_end - eh_frame_hdr_start)},
	};
	struct dl_phdr_info info = {
	        .dlpi_name = "aramid",
	        .dlpi_phdr = headers,
	        .dlpi_phnum = sizeof(headers) / sizeof(headers[0]),
	        .dlpi_adds = 1, /* the set of objects never changes: caches stay valid */
	};

	return callback(&info, sizeof(info), data);
}

/* The archive's own assertions and messages: it is at a loss, and so are we. */
_Noreturn void abort(void)
{
	panic("the unwinder gave up");
}

_Noreturn void __assert_fail(const char *what, const char *file, unsigned int line,
                             const char *function)
{
	(void)file, (void)line, (void)function;
	panic("the unwinder: %s", what);
}

int fprintf(void *stream, const char *fmt, ...)
{
	(void)stream, (void)fmt;
	return 0;
}

int __fprintf_chk(void *stream, int flag, const char *fmt, ...)
{
	(void)stream, (void)flag, (void)fmt;
	return 0;
}

size_t fwrite(const void *from, size_t size, size_t count, void *stream)
{
	(void)from, (void)size, (void)stream;
	return count;
}

int fflush(void *stream)
{
	(void)stream;
	return 0;
}

int snprintf(char *to, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = format_list(to, size, fmt, args);
	va_end(args);
	return length;
}

char *getenv(const char *name)
{
	(void)name;
	return NULL;
}

/* Only functions that register unwind tables at run time allocate. */
void *malloc(size_t size)
{
	(void)size;
	return NULL;
}

void free(void *memory)
{
	(void)memory;
}

int dladdr(const void *address, Dl_info *info)
{
	(void)address, (void)info;
	return 0;
}

void *dlsym(void *handle, const char *name)
{
	(void)handle, (void)name;
	return NULL;
}

/* The lock of the archive's cache of registered tables, which stays empty. */
int pthread_rwlock_rdlock(void *lock)
{
	(void)lock;
	return 0;
}

int pthread_rwlock_wrlock(void *lock)
{
	(void)lock;
	return 0;
}

int pthread_rwlock_unlock(void *lock)
{
	(void)lock;
	return 0;
}
