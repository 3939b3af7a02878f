/* SPDX-License-Identifier: MIT
 *
 * Closes an expansion of a table of operations: included after each, so no guard.
 */
#undef OPERATION1
#undef OPERATION2
#undef OPERATION3
#undef OPERATION4
#undef OPERATION5
