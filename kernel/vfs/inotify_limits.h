/* SPDX-License-Identifier: MIT
 *
 * How much of inotify(7) there is (/proc/sys/fs/inotify): Linux' figures for a small machine.
 */
#pragma once

#define INOTIFY_QUEUED_EVENTS_MAX 16384u /* of an instance */
#define INOTIFY_INSTANCES_MAX     128u   /* of a user */
#define INOTIFY_WATCHES_MAX       8192u  /* of a user */
