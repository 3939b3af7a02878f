/* SPDX-License-Identifier: MIT
 *
 * The rows that walks have met. Nothing here reads an unwind table: libunwind makes
 * a step over a stack whose words tell where they lie (marks.S), and where the restored registers
 * came from is seen from their values. A row is kept only when all that the step did can be said
 * as: the frame's address is rsp or rbp and an offset, registers lie at offsets from it. Compilers
 * make no others, except for a stack that a function realigns; entries from traps are others.
 */
#include <arch/unwind_rows.h>
#include <arch/unwind_tables.h>

/* marks.S */
extern const char unwind_marks_stack[], unwind_marks_stack_end[];
extern const char unwind_marks_pointer[], unwind_marks_pointer_end[];
extern const unw_context_t unwind_marked;

/* A power of two. A walk meets a row for each call in a backtrace, so that these suffice for some
 * hundred places where services fail; further ones are unwound as slowly as the first time. */
#define ROWS   512
#define PROBES 8

/* Rows are added and never changed. instruction is written last; TAKEN while the rest is. */
#define TAKEN 1

static struct unwind_row rows[ROWS];

static const uint8_t restored[UNWIND_RESTORED] = {
        CONTEXT_RBX, CONTEXT_RBP, CONTEXT_R12, CONTEXT_R13, CONTEXT_R14, CONTEXT_R15, CONTEXT_RIP,
};

/* libunwind's names of a context's words. */
static const uint8_t names[CONTEXT_REGISTERS] = {
        UNW_X86_64_RAX, UNW_X86_64_RBX, UNW_X86_64_RCX, UNW_X86_64_RDX, UNW_X86_64_RDI,
        UNW_X86_64_RSI, UNW_X86_64_RBP, UNW_X86_64_RSP, UNW_X86_64_R8,  UNW_X86_64_R9,
        UNW_X86_64_R10, UNW_X86_64_R11, UNW_X86_64_R12, UNW_X86_64_R13, UNW_X86_64_R14,
        UNW_X86_64_R15, UNW_X86_64_RIP,
};

/* libunwind's cursor in the frame of an instruction. It takes the row before the context's address,
 * as is right behind a call: the address behind the instruction's first byte finds its own row. */
static void set_out(unw_cursor_t *cursor, unw_context_t *context, uint64_t instruction)
{
	context->data[CONTEXT_RIP] = instruction;
	unw_init_local(cursor, context);
	unw_set_reg(cursor, UNW_X86_64_RIP, instruction + 1);
}

/* The cleanup handler that the instruction has, or 0. */
static uint64_t landing_pad(unw_cursor_t *cursor, uint64_t instruction)
{
	unw_proc_info_t info;

	if (unw_get_proc_info(cursor, &info) || !info.lsda)
		return 0;
	return unwind_landing_pad(info.lsda, info.start_ip, instruction);
}

/* The frame's address, and which register it was made of: false when it was made otherwise. */
static bool learn_address(struct unwind_row *row, uint64_t address)
{
	bool by_pointer = address % 8 == 2;
	const char *start = by_pointer ? unwind_marks_pointer : unwind_marks_stack;
	const char *end = by_pointer ? unwind_marks_pointer_end : unwind_marks_stack_end;

	row->base = by_pointer ? CONTEXT_RBP : CONTEXT_RSP;
	row->offset = (int32_t)(address - unwind_marked.data[row->base]);
	return (by_pointer || address % 8 == 0) && address >= (uint64_t)start &&
	       address <= (uint64_t)end;
}

/* Where a restored register was loaded from, or that it was left alone. */
static bool learn_saved(int16_t *saved, unsigned int word, uint64_t value, uint64_t address)
{
	int64_t distance = (int64_t)(value - 1 - address);

	*saved = 0;
	if (value == unwind_marked.data[word])
		return true;
	if (distance % 8 || distance >= 0 || distance < unwind_marks_stack - unwind_marks_stack_end)
		return false;
	*saved = (int16_t)distance;
	/* A mark, and not just a number near one. */
	return *(const uint64_t *)(value - 1) == value;
}

