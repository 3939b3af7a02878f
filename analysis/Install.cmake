# SPDX-License-Identifier: MIT
#
# cmake --install of the checkers, with the library's (caps/cmake/Install.cmake includes this):
# bin/aramid-check, its programs, and in share/aramid all that it and aramid_check() read.
# installed.json says where the rest is, relative to itself, so the prefix may move.

set(share ${CMAKE_INSTALL_DATADIR}/aramid)
set(programs ${CMAKE_INSTALL_LIBEXECDIR}/aramid)
file(RELATIVE_PATH include_from_share /prefix/${share} /prefix/${CMAKE_INSTALL_INCLUDEDIR})
file(RELATIVE_PATH programs_from_share /prefix/${share} /prefix/${programs})
file(RELATIVE_PATH share_from_bin /prefix/${CMAKE_INSTALL_BINDIR} /prefix/${share})

set(analysis ${CMAKE_CURRENT_LIST_DIR})
set(made ${CMAKE_CURRENT_BINARY_DIR}/checkers)
configure_file(${analysis}/aramid-check.in ${made}/aramid-check @ONLY
	FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
		GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
file(CONFIGURE OUTPUT ${made}/installed.json @ONLY
	CONTENT "{\"include\": \"@include_from_share@\", \"programs\": \"@programs_from_share@\"}\n")

install(PROGRAMS ${made}/aramid-check
	DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT AramidCaps)
install(PROGRAMS
		${CMAKE_BINARY_DIR}/analysis/capflow ${CMAKE_BINARY_DIR}/analysis/aramid-gate
	DESTINATION ${programs} COMPONENT AramidCaps)
if(ARAMID_ANALYZER)
	install(PROGRAMS ${CMAKE_BINARY_DIR}/analysis/aramid-analyzer.so
		DESTINATION ${programs} COMPONENT AramidCaps)
endif()
install(FILES ${made}/installed.json ${analysis}/Gate.cmake ${analysis}/kinds.policy
	DESTINATION ${share} COMPONENT AramidCaps)
install(PROGRAMS ${analysis}/check-objects ${ARAMID_CAPS_DIR}/tools/make-policy
	DESTINATION ${share} COMPONENT AramidCaps)
install(FILES ${analysis}/gate/roles.flags
	DESTINATION ${share}/gate COMPONENT AramidCaps)
install(DIRECTORY ${analysis}/aramid_check ${analysis}/report
	DESTINATION ${share} COMPONENT AramidCaps
	FILES_MATCHING PATTERN "*.py" PATTERN "*.css" PATTERN "*.js" PATTERN "*.html"
	PATTERN __pycache__ EXCLUDE)
install(DIRECTORY ${ARAMID_CAPS_DIR}/../docs/rules/
	DESTINATION ${share}/rules COMPONENT AramidCaps
	FILES_MATCHING REGEX "/[A-Z]+[0-9]+\\.md$")
