# developer.cmake - how those build who change the program: warnings are errors, builds are quick.
#
#     cmake -C .cmake/developer.cmake -S . -B build

set(FANOUT_SIM_WERROR ON CACHE BOOL "warnings are errors")
set(CMAKE_BUILD_TYPE None CACHE STRING "without optimisation as a whole")
set(CMAKE_C_FLAGS "-O1 -g" CACHE STRING "of every file")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON CACHE BOOL "for editors")
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE} CACHE STRING "what is compiled once is kept")
endif()
