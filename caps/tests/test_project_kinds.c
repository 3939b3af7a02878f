/* SPDX-License-Identifier: MIT
 *
 * A project's own kinds, from a table in its own tree (project_kinds.def, which the build names).
 */
#include "cmocka_all.h"
#include "refusals.h"

#include <aramid/cap.h>

static void look(CAP(door_look) cap)
{
	cap_validate(door_look, cap);
}

static void a_projects_own_kind_is_minted_weakened_and_validated(void **state)
{
	CAP(door_open) open = cap_mint(door_open, CAP_OWNER_CORE);
	CAP(door_look) weaker = cap_attenuate(door_look, door_open, open);

	(void)state;
	assert_true(cap_is_valid(door_open, open));
	assert_int_equal(REFUSAL_OF(look(weaker)), CAP_ACCEPTED);
}

static void the_librarys_kinds_keep_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(CAP_KIND_page_alloc, 1);
	assert_true(CAP_KIND_door_open > CAP_KIND_block_read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_projects_own_kind_is_minted_weakened_and_validated),
	        cmocka_unit_test(the_librarys_kinds_keep_their_numbers),
	};

	if (!cap_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
