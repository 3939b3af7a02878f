/* SPDX-License-Identifier: MIT
 *
 * The gates of core_calls.def. While a service is in one, it cannot be ended from outside
 * (releasing a lock does not mend a half-changed structure), and a fault is the
 * core's own.
 */
#include <aramid/profile.h>

/* Where services are isolated each name is a stub of assembly that changes stack and rights on
 * the way here (arch/x86_64/unwind/gate.S). */
#if ARAMID_ISOLATE_SERVICES
#define CORE_CALL_NAME(name) gate_##name
#endif

#include <kernel/boundary/call.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/boundary/record.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>

#if ARAMID_CONTAIN_PANICS

/* Stack that a core function may need, interrupts on top of it included. A service that has
 * used up its own falls at the gate: behind it the overflow would be the core's. So does one
 * whose stack pointer leads elsewhere. */
#define CORE_STACK_ROOM 5120

static struct boundary_record *gate_enter(void)
{
	struct thread *thread = current_thread();
	struct boundary_record *record = thread->boundary;
	uint64_t used_to = (uint64_t)__builtin_frame_address(0) - thread->stack_base;

	if (__builtin_expect(used_to - CORE_STACK_ROOM >=
	                             THREAD_STACK_PAGES * PAGE_SIZE - CORE_STACK_ROOM,
	                     0))
		begin_panic(CAUSE_overflow, NULL, "no stack left for a core function");
	record->in_core++;
	return record;
}

/* Also run by the unwinder, when the core made the caller fall. */
static void gate_leave(struct boundary_record **record)
{
	if ((*record)->in_core)
		(*record)->in_core--;
	if ((*record)->unwinding)
		return;
	if (__builtin_expect((*record)->fuse, 0) && --(*record)->fuse == 0)
		begin_panic(CAUSE_panic, NULL, "asked for by the command line (inject=)");
	/* What asked_to_end would look at. */
	if (__builtin_expect((*record)->pending || (*record)->service->state != SERVICE_RUNNING, 0))
		boundary_settle();
}

#define GATE                                                                                       \
	struct boundary_record *gate __attribute__((cleanup(gate_leave), unused)) = gate_enter()

_Noreturn void panic_caller(enum cause cause, const char *message)
{
	struct boundary_record *record = current_thread()->boundary;

	record->in_core = 0;
	begin_panic(cause, NULL, message);
	panic("%s", message);
}

#else

#define GATE (void)0

_Noreturn void panic_caller(enum cause cause, const char *message)
{
	(void)cause;
	panic("%s", message);
}

#endif

#define GATE_P_(type, name) type name
#define GATE_A_(type, name) name
#define CORE_CALL0(result, name)                                                                   \
	result CORE_CALL_NAME(name)(void)                                                          \
	{                                                                                          \
		GATE;                                                                              \
		return core_do_##name();                                                           \
	}
#define CORE_CALL1(result, name, a)                                                                \
	result CORE_CALL_NAME(name)(GATE_P_ a)                                                     \
	{                                                                                          \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a);                                                  \
	}
#define CORE_CALL2(result, name, a, b)                                                             \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b)                                          \
	{                                                                                          \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b);                                       \
	}
#define CORE_CALL3(result, name, a, b, c)                                                          \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b, GATE_P_ c)                               \
	{                                                                                          \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b, GATE_A_ c);                            \
	}
#define CORE_CALL4(result, name, a, b, c, d)                                                       \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b, GATE_P_ c, GATE_P_ d)                    \
	{                                                                                          \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b, GATE_A_ c, GATE_A_ d);                 \
	}
#define CORE_PRIVILEGED2(kind, result, name, a, b)                                                 \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b)                                          \
	{                                                                                          \
		cap_validate(kind, cap);                                                           \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b);                                       \
	}
#define CORE_PRIVILEGED3(kind, result, name, a, b, c)                                              \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b, GATE_P_ c)                               \
	{                                                                                          \
		cap_validate(kind, cap);                                                           \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b, GATE_A_ c);                            \
	}
/* All arguments are in registers, since a service has a stack of its own (System V ABI, 3.2.3). */
#define CORE_PRIVILEGED5(kind, result, name, a, b, c, d, e)                                        \
	_Static_assert((sizeof(CAP(kind)) + 7) / 8 + 4 <= 6, "arguments are in registers");        \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b, GATE_P_ c, GATE_P_ d, GATE_P_ e)         \
	{                                                                                          \
		cap_validate(kind, cap);                                                           \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b, GATE_A_ c, GATE_A_ d, GATE_A_ e);      \
	}
#define CORE_PRIVILEGED4(kind, result, name, a, b, c, d)                                           \
	result CORE_CALL_NAME(name)(GATE_P_ a, GATE_P_ b, GATE_P_ c, GATE_P_ d)                    \
	{                                                                                          \
		cap_validate(kind, cap);                                                           \
		GATE;                                                                              \
		return core_do_##name(GATE_A_ a, GATE_A_ b, GATE_A_ c, GATE_A_ d);                 \
	}
#include <kernel/boundary/core_calls.def>
#include <kernel/boundary/core_calls_end.h>
