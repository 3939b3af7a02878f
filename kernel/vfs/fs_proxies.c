/* SPDX-License-Identifier: MIT
 *
 * The proxies: arguments into a struct, the struct through the boundary, out of it
 * on the other side.
 */
#include <kernel/vfs/fs_proxies.h>

#if ARAMID_CONTAIN_PANICS

#define FIELD_(type, name) type name;
#define CALL_(type, name)  call->name
#define VALUE_(type, name) name

#define PROXY_(name, effect, fields, inside, parameters, values)                                   \
	struct fs_##name##_call {                                                                  \
		const struct fs_ops *ops;                                                          \
		fields                                                                             \
	};                                                                                         \
	static long fs_##name##_inside(void *argument)                                             \
	{                                                                                          \
		const struct fs_##name##_call *call = argument;                                    \
		return call->ops->name inside;                                                     \
	}                                                                                          \
	long fs_##name parameters                                                                  \
	{                                                                                          \
		struct fs_##name##_call call = {service->fs, UNPACK_ values};                      \
		return call_service(service, #name, CALL_##effect, fs_##name##_inside, &call);     \
	}
#define UNPACK_(...) __VA_ARGS__

#define FS_OPERATION1(name, effect, a)                                                             \
	PROXY_(name, effect, FIELD_ a, (CALL_ a), (struct service * service, FS_PARAMETER_ a),     \
	       (VALUE_ a))
#define FS_OPERATION2(name, effect, a, b)                                                          \
	PROXY_(name, effect, FIELD_ a FIELD_ b, (CALL_ a, CALL_ b),                                \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b), (VALUE_ a, VALUE_ b))
#define FS_OPERATION3(name, effect, a, b, c)                                                       \
	PROXY_(name, effect, FIELD_ a FIELD_ b FIELD_ c, (CALL_ a, CALL_ b, CALL_ c),              \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c),      \
	       (VALUE_ a, VALUE_ b, VALUE_ c))
#define FS_OPERATION4(name, effect, a, b, c, d)                                                    \
	PROXY_(name, effect, FIELD_ a FIELD_ b FIELD_ c FIELD_ d,                                  \
	       (CALL_ a, CALL_ b, CALL_ c, CALL_ d),                                               \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,       \
	        FS_PARAMETER_ d),                                                                  \
	       (VALUE_ a, VALUE_ b, VALUE_ c, VALUE_ d))
#define FS_OPERATION5(name, effect, a, b, c, d, e)                                                 \
	PROXY_(name, effect, FIELD_ a FIELD_ b FIELD_ c FIELD_ d FIELD_ e,                         \
	       (CALL_ a, CALL_ b, CALL_ c, CALL_ d, CALL_ e),                                      \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,       \
	        FS_PARAMETER_ d, FS_PARAMETER_ e),                                                 \
	       (VALUE_ a, VALUE_ b, VALUE_ c, VALUE_ d, VALUE_ e))
#include <kernel/vfs/fs_operations.def>
#include <kernel/vfs/fs_operations_end.h>

#endif
