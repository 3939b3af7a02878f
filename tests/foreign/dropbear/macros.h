/* SPDX-License-Identifier: MIT
 *
 * For spatch (--macro-file): dropbear's macros that are no C by themselves.
 */
#define TRACE(X)  MACROSTATEMENT
#define TRACE2(X) MACROSTATEMENT
#define DEBUG1(X) MACROSTATEMENT
#define DEBUG2(X) MACROSTATEMENT
#define DEBUG3(X) MACROSTATEMENT
#define ATTRIB_NORETURN
#define ATTRIB_SENTINEL
#define ATTRIB_PRINTF(a, b)
#define UNUSED(x) x
