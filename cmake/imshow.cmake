# SPDX-License-Identifier: MIT
# Flags travel by INTERFACE targets only: link imshow::flags to get them.

find_package(PkgConfig REQUIRED)

add_library(imshow_flags INTERFACE)
add_library(imshow::flags ALIAS imshow_flags)
target_compile_definitions(imshow_flags INTERFACE _GNU_SOURCE)
target_compile_options(imshow_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror -fno-common)
if(IMSHOW_SANITIZE)
  target_compile_options(imshow_flags INTERFACE
    -fsanitize=${IMSHOW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(imshow_flags INTERFACE -fsanitize=${IMSHOW_SANITIZE})
endif()

# imshow_pkg(NAME MODULE...): the pkg-config modules as one imported target.
function(imshow_pkg name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
endfunction()

# imshow_test(NAME SOURCE... [LIBS TARGET...]): a Criterion program that runs under ctest.
function(imshow_test name)
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE imshow::flags imshow::imshow PkgConfig::criterion
                                        ${arg_LIBS})
  target_compile_definitions(${name} PRIVATE TESTS_DIR="${PROJECT_SOURCE_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name} --jobs 2)
  set_tests_properties(${name} PROPERTIES
    FAIL_REGULAR_EXPRESSION "LeakSanitizer;AddressSanitizer;runtime error" TIMEOUT 300)
endfunction()

# imshow_thread_test(NAME SOURCE... [LIBS TARGET...]): a plain program, since Criterion does not start under
# ThreadSanitizer. `./dev test tsan` builds the target thread_tests and runs the label tsan.
function(imshow_thread_test name)
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  find_package(Threads REQUIRED)
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE imshow::flags imshow::imshow Threads::Threads
                                        ${arg_LIBS})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS tsan TIMEOUT 300
    FAIL_REGULAR_EXPRESSION "ThreadSanitizer;LeakSanitizer;AddressSanitizer;runtime error")
  if(NOT TARGET thread_tests)
    add_custom_target(thread_tests)
  endif()
  add_dependencies(thread_tests ${name})
endfunction()
