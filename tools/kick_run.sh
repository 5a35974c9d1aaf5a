#!/bin/bash
# bazel run //:kick: tools/kick.sh of the workspace.
set -euo pipefail
exec "${BUILD_WORKSPACE_DIRECTORY:?to be started by bazel run //:kick}/tools/kick.sh"
