# SPDX-License-Identifier: MIT
#
#   aramid_gate(TARGET [POLICY file...])
#
# Compiles TARGET through the gate: stock Sparse, capflow and Clang's thread-safety
# roles run on each C file with the compile, and a finding fails the build. POLICY
# names the policy files (kinds, mints, carriers); without it they are this tree's.
# When one changes, TARGET is compiled anew. Call it after TARGET has its sources.
# Before TARGET is linked or archived, the object gate reads its objects; what is an
# object library has no such step, so that its objects go to:
#
#   aramid_gate_objects(OUTVAR NAME [POLICY file...] TARGETS target...)
#
# Sets OUTVAR to a file that depends on the objects of all TARGETS and is made when the
# object gate finds nothing in them. What links the objects must depend on it.
#
#   aramid_tree_policy(OUTVAR)
#
# Sets OUTVAR to this tree's policy files: what caps/tools/make-policy makes of the
# table of kinds, and the *.policy files of the rooms.

set(ARAMID_ANALYSIS_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_LIST_DIR)
	set(programs "${CMAKE_BINARY_DIR}")
else()
	set(programs "${CMAKE_BINARY_DIR}/analysis")
endif()
set(ARAMID_GATE_PROGRAM "${programs}/aramid-gate" CACHE INTERNAL "")
set(ARAMID_CAPFLOW_PROGRAM "${programs}/capflow" CACHE INTERNAL "")

function(aramid_tree_policy outvar)
	set(root "${ARAMID_ANALYSIS_DIR}/..")
	set(generated "${CMAKE_BINARY_DIR}/kinds.policy")
	set(files "${generated}")
	foreach(room analysis annotations arch caps kernel services)
		file(GLOB_RECURSE found CONFIGURE_DEPENDS "${root}/${room}/*.policy")
		list(APPEND files ${found})
	endforeach()
	if(NOT TARGET aramid-policy)
		add_custom_command(
			OUTPUT "${generated}"
			COMMAND "${root}/caps/tools/make-policy" > "${generated}"
			DEPENDS "${root}/caps/tools/make-policy"
				"${root}/caps/include/aramid/cap_kinds.def"
			COMMENT "Making the checkers' policy from the table of kinds")
		add_custom_target(aramid-policy DEPENDS "${generated}")
	endif()
	set(${outvar} ${files} PARENT_SCOPE)
endfunction()

# The words of check-objects for policy files.
function(aramid_gate_object_command outvar)
	set(command "${ARAMID_ANALYSIS_DIR}/check-objects")
	foreach(policy IN LISTS ARGN)
		list(APPEND command --policy "${policy}")
	endforeach()
	set(${outvar} ${command} PARENT_SCOPE)
endfunction()

function(aramid_gate_objects outvar name)
	cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "POLICY;TARGETS")
	if(NOT arg_POLICY)
		aramid_tree_policy(arg_POLICY)
	endif()
	set(objects)
	foreach(target IN LISTS arg_TARGETS)
		list(APPEND objects "$<TARGET_OBJECTS:${target}>")
	endforeach()
	set(stamp "${CMAKE_CURRENT_BINARY_DIR}/${name}.objects-checked")
	aramid_gate_object_command(command ${arg_POLICY})
	file(GLOB program CONFIGURE_DEPENDS "${ARAMID_ANALYSIS_DIR}/aramid_check/*.py")
	add_custom_command(
		OUTPUT "${stamp}"
		COMMAND ${command} --stamp "${stamp}" ${objects}
		DEPENDS ${objects} ${arg_POLICY} ${program} "${ARAMID_ANALYSIS_DIR}/check-objects"
		COMMENT "Checking the objects of ${name}"
		COMMAND_EXPAND_LISTS VERBATIM)
	set(${outvar} "${stamp}" PARENT_SCOPE)
endfunction()

function(aramid_gate target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "POLICY")
	if(NOT arg_POLICY)
		aramid_tree_policy(arg_POLICY)
		add_dependencies(${target} aramid-policy)
	endif()
	set(launcher "${ARAMID_GATE_PROGRAM}" --capflow "${ARAMID_CAPFLOW_PROGRAM}")
	foreach(policy IN LISTS arg_POLICY)
		list(APPEND launcher --policy "${policy}")
	endforeach()
	file(STRINGS "${ARAMID_ANALYSIS_DIR}/gate/roles.flags" roles)
	foreach(flag IN LISTS roles)
		list(APPEND launcher --role "${flag}")
	endforeach()
	if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
		list(APPEND launcher --clang clang-19)
	endif()
	set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "${launcher};--")
	add_dependencies(${target} aramid-analysis)

	get_target_property(sources ${target} SOURCES)
	foreach(source IN LISTS sources)
		if(source MATCHES "\\.c$")
			set_property(SOURCE "${source}" TARGET_DIRECTORY ${target} APPEND
				PROPERTY OBJECT_DEPENDS ${arg_POLICY}
				"${ARAMID_CAPFLOW_PROGRAM}" "${ARAMID_GATE_PROGRAM}"
				"${ARAMID_ANALYSIS_DIR}/gate/roles.flags")
		endif()
	endforeach()

	get_target_property(type ${target} TYPE)
	if(NOT type STREQUAL "OBJECT_LIBRARY")
		aramid_gate_object_command(command ${arg_POLICY})
		add_custom_command(TARGET ${target} PRE_LINK
			COMMAND ${command} "$<TARGET_OBJECTS:${target}>"
			COMMAND_EXPAND_LISTS VERBATIM)
	endif()
endfunction()
