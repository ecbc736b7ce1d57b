// ranks: 1 2 3 4
// links: deal.II
// The brick operator against a plainly assembled matrix: deal.II's own FESystem, quadrature and hanging-node
// constraints on a mesh with one cell a voxel. What is compared goes by place in space, so no numbering of
// ours stands between the two.
#include "support/brick_places.h"
#include "support/elastic_box.h"

#include "discretisation/triangulation.h"
#include "mechanics/brick_kernel.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/sparsity_tools.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>

#include <boost/test/unit_test.hpp>

#include <map>

using namespace wolff;
using tests::Family;
using tests::Key;
using tests::key_of;
using tests::lattice;
using tests::random_at;

namespace {

double displacement_at(const Vector3 &x, const int component)
{
  return 2 * random_at(x, component) - 1;
}

/// Void, or one of six stiffnesses over a contrast of 1e5; the Poisson ratio goes with the phase.
constexpr std::array<double, 7> youngs{0, 1, 10, 1e2, 1e3, 1e4, 1e5},
    poissons{0, 0.45, 0.1, 0.3, 0, 0.4, 0.2};

std::size_t phase_at(const Vector3 &voxel_centre)
{
  return static_cast<std::size_t>(7 * random_at(voxel_centre, 7));
}

Vector3 body_force(const Vector3 &x)
{
  return {std::sin(3 * x[0]) + x[1], x[2] * x[2] - 0.4, 1 + x[0] * x[1] * x[2]};
}

Vector3 traction(const Vector3 &face_centre)
{
  return {1 + face_centre[0], -2 * face_centre[1], 3};
}

/// The yardstick: everything from deal.II.
class PlainlyAssembled
{
public:
  explicit PlainlyAssembled(const discretisation::BrickForest &forest)
      : mesh_(forest.comm()), element_(dealii::FE_Q<3>(1), 3)
  {
    mesh_.copy_triangulation(discretisation::triangulation(forest));
    mesh_.refine_global(3);
    dofs_.reinit(mesh_);
    dofs_.distribute_dofs(element_);
    owned_ = dofs_.locally_owned_dofs();
    dealii::DoFTools::extract_locally_relevant_dofs(dofs_, relevant_);
    constraints_.reinit(relevant_);
    dealii::DoFTools::make_hanging_node_constraints(dofs_, constraints_);
    constraints_.close();
    std::map<unsigned, dealii::Point<3>> points;
    dealii::DoFTools::map_dofs_to_support_points(dealii::MappingQ1<3>(), dofs_, points);
    std::vector<unsigned> numbers(24);
    for (const auto &cell : dofs_.active_cell_iterators()) {
      if (!cell->is_locally_owned()) continue;
      cell->get_dof_indices(numbers);
      for (unsigned i = 0; i < 24; ++i) {
        const dealii::Point<3> &p = points.at(numbers[i]);
        place_[key_of(Vector3(p[0], p[1], p[2]),
                      static_cast<int>(element_.system_to_component_index(i).first))] = numbers[i];
      }
    }
    assemble();
  }

  /// K u at all places of this rank, with the sum of |K_ij| of each row.
  void apply()
  {
    dealii::TrilinosWrappers::MPI::Vector u(owned_, mesh_.get_communicator()), f(u), sums(u);
    for (const auto &[key, dof] : place_)
      if (owned_.is_element(dof) && !constraints_.is_constrained(dof))
        u[dof] = displacement_at(
            Vector3(static_cast<double>(key[0]), static_cast<double>(key[1]), static_cast<double>(key[2])) /
                lattice,
            static_cast<int>(key[3]));
    u.compress(dealii::VectorOperation::insert);
    matrix_.vmult(f, u);
    for (unsigned row = 0; row < owned_.n_elements(); ++row) {
      int n = 0;
      double *entries = nullptr; // deal.II's iterator of a row clears an array of all columns first
      matrix_.trilinos_matrix().ExtractMyRowView(static_cast<int>(row), n, entries);
      double sum = 0;
      for (int e = 0; e < n; ++e) sum += std::abs(entries[e]);
      sums[owned_.nth_index_in_set(row)] = sum;
    }
    sums.compress(dealii::VectorOperation::insert);
    force_ = with_ghosts(f);
    row_sum_ = with_ghosts(sums);
  }

