/* SPDX-License-Identifier: MIT
 *
 * arch/page.h for a program on the host, as the memory code's tests have it.
 */
#pragma once

#include "../../../../mm/tests/host/arch/page.h"
