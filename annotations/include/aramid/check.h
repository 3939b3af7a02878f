/* SPDX-License-Identifier: MIT
 *
 * Results that must be looked at. Put it on every function that can fail, so that an ignored
 * error is a compiler warning, and with it an error of the build.
 */
#pragma once

#ifndef __must_check
#if defined(__GNUC__) && !defined(__CHECKER__) && !defined(__FRAMAC__)
#define __must_check __attribute__((warn_unused_result))
#else
#define __must_check
#endif
#endif