  bool hangs(const Key &key) const { return constraints_.is_constrained(place_.at(key)); }
  double force(const Key &key) const { return force_[place_.at(key)]; }
  double row_sum(const Key &key) const { return row_sum_[place_.at(key)]; }
  double diagonal(const Key &key) const { return diagonal_[place_.at(key)]; }
  double body_load(const Key &key) const { return body_load_[place_.at(key)]; }
  double face_load(const Key &key) const { return face_load_[place_.at(key)]; }
  bool is_master(const Key &key) const { return masters_[place_.at(key)] > 0; }
  std::int64_t n_free() const
  {
    std::int64_t n = 0;
    for (const unsigned dof : owned_) n += constraints_.is_constrained(dof) ? 0 : 1;
    return n;
  }

private:
  using Vector = dealii::TrilinosWrappers::MPI::Vector;

  Vector with_ghosts(const Vector &v) const
  {
    Vector result(owned_, relevant_, mesh_.get_communicator());
    result = v;
    return result;
  }

  void assemble()
  {
    dealii::DynamicSparsityPattern pattern(relevant_);
    dealii::DoFTools::make_sparsity_pattern(dofs_, pattern, constraints_, false);
    dealii::SparsityTools::distribute_sparsity_pattern(pattern, owned_, mesh_.get_communicator(), relevant_);
    matrix_.reinit(owned_, pattern, mesh_.get_communicator());
    Vector body(owned_, mesh_.get_communicator()), face(body), masters(body), diagonal(body);

    dealii::FEValues<3> values(element_, dealii::QGauss<3>(3),
                               dealii::update_values | dealii::update_gradients |
                                   dealii::update_quadrature_points | dealii::update_JxW_values);
    dealii::FEFaceValues<3> face_values(element_, dealii::QGauss<2>(2),
                                        dealii::update_values | dealii::update_JxW_values);
    const dealii::FEValuesExtractors::Vector displacement(0);
    std::map<int, std::pair<dealii::FullMatrix<double>, dealii::FullMatrix<double>>> of_level; // lambda, mu
    dealii::FullMatrix<double> stiffness(24, 24);
    dealii::Vector<double> body_of_cell(24), face_of_cell(24), ones(24);
    std::vector<unsigned> numbers(24);
    for (const auto &cell : dofs_.active_cell_iterators()) {
      if (!cell->is_locally_owned()) continue;
      const dealii::Point<3> middle = cell->center();
      const std::size_t phase = phase_at(Vector3(middle[0], middle[1], middle[2]));
      const double e = youngs[phase], nu = poissons[phase];
      const double lambda = e * nu / ((1 + nu) * (1 - 2 * nu)), mu = e / (2 * (1 + nu));
      values.reinit(cell);
      if (!of_level.contains(cell->level())) { // cells of a level are congruent
        auto &[for_lambda, for_mu] = of_level[cell->level()];
        for_lambda.reinit(24, 24);
        for_mu.reinit(24, 24);
        for (const unsigned q : values.quadrature_point_indices())
          for (unsigned i = 0; i < 24; ++i)
            for (unsigned j = 0; j < 24; ++j) {
              for_lambda(i, j) += values[displacement].divergence(i, q) *
                                  values[displacement].divergence(j, q) * values.JxW(q);
              for_mu(i, j) += 2 *
                              (values[displacement].symmetric_gradient(i, q) *
                               values[displacement].symmetric_gradient(j, q)) *
                              values.JxW(q);
            }
      }
      stiffness = 0;
      stiffness.add(lambda, of_level[cell->level()].first, mu, of_level[cell->level()].second);
      body_of_cell = 0;
      face_of_cell = 0;
      if (e > 0) {
        for (unsigned i = 0; i < 24; ++i) {
          const auto c = static_cast<Eigen::Index>(element_.system_to_component_index(i).first);
          for (const unsigned q : values.quadrature_point_indices()) {
            const dealii::Point<3> &x = values.quadrature_point(q);
            body_of_cell(i) +=
                values.shape_value(i, q) * body_force(Vector3(x[0], x[1], x[2]))[c] * values.JxW(q);
          }
        }
        for (const unsigned f : cell->face_indices())
          if (cell->face(f)->at_boundary() && f == 5) { // z = 1
            face_values.reinit(cell, f);
            const dealii::Point<3> x = cell->face(f)->center();
            for (unsigned i = 0; i < 24; ++i)
              for (const unsigned q : face_values.quadrature_point_indices())
                face_of_cell(i) +=
                    face_values.shape_value(i, q) *
                    traction(Vector3(
                        x[0], x[1],
                        x[2]))[static_cast<Eigen::Index>(element_.system_to_component_index(i).first)] *
                    face_values.JxW(q);
          }
      }
      cell->get_dof_indices(numbers);
      constraints_.distribute_local_to_global(stiffness, numbers, matrix_);
      constraints_.distribute_local_to_global(body_of_cell, numbers, body);
      constraints_.distribute_local_to_global(face_of_cell, numbers, face);
      for (unsigned i = 0; i < 24; ++i) ones(i) = constraints_.is_constrained(numbers[i]) ? 1 : 0;
      constraints_.distribute_local_to_global(ones, numbers, masters);
    }
    matrix_.compress(dealii::VectorOperation::add);
    for (Vector *v : {&body, &face, &masters}) v->compress(dealii::VectorOperation::add);
    for (const unsigned row : owned_) diagonal[row] = matrix_.diag_element(row);
    diagonal.compress(dealii::VectorOperation::insert);
    body_load_ = with_ghosts(body);
    face_load_ = with_ghosts(face);
    masters_ = with_ghosts(masters);
    diagonal_ = with_ghosts(diagonal);
  }

