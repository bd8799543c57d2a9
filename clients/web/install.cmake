# SPDX-License-Identifier: MIT
# cmake -DWEB=folder -DNPM=program -P install.cmake: `npm ci`, unless what is installed is newer than the lock
# file. Several build folders share node_modules, so only one of them installs at a time.

file(LOCK ${WEB} DIRECTORY GUARD PROCESS)
set(installed ${WEB}/node_modules/.package-lock.json)
if(EXISTS ${installed} AND ${installed} IS_NEWER_THAN ${WEB}/package-lock.json)
  return()
endif()
execute_process(COMMAND ${NPM} ci --no-audit --no-fund
  WORKING_DIRECTORY ${WEB} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "npm ci failed in ${WEB}: is the package registry within reach?")
endif()
file(TOUCH ${installed})
