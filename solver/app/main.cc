// The program: start MPI, read the command line, run the verb, report.
#include "app/command.h"
#include "app/report_errors.h"
#include "app/verbs.h"
#include "base/errors.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>
#include <vtkMPIController.h>
#include <vtkNew.h>

int main(int argc, char **argv)
{
  using namespace wolff;
  app::settle_environment();
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  app::settle_environment(); // a library may have changed the locale while it started

  // Some readers and the parallel writer of VTK ask for a controller; MPI itself stays ours.
  const vtkNew<vtkMPIController> controller;
  controller->Initialize(&argc, &argv, 1);
  vtkMultiProcessController::SetGlobalController(controller);

  // A failed assertion is an error like others: reported in one line, with exit code 70, on all ranks.
  dealii::deal_II_exceptions::disable_abort_on_exception();

  const int code = app::report_errors(MPI_COMM_WORLD, [&] {
    const app::Command command = app::parse_command_line(argc, argv);
    return app::verbs().at(command.verb)(command, MPI_COMM_WORLD);
  });

  vtkMultiProcessController::SetGlobalController(nullptr);
  controller->Finalize(1);
  return code;
}