  dealii::parallel::distributed::Triangulation<3> mesh_;
  dealii::FESystem<3> element_;
  dealii::DoFHandler<3> dofs_;
  dealii::IndexSet owned_, relevant_;
  dealii::AffineConstraints<double> constraints_;
  dealii::TrilinosWrappers::SparseMatrix matrix_;
  Vector force_, row_sum_, diagonal_, body_load_, face_load_, masters_;
  std::map<Key, unsigned> place_; ///< degrees of freedom of owned cells
};

struct Model
{
  explicit Model(const Family family)
      : forest(tests::make_forest(2, family)),
        moduli(tests::moduli_of(
            forest, [](const Vector3 &x) { return youngs[phase_at(x)]; },
            [](const Vector3 &x) { return poissons[phase_at(x)]; })),
        nodes(forest, discretisation::voxels_per_edge), yardstick(forest)
  {
  }

  /// visit(node, place) for each node of the bricks that this rank owns and that does not hang, once.
  template <typename Visit>
  void for_each_free_node(const Visit &visit) const
  {
    tests::for_each_free_node(forest, nodes, visit);
  }

  discretisation::BrickForest forest;
  tests::Moduli moduli;
  discretisation::BrickNodes nodes;
  PlainlyAssembled yardstick;
};

/// Largest difference of the forces: over the largest row of |K| max|u|, and over each row's own.
struct Difference
{
  double of_largest, of_row;
};

template <typename T>
Difference difference_of_forces(const Model &model)
{
  mechanics::ElasticOperator<T> stiffness(model.forest, model.nodes);
  stiffness.set_moduli(std::vector<T>(model.moduli.lambda.begin(), model.moduli.lambda.end()),
                       std::vector<T>(model.moduli.mu.begin(), model.moduli.mu.end()));
  std::vector<T> u(stiffness.vector_size(), T(0)), f(stiffness.vector_size(), T(1e6));
  model.for_each_free_node([&](const std::size_t node, const Vector3 &x) {
    for (int c = 0; c < 3; ++c)
      u[3 * node + static_cast<std::size_t>(c)] = static_cast<T>(displacement_at(x, c));
  });
  stiffness.apply(u, f);
  double largest = 0, scale = 0, of_row = 0;
  model.for_each_free_node([&](const std::size_t node, const Vector3 &x) {
    for (int c = 0; c < 3; ++c) {
      const Key key = key_of(x, c);
      const double apart = std::abs(f[3 * node + static_cast<std::size_t>(c)] - model.yardstick.force(key));
      const double row = model.yardstick.row_sum(key);
      largest = std::max(largest, apart);
      scale = std::max(scale, row);
      if (row > 0)
        of_row = std::max(of_row, apart / row);
      else if (apart != 0)
        of_row = 1; // no stiffness, no force
    }
  });
  return {tests::largest(largest) / tests::largest(scale), tests::largest(of_row)};
}

void check_forces(Model &model, const std::string &family)
{
  model.yardstick.apply();
  // Both must see the same free nodes, and every one of them is compared.
  double compared = 0;
  model.for_each_free_node([&](std::size_t, const Vector3 &x) {
    for (int c = 0; c < 3; ++c) compared += model.yardstick.hangs(key_of(x, c)) ? 1e9 : 1;
  });
  BOOST_TEST(tests::total(compared) == tests::total(static_cast<double>(model.yardstick.n_free())));
  for (const std::string &set : mechanics::kernel_instruction_sets()) { // the best one last: it stays chosen
    mechanics::choose_kernel_instruction_set(set);
    const Difference in_double = difference_of_forces<double>(model),
                     in_float = difference_of_forces<float>(model);
    BOOST_TEST_MESSAGE(family << ", " << set << ": " << in_double.of_largest << " of the largest, "
                              << in_double.of_row << " of each row; in float " << in_float.of_largest
                              << " and " << in_float.of_row);
    BOOST_TEST_CONTEXT(family << ", " << set)
    {
      BOOST_TEST(in_double.of_largest < 1e-13); // rounding of sums of 81 terms
      BOOST_TEST(in_double.of_row < 1e-13);
      BOOST_TEST(in_float.of_largest < 1e-6);
      BOOST_TEST(in_float.of_row < 1e-6);
    }
  }
}

/// The diagonal is that of the assembled matrix where no node hangs.
void check_diagonal(const Model &model, const Family kind)
{
  const std::string family = tests::name(kind);
  mechanics::ElasticOperator<double> stiffness(model.forest, model.nodes);
  stiffness.set_moduli(model.moduli.lambda, model.moduli.mu);
  const std::vector<double> diagonal = stiffness.diagonal();
  double apart = 0, least = 1, greatest = 1, masters = 0;
  model.for_each_free_node([&](const std::size_t node, const Vector3 &x) {
    for (int c = 0; c < 3; ++c) {
      const Key key = key_of(x, c);
      const double exact = model.yardstick.diagonal(key);
      if (exact == 0)
        apart = std::max(apart, diagonal[node]);
      else if (model.yardstick.is_master(
                   key)) { // couplings among the nodes that hang on it are left out there
        least = std::min(least, diagonal[node] / exact);
        greatest = std::max(greatest, diagonal[node] / exact);
        ++masters;
      } else
        apart = std::max(apart, std::abs(diagonal[node] / exact - 1));
    }
  });
  BOOST_TEST_CONTEXT(family)
  {
    BOOST_TEST(tests::largest(apart) < 1e-13);
    BOOST_TEST((tests::total(masters) > 0) == (kind != Family::uniform));
    BOOST_TEST(-tests::largest(-least) > 0.5);
    BOOST_TEST(tests::largest(greatest) < 3);
  }
}

void check_loads(const Model &model, const std::string &family)
{
  mechanics::ElasticSolver solver(model.forest, {});
  solver.set_prescribed(tests::prescribe_surface(solver, model.forest, model.moduli,
                                                 [](const Vector3 &) { return Vector3(0, 0, 0); }));
  solver.set_moduli(model.moduli.lambda, model.moduli.mu);
  std::vector<double> body = solver.zero_vector(), face = solver.zero_vector();
  mechanics::add_body_force(solver, body_force, body);

  std::vector<std::uint8_t> solid;
  for (const double mu : model.moduli.mu) solid.push_back(mu > 0 ? 1 : 0);
  const discretisation::CellMesh mesh = discretisation::make_cell_mesh(model.forest, solid);
  std::vector<loads::FaceForce> face_forces;
  for (const discretisation::ExposedFace &exposed : mesh.exposed_faces())
    if (exposed.direction == 5 && exposed.centre[2] > 1 - 1e-9)
      face_forces.push_back({exposed, exposed.area * traction(exposed.centre)});
  mechanics::add_face_forces(solver, mesh, face_forces, face);
  for (std::vector<double> *forces : {&body, &face}) { // as the solver itself will do
    solver.nodes().fold_hanging(forces->data(), 3);
    solver.nodes().exchange().add_to_owners(forces->data(), 3);
  }

  std::array<double, 2> apart{}, scale{};
  model.for_each_free_node([&](const std::size_t node, const Vector3 &x) {
    for (int c = 0; c < 3; ++c) {
      const Key key = key_of(x, c);
      const std::array<double, 2> exact{model.yardstick.body_load(key), model.yardstick.face_load(key)},
          found{body[3 * node + static_cast<std::size_t>(c)], face[3 * node + static_cast<std::size_t>(c)]};
      for (std::size_t i = 0; i < 2; ++i) {
        apart[i] = std::max(apart[i], std::abs(found[i] - exact[i]));
        scale[i] = std::max(scale[i], std::abs(exact[i]));
      }
    }
  });
  BOOST_TEST_CONTEXT(family)
  for (std::size_t i = 0; i < 2; ++i) {
    BOOST_TEST(tests::largest(scale[i]) > 0);
    BOOST_TEST(tests::largest(apart[i]) < 1e-13 * tests::largest(scale[i]));
  }
}

} // namespace

// One case, because the yardstick takes most of the time and serves all three.
BOOST_AUTO_TEST_CASE(forces_diagonal_and_loads_on_bricks_are_those_of_the_assembled_matrix)
{
  for (const Family family : {Family::uniform, Family::edge, Family::nested}) {
    Model model(family);
    check_forces(model, tests::name(family));
    check_diagonal(model, family);
    check_loads(model, tests::name(family));
  }
}
