"""build_info(name): the commit that a binary was built from, as a C++ library.

Generates <name>.h and <name>.cc with initbias::kGitCommit and initbias::kGitDirty. A new commit compiles that one
small file again and links what uses it; nothing else is rebuilt, and nothing at all where the values stay the same.
"""

load("@rules_cc//cc:defs.bzl", "cc_library")

_HEADER = """// The commit that this binary was built from. Written by bazel/build_info.bzl.
#ifndef {guard}
#define {guard}

namespace initbias {{

// The 40 hex digits of the commit, "unknown" where the sources were not in a git repository.
extern const char* const kGitCommit;

// Whether the sources differed from that commit, or nobody knows.
extern const bool kGitDirty;

// Of each file of registered claims in their order (experiments/claims.json, claims_2.json, ..) the commit that last
// changed it, and when (UTC, ISO 8601), separated by spaces; "unknown" for one that is not in git as it stands.
extern const char* const kClaimsCommits;
extern const char* const kClaimsTimes;

}}  // namespace initbias

#endif  // {guard}
"""

# `stable` is Bazel's file with a line "KEY value" for each value of bazel/workspace_status.sh.
_SOURCE = """
commit=unknown dirty=true refused= claims_commits=unknown claims_times=unknown
while read -r key value; do
  case "$key $value" in
    STABLE_GIT_COMMIT\\ ?*) commit=$value ;;
    STABLE_GIT_DIRTY\\ 0) dirty=false ;;
    STABLE_GIT_REFUSED\\ ?*) refused=$value ;;
    STABLE_CLAIMS_COMMITS\\ ?*) claims_commits=$value ;;
    STABLE_CLAIMS_TIMES\\ ?*) claims_times=$value ;;
  esac
done <"{stable}"
if [ -n "$refused" ]; then
  echo "warning: git does not tell the commit, so that results will not name it: $refused" >&2
fi
cat >"{source}" <<END
// Written by bazel/build_info.bzl.
#include "{header}"

namespace initbias {{

const char* const kGitCommit = "$commit";
const bool kGitDirty = $dirty;
const char* const kClaimsCommits = "$claims_commits";
const char* const kClaimsTimes = "$claims_times";

}}  // namespace initbias
END
"""

def _build_info_sources_impl(ctx):
    path = "%s/%s.h" % (ctx.label.package, ctx.attr.stem)
    guard = "INITBIAS_" + path.upper().replace("/", "_").replace(".", "_").replace("-", "_") + "_"
    ctx.actions.write(ctx.outputs.header, _HEADER.format(guard = guard))
    ctx.actions.run_shell(
        inputs = [ctx.info_file],
        outputs = [ctx.outputs.source],
        command = _SOURCE.format(stable = ctx.info_file.path, source = ctx.outputs.source.path, header = path),
        mnemonic = "BuildInfo",
    )

_build_info_sources = rule(
    implementation = _build_info_sources_impl,
    attrs = {
        "header": attr.output(mandatory = True),
        "source": attr.output(mandatory = True),
        "stem": attr.string(mandatory = True),
    },
)

def build_info(name, **kwargs):
    """A cc_library with initbias::kGitCommit and initbias::kGitDirty; its header is <package>/<name>.h."""
    _build_info_sources(
        name = name + "_sources",
        header = name + ".h",
        source = name + ".cc",
        stem = name,
    )
    cc_library(
        name = name,
        srcs = [name + ".cc"],
        hdrs = [name + ".h"],
        **kwargs
    )
