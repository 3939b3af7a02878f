/* SPDX-License-Identifier: MIT
 *
 * Calling a file-system service: fs_NAME(service, parameters…) for each row of
 * fs_operations.def, as kernel/boundary/proxies.h says.
 */
#pragma once

#include <kernel/vfs/fs.h>

#define CLASS          fs
#define CLASS_SERVICES ALL_FS_SERVICES
#define CLASS_TABLE    <kernel/vfs/fs_operations.def>
#include <kernel/boundary/proxies.h>
