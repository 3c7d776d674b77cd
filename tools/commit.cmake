# Writes OUT, a C file that says which commit is being built; touches it only when that has changed.
execute_process(COMMAND git -C "${TOP}" describe --always --abbrev=10 --dirty --exclude "*"
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
set(text "#include \"app/version.h\"\n\nconst char pt_build_commit[] = \"${commit}\";\n")
set(old "")
if(EXISTS "${OUT}")
  file(READ "${OUT}" old)
endif()
if(NOT text STREQUAL old)
  file(WRITE "${OUT}" "${text}")
endif()
