/* SPDX-License-Identifier: MIT
 *
 * Restart, roll-back, quarantine.
 */
#include <arch/apic.h>
#include <arch/boot_info.h>
#include <arch/unwind.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/call.h>
#include <kernel/boundary/invariants.h>
#include <kernel/boundary/mirror.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/rights.h>
#include <kernel/boundary/supervisor.h>
#include <kernel/boundary/transaction.h>
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>
#include <kernel/time/time.h>
#include <kernel/vfs/fs.h>

/* Containment lines that the log takes within a second. */
#define LOG_RATE 20

static uint64_t log_window;
static uint32_t log_lines, log_left_out;

/* Whether this containment is logged in full; what was left out is said later. */
static bool log_admits(void)
{
	uint64_t second = time_now() / NS_PER_SECOND;
	uint32_t left_out;

	if (__atomic_exchange_n(&log_window, second, __ATOMIC_RELAXED) != second) {
		__atomic_store_n(&log_lines, 0, __ATOMIC_RELAXED);
		left_out = __atomic_exchange_n(&log_left_out, 0, __ATOMIC_RELAXED);
		if (left_out)
			log_line("supervisor: %u containments were not logged", left_out);
	}
	if (__atomic_add_fetch(&log_lines, 1, __ATOMIC_RELAXED) <= LOG_RATE)
		return true;
	__atomic_fetch_add(&log_left_out, 1, __ATOMIC_RELAXED);
	return false;
}

/* What is remembered of a fall: its backtrace from the service's innermost frame on, without the
 * machinery of the panic. */
static struct service_fall remember(const struct service *service,
                                    const struct boundary_record *record)
{
	struct service_fall fall = {.cause = record->cause, .operation = record->operation};
	uint32_t first = 0;

	while (first < record->trace_count && !service_has_code(service, record->trace[first]))
		first++;
	while (first < record->trace_count && fall.count < SERVICE_FALL_FRAMES)
		fall.trace[fall.count++] = record->trace[first++];
	return fall;
}

void supervisor_print_trace(const struct service_fall *fall, const char *separator, char *text,
                            size_t size)
{
	size_t length = 0;
	uint64_t offset = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < fall->count; i++) {
		const char *function = symbol_name(fall->trace[i], &offset);

		format(text + length, size - length, "%s%s+%lx", separator, function, offset);
		length = strlen(text);
	}
}

static void log_fall(const struct service *service, const struct boundary_record *record,
                     const struct service_fall *fall)
{
	char backtrace[512];
	uint64_t offset = 0;
	const char *function = record->function;

	supervisor_print_trace(fall, " ", backtrace, sizeof(backtrace));
	if (!function && fall->count)
		function = symbol_name(fall->trace[0], &offset);
	log_line("service %s: %s contained in %s during %s: %s; backtrace:%s", service->name,
	         cause_name(record->cause), function ? function : "?", record->operation,
	         record->message, backtrace);
}

enum call_end supervisor_note(struct service *service, const struct boundary_record *record)
{
	struct service_fall fall = remember(service, record);

	/* A call that was only in the way of a repair is nobody's fault. */
	if (record->cause >= CAUSE_COUNT)
		return CALL_ENDED;
	spin_lock(&service->counters);
	service->last = fall;
	service->causes[record->cause]++;
	service->contained++;
	spin_unlock(&service->counters);
	if (log_admits())
		log_fall(service, record, &fall);
	return CALL_FELL;
}

/* Whether one more fall exceeds the budget. */
static bool over_budget(struct service *service)
{
	uint64_t now = time_now();

	if (boot_option("no-quarantine"))
		return false;
	if (now - service->window_start > SUPERVISOR_WINDOW) {
		service->window_start = now;
		service->window_falls = 0;
	}
	return ++service->window_falls > SUPERVISOR_BUDGET;
}

/* Every other call in the service is ended at its next interrupt or return from the core. */
static void quiesce(struct service *service)
{
	while (__atomic_load_n(&service->in_flight, __ATOMIC_SEQ_CST)) {
		apic_send_all_others(VECTOR_RESCHEDULE);
		thread_yield();
	}
}

/* Service code that runs while the service is closed: its result, -EIO when it falls. */
static int run_inside(struct service *service, const struct service_call *call)
{
	enum call_end end;
	int result;

	service->starting = true;
	result = (int)boundary_run(service, call, &end);
	service->starting = false;
	if (result)
		log_line("service %s: %s failed (%d)", service->name, call->operation, result);
	return result;
}

/* The service takes over what it is handed: fresh tokens, by what kind of service it is. */
#if ARAMID_ISOLATE_SERVICES
#define SHAPES_(rights) .shapes = {{ARGUMENT_IN, sizeof(rights)}},
#else
#define SHAPES_(rights)
#endif
#define RUN_INIT(kind, rights_type)                                                                \
	static int run_init##kind(struct service *service)                                         \
	{                                                                                          \
		rights_type rights;                                                                \
		struct service_call call = {.operation = "init", SHAPES_(rights)};                 \
                                                                                                   \
		rights_mint##kind(service, &rights);                                               \
		service_call_init##kind(&call, service->init##kind, &rights);                      \
		return run_inside(service, &call);                                                 \
	}

