/* SPDX-License-Identifier: MIT
 *
 * A program that loads plugins and gives each its rights. `host PLUGIN` loads that plugin as owner
 * 1, beside a neighbour of the host's own that has a port, runs its entries, and prints for each
 * what became of it; the last line is how many tokens were refused and what the audit counted.
 */
#include "plugin.h"

#include <aramid/cap_host.h>
#include <dlfcn.h>
#include <setjmp.h>
#include <stdio.h>

enum { PLUGIN = 1, NEIGHBOUR = 2 };

static jmp_buf landing;
static enum cap_refusal refused;

int host_list_directory(CAP(dir_read) cap)
{
	CAP_OPERATION();
	cap_validate(dir_read, cap);
	return 1;
}

int host_open_port(CAP(port_open) cap)
{
	CAP_OPERATION();
	cap_validate(port_open, cap);
	return 1;
}

int host_spawn(CAP(process_spawn) cap)
{
	CAP_OPERATION();
	cap_validate(process_spawn, cap);
	return 1;
}

static void leave_plugin(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter)
{
	(void)kind;
	(void)presenter;
	refused = why;
	longjmp(landing, 1);
}

/* Runs an entry on behalf of the plugin; false if it showed a token that was refused. */
static bool run_entry(const struct plugin_entry *entry, const struct plugin_rights *rights)
{
	unsigned int open = cap_open_operations();
	cap_owner_t before = cap_enter(PLUGIN);
	bool back = setjmp(landing) != 0;

	if (!back)
		entry->run(rights);
	cap_end_operations_since(open);
	cap_leave(before);
	return !back;
}

static unsigned long count_refused(void)
{
	struct cap_audit audit;
	unsigned long count = 0;
	int why;

	cap_read_audit(&audit);
	for (why = 0; why < CAP_REFUSAL_COUNT; why++)
		count += audit.refused[why];
	return count;
}

static void run_plugin(const struct plugin_entry *entries, const struct plugin_rights *rights)
{
	const struct plugin_entry *entry;
	unsigned long count = 0;

	for (entry = entries; entry->name; entry++) {
		if (!entry->run) {
			cap_revoke(PLUGIN);
		} else if (run_entry(entry, rights)) {
			printf("%s: done\n", entry->name);
		} else {
			printf("%s: %s\n", entry->name, cap_refusal_name(refused));
			count++;
		}
	}
	printf("%lu refused, %lu counted\n", count, count_refused());
}

int main(int argc, char **argv)
{
	const struct plugin_entry *entries;
	struct plugin_rights rights[2];
	void *plugin;

	if (argc != 2 || !cap_init())
		return 2;
	plugin = dlopen(argv[1], RTLD_NOW);
	entries = plugin ? dlsym(plugin, "plugin_entries") : NULL;
	if (!entries) {
		fprintf(stderr, "host: %s\n", dlerror());
		return 1;
	}
	rights[0].dir = cap_mint(dir_read, PLUGIN);
	rights[0].port = cap_mint(port_open, PLUGIN);
	rights[1].dir = cap_mint(dir_read, NEIGHBOUR);
	rights[1].port = cap_mint(port_open, NEIGHBOUR);
	cap_set_refused_hook(leave_plugin);
	run_plugin(entries, rights);
	return 0;
}
