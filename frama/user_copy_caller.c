/* SPDX-License-Identifier: MIT
 *
 * A caller for the contract of the copies that has a condition.
 */
#include <kernel/mm/user_copy.c>

long copy_a_name(char *name, const char __user *from, size_t size);

/*@ assigns name[0 .. size - 1]; */
long copy_a_name(char *name, const char __user *from, size_t size)
{
	return size > 0 ? copy_string_from_user(name, from, size) : 0;
}
