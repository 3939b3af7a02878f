/* SPDX-License-Identifier: MIT
 *
 * From a failure to the boundary of the call in which it happened. A panic inside a
 * panic lands at once; a failure of core code, or with no boundary, is the core's
 * (begin_panic returns and a crash dump follows).
 */
#include <arch/boot_info.h>
#include <arch/cpu.h>
#include <arch/cpu_setup.h>
#include <arch/registers.h>
#include <arch/unwind.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/call.h>
#include <kernel/boundary/record.h>
#include <kernel/lib/string.h>
#include <kernel/log/crash.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>

/* Booted with panic-on-containment: the first failure that would be contained is a crash dump,
 * as where nothing is contained. For those who prefer a stopped machine, and for comparing. */
static bool prefers_crash;

void boundary_init(void)
{
	prefers_crash = boot_option("panic-on-containment");
}

/* The boundary that a failure of the running code belongs to, or NULL. */
static struct boundary_record *responsible(void)
{
	struct boundary_record *record = current_thread()->boundary;

	if (!record || !record->landing || this_cpu()->in_interrupt || this_cpu()->locks_held)
		return NULL;
	if (record->in_core && !record->unwinding)
		return NULL;
	return prefers_crash ? NULL : record;
}

/* What is known of a fall, but for its message. */
static void note_fall(struct boundary_record *record, enum cause cause, const char *function)
{
	record->started = tsc_read();
	record->cause = cause;
	record->function = function;
	record->trace_count = 0;
	memset(record->message, 0, sizeof(record->message));
	record->fallen = true;
}

static _Noreturn void fall(struct boundary_record *record, enum cause cause, const char *function,
                           const char *message, const struct trap_frame *frame)
{
	/* A cleanup handler or the unwinder failed: no second try. */
	if (record->unwinding)
		boundary_land(record);
	unwind_begin();
	note_fall(record, cause, function);
	/* From here on a second failure lands, with what is noted: the message may be one. */
	__asm__ volatile("" : : : "memory");
	record->unwinding = true;
	string_copy(record->message, message, sizeof(record->message));
	irq_enable();
	unwind_to(record, frame);
}

void begin_panic_from(enum cause cause, const char *function, const char *message,
                      const struct trap_frame *frame)
{
	struct boundary_record *record = responsible();

	if (record)
		fall(record, cause, function, message, frame);
}

void boundary_fault(struct trap_frame *frame, enum cause cause, uint64_t address)
{
	struct boundary_record *record = responsible();
	char message[BOUNDARY_MESSAGE_MAX];

	/* Also with interrupts off, which a damaged instruction of the service may have turned
	 * off: the core has locks then, or is in one of its own functions. */
	if (!record)
		return;
	if (cause == CAUSE_wild_jump)
		unwind_repair_wild_jump(frame);
	if (frame->vector == VECTOR_PAGE_FAULT)
		format(message, sizeof(message), "page fault at address %lx, error %lx%s", address,
		       frame->error_code, cause == CAUSE_stray ? ", not the service's memory" : "");
	else
		format(message, sizeof(message), "exception %u", frame->vector);
	fall(record, cause, NULL, message, frame);
}

void boundary_reject(struct boundary_record *record, const char *message)
{
	if (prefers_crash)
		panic("service %s in %s: %s", record->service->name, record->operation, message);
	note_fall(record, CAUSE_panic, NULL);
	string_copy(record->message, message, sizeof(record->message));
}

/* End the call without running its cleanup handlers: landing-pad tables cover calls only, and
 * this may be between any two instructions. */
static _Noreturn void land_asynchronously(struct boundary_record *record, enum cause cause,
                                          uint64_t rip)
{
	note_fall(record, cause, NULL);
	record->trace_count = 1;
	record->trace[0] = rip;
	string_copy(record->message, "ended from outside", sizeof(record->message));
	boundary_land(record);
}

/* Why the innermost call is to be ended from outside, or -1. */
static int asked_to_end(const struct boundary_record *record)
{
	if (record->pending)
		return record->pending - 1;
	return record->service->state == SERVICE_RECOVERING && !record->service->starting
	               ? CAUSE_COUNT
	               : -1;
}

bool boundary_is_guard(uint64_t address)
{
#if ARAMID_ISOLATE_SERVICES
	const struct boundary_record *record = current_thread()->boundary;

	return record && address >= record->stack - PAGE_SIZE && address < record->stack;
#else
	(void)address;
	return false;
#endif
}

void boundary_pause(void)
{
	struct boundary_record *record = current_thread()->boundary;

	if (record)
		record->in_core++;
}

void boundary_resume(void)
{
	struct boundary_record *record = current_thread()->boundary;

	if (record)
		record->in_core--;
}

void boundary_check(struct trap_frame *frame)
{
	struct boundary_record *record = current_thread()->boundary;
	int cause;

	if (!record || !record->landing || record->in_core || !(frame->rflags & RFLAGS_IF))
		return;
	if (record->unwinding) {
		/* The watchdog again: a cleanup handler does not come to an end. */
		if (record->pending)
			boundary_land(record);
		return;
	}
	if (current_thread()->preempt_disabled)
		return;
	cause = asked_to_end(record);
	if (cause < 0)
		return;
	if (prefers_crash)
		crash(frame, "service %s was to be ended from outside: %s", record->service->name,
		      cause_name((enum cause)cause));
	land_asynchronously(record, (enum cause)cause, frame->rip);
}

void boundary_settle(void)
{
	struct boundary_record *record = current_thread()->boundary;
	int cause;

	if (!record || record->in_core || record->unwinding || !record->landing)
		return;
	cause = asked_to_end(record);
	if (cause < 0)
		return;
	begin_panic((enum cause)cause, NULL, "ended from outside");
	/* Only where the first containment is to be a crash. */
	panic("service %s was to be ended from outside", record->service->name);
}

void boundary_tick(bool from_user)
{
	struct boundary_record *record = current_thread()->boundary;

	if (from_user || !record || !record->landing || record->pending)
		return;
	/* The interrupt itself is one level of core work. */
	record->ticks += record->in_core > 1 ? 1 : WATCHDOG_CORE_WEIGHT;
	if (record->ticks >= WATCHDOG_TICKS * WATCHDOG_CORE_WEIGHT)
		record->pending = 1 + CAUSE_loop;
}
