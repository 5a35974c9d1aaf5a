"""@arm64_system: Debian's aarch64 packages in a folder of their own, the cross compiler as a toolchain, and QEMU.

What lies under root/ is an aarch64 Debian as far as our programs need one: the C and C++ libraries and the packages
named lib* and *-dev of ../apt-packages.txt with all that they depend on. apt-get fetches them from the sources that
this system has, with settings, lists and a status of their own, so that nothing of the system changes and no rights
are needed. Made when --config=arm64 first asks for it.
"""

# Of the same Debian release as the libraries under root/.
_TOOLS = {
    "aarch64-linux-gnu-g++": "g++-aarch64-linux-gnu",
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "qemu-aarch64": "qemu-user",
}

_APT = """#!/bin/bash
# Fetches the packages named on the command line, and what they depend on, and unpacks them under root/.
set -euo pipefail
mkdir -p apt/lists/partial apt/cache/archives/partial root
: >apt/status
apt() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Install-Recommends=0 \\
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 -o Dir::Cache="$PWD/apt/cache" \\
    -o Dir::State="$PWD/apt" -o Dir::State::status="$PWD/apt/status" "$@"
}
# A source without aarch64 packages is no harm as long as others have them.
apt update || true
apt install --yes --download-only "$@" >/dev/null
for package in apt/cache/archives/*.deb; do
  dpkg-deb --extract "$package" root
done
# Links to /lib lead into root too.
find root -type l -lname '/*' -printf '%p %l\\n' | while read -r link target; do
  ln -sfn "$PWD/root$target" "$link"
done
rm -rf apt/cache
"""

_BUILD = """# Written by third_party/arm64/sysroot.bzl.
load("@bazel_tools//tools/cpp:unix_cc_toolchain_config.bzl", "cc_toolchain_config")
load("@rules_cc//cc:defs.bzl", "cc_toolchain", "cc_toolchain_suite")

package(default_visibility = ["//visibility:public"])

toolchain(
    name = "linux",
    exec_compatible_with = [
        "@platforms//cpu:x86_64",
        "@platforms//os:linux",
    ],
    target_compatible_with = [
        "@initbias//third_party/arm64:debian",
        "@platforms//cpu:aarch64",
        "@platforms//os:linux",
    ],
    toolchain = ":compiler",
    toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
)

cc_toolchain_suite(
    name = "toolchain",
    toolchains = {{"aarch64": ":compiler"}},
)

filegroup(name = "empty")

cc_toolchain(
    name = "compiler",
    all_files = ":empty",
    ar_files = ":empty",
    as_files = ":empty",
    compiler_files = ":empty",
    dwp_files = ":empty",
    linker_files = ":empty",
    objcopy_files = ":empty",
    strip_files = ":empty",
    toolchain_config = ":config",
    toolchain_identifier = "arm64",
)

# The flags that Bazel gives this system's own compiler.
cc_toolchain_config(
    name = "config",
    abi_libc_version = "local",
    abi_version = "local",
    compile_flags = [
        "--sysroot={root}",
        "-U_FORTIFY_SOURCE",
        "-fstack-protector",
        "-Wall",
        "-Wunused-but-set-parameter",
        "-Wno-free-nonheap-object",
        "-fno-omit-frame-pointer",
    ],
    compiler = "gcc",
    cpu = "aarch64",
    cxx_builtin_include_directories = {includes},
    host_system_name = "local",
    link_flags = [
        "--sysroot={root}",
        "-Wl,-no-as-needed",
        "-Wl,-z,relro,-z,now",
        "-Wl,-rpath-link,{root}/usr/lib/aarch64-linux-gnu",
        "-pass-exit-codes",
    ],
    link_libs = [
        "-lstdc++",
        "-lm",
    ],
    opt_compile_flags = [
        "-g0",
        "-O2",
        "-D_FORTIFY_SOURCE=1",
        "-DNDEBUG",
        "-ffunction-sections",
        "-fdata-sections",
    ],
    opt_link_flags = ["-Wl,--gc-sections"],
    target_libc = "local",
    target_system_name = "aarch64-linux-gnu",
    tool_paths = {{
        "ar": "{tools}ar",
        "cpp": "{tools}cpp",
        "dwp": "{tools}dwp",
        "gcc": "{tools}gcc",
        "gcov": "{tools}gcov",
        "ld": "{tools}ld",
        "llvm-cov": "/bin/false",
        "nm": "{tools}nm",
        "objcopy": "{tools}objcopy",
        "objdump": "{tools}objdump",
        "strip": "{tools}strip",
    }},
    toolchain_identifier = "arm64",
    unfiltered_compile_flags = [
        "-fno-canonical-system-headers",
        "-Wno-builtin-macro-redefined",
        '-D__DATE__="redacted"',
        '-D__TIMESTAMP__="redacted"',
        '-D__TIME__="redacted"',
    ],
)

# For --run_under.
sh_binary(
    name = "qemu",
    srcs = ["qemu.sh"],
)
"""

_RUN = """#!/bin/sh
# Runs a program for aarch64, or a script here. Written by third_party/arm64/sysroot.bzl.
[ "$(head -c 2 "$1")" != '#!' ] || exec "$@"
exec qemu-aarch64 -L {root} "$@"
"""

def _include_folders(ctx, compiler, root):
    """Returns the folders that the compiler searches for <...>."""
    result = ctx.execute([compiler, "--sysroot=" + root, "-E", "-xc++", "-v", "/dev/null"])
    folders = []
    for line in result.stderr.splitlines():
        if line.startswith(" /"):
            folders.append(str(ctx.path(line.strip())))
    return folders

def _arm64_system_impl(ctx):
    missing = [package for tool, package in sorted(_TOOLS.items()) if not ctx.which(tool)]
    if missing:
        fail(("\n\n@arm64_system: building for aarch64 on another machine needs Debian's packages %s, not all of which" +
              " are here:\n\n    sudo apt-get install --no-install-recommends %s\n\n`make test-arm` installs them.\n") %
             (", ".join(missing), " ".join(missing)))
    packages = ["libc6", "libgcc-s1", "libstdc++6"]
    for line in ctx.read(ctx.attr._packages).splitlines():
        if line.startswith("lib") or line.endswith("-dev"):
            packages.append(line)
    ctx.file("fetch.sh", _APT)
    ctx.report_progress("fetching Debian's packages for aarch64 (40 MB)")
    fetched = ctx.execute(["./fetch.sh"] + packages, timeout = 1800)
    if fetched.return_code:
        fail("\n\n@arm64_system: the packages for aarch64 could not be fetched. The sources of this system's apt-get must" +
             " have them (Debian's do, Ubuntu's do not):\n\n" + fetched.stderr)
    root = str(ctx.path("root"))
    compiler = ctx.which("aarch64-linux-gnu-g++")
    ctx.file("qemu.sh", _RUN.format(root = root))
    ctx.file("BUILD", _BUILD.format(
        includes = repr(_include_folders(ctx, compiler, root)),
        root = root,
        tools = str(compiler.dirname) + "/aarch64-linux-gnu-",
    ), executable = False)

arm64_system = repository_rule(
    implementation = _arm64_system_impl,
    attrs = {"_packages": attr.label(default = "//third_party:apt-packages.txt")},
    doc = "An aarch64 Debian to link with, the cross compiler's toolchain and //:qemu to run what they made.",
)
