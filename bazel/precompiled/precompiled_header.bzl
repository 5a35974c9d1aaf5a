"""Headers of other libraries, compiled once: reading them is most of the compile time of a source that is short."""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

_Enabled = provider("Whether headers are compiled ahead.", fields = ["value"])

def _precompiled_headers_flag_impl(ctx):
    return [_Enabled(value = ctx.build_setting_value)]

precompiled_headers_flag = rule(
    doc = "A flag of the command line: //bazel/precompiled:enabled.",
    implementation = _precompiled_headers_flag_impl,
    build_setting = config.bool(flag = True),
)

def _precompiled_header_impl(ctx):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    compiler = cc_common.get_tool_for_action(feature_configuration = features, action_name = CPP_COMPILE_ACTION_NAME)
    header = ctx.actions.declare_file(ctx.label.name + ".h")
    files = [header]

    # Clang refuses what was compiled with other options, where GCC reads the header itself. Without optimisation {fmt} switches
    # some on for a while, and __OPTIMIZE__ stays defined for who reads it compiled.
    if (not ctx.attr._enabled[_Enabled].value or "clang" in compiler.split("/")[-1] or
        ctx.var["COMPILATION_MODE"] != "opt"):
        ctx.actions.write(header, "")
    else:
        # Where GCC reads this file after all (with other options, say), what a target does not depend on is not there.
        lines = ["#if __has_include(<{0}>)\n#include <{0}>\n#endif\n".format(name) for name in ctx.attr.headers]
        ctx.actions.write(header, "".join(lines))
        compiled = ctx.actions.declare_file(ctx.label.name + ".h.gch")
        files.append(compiled)
        context = cc_common.merge_cc_infos(cc_infos = [dep[CcInfo] for dep in ctx.attr.deps]).compilation_context
        variables = cc_common.create_compile_variables(
            feature_configuration = features,
            cc_toolchain = toolchain,
            source_file = header.path,
            output_file = compiled.path,
            user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + ["-x", "c++-header"],
            include_directories = context.includes,
            quote_include_directories = context.quote_includes,
            system_include_directories = context.system_includes,
            preprocessor_defines = context.defines,
            use_pic = True,  # as --force_pic of .bazelrc
        )
        ctx.actions.run(
            executable = compiler,
            arguments = cc_common.get_memory_inefficient_command_line(
                feature_configuration = features,
                action_name = CPP_COMPILE_ACTION_NAME,
                variables = variables,
            ),
            env = cc_common.get_environment_variables(
                feature_configuration = features,
                action_name = CPP_COMPILE_ACTION_NAME,
                variables = variables,
            ),
            inputs = depset([header], transitive = [context.headers, toolchain.all_files]),
            outputs = [compiled],
            mnemonic = "CppPrecompile",
            progress_message = "Compiling ahead %s" % header.short_path,
        )

    # Not what is included: who uses a library depends on it.
    return [
        DefaultInfo(files = depset(files)),
        CcInfo(compilation_context = cc_common.create_compilation_context(headers = depset(files))),
    ]

precompiled_header = rule(
    doc = "<name>.h, which includes `headers`, and what GCC makes of it, which it takes for `-include <name>.h`.",
    implementation = _precompiled_header_impl,
    attrs = {
        "headers": attr.string_list(mandatory = True, doc = "as in #include <..>"),
        "deps": attr.label_list(providers = [CcInfo], doc = "the libraries that they belong to"),
        "_enabled": attr.label(default = "//bazel/precompiled:enabled"),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
    incompatible_use_toolchain_transition = True,
)
