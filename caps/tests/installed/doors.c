/* SPDX-License-Identifier: MIT
 *
 * The janitor opens the door and a guest tries with the janitor's token. Prints the size of a
 * token, how often the door opened and how many tokens were refused.
 */
#include <aramid/cap.h>
#include <aramid/cap_host.h>
#include <stdio.h>

enum { JANITOR = 1, GUEST = 2 };

static unsigned int opened;

static void open_door(CAP(door_open) cap)
{
	cap_validate(door_open, cap);
	opened++;
}

static bool look(CAP(door_look) cap)
{
	return cap_is_valid(door_look, cap);
}

int main(void)
{
	CAP(door_open) cap;
	struct cap_audit audit;
	cap_owner_t before;
	unsigned long refused = 0;
	int why;

	if (!cap_init())
		return 1;
	cap = cap_mint(door_open, JANITOR);
	before = cap_enter(JANITOR);
	open_door(cap);
	if (!look(cap_attenuate(door_look, door_open, cap)))
		return 1;
	cap_leave(before);

	before = cap_enter(GUEST);
	if (cap_is_valid(door_open, cap))
		open_door(cap);
	cap_leave(before);
	cap_revoke(JANITOR);

	cap_read_audit(&audit);
	for (why = 0; why < CAP_REFUSAL_COUNT; why++)
		refused += audit.refused[why];
	printf("%zu %u %lu\n", sizeof(cap), opened, refused);
	return 0;
}
