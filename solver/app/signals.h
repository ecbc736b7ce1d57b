// Requests to stop from the batch system: USR1, USR2, TERM, INT.
#pragma once

#include <mpi.h>

namespace wolff::app {

/**
 * From now on the four signals are noted instead of ending the process. A second TERM or INT ends it at once,
 * by the signal itself.
 */
void listen_for_stop_signals();

/// Whether any rank was asked to stop: the same answer on every rank. Collective.
bool stop_requested(MPI_Comm comm);

/// The name of the last signal that asked this rank to stop, "" if none.
const char *stop_signal_name();

} // namespace wolff::app
