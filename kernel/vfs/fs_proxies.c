/* SPDX-License-Identifier: MIT
 *
 * The proxies: each puts its arguments into a struct service_call, with their shapes.
 */
#include <kernel/vfs/fs_answers.h>
#include <kernel/vfs/fs_proxies.h>

#if ARAMID_CONTAIN_PANICS

#define VALUE_(shape, type, name) ARGUMENT_VALUE_OF(name)
#define SHAPE_(shape, type, name) ARGUMENT_SHAPE_##shape(name)

#if ARAMID_ISOLATE_SERVICES
#define SHAPES_(...) .shapes = {__VA_ARGS__}
#else
#define SHAPES_(...)
#endif

#define PROXY_(name, effect_, parameters, values, shapes_)                                         \
	long fs_##name parameters                                                                  \
	{                                                                                          \
		struct service_call call = {.operation = #name,                                    \
		                            .function = (uint64_t)service->fs->name,               \
		                            .fault = fs_##name##_fault,                            \
		                            .effect = CALL_##effect_,                              \
		                            .arguments = {UNPACK_ values},                         \
		                            SHAPES_ shapes_};                                      \
		return call_service(service, &call);                                               \
	}
#define UNPACK_(...) __VA_ARGS__

#define FS_OPERATION1(name, effect, a)                                                             \
	PROXY_(name, effect, (struct service * service, FS_PARAMETER_ a), (VALUE_ a), (SHAPE_ a))
#define FS_OPERATION2(name, effect, a, b)                                                          \
	PROXY_(name, effect, (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b),         \
	       (VALUE_ a, VALUE_ b), (SHAPE_ a, SHAPE_ b))
#define FS_OPERATION3(name, effect, a, b, c)                                                       \
	PROXY_(name, effect,                                                                       \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c),      \
	       (VALUE_ a, VALUE_ b, VALUE_ c), (SHAPE_ a, SHAPE_ b, SHAPE_ c))
#define FS_OPERATION4(name, effect, a, b, c, d)                                                    \
	PROXY_(name, effect,                                                                       \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,       \
	        FS_PARAMETER_ d),                                                                  \
	       (VALUE_ a, VALUE_ b, VALUE_ c, VALUE_ d), (SHAPE_ a, SHAPE_ b, SHAPE_ c, SHAPE_ d))
#define FS_OPERATION5(name, effect, a, b, c, d, e)                                                 \
	PROXY_(name, effect,                                                                       \
	       (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,       \
	        FS_PARAMETER_ d, FS_PARAMETER_ e),                                                 \
	       (VALUE_ a, VALUE_ b, VALUE_ c, VALUE_ d, VALUE_ e),                                 \
	       (SHAPE_ a, SHAPE_ b, SHAPE_ c, SHAPE_ d, SHAPE_ e))
#include <kernel/vfs/fs_operations.def>
#include <kernel/vfs/fs_operations_end.h>

#endif
