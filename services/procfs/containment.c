/* SPDX-License-Identifier: MIT
 *
 * Files of Aramid's own: /proc/services, what became of each service, and
 * /proc/audit, what the core holds. The tests read them, so their form is fixed:
 *
 *   services  a header line, then for each service: name state policy contained
 *             restarts pages tokens isolation causes last_fall; causes is "-" or cause=count,...,
 *             last_fall "-" or cause@operation:function+offset<function+offset...
 *   audit     a name and a number a line
 */
#include <services/procfs/procfs.h>

static const char *const cause_names[CAUSE_COUNT] = {
#define CAUSE(name) [CAUSE_##name] = #name,
        CAUSES(CAUSE)
#undef CAUSE
};

static void print_causes(struct procfs_text *text, const struct service_info *service)
{
	const char *separator = "";

	for (unsigned int i = 0; i < CAUSE_COUNT; i++) {
		if (service->causes[i] == 0)
			continue;
		procfs_print(text, "%s%s=%lu", separator, cause_names[i], service->causes[i]);
		separator = ",";
	}
	if (!*separator)
		procfs_print(text, "-");
}

void procfs_print_services(struct procfs_text *text)
{
	struct service_info service;

	procfs_print(text, "service state policy contained restarts pages tokens isolation causes "
	                   "last_fall\n");
	for (unsigned int i = 0; core_service_info(i, &service) == 0; i++) {
		procfs_print(text, "%s %s %s %lu %lu %lu %lu %s ", service.name, service.state,
		             service.policy, service.contained, service.restarts,
		             service.heap_pages, service.tokens, service.isolation);
		print_causes(text, &service);
		procfs_print(text, " %s\n", service.last_fall);
	}
}

static uint64_t service_heap_objects(void)
{
	struct service_info service;
	uint64_t objects = 0;

	for (unsigned int i = 0; core_service_info(i, &service) == 0; i++)
		objects += service.heap_objects;
	return objects;
}

void procfs_print_audit(struct procfs_text *text)
{
	struct system_info system;

	core_system_info(&system);
	procfs_print(text, "pages_free %lu\n", system.pages_free);
	procfs_print(text, "pages_of_processes %lu\n", system.pages_of_processes);
	procfs_print(text, "pages_of_stores %lu\n", system.pages_of_stores);
	procfs_print(text, "heap_pages %lu\n", system.heap_pages);
	procfs_print(text, "reader_table_pages %lu\n", system.reader_table_pages);
	procfs_print(text, "heap_objects %lu\n", system.heap_objects);
	procfs_print(text, "service_heap_objects %lu\n", service_heap_objects());
	procfs_print(text, "vnodes %lu\n", system.vnodes);
	procfs_print(text, "files %lu\n", system.files);
	procfs_print(text, "spinlocks_held %lu\n", system.spinlocks_held);
	procfs_print(text, "mutexes_held %lu\n", system.mutexes_held);
	procfs_print(text, "tokens %lu\n", system.tokens);
	procfs_print(text, "invariants_held %lu\n", system.invariants_held);
}
