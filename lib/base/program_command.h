// How a user starts a program of the project, for messages that name the next command.
#ifndef INITBIAS_LIB_BASE_PROGRAM_COMMAND_H_
#define INITBIAS_LIB_BASE_PROGRAM_COMMAND_H_

#include <string>
#include <string_view>

namespace initbias {

// Whether this program stands in a bundle (tools/bundle.sh).
bool InBundle();

// What stands before the arguments of the program of `label`: "bazel run //figures:claim_table --",
// or in a bundle (tools/bundle.sh), where there is no Bazel and the programs stand beside each
// other, the quoted path "/opt/initbias-bundle/claim_table".
std::string ProgramCommand(std::string_view label);

// The whole command with these arguments, quoted already; without any nothing stands after the
// program: "bazel run //figures:claim_table".
std::string ProgramCommand(std::string_view label, std::string_view arguments);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_PROGRAM_COMMAND_H_
