/* SPDX-License-Identifier: MIT
 *
 * What keeps a service to its own memory: a protection key for its data, heap and stacks, a stack
 * of its own for each call, and arguments that are copied there and back. Nothing of it exists
 * where services are not isolated.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <aramid/profile.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>

#if ARAMID_ISOLATE_SERVICES

/* Give the service's data and its heap, which is empty, its key. Boot CPU, before it starts. */
void isolate(struct service *service);

/* A stack for one call, record->stack, and the arguments copied to it: 0; -ENOMEM; -EINVAL when
 * they do not fit. lent: what the service gets. */
int __must_check isolation_lend(struct service *service, const struct service_call *call,
                                struct boundary_record *record,
                                uint64_t lent[SERVICE_ARGUMENTS_MAX]);

/* The call is over: what it answered in its arguments to the caller, if returned, and the stack
 * back to the spare ones. */
void isolation_take_back(struct service *service, const struct service_call *call,
                         struct boundary_record *record, const uint64_t lent[SERVICE_ARGUMENTS_MAX],
                         bool returned);

/* Where the stack of a record starts to be used; the end of the arguments above it. */
uint64_t isolation_stack_top(const struct boundary_record *record);
uint64_t isolation_stack_end(const struct boundary_record *record);

/* Pages in spare stacks of all services. */
uint64_t isolation_spare_pages(void);

#endif

/* How the hardware keeps services' memory apart, in a word for people: "keys", "none". */
const char *isolation_name(void);
