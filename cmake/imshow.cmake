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
  # The instrumentation hides from gcc what is set; the other builds keep the warning.
  target_compile_options(imshow_flags INTERFACE
    $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
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
