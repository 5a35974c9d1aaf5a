"""@libtorch: LibTorch 2.11.0, from the folder that LIBTORCH names, else from pinned wheels.

LIBTORCH=/path          an unpacked official zip, or the folder `torch` of an installed Python package
INITBIAS_WHEELS=/path   take the wheels of wheels_<cpu>.txt from this folder and download nothing
INITBIAS_CUDA=1         also fetch the CUDA half (wheels_cuda_<cpu>.txt); a LibTorch that the user names is used as it is

<cpu> is x86_64 or aarch64, the machine's own. @libtorch_arm64, for --config=arm64, is always aarch64's wheels and has
no CUDA half.

Bazel remembers these variables and fetches again when one changes. Downloaded wheels are kept in
~/.cache/initbias/wheels, so that `bazel clean --expunge` or a second clone does not download them again.
"""

_VERSION = "2.11.0"

# Of the headers, all but fmt: own code is built with the system's fmt, and the two must not be mixed.
_HIDDEN_HEADERS = ["fmt"]

# The loader finds by itself what is in these.
_SYSTEM_FOLDERS = ["/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"]

# What there are pinned wheels for, and what they weigh without the CUDA half.
_SIZES = {
    "aarch64": "432 MB",
    "x86_64": "545 MB",
}

# And with it, in all.
_CUDA_SIZE = "2.5 GB"

_ALIAS = """
alias(
    name = "libtorch",
    actual = select({
        "@initbias//third_party/arm64:chosen": "@libtorch_arm64//:libtorch",
        "//conditions:default": ":libtorch_here",
    }),
)
"""

_HELP = """
Ways to go on without the download:
  LIBTORCH=/path          a LibTorch {version} ({cpu}, C++11 ABI) that is already here: the unpacked official zip, or
                          the folder site-packages/torch of an installed Python package
  INITBIAS_WHEELS=/path   a folder with these wheels, fetched on another machine (third_party/README.md says how):
{wheels}
"""

def _version_of(ctx, root):
    """Returns the version that the headers of the LibTorch at `root` state, "of unknown version" where they do not."""
    for file in ["include/torch/headeronly/version.h", "include/torch/csrc/api/include/torch/version.h"]:
        path = ctx.path(root + "/" + file)
        if path.exists:
            words = [line.strip().split(" ") for line in ctx.read(path).splitlines()]
            numbers = {line[1]: line[-1] for line in words if len(line) > 2 and line[0] == "#define"}
            names = ["TORCH_VERSION_MAJOR", "TORCH_VERSION_MINOR", "TORCH_VERSION_PATCH"]
            if not [name for name in names if name not in numbers]:
                return ".".join([numbers[name] for name in names])
    return "of unknown version"

def _use_folder(ctx, root):
    """Links the LibTorch at `root` into the repository, in the layout of the wheel.

    Returns the folders that dlopen("libtorch_cuda.so") is to search, none where there is no CUDA half.
    """
    prefix = "\n\nLIBTORCH=%s: " % root
    suffix = (" Expected is an unpacked zip of LibTorch %s, or a folder site-packages/torch of that version, with " +
              "include/ATen/ATen.h and lib/libtorch_cpu.so. Unset LIBTORCH to download LibTorch instead.\n") % _VERSION
    if not root.startswith("/"):
        fail(prefix + "not an absolute path." + suffix)
    for needed in ["include/ATen/ATen.h", "lib/libc10.so", "lib/libtorch_cpu.so"]:
        if not ctx.path(root + "/" + needed).exists:
            fail(prefix + needed + " is not there." + suffix)
    version = _version_of(ctx, root)
    if version != _VERSION:
        fail(prefix + "this is LibTorch %s." % version + suffix)

    for entry in ctx.path(root + "/include").readdir():
        if entry.basename not in _HIDDEN_HEADERS:
            ctx.symlink(entry, "torch/include/" + entry.basename)
    for library in ["libc10.so", "libtorch_cpu.so"]:
        ctx.symlink(root + "/lib/" + library, "torch/lib/" + library)

    # The loader itself tells which other libraries are needed and where they are; what it finds outside the
    # system's folders is linked in, because Bazel's links hide the original folder from it.
    listed = ctx.execute(["ldd", root + "/lib/libtorch_cpu.so"])
    missing = []
    for line in listed.stdout.splitlines():
        words = line.replace("\t", " ").strip().split(" ")
        if len(words) < 3 or words[1] != "=>":
            continue
        if words[2] == "not":
            missing.append(words[0])
        elif words[0] != "libc10.so" and not [1 for folder in _SYSTEM_FOLDERS if words[2].startswith(folder)]:
            ctx.symlink(words[2], "torch/lib/" + words[0])
    if missing:
        fail(prefix + "lib/libtorch_cpu.so needs %s, not found." % ", ".join(missing) +
             " A torch folder out of a wheel needs the folder nvidia of its companion wheels beside it; else add the" +
             " folder of these libraries to LD_LIBRARY_PATH.\n")
    return [root + "/lib"] if ctx.path(root + "/lib/libtorch_cuda.so").exists else []

