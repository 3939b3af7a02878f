/* SPDX-License-Identifier: MIT
 *
 * The proxies of drivers of block devices.
 */
#include <kernel/block/block_answers.h>
#include <kernel/block/block_proxies.h>

#define CLASS       block
#define CLASS_TABLE <kernel/block/block_operations.def>
#include <kernel/boundary/proxy_bodies.h>
