/* SPDX-License-Identifier: MIT
 *
 * The tables of cleanup handlers that compilers make for C with -fexceptions.
 * Source: Itanium C++ ABI, exception handling tables (LSDA); DWARF 5, 7.7.
 */
#include <stdint.h>

#include <arch/unwind_tables.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>

#define ENCODING_OMIT    0xff
#define ENCODING_ULEB128 0x01
#define ENCODING_UDATA2  0x02
#define ENCODING_UDATA4  0x03
#define ENCODING_UDATA8  0x04

static uint64_t read_uleb128(const uint8_t **at)
{
	uint64_t value = 0;
	unsigned int shift = 0;

	do {
		if (shift < 64)
			value |= (uint64_t)(**at & 0x7f) << shift;
		shift += 7;
	} while (*(*at)++ & 0x80);
	return value;
}

static uint64_t read_encoded(const uint8_t **at, uint8_t encoding)
{
	uint64_t value = 0;
	size_t size;

	switch (encoding & 0x0f) {
	case ENCODING_ULEB128:
		return read_uleb128(at);
	case ENCODING_UDATA2:
		size = 2;
		break;
	case ENCODING_UDATA4:
		size = 4;
		break;
	case ENCODING_UDATA8:
		size = 8;
		break;
	default:
		panic("unknown pointer encoding %x in an exception table", encoding);
	}
	memcpy(&value, *at, size);
	*at += size;
	return value;
}

uint64_t unwind_landing_pad(uint64_t lsda, uint64_t start, uint64_t ip)
{
	const uint8_t *at = (const uint8_t *)lsda;
	uint64_t base = start;
	const uint8_t *end;
	uint64_t size;
	uint8_t encoding;

	encoding = *at++;
	if (encoding != ENCODING_OMIT)
		base = read_encoded(&at, encoding);
	encoding = *at++; /* of the type table, which C has not */
	if (encoding != ENCODING_OMIT)
		read_uleb128(&at);
	encoding = *at++; /* of the call sites */
	size = read_uleb128(&at);
	end = at + size;
	while (at < end) {
		uint64_t region = read_encoded(&at, encoding);
		uint64_t length = read_encoded(&at, encoding);
		uint64_t pad = read_encoded(&at, encoding);

		read_uleb128(&at); /* action: C has cleanups only */
		if (ip - start < region)
			break; /* sorted: none of the rest covers it */
		if (ip - start < region + length)
			return pad ? base + pad : 0;
	}
	return 0;
}

/* Compilers name it in each table, to say whose format it is; the walk reads the tables itself. */
_Noreturn void __gcc_personality_v0(void);

_Noreturn void __gcc_personality_v0(void)
{
	panic("a personality routine was called");
}