def _own_cpu(ctx):
    """Returns the machine's name for its processor, as in the names of the wheels."""
    result = ctx.execute(["uname", "-m"])
    cpu = result.stdout.strip()
    return "aarch64" if cpu == "arm64" else cpu

def _own_folder(ctx, variable):
    """Returns the folder that a variable of the user names, "" for none."""
    folder = ctx.os.environ.get(variable, "")
    return ctx.os.environ.get("HOME", "~") + folder[1:] if folder.startswith("~/") else folder

def _fetch_wheels(ctx, cpu):
    """Fetches and unpacks the wheels. Returns the same as _use_folder."""
    cuda = not ctx.attr.cpu and ctx.os.environ.get("INITBIAS_CUDA", "0") not in ["", "0"]
    local = _own_folder(ctx, "INITBIAS_WHEELS")
    python = ctx.which("python3")
    locks = [Label("//third_party/libtorch:wheels_%s.txt" % cpu)]
    if cuda:
        locks.append(Label("//third_party/libtorch:wheels_cuda_%s.txt" % cpu))
    help = _HELP.format(cpu = cpu, version = _VERSION, wheels = "\n".join([
        "    " + line
        for lock in locks
        for line in ctx.read(lock).splitlines()
        if line and not line.startswith("#")
    ]))
    if not python:
        fail("\n\n@libtorch: python3 was not found; it downloads and unpacks LibTorch's wheels.\n" +
             "On Debian or Ubuntu: sudo apt-get install python3 python3-pip\n" + help)
    home = ctx.os.environ.get("XDG_CACHE_HOME", "") or ctx.os.environ.get("HOME", "/var/tmp") + "/.cache"
    action = "unpacking" if local else "downloading (%s, once) and unpacking" % (_CUDA_SIZE if cuda else _SIZES[cpu])
    ctx.report_progress("%s LibTorch %s" % (action, _VERSION))
    if cuda and not local:
        # Told before it begins, also where progress is not shown.
        print("LibTorch's CUDA half was asked for (DEVICE=cuda or INITBIAS_CUDA=1): %s in all, once, " % _CUDA_SIZE +
              "less what is in %s/initbias/wheels" % home)
    command = [python, "-B", ctx.path(ctx.attr._fetch), "--cpu", cpu, "--cache", home + "/initbias/wheels"]
    command += ["--destination", ctx.path(".")]
    for lock in locks:
        command += ["--lock", ctx.path(lock)]
    if local:
        if not local.startswith("/"):
            fail("\n\n@libtorch: INITBIAS_WHEELS=%s is not an absolute path.\n" % local)
        command += ["--local", local]
    if cuda:
        command += ["--cuda"]
    fetched = ctx.execute(command, timeout = 7200)
    if fetched.return_code:
        fail("\n\n@libtorch: " + fetched.stderr + help)
    return [str(ctx.path("torch/lib"))] if cuda else []

def _libtorch_impl(ctx):
    cpu = ctx.attr.cpu or _own_cpu(ctx)
    root = "" if ctx.attr.cpu else _own_folder(ctx, "LIBTORCH")
    if not root and cpu not in _SIZES:
        fail("\n\n@libtorch: there are pinned wheels for %s, not for %s; LIBTORCH=/path names a LibTorch %s of one's own.\n" %
             (" and ".join(_SIZES.keys()), cpu, _VERSION))
    run_paths = _use_folder(ctx, root.rstrip("/")) if root else _fetch_wheels(ctx, cpu)
    ctx.template("BUILD", ctx.attr._build, substitutions = {
        "%{alias}": "" if ctx.attr.cpu else _ALIAS,
        "%{linkopts}": repr(["-Wl,-rpath," + path for path in run_paths]),
        "%{name}": "libtorch" if ctx.attr.cpu else "libtorch_here",
    }, executable = False)

libtorch = repository_rule(
    implementation = _libtorch_impl,
    attrs = {
        "cpu": attr.string(doc = "Of another machine than the one that builds: its wheels, whatever LIBTORCH says."),
        "_build": attr.label(default = "//third_party/libtorch:libtorch.BUILD"),
        "_fetch": attr.label(default = "//third_party/libtorch:fetch_wheels.py"),
        "_pip": attr.label(default = "//third_party/libtorch:pip_environment.py"),  # beside it
    },
    environ = ["INITBIAS_CUDA", "INITBIAS_WHEELS", "LIBTORCH"],
    doc = "LibTorch's headers and CPU libraries as the target @libtorch//:libtorch.",
)
