/* SPDX-License-Identifier: MIT
 *
 * call_service: in by the record, out by the result or the landing.
 */
#include <arch/boot_layout.h>
#include <arch/cpu.h>
#include <arch/protection_key.h>
#include <arch/unwind.h>
#include <aramid/uninitialized.h>
#include <kernel/block/block_changes.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/call.h>
#include <kernel/boundary/invariants.h>
#include <kernel/boundary/isolation.h>
#include <kernel/boundary/ledger_end.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/stray.h>
#include <kernel/boundary/supervisor.h>
#include <kernel/boundary/transaction.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>

_Static_assert(offsetof(struct boundary_record, landing) == RECORD_LANDING, "boundary.S");
_Static_assert(offsetof(struct boundary_record, rights) == RECORD_RIGHTS, "boundary.S");
_Static_assert(offsetof(struct service_call, function) == CALL_FUNCTION, "boundary.S");
_Static_assert(offsetof(struct service_call, arguments) == CALL_ARGUMENTS, "boundary.S");

/* What every call passes is inlined, down to the one assembly function. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* How often a call is made again that only stood in the way of repairs. */
#define RETRIES_MAX 64

/* Count the call in. A closed service answers false, and the call is not counted. The count
 * comes first: who closes the service then sees it, or we see the closed state. */
static bool admit(struct service *service)
{
	__atomic_fetch_add(&service->in_flight, 1, __ATOMIC_SEQ_CST);
	if (__builtin_expect(service->state == SERVICE_RUNNING, 1))
		return true;
	__atomic_fetch_sub(&service->in_flight, 1, __ATOMIC_SEQ_CST);
	return false;
}

/* A closed service: wait for its repair. 0 to try again, -EIO when it will not come. One repair
 * may follow on another before the waiter has a CPU. */
static int wait_for(struct service *service)
{
	uint32_t state;

	while ((state = service->state) == SERVICE_RECOVERING)
		WAIT_UNTIL(&service->recovered, service->state != SERVICE_RECOVERING, WAIT_PLAIN,
		           WAIT_FOREVER);
	return state == SERVICE_RUNNING ? 0 : -EIO;
}

/* The call landed here from somewhere in the service. */
static void after_landing(struct boundary_record *record)
{
	struct thread *thread = current_thread();

	if (record->unwinding)
		unwind_end();
	thread->preempt_disabled = 0;
	irq_enable();
	record->service->landing_cycles = tsc_read() - record->started;
}

/* Booted with inject=SERVICE.OPERATION/N: each Nth call of the operation falls when its first,
 * second or third core function returns. 0 for the others. */
static uint8_t injected_fuse(struct service *service, const char *operation)
{
	uint32_t count;

	if (strcmp(operation, service->inject_operation) != 0)
		return 0;
	count = __atomic_add_fetch(&service->inject_count, 1, __ATOMIC_RELAXED);
	return count % service->inject_every ? 0 : 1 + count / service->inject_every % 3;
}

/* The call fell: what it held goes back, and what it changed is undone. */
static __attribute__((noinline, cold)) enum call_end close_fallen(struct service *service,
                                                                  struct boundary_record *record)
{
	after_landing(record);
	if (service->transaction)
		transaction_undo(service);
	if (service->changes)
		block_changes_end(service, false);
	invariants_check_ledger(service, &record->ledger);
	ledger_give_back(service, &record->ledger);
	current_thread()->boundary = record->parent;
	return supervisor_note(service, record);
}

/* The call ended well: what it held becomes the service's. */
static inline void close(struct service *service, struct boundary_record *record, long result)
{
	if (service->transaction)
		transaction_end(service, &record->ledger);
	else if (service->changes)
		block_changes_end(service, result >= 0);
	if (__builtin_expect(record->ledger.count != 0, 0))
		ledger_commit(service, &record->ledger);
	current_thread()->boundary = record->parent;
}

/* Into the service and out of it. */
static inline long enter(struct boundary_record *record, const struct service_call *call)
{
#if ARAMID_ISOLATE_SERVICES
	uint64_t lent[SERVICE_ARGUMENTS_MAX], function = call->function, instead = 0;
	struct service *service = record->service;
	struct stray stray;
	long result = isolation_lend(service, call, record, lent);

	if (result)
		return result;
	if (__builtin_expect(*service->stray_operation, 0))
		instead = stray_instead(service, call->operation, &stray);
	if (instead) {
		function = instead;
		lent[0] = stray.address;
	}
	current_thread()->boundary = record;
	result = boundary_enter(record, function, lent, isolation_stack_top(record));
	isolation_take_back(service, call, record, lent,
	                    !record->fallen && !instead && result >= 0);
	if (instead) {
		stray_judge(service, record, &stray);
		return -EIO; /* the operation was not asked */
	}
	return result;
#else
	current_thread()->boundary = record;
	return boundary_enter(record, call->function, call->arguments, 0);
#endif
}

