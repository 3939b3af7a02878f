/* SPDX-License-Identifier: MIT
 *
 * The core's side of the core_frame_* rows of core_calls.def. The gate has validated the token. All
 * profiles copy: a frame is in memory of the core alone, before and after.
 */
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/lib/errno.h>
#include <kernel/net_device/interface.h>

int core_do_core_frame_send(CAP(net_access) cap, uint32_t number, const void *bytes, uint64_t size)
{
	int error = interface_send(number, bytes, size);

	if (error == -EFAULT)
		panic_caller(CAUSE_wild, "a frame to be sent from a bad address");
	return error;
}

int core_do_core_frame_receive(CAP(net_access) cap, uint32_t number, void *bytes, uint64_t size)
{
	int result = interface_receive(number, bytes, size);

	if (result == -EFAULT)
		panic_caller(CAUSE_wild, "a frame asked for at a bad address");
	return result;
}

int core_do_core_interface_info(uint32_t number, struct interface_info *info)
{
	struct interface_info copy;
	int error = interface_describe(number, &copy);

	if (!error && copy_to_service(info, &copy, sizeof(copy)))
		panic_caller(CAUSE_wild, "an interface asked about at a bad address");
	return error;
}
