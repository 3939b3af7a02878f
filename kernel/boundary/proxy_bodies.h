/* SPDX-License-Identifier: MIT
 *
 * Defines the proxies of a class: each puts its arguments into a struct service_call, with their
 * shapes. Included once by the class's source (fs_proxies.c, block_proxies.c), behind its proxies:
 *
 *   #define CLASS        fs
 *   #define CLASS_TABLE  <kernel/vfs/fs_operations.def>
 */
#include <aramid/profile.h>

#if ARAMID_CONTAIN_PANICS

#define BODY_JOIN__(a, b) a##_##b
#define BODY_JOIN_(a, b)  BODY_JOIN__(a, b)
#define BODY_(name)       BODY_JOIN_(CLASS, name)
#define BODY_FAULT_(name) BODY_JOIN_(BODY_(name), fault)

#define BODY_VALUE_(shape, type, name) ARGUMENT_VALUE_OF(name)
#define BODY_SHAPE_(shape, type, name) ARGUMENT_SHAPE_##shape(name)

#if ARAMID_ISOLATE_SERVICES
#define BODY_SHAPES_(...) .shapes = {__VA_ARGS__}
#else
#define BODY_SHAPES_(...)
#endif

#define BODY_DEFINE_(name, effect_, parameters, values, shapes_)                                   \
	long BODY_(name) parameters                                                                \
	{                                                                                          \
		struct service_call call = {.operation = #name,                                    \
		                            .function = (uint64_t)service->CLASS->name,            \
		                            .fault = BODY_FAULT_(name),                            \
		                            .effect = CALL_##effect_,                              \
		                            .arguments = {BODY_UNPACK_ values},                    \
		                            BODY_SHAPES_ shapes_};                                 \
		return call_service(service, &call);                                               \
	}
#define BODY_UNPACK_(...) __VA_ARGS__

#define OPERATION1(name, effect, a)                                                                \
	BODY_DEFINE_(name, effect, (struct service * service, PARAMETER_ a), (BODY_VALUE_ a),      \
	             (BODY_SHAPE_ a))
#define OPERATION2(name, effect, a, b)                                                             \
	BODY_DEFINE_(name, effect, (struct service * service, PARAMETER_ a, PARAMETER_ b),         \
	             (BODY_VALUE_ a, BODY_VALUE_ b), (BODY_SHAPE_ a, BODY_SHAPE_ b))
#define OPERATION3(name, effect, a, b, c)                                                          \
	BODY_DEFINE_(name, effect,                                                                 \
	             (struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c),         \
	             (BODY_VALUE_ a, BODY_VALUE_ b, BODY_VALUE_ c),                                \
	             (BODY_SHAPE_ a, BODY_SHAPE_ b, BODY_SHAPE_ c))
#define OPERATION4(name, effect, a, b, c, d)                                                       \
	BODY_DEFINE_(name, effect,                                                                 \
	             (struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,          \
	              PARAMETER_ d),                                                               \
	             (BODY_VALUE_ a, BODY_VALUE_ b, BODY_VALUE_ c, BODY_VALUE_ d),                 \
	             (BODY_SHAPE_ a, BODY_SHAPE_ b, BODY_SHAPE_ c, BODY_SHAPE_ d))
#define OPERATION5(name, effect, a, b, c, d, e)                                                    \
	BODY_DEFINE_(name, effect,                                                                 \
	             (struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,          \
	              PARAMETER_ d, PARAMETER_ e),                                                 \
	             (BODY_VALUE_ a, BODY_VALUE_ b, BODY_VALUE_ c, BODY_VALUE_ d, BODY_VALUE_ e),  \
	             (BODY_SHAPE_ a, BODY_SHAPE_ b, BODY_SHAPE_ c, BODY_SHAPE_ d, BODY_SHAPE_ e))
#include CLASS_TABLE
#include <kernel/boundary/operations_end.h>

#endif
