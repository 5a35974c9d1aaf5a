"""Bazel's own rule sets (@rules_cc, @rules_java, @rules_proto).

Debian's Bazel is built to work offline and takes them from the folders that the packages bazel-rules-* install;
elsewhere they are the pinned official archives. Debian's rules_cc 0.0.4 is one step ahead of Debian's Bazel 4.2.3:
two of its files load `use_cpp_toolchain`, which that Bazel lacks, so the copy made here names the toolchain type
that the function returns in every Bazel that has it.
"""

_SYMBOL = "use_cpp_toolchain"
_LOADED = ", \"%s\"" % _SYMBOL
_CALLED = "%s()" % _SYMBOL
_MENDED = "[\"@bazel_tools//tools/cpp:toolchain_type\"]"

_NO_DOWNLOAD = """

@{name}: downloading {url} failed.
Either install Debian's package, which puts it into {folder}:
    sudo apt-get install {package}
or fetch the archive elsewhere (sha256 {sha256}), unpack it, and give Bazel its folder:
    --override_repository={name}=/path/to/{name}
"""

def _mend(ctx, file):
    text = ctx.read(file)
    ctx.file(file, text.replace(_LOADED, "").replace(_CALLED, _MENDED), executable = False)

def _bazel_rules_impl(ctx):
    folder = ctx.path(ctx.attr.folder)
    if not folder.exists:
        archive = ctx.download(ctx.attr.urls, "archive.tar.gz", sha256 = ctx.attr.sha256, allow_fail = True)
        if not archive.success:
            fail(_NO_DOWNLOAD.format(
                folder = ctx.attr.folder,
                name = ctx.name,
                package = "bazel-rules-" + ctx.name.replace("rules_", ""),
                sha256 = ctx.attr.sha256,
                url = ctx.attr.urls[0],
            ))
        ctx.extract("archive.tar.gz", stripPrefix = ctx.attr.strip_prefix)
        return

    # A copy, not links: the files are mended in place.
    copied = ctx.execute(["cp", "-r", "--no-preserve=mode,ownership", ctx.attr.folder + "/.", "."])
    if copied.return_code:
        fail("copying %s failed: %s" % (folder, copied.stderr))
    found = ctx.execute(["grep", "-rl", "--include=*.bzl", _SYMBOL, "."])
    for file in found.stdout.splitlines():
        _mend(ctx, file)

bazel_rules = repository_rule(
    implementation = _bazel_rules_impl,
    attrs = {
        "folder": attr.string(mandatory = True, doc = "Where Debian's package puts the rule set."),
        "sha256": attr.string(mandatory = True),
        "strip_prefix": attr.string(),
        "urls": attr.string_list(mandatory = True),
    },
    doc = "A rule set from Debian's folder, or from its official archive where that folder does not exist.",
)
