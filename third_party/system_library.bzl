"""Libraries that the system's package manager installed, as cc_library targets.

pkg-config says where headers and libraries are; a library without a .pc file, or a system without pkg-config, is
looked for in the usual folders. Headers are linked into the repository and seen as system headers, so that our
warnings do not reach them. What is missing ends the build with the name of the Debian package that has it.

Each has a twin, @<name>_arm64, out of the aarch64 Debian that arm64/sysroot.bzl unpacks: --config=arm64 links that one.
It is not made before a target of that configuration needs it.
"""

_INCLUDE_FOLDERS = ["/usr/local/include", "/usr/include"]

# The linker and the loader search these by themselves.
_LIBRARY_FOLDERS = ["/usr/local/lib", "/usr/lib", "/usr/lib64", "/lib"]

_BUILD_HEADER = """# Written by third_party/system_library.bzl.
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])
"""

_ALIAS = """
alias(
    name = {name},
    actual = select({{
        "@initbias//third_party/arm64:chosen": "@{repository}_arm64//:{target}",
        "//conditions:default": ":{target}_here",
    }}),
)
"""

_TARGET = """
cc_library(
    name = {name},
    hdrs = glob(["include/**"]),
    defines = {defines},
    includes = ["include"],
    linkopts = {linkopts},
)
"""

def _words(text):
    """The words of a line as a shell takes them apart: backslashes and quotes keep blanks within a word."""
    words = []
    word = None
    quote = ""
    escaped = False
    for letter in text.elems():
        if escaped or (quote and letter not in [quote, "\\"]) or (quote == "'" and letter == "\\"):
            word = (word or "") + letter
            escaped = False
        elif letter == "\\":
            escaped = True
        elif quote:
            quote = ""
        elif letter in ["'", "\""]:
            quote = letter
            word = word or ""
        elif letter in [" ", "\t", "\n"]:
            if word != None:
                words.append(word)
            word = None
        else:
            word = (word or "") + letter
    return words + ([word] if word != None else [])

def _pkg_config(ctx, sysroot, modules, arguments):
    """Returns the words that pkg-config prints of the first module that it knows, None where it knows none."""
    tool = ctx.which("pkg-config")
    environment = {
        "PKG_CONFIG_LIBDIR": "{root}/usr/lib/aarch64-linux-gnu/pkgconfig:{root}/usr/share/pkgconfig".format(root = sysroot),
        "PKG_CONFIG_SYSROOT_DIR": sysroot,
    } if sysroot else {}
    for module in modules if tool else []:
        result = ctx.execute([tool] + arguments + [module], environment = environment)
        if result.return_code == 0:
            return _words(result.stdout)
    return None

def _missing(ctx, what, folders):
    tool = ctx.which("pkg-config")
    modules = [module for known in ctx.attr.modules.values() for module in known]
    fail(("\n\n@{name}: {what} is in none of {folders}{modules}.\n" +
          "On Debian or Ubuntu install it with:\n\n    sudo apt-get install {tool}{apt}\n\n" +
          "or let tools/setup.sh install all that is needed.\n").format(
        name = ctx.name,
        what = what,
        folders = ", ".join(folders),
        modules = ", and pkg-config was asked for " + ", ".join(modules) if tool and modules else "",
        tool = "" if tool else "pkg-config ",
        apt = ctx.attr.apt,
    ))

def _multiarch(ctx):
    """Returns Debian's name for the machine ("x86_64-linux-gnu"), "" where the compiler does not know one."""
    compiler = ctx.which("gcc") or ctx.which("cc")
    if not compiler:
        return ""
    result = ctx.execute([compiler, "-print-multiarch"])
    return result.stdout.strip() if result.return_code == 0 else ""

def _link_headers(ctx, folders):
    for folder in folders:
        if not ctx.path(folder + "/" + ctx.attr.probe).exists:
            continue
        for entry in ctx.path(folder).readdir():
            for pattern in ctx.attr.headers:
                if entry.basename == pattern or (pattern.endswith("*") and entry.basename.startswith(pattern[:-1])):
                    ctx.symlink(entry, "include/" + entry.basename)
        return
    _missing(ctx, "the header <%s>" % ctx.attr.probe, folders)

