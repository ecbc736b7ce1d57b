#include "mechanics/assembled_matrix.h"

#include <deal.II/lac/trilinos_precondition.h>

#include <Epetra_FECrsGraph.h>
#include <Epetra_FECrsMatrix.h>
#include <Epetra_MpiComm.h>
#include <Epetra_Vector.h>
#include <Teuchos_ParameterList.hpp>
#include <ml_MultiLevelPreconditioner.h>

#include <algorithm>
#include <array>

namespace wolff::mechanics {

using discretisation::brick_voxels;
using discretisation::voxels_per_edge;

struct AssembledMatrix::Implementation
{
  std::vector<int> row_block; ///< of each local node: its place among the nodes that have rows, or -1
  std::vector<std::uint32_t> row_nodes; ///< owned nodes that have rows, in this order
  std::vector<std::size_t> held_rows;   ///< held components of nodes that move
  bool has_lonely_nodes = false;        ///< whose neighbours are all held or on other ranks, on any rank
  // Of Epetra itself: deal.II's matrices refuse ranks without rows, such as one whose bricks are all void.
  std::unique_ptr<Epetra_Map> map;
  std::unique_ptr<Epetra_FECrsMatrix> matrix;
  std::vector<double> rigid_motions; ///< six columns of n_rows() values: ML looks at them during the set-up
  dealii::TrilinosWrappers::PreconditionAMG preconditioner;

  void number_rows(const AssembledInput &input);
  void add_elements(const AssembledInput &input);
  void set_up_preconditioner(const AssembledInput &input);
};

namespace {

/// The nodes that the values of one voxel depend on, once hanging ones are written in their masters.
struct CellDependence
{
  std::vector<std::uint32_t> nodes; ///< with rows; sorted
  Eigen::MatrixXd weights;          ///< of node (column) in each node of the voxel (row)
};

class Dependences
{
public:
  Dependences(const AssembledInput &input, const std::vector<int> &row_block)
      : input_(input), row_block_(row_block), hanging_(input.nodes.n_local(), -1)
  {
    for (std::size_t h = 0; h < input.nodes.hanging().size(); ++h)
      hanging_[input.nodes.hanging()[h].node] = static_cast<std::int32_t>(h);
  }

  void find(const std::size_t voxel, CellDependence &result) const
  {
    entries_.clear();
    const int degree = input_.element.degree(), m = degree + 1, line = voxels_per_edge * degree + 1;
    const int v = static_cast<int>(voxel % brick_voxels), in_cell = input_.element.n_nodes();
    const std::uint32_t *nodes = input_.nodes.of_brick(voxel / brick_voxels);
    for (int a = 0; a < in_cell; ++a) {
      const int i = v % 8 * degree + a % m, j = v / 8 % 8 * degree + a / m % m,
                k = v / 64 * degree + a / (m * m);
      const std::uint32_t node = nodes[(k * line + j) * line + i];
      if (const std::int32_t h = hanging_[node]; h < 0)
        add(node, a, 1.0);
      else
        for (std::uint32_t e = input_.nodes.hanging()[static_cast<std::size_t>(h)].begin;
             e < input_.nodes.hanging()[static_cast<std::size_t>(h)].end; ++e)
          add(input_.nodes.masters()[e].node, a, input_.nodes.masters()[e].weight);
    }
    result.nodes.clear();
    for (const Entry &entry : entries_) result.nodes.push_back(entry.node);
    std::sort(result.nodes.begin(), result.nodes.end());
    result.nodes.erase(std::unique(result.nodes.begin(), result.nodes.end()), result.nodes.end());
    result.weights = Eigen::MatrixXd::Zero(in_cell, static_cast<Eigen::Index>(result.nodes.size()));
    for (const Entry &entry : entries_)
      result.weights(entry.row, std::lower_bound(result.nodes.begin(), result.nodes.end(), entry.node) -
                                    result.nodes.begin()) += entry.weight;
  }

private:
  struct Entry
  {
    std::uint32_t node;
    int row;
    double weight;
  };
  void add(const std::uint32_t node, const int row, const double weight) const
  {
    if (row_block_[node] >= 0) entries_.push_back({node, row, weight});
  }

