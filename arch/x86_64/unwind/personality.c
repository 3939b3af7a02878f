/* SPDX-License-Identifier: MIT
 *
 * The C personality: runs the cleanup handlers of functions compiled with
 * -fexceptions. The libraries' one looks up the address before the instruction
 * even in a frame that a trap interrupted; this one asks (_Unwind_GetIPInfo).
 * Source: Itanium C++ ABI, exception handling tables (LSDA); DWARF 5, 7.7.
 */
#include <stdbool.h>
#include <stdint.h>
#include <unwind.h>

#include <kernel/lib/string.h>
#include <kernel/log/log.h>

#define ENCODING_OMIT    0xff
#define ENCODING_ULEB128 0x01
#define ENCODING_UDATA2  0x02
#define ENCODING_UDATA4  0x03
#define ENCODING_UDATA8  0x04

_Unwind_Reason_Code __gcc_personality_v0(int version, _Unwind_Action actions,
                                         _Unwind_Exception_Class class,
                                         struct _Unwind_Exception *exception,
                                         struct _Unwind_Context *context);

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

/* Where the cleanup for an address starts, or 0. */
static uint64_t find_landing_pad(struct _Unwind_Context *context, uint64_t ip)
{
	const uint8_t *at = (const uint8_t *)_Unwind_GetLanguageSpecificData(context);
	uint64_t start = _Unwind_GetRegionStart(context), base = start;
	const uint8_t *end;
	uint64_t size;
	uint8_t encoding;

	if (!at)
		return 0;
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

_Unwind_Reason_Code __gcc_personality_v0(int version, _Unwind_Action actions,
                                         _Unwind_Exception_Class class,
                                         struct _Unwind_Exception *exception,
                                         struct _Unwind_Context *context)
{
	int exact = 0;
	uint64_t ip = _Unwind_GetIPInfo(context, &exact), pad;

	(void)class;
	if (version != 1 || !(actions & _UA_CLEANUP_PHASE))
		return _URC_CONTINUE_UNWIND;
	/* A return address belongs to the call before it; a trap's address to itself. */
	pad = find_landing_pad(context, exact ? ip : ip - 1);
	if (!pad)
		return _URC_CONTINUE_UNWIND;
	_Unwind_SetGR(context, __builtin_eh_return_data_regno(0), (uint64_t)exception);
	_Unwind_SetGR(context, __builtin_eh_return_data_regno(1), 0);
	_Unwind_SetIP(context, pad);
	return _URC_INSTALL_CONTEXT;
}
