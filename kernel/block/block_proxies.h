/* SPDX-License-Identifier: MIT
 *
 * Calling a driver of block devices: block_NAME(service, parameters…) for each row of
 * block_operations.def, as kernel/boundary/proxies.h says.
 */
#pragma once

#include <kernel/block/block.h>

#define CLASS          block
#define CLASS_SERVICES BLOCK_SERVICES
#define CLASS_TABLE    <kernel/block/block_operations.def>
#include <kernel/boundary/proxies.h>