RUN_INIT(, struct service_rights)
RUN_INIT(_disk_fs, struct disk_fs_rights)
RUN_INIT(_protocol, struct protocol_rights)
RUN_INIT(_driver, struct driver_rights)

static int hand_over(struct service *service)
{
	if (service->init_protocol)
		return run_init_protocol(service);
	if (service->init_disk_fs)
		return run_init_disk_fs(service);
	return service->init_driver ? run_init_driver(service) : run_init(service);
}

static int run_check(struct service *service)
{
	struct service_call call = {
	        .operation = "check",
	        .function = service->fs ? (uint64_t)service->fs->check : 0,
	};

	return call.function ? run_inside(service, &call) : 0;
}

/* Memory as at boot, then init with fresh tokens. */
static int start_fresh(struct service *service)
{
	struct service_image *image = &service->image;
	int result;

	heap_discard(&service->heap);
	memcpy(image->data_start, image->pristine, (size_t)(image->data_end - image->data_start));
	result = hand_over(service);
	if (!result && service->mirror)
		mirror_follow_start(service);
	return result;
}

/* The fallen call has been undone, and what else it wrote over is put right: is all in order?
 * Then fresh tokens. */
static int check_rolled_back(struct service *service)
{
	uint64_t restored = mirror_restore(service);
	int result;

	/* What went over the free memory too is this fall's, and not one of each who is given a
	 * piece of it. */
	heap_mend_free(&service->heap);
	result = run_check(service);

	if (restored)
		log_line("service %s: %lu damaged objects were put right", service->name, restored);
	if (!result)
		result = hand_over(service);
	/* The check may have mended what no call had noted. */
	if (!result)
		mirror_follow_start(service);
	return result;
}

static int repair(struct service *service)
{
	service->repairs++;
	cap_revoke(service->owner);
	devices_reset(service);
	return service->recovery == SERVICE_RESTART ? start_fresh(service)
	                                            : check_rolled_back(service);
}

/* The right to repair it: false when it is out of service for good. Repairs come one after
 * the other. */
static bool close_service(struct service *service)
{
	for (;;) {
		uint32_t running = SERVICE_RUNNING;

		if (__atomic_compare_exchange_n(&service->state, &running, SERVICE_RECOVERING,
		                                false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
		if (running != SERVICE_RECOVERING)
			return false;
		WAIT_UNTIL(&service->recovered, service->state != SERVICE_RECOVERING, WAIT_PLAIN,
		           WAIT_FOREVER);
	}
}

/* The end of a repair: who waits for the service sees how it came out. */
static void reopen(struct service *service, uint32_t state)
{
	invariants_check(service);
	__atomic_store_n(&service->state, state, __ATOMIC_SEQ_CST);
	wake_all(&service->recovered);
}

/* Repair a service that is closed and in which no call is, and open it again. */
static int repair_and_reopen(struct service *service)
{
	int result = repair(service);

	if (result) {
		log_line("service %s: quarantined: it could not be repaired", service->name);
	} else {
		spin_lock(&service->counters);
		service->restarts++;
		spin_unlock(&service->counters);
	}
	reopen(service, result ? SERVICE_QUARANTINED : SERVICE_RUNNING);
	return result;
}

void supervisor_recover(struct service *service)
{
	if (!close_service(service))
		return;
	quiesce(service);
	if (over_budget(service)) {
		log_line("service %s: quarantined after %u falls", service->name,
		         SUPERVISOR_BUDGET + 1);
		reopen(service, SERVICE_QUARANTINED);
	} else {
		(void)repair_and_reopen(service);
	}
}

/* Nobody else may be in a service that rolls back while it is repaired. */
static void take_turn(struct service *service) NO_LOCK_ANALYSIS("given up in give_turn")
{
	if (service->recovery == SERVICE_ROLL_BACK)
		mutex_lock(&service->turn);
}

static void give_turn(struct service *service) NO_LOCK_ANALYSIS("taken in take_turn")
{
	if (service->recovery == SERVICE_ROLL_BACK)
		mutex_unlock(&service->turn);
}

int supervisor_restart(struct service *service)
{
	int result = -EIO;

	take_turn(service);
	if (close_service(service)) {
		quiesce(service);
		log_line("service %s: restarted as was asked for", service->name);
		result = repair_and_reopen(service) ? -EIO : 0;
	}
	give_turn(service);
	return result;
}

int supervisor_release(struct service *service)
{
	uint32_t quarantined = SERVICE_QUARANTINED;
	int result = -EINVAL;

	take_turn(service);
	if (__atomic_compare_exchange_n(&service->state, &quarantined, SERVICE_RECOVERING, false,
	                                __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		service->window_falls = 0;
		log_line("service %s: released from quarantine", service->name);
		result = repair_and_reopen(service) ? -EIO : 0;
	}
	give_turn(service);
	return result;
}

int supervisor_start(struct service *service)
{
	int result = start_fresh(service);

	service->state = result ? SERVICE_QUARANTINED : SERVICE_RUNNING;
	return result;
}
