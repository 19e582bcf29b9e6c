# The .deb, by CPack: `./dev package deb`. Its dependencies are what dpkg-shlibdeps finds the programs
# linked with, and the fonts that they look for.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lares)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "The Lares authors")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
# Whatever the umask of whoever builds.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${LARES_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-inter, fonts-dejavu-core")
# ca-certificates: whom lares-download trusts. bubblewrap: without it commands are switched off;
# poppler-utils: PDFs are not read.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland, ca-certificates, bubblewrap, poppler-utils")
# The card's driver is looked for when Lares runs, and the processor takes its place.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS libcuda1)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "private assistant that runs on this computer")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Lares answers with a language model that runs inside the program: there is
no account and no server, and nothing leaves the machine. It has an inference
engine of its own for NVIDIA's Nemotron-H models in GGUF and safetensors
files, on the processor or on an NVIDIA card where there is one.

Conversations are kept and branch, personas can be configured, and tools read
only the folders that you allow. The package has the desktop program,
lares-cli for the terminal and for scripts, and a small demo model that
answers at once.")
include(CPack)
