/* SPDX-License-Identifier: MIT
 *
 * Closes an expansion of core_calls.def: included after each, so no guard.
 */
#undef CORE_CALL0
#undef CORE_CALL1
#undef CORE_CALL2
#undef CORE_CALL3
#undef CORE_CALL4
#undef CORE_PRIVILEGED2
#undef CORE_PRIVILEGED3
#undef CORE_PRIVILEGED4
#undef CORE_PRIVILEGED5
#undef CORE_CALL5
