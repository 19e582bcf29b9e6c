"""The libraries that an AppImage leaves to the system: every Linux desktop has them, and an older copy of ours would be
in the way of what else the system loads into the same process."""

_BY_REASON = {
    "the C and C++ runtime, of which the newest must win; what we build with is the oldest that will do": """
        ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libutil.so.1
        libgcc_s.so.1 libstdc++.so.6""",
    "the graphics driver's, with what it loads": """
        libGL.so.1 libEGL.so.1 libGLX.so.0 libOpenGL.so.0 libGLdispatch.so.0 libdrm.so.2 libgbm.so.1
        libwayland-client.so.0 libffi.so.8""",
    "the X server's client side, with what it loads": """
        libX11.so.6 libX11-xcb.so.1 libxcb.so.1 libXau.so.6 libXdmcp.so.6 libbsd.so.0 libmd.so.0
        libICE.so.6 libSM.so.6 libuuid.so.1""",
    "fonts: the system's configuration is written for its own version; with what they load": """
        libfontconfig.so.1 libfreetype.so.6 libexpat.so.1 libpng16.so.16 libz.so.1 libbrotlidec.so.1
        libbrotlicommon.so.1""",
}

SYSTEM_LIBRARIES = frozenset(name for names in _BY_REASON.values() for name in names.split())
