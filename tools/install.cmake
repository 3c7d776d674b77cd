# What `make install` puts where; the Makefile builds the target `installable` first.
#   bin/portrait  lib/libportrait.*  lib/pkgconfig  include/portrait.h
#   lib/portrait/libduckdb.so, loaded at run time by the program (from ../lib/portrait) and by the library (from ./portrait)
include(GNUInstallDirs)
add_custom_target(installable)
add_dependencies(installable portrait libraries)
install(TARGETS portrait RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS portrait_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES "${CMAKE_BINARY_DIR}/libportrait.a" DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES "${CMAKE_BINARY_DIR}/portrait.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES include/portrait.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES "${PORTRAIT_DEPS}/duckdb/lib/libduckdb.so" DESTINATION lib/portrait)
