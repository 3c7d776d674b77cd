# What `make install` puts where; the Makefile builds the target `installable` first.
#   bin/portrait  lib/libportrait.*  lib/pkgconfig  include/portrait.h
#   share/man (and share/man/zh_CN)  share/bash-completion  share/zsh  share/fish
#   lib/portrait/libduckdb.so, loaded at run time by the program (from ../lib/portrait) and by the library (from ./portrait)
include(GNUInstallDirs)
add_custom_target(installable)
add_custom_command(OUTPUT "${CMAKE_BINARY_DIR}/man/man1/portrait.1" DEPENDS portrait include/portrait.h docs/project-files.md
                           tools/man.sh tools/man/header.awk tools/man/markdown.awk
                   COMMAND "${CMAKE_SOURCE_DIR}/tools/man.sh" $<TARGET_FILE:portrait> "${CMAKE_BINARY_DIR}/man")
add_custom_target(man DEPENDS "${CMAKE_BINARY_DIR}/man/man1/portrait.1")
add_dependencies(installable portrait libraries man)
install(TARGETS portrait RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS portrait_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES "${CMAKE_BINARY_DIR}/libportrait.a" DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES "${CMAKE_BINARY_DIR}/portrait.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES include/portrait.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES "${PORTRAIT_DEPS}/duckdb/lib/libduckdb.so" DESTINATION lib/portrait)
install(DIRECTORY "${CMAKE_BINARY_DIR}/man/" DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES tools/completion/portrait.bash DESTINATION share/bash-completion/completions RENAME portrait)
install(FILES tools/completion/_portrait DESTINATION share/zsh/site-functions)
install(FILES tools/completion/portrait.fish DESTINATION share/fish/vendor_completions.d)
