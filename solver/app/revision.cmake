# Runs at every build: writes the git revision into one small source file, and touches that file only if it
# changed, so that nothing else is compiled again and a compiler cache keeps its hits.
#   cmake -DSOURCE_DIR= -DTEMPLATE= -DOUTPUT= -DVERSION= -DCOMPILER= -DBUILD_TYPE= -P revision.cmake
set(REVISION unknown)
set(MODIFIED unknown)
find_program(GIT git)
# Only a repository of this very tree: an unpacked archive inside another repository must not take its revision.
if(GIT AND EXISTS ${SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} rev-parse HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(REVISION ${commit})
    execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} --no-optional-locks status --porcelain -- CMakeLists.txt solver materials meshes
      OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      if(changes STREQUAL "")
        set(MODIFIED no)
      else()
        set(MODIFIED yes)
      endif()
    endif()
  endif()
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
