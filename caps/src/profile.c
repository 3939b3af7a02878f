/* SPDX-License-Identifier: MIT
 *
 * The symbol of this build's profile, which every object that uses tokens refers to.
 */
#include <aramid/cap_link.h>

extern const unsigned char CAP_PROFILE_SYMBOL;
const unsigned char CAP_PROFILE_SYMBOL __attribute__((used)) = 1;