def _require_libraries(ctx, names, folders):
    for name in names:
        candidates = ["%s/lib%s%s" % (folder, name, end) for folder in folders for end in [".so", ".a"]]
        if not [path for path in candidates if ctx.path(path).exists]:
            _missing(ctx, "the library lib%s" % name, folders)

def _system_library_impl(ctx):
    sysroot = str(ctx.path(ctx.attr.sysroot).dirname) + "/root" if ctx.attr.sysroot else ""
    multiarch = "aarch64-linux-gnu" if sysroot else _multiarch(ctx)
    system_folders = [
        sysroot + folder
        for folder in _LIBRARY_FOLDERS + (["/usr/lib/" + multiarch, "/lib/" + multiarch] if multiarch else [])
    ]
    include_folders = []
    build = _BUILD_HEADER
    for target in sorted(ctx.attr.libs.keys()):
        modules = ctx.attr.modules.get(target, [])
        cflags = _pkg_config(ctx, sysroot, modules, ["--cflags"]) or []
        ldflags = _pkg_config(ctx, sysroot, modules, ["--libs"])
        include_folders += [
            sysroot + folder.replace(sysroot, "", 1)
            for folder in _pkg_config(ctx, sysroot, modules, ["--variable=includedir"]) or []
        ]
        if ldflags == None:
            ldflags = ["-l" + name for name in ctx.attr.libs[target]]
        include_folders = [flag[2:] for flag in cflags if flag.startswith("-I")] + include_folders

        # Bazel takes flags apart as a shell does, and the linker its file of them once more.
        for flag in [flag for flag in cflags if flag.startswith("-D")] + ldflags:
            if [1 for letter in flag.elems() if letter in " \t'\"\\"]:
                fail(("\n\n@%s: pkg-config says %s, which Bazel cannot pass on: it has blanks, quotes or backslashes. " +
                      "A link to that folder, at a path without them, in its .pc file will do.\n") % (ctx.name, flag))
        own_folders = [flag[2:] for flag in ldflags if flag.startswith("-L")]
        _require_libraries(
            ctx,
            [flag[2:] for flag in ldflags if flag.startswith("-l") and flag != "-lpthread"],
            own_folders + system_folders,
        )

        # A library outside the loader's own folders must be found at run time too.
        rpaths = [
            "-Wl,-rpath," + folder
            for folder in own_folders
            if not [1 for known in system_folders if folder == known or folder.startswith(sysroot + "/usr/lib/")]
        ]
        if not sysroot:
            build += _ALIAS.format(name = repr(target), repository = ctx.name, target = target)
        build += _TARGET.format(
            name = repr(target if sysroot else target + "_here"),
            defines = repr([flag[2:] for flag in cflags if flag.startswith("-D")]),
            linkopts = repr(ldflags + rpaths),
        )
    _link_headers(ctx, include_folders + [sysroot + folder for folder in _INCLUDE_FOLDERS])
    ctx.file("BUILD", build, executable = False)

_system_library = repository_rule(
    implementation = _system_library_impl,
    attrs = {
        "apt": attr.string(mandatory = True, doc = "The Debian packages that have it."),
        "headers": attr.string_list(mandatory = True, doc = "Entries of the include folder, H5* for a prefix."),
        "libs": attr.string_list_dict(mandatory = True, doc = "Target -> libraries, where pkg-config is silent."),
        "modules": attr.string_list_dict(doc = "Target -> names of its pkg-config module."),
        "probe": attr.string(mandatory = True, doc = "The header that must exist."),
        "sysroot": attr.label(doc = "A file beside the folder `root` that stands for /; / itself where not given."),
    },
    configure = True,
    environ = ["PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"],
    local = True,
    doc = "cc_library targets for a library that the system installed.",
)

def system_library(name, **kwargs):
    """@<name>, of the system that builds, and @<name>_arm64."""
    _system_library(name = name, **kwargs)
    _system_library(name = name + "_arm64", sysroot = "@arm64_system//:BUILD", **kwargs)
