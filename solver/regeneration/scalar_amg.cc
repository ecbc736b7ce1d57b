#include "regeneration/scalar_amg.h"

#include "base/errors.h"

#include <Epetra_CrsMatrix.h>
#include <Epetra_Map.h>
#include <Epetra_MpiComm.h>
#include <Epetra_Vector.h>
#include <Teuchos_ParameterList.hpp>
#include <ml_MultiLevelPreconditioner.h>

#include <algorithm>

namespace wolff::regeneration {

struct ScalarAmg::Parts
{
  std::unique_ptr<Epetra_Map> map;
  std::unique_ptr<Epetra_CrsMatrix> matrix;
  std::unique_ptr<ML_Epetra::MultiLevelPreconditioner> cycle;
};

ScalarAmg::ScalarAmg(const MPI_Comm comm, const GhostExchange &exchange, const SymmetricRows &rows)
    : parts_(std::make_unique<Parts>())
{
  const auto n = static_cast<int>(rows.diagonal.size());
  parts_->map = std::make_unique<Epetra_Map>(-1, n, 0, Epetra_MpiComm(comm));
  std::vector<int> number(exchange.n_local(), 0);
  for (int row = 0; row < n; ++row) number[static_cast<std::size_t>(row)] = parts_->map->GID(row);
  exchange.update_ghosts(number.data(), 1);

  std::vector<int> entries(static_cast<std::size_t>(n)), columns;
  for (std::size_t row = 0; row < entries.size(); ++row)
    entries[row] = 1 + static_cast<int>(rows.begin[row + 1] - rows.begin[row]);
  parts_->matrix = std::make_unique<Epetra_CrsMatrix>(Copy, *parts_->map, entries.data(), true);
  std::vector<double> values;
  for (std::size_t row = 0; row < entries.size(); ++row) {
    columns.assign(1, number[row]);
    values.assign(1, rows.diagonal[row]);
    for (std::uint32_t k = rows.begin[row]; k < rows.begin[row + 1]; ++k) {
      columns.push_back(number[rows.column[k]]);
      values.push_back(rows.entry[k]);
    }
    parts_->matrix->InsertGlobalValues(number[row], entries[row], values.data(), columns.data());
  }
  parts_->matrix->FillComplete();

  Teuchos::ParameterList list;
  ML_Epetra::SetDefaults("SA", list);
  list.set("ML output", 0);
  list.set("smoother: type", "symmetric Gauss-Seidel");
  list.set("smoother: sweeps", 1);
  list.set("smoother: pre or post", "both");
  list.set("coarse: type", "symmetric Gauss-Seidel"); // a direct solver would stop at a singular part
  list.set("coarse: sweeps", 10);
  list.set("eigen-analysis: type", "Anorm"); // others start from random numbers
  parts_->cycle = std::make_unique<ML_Epetra::MultiLevelPreconditioner>(*parts_->matrix, list);
}

ScalarAmg::~ScalarAmg() = default;

void ScalarAmg::apply(const std::vector<double> &residual, std::vector<double> &correction) const
{
  // Epetra asks for a pointer that it does not write through.
  const Epetra_Vector right_side(View, *parts_->map, const_cast<double *>(residual.data()));
  Epetra_Vector answer(View, *parts_->map, correction.data());
  parts_->cycle->ApplyInverse(right_side, answer);
}

} // namespace wolff::regeneration
