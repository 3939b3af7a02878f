/* SPDX-License-Identifier: MIT
 *
 * What a driver answers is looked at before the call ends, as fs_answers.h says of file systems.
 */
#pragma once

#include <stdint.h>

#include <kernel/net_device/net_device.h>

const char *net_device_attach_fault(long result, const uint64_t *arguments);
const char *net_device_transmit_fault(long result, const uint64_t *arguments);
const char *net_device_refill_fault(long result, const uint64_t *arguments);
const char *net_device_collect_fault(long result, const uint64_t *arguments);
const char *net_device_link_fault(long result, const uint64_t *arguments);
