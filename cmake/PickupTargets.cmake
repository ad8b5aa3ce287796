# How every target of this project is built: C++20, no warnings, sanitizers when asked for.

add_library(pickup_build INTERFACE)
target_compile_features(pickup_build INTERFACE cxx_std_20)
target_include_directories(pickup_build INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(pickup_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(PICKUP_SANITIZE)
  target_compile_options(pickup_build INTERFACE
    -fsanitize=${PICKUP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # A null pointer that is used ends the program anyway; checks before every use make the build a third longer.
  target_compile_options(pickup_build INTERFACE -fno-sanitize=null)
  # Abseil's headers lay containers out differently under AddressSanitizer; Debian's libraries that
  # share such containers with us (S2) are built without it.
  target_compile_options(pickup_build INTERFACE -U__SANITIZE_ADDRESS__)
  target_link_options(pickup_build INTERFACE -fsanitize=${PICKUP_SANITIZE})
endif()

# For code that runs on fibers, whose stacks AddressSanitizer does not know: after an exception
# there it takes what the frames have left for overflows (google/sanitizers, issue 189). What http
# calls lets no exception pass: domain, storage and config return results.
add_library(pickup_on_fibers INTERFACE)
if(PICKUP_SANITIZE MATCHES address)
  target_compile_options(pickup_on_fibers INTERFACE --param=asan-stack=0)
endif()

# pickup_library(NAME SOURCES file... [LINK library...] [PRECOMPILE header...])
# One folder, one target, one namespace: pickup_NAME.
function(pickup_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRECOMPILE" ${ARGN})
  add_library(pickup_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(pickup_${name} PUBLIC pickup_build ${ARG_LINK})
  if(ARG_PRECOMPILE)
    target_precompile_headers(pickup_${name} PRIVATE ${ARG_PRECOMPILE})
  endif()
endfunction()

# pickup_test(NAME SOURCES file... LINK library... [APART file...])
# A Catch2 program test_NAME, labelled "fast". CTest runs it whole, but for the cases of the files
# APART (disk_faults for disk_faults_test.cpp), which take long: those run beside it, as NAME_FILE.
function(pickup_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;APART" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE pickup_build pickup_catch ${ARG_LINK})
  target_precompile_headers(test_${name} REUSE_FROM pickup_catch)
  set(run COMMAND test_${name} --warn NoTests --filenames-as-tags)
  set(tests ${name})
  set(others)
  foreach(file IN LISTS ARG_APART)
    add_test(NAME ${name}_${file} ${run} "[#${file}_test]")
    list(APPEND tests ${name}_${file})
    string(APPEND others "~[#${file}_test]")
  endforeach()
  add_test(NAME ${name} ${run} ${others})
  set_tests_properties(${tests} PROPERTIES LABELS fast TIMEOUT 120)
endfunction()
