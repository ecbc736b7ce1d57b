#include "loads/hip_contact.h"

#include "loads/head_cap.h"

#include "base/errors.h"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace wolff::loads {

const Table<PressureLaw> &pressure_laws()
{
  static const Table<PressureLaw> table{
      {"cosine", "pressure falls with the cosine of the angle from the pole",
       "frictionless sphere pressed into a fitting elastic cup", [](const double cosine) { return cosine; }},
      {"uniform", "the same pressure all over the cap", "", [](double) { return 1.0; }},
      {"cosine squared", "pressure falls with the squared cosine", "",
       [](const double cosine) { return cosine * cosine; }},
  };
  return table;
}

namespace {

/// Three faces can carry any force; fewer than this many cannot stand for a pressure.
constexpr std::int64_t least_faces = 6;
/// Share of the cap that must lie on the body. A drilled track in the cap leaves more.
constexpr double least_share = 0.5;

std::string text_of(const Vector3 &v)
{
  return fmt::format("({:.6g}, {:.6g}, {:.6g})", v[0], v[1], v[2]);
}

Fault load_on_void(const HipContact &contact, const ContactReport &report, const std::string &what)
{
  return Fault(Exit::model, "load-on-void", "hip contact", what)
      .found(fmt::format("{} faces with {:.6g} mm^2 of a cap of {:.6g} mm^2; resultant requested {} N, "
                         "assembled for 1 MPa {} N",
                         report.faces, report.area, report.cap_area, text_of(contact.force),
                         text_of(report.unit_resultant)));
}

template <std::size_t n>
void sum_over_ranks(const MPI_Comm comm, std::array<double, n> &sums)
{
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(n), MPI_DOUBLE, MPI_SUM, comm);
}

} // namespace

ContactLoad hip_contact(const discretisation::CellMesh &mesh, const HipContact &contact)
{
  ContactLoad load;
  ContactReport &report = load.report;
  const PressureLaw law = pressure_laws().at(contact.distribution).law;
  const double force = contact.force.norm();
  if (!std::isfinite(force) || force == 0)
    throw load_on_void(contact, report, "the hip contact force is zero or not finite")
        .wanted("a force on the head");
  report.pole = -contact.force / force;
  report.cap_area = 2 * std::numbers::pi * contact.head_radius * contact.head_radius *
                    (1 - std::cos(contact.half_angle * std::numbers::pi / 180));

  // First sums: what the cap carries at 1 MPa.
  const std::vector<CapFace> cap =
      cap_faces(mesh, {contact.head_centre, contact.head_radius, report.pole, contact.half_angle});
  std::array<double, 11> sums{};
  for (const CapFace &f : cap) {
    const double weight = law(f.cosine) * f.projected;
    sums[0] += 1;
    sums[1] += f.projected;
    for (int c = 0; c < 3; ++c) sums[2 + static_cast<std::size_t>(c)] -= weight * f.radial[c];
    std::size_t entry = 5;
    for (int c = 0; c < 3; ++c)
      for (int d = c; d < 3; ++d) sums[entry++] += weight * f.radial[c] * f.radial[d];
  }
  sum_over_ranks(mesh.comm(), sums);
  report.faces = std::llround(sums[0]);
  report.area = sums[1];
  report.unit_resultant = Vector3(sums[2], sums[3], sums[4]);
  if (report.faces < least_faces || report.area < least_share * report.cap_area)
    throw load_on_void(contact, report, "the cap of the hip contact does not lie on the body")
        .wanted(fmt::format("at least {} faces and {:.0f} % of the cap", least_faces, 100 * least_share))
        .hint("Compare head centre, head radius and the direction of the force with the model, or refine");

  // s scales along the force; a solves S a = remaining error, S = sum of weight r r^T.
  const double scale = force * force / report.unit_resultant.dot(contact.force);
  Eigen::Matrix3d moments;
  moments << sums[5], sums[6], sums[7], sums[6], sums[8], sums[9], sums[7], sums[9], sums[10];
  const Vector3 tilt = moments.ldlt().solve(report.unit_resultant - contact.force / scale);
  double least = 1;
  const double smallest = Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(moments).eigenvalues()[0];
  const bool spans = scale > 0 && smallest > 1e-6 * moments.trace() && tilt.allFinite();
  std::array<double, 2> extremes{0, 0};
  for (const CapFace &f : cap) {
    const double factor = 1 + tilt.dot(f.radial);
    least = std::min(least, factor);
    extremes[0] = std::max(extremes[0], std::abs(factor - 1));
    extremes[1] = std::max(extremes[1], scale * law(f.cosine) * factor);
    load.forces.push_back({*f.face, -scale * law(f.cosine) * factor * f.projected * f.radial});
  }
  MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_DOUBLE, MPI_MIN, mesh.comm());
  MPI_Allreduce(MPI_IN_PLACE, extremes.data(), 2, MPI_DOUBLE, MPI_MAX, mesh.comm());
  report.correction = extremes[0];
  report.peak_pressure = extremes[1];
  if (!spans || least <= 0)
    throw load_on_void(contact, report, "pressure on the faces of the cap cannot give this resultant")
        .wanted("faces on all sides of the pole")
        .hint("The cap reaches over an edge of the body; use a smaller half-angle");

  std::array<double, 3> total{};
  for (const FaceForce &f : load.forces)
    for (std::size_t c = 0; c < 3; ++c) total[c] += f.force[static_cast<Eigen::Index>(c)];
  sum_over_ranks(mesh.comm(), total);
  report.resultant = Vector3(total[0], total[1], total[2]);
  return load;
}

} // namespace wolff::loads
