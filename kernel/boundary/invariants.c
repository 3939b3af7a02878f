/* SPDX-License-Identifier: MIT
 *
 * Evaluating the invariants. With damage=NAME on the command line the table of that name is
 * damaged before it is looked at for the first time after a fall: for tests.
 */
#include <kernel/boundary/invariants.h>

#include <arch/boot_info.h>
#include <aramid/cap_audit.h>
#include <kernel/boundary/damage.h>
#include <kernel/boundary/ledger_end.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>

#define LEDGER "ledger"

static const struct invariant {
	const char *name;
	bool (*holds)(void);
	void (*damage)(void);
} invariants[] = {
        {"tokens", cap_table_is_sound, damage_tokens},
        {"pages", page_alloc_is_sound, damage_pages},
};

static uint64_t held; /* atomic */

static bool is_to_be_damaged(const char *name)
{
	char wanted[16];

	return boot_option_value("damage", wanted, sizeof(wanted)) && strcmp(wanted, name) == 0;
}

static void judge(bool holds, const char *name, const struct service *service)
{
	if (!holds)
		panic("the invariant of the %s does not hold after %s", name,
		      service ? service->name : "boot");
	__atomic_fetch_add(&held, 1, __ATOMIC_RELAXED);
}

void invariants_check(const struct service *repaired)
{
	for (unsigned int i = 0; i < sizeof(invariants) / sizeof(invariants[0]); i++) {
		if (repaired && is_to_be_damaged(invariants[i].name))
			invariants[i].damage();
		judge(invariants[i].holds(), invariants[i].name, repaired);
	}
}

void invariants_check_ledger(const struct service *fallen, struct ledger_call *ledger)
{
	if (is_to_be_damaged(LEDGER))
		damage_ledger(ledger);
	judge(ledger_is_sound(ledger), LEDGER, fallen);
}

uint64_t invariants_held(void)
{
	return __atomic_load_n(&held, __ATOMIC_RELAXED);
}