/* Why a call that returned falls all the same: an answer that cannot be, or what it would leave
 * behind. NULL: it does not. */
static inline const char *fault_of(const struct boundary_record *record,
                                   const struct service_call *call, long result)
{
	const char *found = call->fault ? call->fault(result, call->arguments) : NULL;

	if (!found && record->ledger.count)
		found = ledger_fault(record->service, &record->ledger);
	return found;
}

/* One call with a boundary record. */
static ALWAYS_INLINE long run(struct service *service, const struct service_call *call,
                              enum call_end *end)
{
	struct boundary_record record LEFT_UNINITIALIZED(
	        "each member is set below, those of the fall by the panic");
	const char *fault;
	long result;

	record.landing = 0;
#if ARAMID_ISOLATE_SERVICES
	record.rights = protection_key_rights(service->key);
#else
	record.rights = 0;
#endif
	record.parent = current_thread()->boundary;
	record.service = service;
	record.operation = call->operation;
	record.in_core = 0;
	record.ticks = 0;
	record.pending = 0;
	record.unwinding = record.fallen = false;
	record.ledger.count = 0;
	record.fuse = 0;
	if (__builtin_expect(service->inject_every != 0, 0))
		record.fuse = injected_fuse(service, call->operation);
	result = enter(&record, call);
	if (__builtin_expect(!record.fallen, 1)) {
		fault = fault_of(&record, call, result);
		if (__builtin_expect(!fault, 1)) {
			close(service, &record, result);
			*end = CALL_RETURNED;
			return result;
		}
		boundary_reject(&record, fault);
	}
	*end = close_fallen(service, &record);
	return -EIO;
}

long boundary_run(struct service *service, const struct service_call *call, enum call_end *end)
{
	return run(service, call, end);
}

/* A service that rolls back, or whose writes are undone, is entered by one thread at a time. */
static __attribute__((noinline)) long
call_in_turn(struct service *service, const struct service_call *call, enum call_end *end)
{
	long result = -EIO;

	mutex_lock(&service->turn);
	*end = CALL_REFUSED;
	if (admit(service)) {
		if (service->transaction)
			transaction_begin(service, call->effect == CALL_MUTATES);
		result = run(service, call, end);
		/* The turn is kept over the repair: nobody sees half a change. */
		__atomic_fetch_sub(&service->in_flight, 1, __ATOMIC_SEQ_CST);
		if (__builtin_expect(*end == CALL_FELL, 0))
			supervisor_recover(service);
	}
	mutex_unlock(&service->turn);
	return result;
}

static ALWAYS_INLINE long call_at_once(struct service *service, const struct service_call *call,
                                       enum call_end *end)
{
	long result;

	*end = CALL_REFUSED;
	if (!admit(service))
		return -EIO;
	result = run(service, call, end);
	__atomic_fetch_sub(&service->in_flight, 1, __ATOMIC_SEQ_CST);
	if (__builtin_expect(*end == CALL_FELL, 0))
		supervisor_recover(service);
	return result;
}

static ALWAYS_INLINE long call_once(struct service *service, const struct service_call *call,
                                    enum call_end *end)
{
	return service->in_turn ? call_in_turn(service, call, end)
	                        : call_at_once(service, call, end);
}

/* Whether a call that did not do its work is made again: one that found the door closed, and
 * one that changes nothing and was only in the way of another's repair, or fell itself for the
 * first time. */
static bool again(struct service *service, enum call_effect effect, enum call_end end,
                  unsigned int ended, unsigned int fallen)
{
	if (end == CALL_REFUSED)
		return !wait_for(service);
	if (effect != CALL_READS || ended > RETRIES_MAX || fallen > 1)
		return false;
	return (end == CALL_ENDED || service->repeats) && !wait_for(service);
}

/* The call did not do its work, the way it ended: again, as long as that may help. */
static __attribute__((noinline, cold)) long
call_again(struct service *service, const struct service_call *call, enum call_end end, long result)
{
	unsigned int ended = 0, fallen = 0;

	while (end != CALL_RETURNED) {
		ended += end == CALL_ENDED;
		fallen += end == CALL_FELL;
		if (!again(service, call->effect, end, ended, fallen))
			break;
		result = call_once(service, call, &end);
	}
	return result;
}

long call_service(struct service *service, const struct service_call *call)
{
	enum call_end end;
	long result = call_once(service, call, &end);

	if (__builtin_expect(end != CALL_RETURNED, 0))
		result = call_again(service, call, end, result);
	if (current_thread()->boundary)
		boundary_settle();
	return result;
}
