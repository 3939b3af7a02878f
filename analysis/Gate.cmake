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
#   aramid_check(TARGET [KINDS file.def...] [POLICY file...])
#
# The gate for a project that uses the library: KINDS are its own tables of kinds, POLICY
# its carriers, core files and services. An object library is read with the whole build.
#
#   aramid_tree_policy(OUTVAR)
#
# Sets OUTVAR to this tree's policy files: what caps/tools/make-policy makes of the
# table of kinds, and the *.policy files of the rooms.

set(ARAMID_ANALYSIS_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")
set(library_kinds "${ARAMID_ANALYSIS_DIR}/../caps/include/aramid/cap_kinds.def")
set(make_policy "${ARAMID_ANALYSIS_DIR}/../caps/tools/make-policy")
if(EXISTS "${ARAMID_ANALYSIS_DIR}/installed.json")
	file(READ "${ARAMID_ANALYSIS_DIR}/installed.json" installed)
	string(JSON programs GET "${installed}" programs)
	string(JSON include GET "${installed}" include)
	cmake_path(ABSOLUTE_PATH programs BASE_DIRECTORY "${ARAMID_ANALYSIS_DIR}" NORMALIZE)
	cmake_path(ABSOLUTE_PATH include BASE_DIRECTORY "${ARAMID_ANALYSIS_DIR}" NORMALIZE)
	set(library_kinds "${include}/aramid/cap_kinds.def")
	set(make_policy "${ARAMID_ANALYSIS_DIR}/make-policy")
elseif(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_LIST_DIR)
	set(programs "${CMAKE_BINARY_DIR}")
else()
	set(programs "${CMAKE_BINARY_DIR}/analysis")
endif()
set(ARAMID_GATE_PROGRAM "${programs}/aramid-gate" CACHE INTERNAL "")
set(ARAMID_CAPFLOW_PROGRAM "${programs}/capflow" CACHE INTERNAL "")
set(ARAMID_LIBRARY_KINDS "${library_kinds}" CACHE INTERNAL "")
set(ARAMID_MAKE_POLICY "${make_policy}" CACHE INTERNAL "")

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
			COMMAND "${ARAMID_MAKE_POLICY}" > "${generated}"
			DEPENDS "${ARAMID_MAKE_POLICY}" "${ARAMID_LIBRARY_KINDS}"
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
	if(TARGET aramid-analysis)
		add_dependencies(${target} aramid-analysis)
	endif()

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

# An absolute path for each file that is named from the caller's folder.
function(aramid_gate_absolute outvar)
	set(files)
	foreach(file IN LISTS ARGN)
		cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
		list(APPEND files "${file}")
	endforeach()
	set(${outvar} ${files} PARENT_SCOPE)
endfunction()

function(aramid_check target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "KINDS;POLICY")
	if(arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "aramid_check(${target} ...): unknown words: ${arg_UNPARSED_ARGUMENTS}")
	endif()
	aramid_gate_absolute(tables ${arg_KINDS})
	aramid_gate_absolute(project ${arg_POLICY})
	foreach(file IN LISTS tables project)
		if(NOT EXISTS "${file}")
			message(FATAL_ERROR "aramid_check(${target} ...): ${file} is missing")
		endif()
	endforeach()
	foreach(need "sparse;sparse" "clang-19;clang-19" "llvm-nm-19;llvm-19" "llvm-objdump-19;llvm-19")
		list(GET need 0 program)
		list(GET need 1 package)
		string(MAKE_C_IDENTIFIER "ARAMID_FOUND_${program}" found)
		find_program(${found} "${program}" NO_CMAKE_SYSTEM_PATH)
		mark_as_advanced(${found})
		if(NOT ${found})
			message(FATAL_ERROR "aramid_check(${target} ...): ${program} is missing: "
				"install package ${package}")
		endif()
	endforeach()

	execute_process(COMMAND "${ARAMID_FOUND_sparse}" --version
		OUTPUT_VARIABLE version ERROR_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
	if(NOT version MATCHES "0\\.6\\.4")
		message(FATAL_ERROR "aramid_check(${target} ...): sparse is version '${version}', not 0.6.4: "
			"install package sparse of version 0.6.4")
	endif()

	set(kinds "${CMAKE_CURRENT_BINARY_DIR}/${target}.kinds.policy")
	set(words --library "${ARAMID_LIBRARY_KINDS}")
	foreach(table IN LISTS tables)
		list(APPEND words --kinds "${table}")
	endforeach()
	add_custom_command(
		OUTPUT "${kinds}"
		COMMAND "${ARAMID_MAKE_POLICY}" ${words} > "${kinds}"
		DEPENDS "${ARAMID_MAKE_POLICY}" "${ARAMID_LIBRARY_KINDS}" ${tables}
		COMMENT "Making the checkers' policy for ${target}"
		VERBATIM)
	add_custom_target(${target}-policy DEPENDS "${kinds}")
	add_dependencies(${target} ${target}-policy)
	set(policy "${kinds}" "${ARAMID_ANALYSIS_DIR}/kinds.policy" ${project})
	aramid_gate(${target} POLICY ${policy})

	get_target_property(type ${target} TYPE)
	if(type STREQUAL "OBJECT_LIBRARY")
		aramid_gate_objects(stamp ${target} POLICY ${policy} TARGETS ${target})
		add_custom_target(${target}-objects ALL DEPENDS "${stamp}")
		add_dependencies(${target}-objects ${target}-policy)
	endif()
endfunction()
