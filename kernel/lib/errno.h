/* SPDX-License-Identifier: MIT
 *
 * Errors are negative errno values, with Linux's numbers (errno(3)).
 */
#pragma once

#include <asm/errno.h>