/* What libunwind's step from the marks did, when a row can say it all. A step that is no signal
 * frame's leaves nothing in the registers that a call does not keep (System V ABI, 3.2.1). */
static bool learn(struct unwind_row *row, unw_cursor_t *cursor)
{
	uint64_t address, value;

	if (unw_is_signal_frame(cursor) > 0)
		return false;
	unw_get_reg(cursor, UNW_X86_64_RSP, &address);
	if (!learn_address(row, address))
		return false;
	for (unsigned int i = 0; i < UNWIND_RESTORED; i++) {
		unw_get_reg(cursor, names[restored[i]], &value);
		if (!learn_saved(&row->saved[i], restored[i], value, address))
			return false;
	}
	return row->saved[UNWIND_RESTORED - 1] != 0; /* rip */
}

static void ask(struct unwind_row *row, uint64_t instruction)
{
	unw_context_t context = unwind_marked;
	unw_cursor_t cursor;

	set_out(&cursor, &context, instruction);
	row->instruction = instruction;
	row->pad = landing_pad(&cursor, instruction);
	/* The caller's address is a mark, of which no table knows: the result says nothing. */
	(void)unw_step(&cursor);
	row->plain = learn(row, &cursor);
}

static struct unwind_row *slot(uint64_t instruction, unsigned int probe)
{
	/* Fibonacci hashing: 2^64 divided by the golden ratio. */
	return &rows[((instruction * 0x9e3779b97f4a7c15) >> 32 & (ROWS - 1)) ^ probe];
}

static void keep(const struct unwind_row *row)
{
	for (unsigned int i = 0; i < PROBES; i++) {
		struct unwind_row *to = slot(row->instruction, i);
		uint64_t empty = 0;

		if (!__atomic_compare_exchange_n(&to->instruction, &empty, TAKEN, false,
		                                 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		to->pad = row->pad;
		to->plain = row->plain;
		to->base = row->base;
		to->offset = row->offset;
		for (unsigned int j = 0; j < UNWIND_RESTORED; j++)
			to->saved[j] = row->saved[j];
		__atomic_store_n(&to->instruction, row->instruction, __ATOMIC_RELEASE);
		return;
	}
}

const struct unwind_row *unwind_row(const struct unwind_frame *frame, struct unwind_row *fresh)
{
	uint64_t instruction = frame->context.data[CONTEXT_RIP] - !frame->exact;

	for (unsigned int i = 0; i < PROBES; i++) {
		const struct unwind_row *row = slot(instruction, i);
		uint64_t found = __atomic_load_n(&row->instruction, __ATOMIC_ACQUIRE);

		if (found == instruction)
			return row;
		if (!found)
			break;
	}
	ask(fresh, instruction);
	if (fresh->plain)
		keep(fresh);
	return fresh;
}

/* A step of libunwind's own. */
static bool step(struct unwind_frame *frame, uint64_t instruction)
{
	unw_cursor_t cursor;

	set_out(&cursor, &frame->context, instruction);
	if (unw_step(&cursor) <= 0)
		return false;
	for (unsigned int i = 0; i < CONTEXT_REGISTERS; i++)
		unw_get_reg(&cursor, names[i], &frame->context.data[i]);
	frame->exact = unw_is_signal_frame(&cursor) > 0;
	return true;
}

bool unwind_step(struct unwind_frame *frame, const struct unwind_row *row)
{
	uint64_t *registers = frame->context.data, address;

	if (!row->plain)
		return step(frame, row->instruction);
	address = registers[row->base] + (uint64_t)(int64_t)row->offset;
	for (unsigned int i = 0; i < UNWIND_RESTORED; i++)
		if (row->saved[i])
			registers[restored[i]] =
			        *(const uint64_t *)(address + (uint64_t)(int64_t)row->saved[i]);
	registers[CONTEXT_RSP] = address;
	frame->exact = false;
	return true;
}
