// The verbs of the program: what main calls once the command line is read.
#pragma once

#include "app/command.h"

#include <mpi.h>

#include <functional>
#include <map>
#include <string>

namespace wolff::app {

/// Does what the verb says and returns the exit code; faults are thrown. Collective.
using Verb = std::function<int(const Command &, MPI_Comm)>;

/// All verbs by name, "help" and "version" among them.
const std::map<std::string, Verb> &verbs();

int run(const Command &command, MPI_Comm comm);
int check(const Command &command, MPI_Comm comm);
int model(const Command &command, MPI_Comm comm);
int solve(const Command &command, MPI_Comm comm);
int regenerate(const Command &command, MPI_Comm comm);

} // namespace wolff::app
