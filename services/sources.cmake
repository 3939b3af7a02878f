# SPDX-License-Identifier: MIT
# The sources of each service; who starts, and with which rights, is manifest.h's.
aramid_service(tmpfs
	services/tmpfs/attributes.c
	services/tmpfs/check.c
	services/tmpfs/contents.c
	services/tmpfs/entry.c
	services/tmpfs/inode.c
	services/tmpfs/names.c
	services/tmpfs/rename.c
	services/tmpfs/tmpfs.c
)
aramid_service(devfs
	services/devfs/devfs.c
)
aramid_service(procfs
	services/procfs/containment.c
	services/procfs/directory.c
	services/procfs/object.c
	services/procfs/process.c
	services/procfs/procfs.c
	services/procfs/system.c
	services/procfs/text.c
)
aramid_service(chaos
	services/chaos/chaos.c
	services/chaos/ways.c
)
