/* SPDX-License-Identifier: MIT
 *
 * What happens 250 times a second on each CPU.
 */
#include <arch/cpu.h>
#include <kernel/boundary/boundary.h>
#include <kernel/device/device.h>
#include <kernel/proc/cpu_timer.h>
#include <kernel/proc/sched.h>
#include <kernel/time/tick.h>
#include <kernel/time/time.h>

void tick_interrupt(bool from_user)
{
	sched_tick(from_user);
	cpu_timers_tick();
	if (this_cpu()->number == 0) {
		time_tick();
		timers_run(time_now());
		devices_tick();
	}
	boundary_tick(from_user);
}
