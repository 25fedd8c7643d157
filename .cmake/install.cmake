# install.cmake - what an installation has, and the Debian package of it.
#
#     cmake --install build --prefix P       the program and all that is here under P
#     cmake --build build --target package   build/fanout-sim_VERSION_ARCH.deb
#
# The program looks for its scenarios in ../share/fanout-sim, as seen from where it lies.

set(share ${CMAKE_BINARY_DIR}/share)

# A build finds its scenarios as an installed program does.
file(MAKE_DIRECTORY ${share}/fanout-sim)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/scenarios ${share}/fanout-sim/scenarios SYMBOLIC)

# Written by the program, so that they say what it does: FILE WORD..
set(written "")
function(write file)
    get_filename_component(directory ${share}/${file} DIRECTORY)
    add_custom_command(OUTPUT ${share}/${file}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${directory}
        COMMAND fanout-sim ${ARGN} > ${share}/${file}
        DEPENDS fanout-sim VERBATIM)
    set(written ${written} ${share}/${file} PARENT_SCOPE)
endfunction()
write(man/man1/fanout-sim.1 man program)
write(man/man5/fanout-sim-scenario.5 man scenario)
write(bash-completion/completions/fanout-sim completion bash)
write(zsh/site-functions/_fanout-sim completion zsh)
write(fish/vendor_completions.d/fanout-sim.fish completion fish)
add_custom_target(share ALL DEPENDS ${written})

# Of every installation.
install(TARGETS fanout-sim RUNTIME DESTINATION bin COMPONENT program)
install(DIRECTORY scenarios DESTINATION share/fanout-sim COMPONENT program)
install(DIRECTORY plots DESTINATION share/fanout-sim COMPONENT program
    PATTERN gallery EXCLUDE)
foreach(shell bash-completion fish)
    install(DIRECTORY ${share}/${shell} DESTINATION share COMPONENT program)
endforeach()

# Of one that is no package.
install(DIRECTORY ${share}/man ${share}/zsh DESTINATION share COMPONENT plain)
install(FILES LICENSE README.md DESTINATION share/doc/fanout-sim COMPONENT plain)

# Of the package: as Debian wants it. The text of its licence is Debian's.
configure_file(.cmake/copyright.in copyright @ONLY)
configure_file(.cmake/changelog.in changelog @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/copyright DESTINATION share/doc/fanout-sim
    COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${share}/zsh/site-functions/_fanout-sim DESTINATION share/zsh/vendor-completions
    COMPONENT debian EXCLUDE_FROM_ALL)
install(CODE "
    function(compress from to)
        set(to \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/\${to}\")
        get_filename_component(directory \"\${to}\" DIRECTORY)
        file(MAKE_DIRECTORY \"\${directory}\")
        execute_process(COMMAND gzip -9nc \"\${from}\" OUTPUT_FILE \"\${to}\"
            COMMAND_ERROR_IS_FATAL ANY)
    endfunction()
    compress(\"${share}/man/man1/fanout-sim.1\" man/man1/fanout-sim.1.gz)
    compress(\"${share}/man/man5/fanout-sim-scenario.5\" man/man5/fanout-sim-scenario.5.gz)
    compress(\"${CMAKE_BINARY_DIR}/changelog\" doc/fanout-sim/changelog.gz)"
    COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${CMAKE_BINARY_DIR};fanout-sim;program;/" "${CMAKE_BINARY_DIR};fanout-sim;debian;/")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_CONTACT "${CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator of the Kafka producers of a Flink job")
set(CPACK_PACKAGE_DESCRIPTION
"Simulates the Kafka producers of a Flink or StateFun job, batch for batch as
the real Java client behaves, and the job around them: sources, exchanges,
checkpoints, brokers, failover. So that batch.size, linger.ms, buffer.memory,
parallelism and the number of producers can be tuned offline.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, gnuplot-nox")
include(CPack)
