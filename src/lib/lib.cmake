# libportrait, shared and static, out of the objects of src/lib and what they need of the program.
include(GNUInstallDirs)
file(GLOB LIB_SOURCES CONFIGURE_DEPENDS src/lib/*.c)
add_library(portrait_lib OBJECT ${LIB_SOURCES})
target_link_libraries(portrait_lib PUBLIC portrait_core)

# The soname changes only when a program that uses the library would have to (see portrait.map).
set(LIB_MAP "${CMAKE_SOURCE_DIR}/src/lib/portrait.map")
add_library(portrait_shared SHARED EXCLUDE_FROM_ALL $<TARGET_OBJECTS:portrait_lib>)
target_link_libraries(portrait_shared PRIVATE portrait_core)
target_link_options(portrait_shared PRIVATE "-Wl,--version-script=${LIB_MAP}" -Wl,--no-undefined)
set_target_properties(portrait_shared PROPERTIES OUTPUT_NAME portrait SOVERSION 1 VERSION 1.0.0 LINK_DEPENDS "${LIB_MAP}")
if(SANITIZE)  # the sanitizers' functions are the program's
  target_link_options(portrait_shared PRIVATE -Wl,-z,undefs)
endif()

# One object whose hidden names have been made local: an archive of many would show all of them to the linker.
set(LIB_ARCHIVE "${CMAKE_BINARY_DIR}/libportrait.a")
set(LIB_OBJECT "${CMAKE_BINARY_DIR}/portrait.o")
add_custom_command(OUTPUT "${LIB_ARCHIVE}" DEPENDS portrait_lib portrait_core $<TARGET_OBJECTS:portrait_lib> COMMAND_EXPAND_LISTS
                   COMMAND ${CMAKE_LINKER} -r -o "${LIB_OBJECT}" $<TARGET_OBJECTS:portrait_lib> $<TARGET_FILE:portrait_core>
                   COMMAND ${CMAKE_OBJCOPY} --localize-hidden --strip-debug "${LIB_OBJECT}"
                   COMMAND ${CMAKE_COMMAND} -E rm -f "${LIB_ARCHIVE}"
                   COMMAND ${CMAKE_AR} rcs "${LIB_ARCHIVE}" "${LIB_OBJECT}")
add_custom_target(portrait_static DEPENDS "${LIB_ARCHIVE}")

file(RELATIVE_PATH PC_TO_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(src/lib/portrait.pc.in "${CMAKE_BINARY_DIR}/portrait.pc" @ONLY)
add_custom_target(libraries DEPENDS portrait_shared portrait_static)
