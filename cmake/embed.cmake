# SPDX-License-Identifier: MIT
# imshow_embed(TARGET [PLAIN] FILE...): a library with the table `assets` of assets.h, holding the files
# compressed, or with PLAIN as they are.
#
# The bytes come in by .incbin: a compiler takes minutes over a megabyte of array initialisers. Run as a
# script (cmake -DOUT=... -DFILES=... -P) it writes the table when the files are built.

function(imshow_embed target)
  cmake_parse_arguments(arg "PLAIN" "" "" ${ARGN})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  set(zipped)
  foreach(file ${arg_UNPARSED_ARGUMENTS})
    get_filename_component(name ${file} NAME)
    if(arg_PLAIN OR name MATCHES "\\.html$") # the page itself is for curl too
      list(APPEND zipped ${file})
      continue()
    endif()
    set(gz ${folder}/${name}.gz)
    # -n: neither name nor time, so that equal files give equal bytes.
    add_custom_command(OUTPUT ${gz}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
      COMMAND sh -c "gzip -9 -n -c '${file}' >'${gz}'"
      DEPENDS ${file}
      VERBATIM)
    list(APPEND zipped ${gz})
  endforeach()
  list(JOIN zipped "|" joined)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
  add_custom_command(OUTPUT ${folder}/assets.c ${folder}/assets.S
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -DOUT=${folder} -DFILES=${joined} -P ${script}
    DEPENDS ${zipped} ${script}
    COMMENT "Embedding the page"
    VERBATIM)
  add_library(${target} STATIC ${folder}/assets.c ${folder}/assets.S)
  target_link_libraries(${target} PRIVATE imshow::flags)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/cmake) # assets.h
  set_source_files_properties(${folder}/assets.S PROPERTIES OBJECT_DEPENDS "${zipped}")
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()

set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_svg "image/svg+xml")

string(REPLACE "|" ";" files "${FILES}")
set(extern "")
set(rows "")
set(asm "    .section .rodata\n")
set(number 0)
foreach(gz ${files})
  get_filename_component(name ${gz} NAME)
  string(REGEX MATCH "\\.gz$" zipped ${name})
  string(REGEX REPLACE "\\.gz$" "" name ${name})
  set(is_zipped false)
  if(zipped)
    set(is_zipped true)
  endif()
  string(REGEX MATCH "[a-z]+$" suffix ${name})
  if(NOT DEFINED type_${suffix})
    message(FATAL_ERROR "${name}: no media type is known for .${suffix}")
  endif()
  file(SIZE ${gz} size)
  file(SHA256 ${gz} hash)
  string(SUBSTRING ${hash} 0 16 tag)
  string(APPEND extern "extern const unsigned char asset_${number}[];\n")
  string(APPEND rows "    {\"${name}\", \"${type_${suffix}}\", \"\\\"${tag}\\\"\", "
                     "asset_${number}, ${size}, ${is_zipped}},\n")
  string(APPEND asm "    .globl asset_${number}\n    .hidden asset_${number}\n"
                    "    .balign 16\nasset_${number}:\n    .incbin \"${gz}\"\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND asm "    .section .note.GNU-stack,\"\",%progbits\n")

file(WRITE ${OUT}/assets.S "${asm}")
file(WRITE ${OUT}/assets.c
  "#include \"assets.h\"\n\n#include <stddef.h>\n\n${extern}\n"
  "const struct asset assets[] = {\n${rows}    {NULL, NULL, NULL, NULL, 0, false},\n};\n")