  const AssembledInput &input_;
  const std::vector<int> &row_block_;
  std::vector<std::int32_t> hanging_;
  mutable std::vector<Entry> entries_;
};

} // namespace

void AssembledMatrix::Implementation::number_rows(const AssembledInput &input)
{
  row_block.assign(input.nodes.n_local(), -1);
  for (std::uint32_t node = 0; node < input.nodes.n_owned(); ++node)
    if (input.is_free[3 * node] || input.is_free[3 * node + 1] || input.is_free[3 * node + 2])
      row_nodes.push_back(node);
  map = std::make_unique<Epetra_Map>(-1, static_cast<int>(3 * row_nodes.size()), 0,
                                     Epetra_MpiComm(input.forest.comm()));
  for (std::size_t i = 0; i < row_nodes.size(); ++i)
    row_block[row_nodes[i]] = map->GID(static_cast<int>(3 * i)) / 3;
  for (std::size_t i = 0; i < row_nodes.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      if (!input.is_free[3 * row_nodes[i] + c]) held_rows.push_back(3 * i + c);
  input.nodes.exchange().update_ghosts(row_block.data(), 1);
}

void AssembledMatrix::Implementation::add_elements(const AssembledInput &input)
{
  const Dependences dependences(input, row_block);
  CellDependence cell;
  std::vector<int> rows;
  const auto find_rows = [&](const std::size_t voxel) {
    dependences.find(voxel, cell);
    rows.clear();
    for (const std::uint32_t node : cell.nodes)
      for (int c = 0; c < 3; ++c) rows.push_back(3 * row_block[node] + c);
  };

  int rank = 0;
  MPI_Comm_rank(input.forest.comm(), &rank);
  std::vector<int> owner(input.nodes.n_local(), rank), has_company(input.nodes.n_local(), 0);
  input.nodes.exchange().update_ghosts(owner.data(), 1);
  // Neighbours of a node in a regular mesh: 27 of degree 1; of degree 2 up to 125.
  Epetra_FECrsGraph graph(Copy, *map, input.element.degree() == 1 ? 81 : 375);
  for (std::size_t voxel = 0; voxel < input.mu.size(); ++voxel) {
    if (input.mu[voxel] == 0) continue;
    find_rows(voxel);
    for (const std::uint32_t a : cell.nodes)
      for (const std::uint32_t b : cell.nodes)
        if (a != b && owner[a] == owner[b]) has_company[a] = 1;
    const int n = static_cast<int>(rows.size());
    if (n > 0) graph.InsertGlobalIndices(n, rows.data(), n, rows.data());
  }
  graph.GlobalAssemble();
  graph.OptimizeStorage();
  matrix = std::make_unique<Epetra_FECrsMatrix>(Copy, graph);
  input.nodes.exchange().add_to_owners(has_company.data(), 1);
  int lonely = static_cast<int>(
      std::count_if(row_nodes.begin(), row_nodes.end(), [&](const auto node) { return !has_company[node]; }));
  MPI_Allreduce(MPI_IN_PLACE, &lonely, 1, MPI_INT, MPI_SUM, input.forest.comm());
  has_lonely_nodes = lonely > 0;

  Eigen::MatrixXd spread; // the weights, once for each component
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> stiffness;
  for (std::size_t voxel = 0; voxel < input.mu.size(); ++voxel) {
    if (input.mu[voxel] == 0) continue;
    find_rows(voxel);
    const double h = input.forest.brick(voxel / brick_voxels).voxel_edge();
    stiffness =
        h * (input.lambda[voxel] * input.element.per_lambda() + input.mu[voxel] * input.element.per_mu());
    spread.setZero(3 * cell.weights.rows(), 3 * cell.weights.cols());
    for (Eigen::Index a = 0; a < cell.weights.rows(); ++a)
      for (Eigen::Index b = 0; b < cell.weights.cols(); ++b)
        for (Eigen::Index c = 0; c < 3; ++c) spread(3 * a + c, 3 * b + c) = cell.weights(a, b);
    stiffness = (spread.transpose() * stiffness * spread).eval();
    for (std::size_t b = 0; b < cell.nodes.size(); ++b)
      for (std::size_t c = 0; c < 3; ++c)
        if (!input.is_free[3 * cell.nodes[b] + c]) {
          const auto i = static_cast<Eigen::Index>(3 * b + c);
          const double diagonal = stiffness(i, i);
          stiffness.row(i).setZero();
          stiffness.col(i).setZero();
          stiffness(i, i) = diagonal;
        }
    const int n = static_cast<int>(rows.size());
    if (n > 0)
      matrix->SumIntoGlobalValues(n, rows.data(), n, rows.data(), stiffness.data(),
                                  Epetra_FECrsMatrix::ROW_MAJOR);
  }
  matrix->GlobalAssemble();
}

void AssembledMatrix::Implementation::set_up_preconditioner(const AssembledInput &input)
{
  const std::size_t n = 3 * row_nodes.size();
  // Rotations about the middle and scaled to about one, so that the six columns are of like size.
  std::array<double, 6> corners{1e300, 1e300, 1e300, 1e300, 1e300, 1e300}; // least, and least of the negative
  for (const std::uint32_t node : row_nodes)
    for (int d = 0; d < 3; ++d) {
      corners[static_cast<std::size_t>(d)] =
          std::min(corners[static_cast<std::size_t>(d)], input.position[node][d]);
      corners[static_cast<std::size_t>(3 + d)] =
          std::min(corners[static_cast<std::size_t>(3 + d)], -input.position[node][d]);
    }
  MPI_Allreduce(MPI_IN_PLACE, corners.data(), 6, MPI_DOUBLE, MPI_MIN, input.forest.comm());
  const Vector3 least(corners[0], corners[1], corners[2]), greatest(-corners[3], -corners[4], -corners[5]);
  const Vector3 middle = 0.5 * (least + greatest);
  const double size = std::max(0.5 * (greatest - least).maxCoeff(), 1e-300);

  rigid_motions.assign(6 * std::max<std::size_t>(n, 1), 0.0);
  for (std::size_t i = 0; i < row_nodes.size(); ++i) {
    const Vector3 arm = (input.position[row_nodes[i]] - middle) / size;
    for (std::size_t c = 0; c < 3; ++c) {
      if (!input.is_free[3 * row_nodes[i] + c]) continue;
      const std::size_t next = (c + 1) % 3, last = (c + 2) % 3, row = 3 * i + c;
      rigid_motions[c * n + row] = 1;
      // Rotation about the axis `next`: (e x arm)_c = arm_last; about `last`: -arm_next.
      rigid_motions[(3 + next) * n + row] = arm[static_cast<Eigen::Index>(last)];
      rigid_motions[(3 + last) * n + row] = -arm[static_cast<Eigen::Index>(next)];
    }
  }

  Teuchos::ParameterList parameters;
  ML_Epetra::SetDefaults("SA", parameters);
  parameters.set("ML output", 0);
  parameters.set("initialize random seed", true); // the same preconditioner in every run
  parameters.set("PDE equations", 3);
  parameters.set("null space: type", "pre-computed");
  // An aggregate of one node has three unknowns and cannot carry six motions: ML would put zero rows into the
  // coarse matrix. Translations alone are slower, and always sound.
  parameters.set("null space: dimension", has_lonely_nodes ? 3 : 6);
  parameters.set("null space: vectors", rigid_motions.data());
  parameters.set("aggregation: type", "Uncoupled");
  parameters.set("aggregation: threshold", 0.0);
  parameters.set("smoother: type", "Chebyshev");
  parameters.set("smoother: sweeps", 2);
  parameters.set("smoother: Chebyshev alpha", 10.0);
  parameters.set("coarse: type", "Amesos-KLU");
  parameters.set("coarse: max size", 2000);
  preconditioner.initialize(*matrix, parameters);
}

AssembledMatrix::AssembledMatrix(const AssembledInput &input)
    : implementation_(std::make_unique<Implementation>())
{
  implementation_->number_rows(input);
  implementation_->add_elements(input);
  implementation_->set_up_preconditioner(input);
}

AssembledMatrix::~AssembledMatrix() = default;

std::size_t AssembledMatrix::n_rows() const
{
  return 3 * implementation_->row_nodes.size();
}

void AssembledMatrix::to_rows(const std::vector<double> &at_nodes, std::vector<double> &rows) const
{
  std::size_t row = 0;
  for (const std::uint32_t node : implementation_->row_nodes)
    for (std::size_t c = 0; c < 3; ++c) rows[row++] = at_nodes[3 * node + c];
}

void AssembledMatrix::to_nodes(const std::vector<double> &rows, std::vector<double> &at_nodes) const
{
  std::size_t row = 0;
  for (const std::uint32_t node : implementation_->row_nodes)
    for (std::size_t c = 0; c < 3; ++c) at_nodes[3 * node + c] = rows[row++];
}

namespace {

/// Both libraries work on our arrays in place.
template <typename Operation>
void on_epetra(const Epetra_Map &map, const std::vector<double> &from, std::vector<double> &to,
               const Operation &operation)
{
  const Epetra_Vector source(View, map, const_cast<double *>(from.data()));
  Epetra_Vector target(View, map, to.data());
  operation(source, target);
}

} // namespace

void AssembledMatrix::apply(const std::vector<double> &x, std::vector<double> &image) const
{
  on_epetra(*implementation_->map, x, image, [&](const Epetra_Vector &from, Epetra_Vector &to) {
    implementation_->matrix->Multiply(false, from, to);
  });
}

void AssembledMatrix::precondition(const std::vector<double> &r, std::vector<double> &z) const
{
  on_epetra(*implementation_->map, r, z, [&](const Epetra_Vector &from, Epetra_Vector &to) {
    implementation_->preconditioner.trilinos_operator().ApplyInverse(from, to);
  });
  // Aggregates with few free components mix held ones in.
  for (const std::size_t row : implementation_->held_rows) z[row] = 0;
}

} // namespace wolff::mechanics
