/* SPDX-License-Identifier: MIT
 *
 * For the test (LD_PRELOAD): every user's home is the folder HOME_FOR_TEST, so that no key has to
 * be put where the tester's own keys are.
 */
#include <dlfcn.h>
#include <pwd.h>
#include <stdlib.h>

struct passwd *getpwnam(const char *name)
{
	struct passwd *(*next)(const char *) = dlsym(RTLD_NEXT, "getpwnam");
	struct passwd *entry = next ? next(name) : NULL;
	char *home = getenv("HOME_FOR_TEST");

	if (entry && home)
		entry->pw_dir = home;
	return entry;
}
