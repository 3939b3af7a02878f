/* SPDX-License-Identifier: MIT
 *
 * Closes an expansion of fs_operations.def: included after each, so no guard.
 */
#undef FS_OPERATION1
#undef FS_OPERATION2
#undef FS_OPERATION3
#undef FS_OPERATION4
#undef FS_OPERATION5
