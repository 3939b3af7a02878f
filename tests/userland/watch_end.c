/* SPDX-License-Identifier: MIT
 *
 * watch_end DIRECTORY: watches a mounted directory, unmounts it, and says what the watch is told.
 */
#include <sys/inotify.h>
#include <sys/mount.h>

#include "expect.h"

int main(int count, char **words)
{
	struct inotify_event events[8];
	ssize_t size;
	int watcher, watch;

	if (count != 2)
		return 2;
	watcher = inotify_init1(IN_NONBLOCK);
	watch = inotify_add_watch(watcher, words[1], IN_ALL_EVENTS);
	EXPECT(watch > 0);
	EXPECT(umount(words[1]) == 0);
	size = read(watcher, events, sizeof(events));
	EXPECT(size == (ssize_t)(2 * sizeof(events[0])));
	EXPECT(events[0].wd == watch && events[0].mask == IN_UNMOUNT && events[0].len == 0);
	EXPECT(events[1].wd == watch && events[1].mask == IN_IGNORED);
	EXPECT_ERROR(EINVAL, inotify_rm_watch(watcher, watch));
	return expect_result();
}
