// What lies at a point of the model: which phase, and how far it is to the surfaces that matter for the mesh.
// Everything is a function of position in the frame of the model (mm); no mesh, no material numbers.
#pragma once

#include "base/tensor.h"

#include <array>
#include <cstdint>
#include <string>

namespace wolff::geometry {

/// What fills a point before any healing. A voxel holds shares of them, found by sub-sampling.
enum class Phase : std::uint8_t
{
  outside,
  cancellous,          ///< viable trabecular bone with its marrow, homogenised
  cortical,            ///< cortical shell
  subchondral_plate,   ///< bone plate below the articular cartilage
  articular_cartilage, ///< elastic layer on the head
  lesion,              ///< necrotic trabecular bone
  track,               ///< drilled core outside the scaffold's envelope
  scaffold_pore,       ///< inside the scaffold's envelope, not solid
  scaffold,            ///< solid of the scaffold
  marrow               ///< in a canal, without trabeculae
};
constexpr std::size_t n_phases = 10;

/// Names for messages and tables, in the order of Phase.
const std::array<std::string, n_phases> &phase_names();

/**
 * Signed distances in mm, negative inside; +infinity where the part does not exist. They are bounds used to
 * decide where to refine and where one sample of a voxel is enough: |value| must never exceed the true
 * distance.
 */
struct Clearances
{
  double body;     ///< outer surface of the whole body (cartilage included)
  double layers;   ///< unsigned: nearest interface between shell, plate, cartilage and cancellous bone
  double lesion;   ///< boundary of the necrotic region
  double track;    ///< wall of the drilled track(s)
  double scaffold; ///< envelope of the scaffold
};

struct Box
{
  Vector3 least, greatest;
};

/// The whole model as a function of position. Thread-safe, cheap: called for every sub-sample of every voxel.
class Anatomy
{
public:
  virtual ~Anatomy() = default;

  virtual Phase phase(const Vector3 &point) const = 0;
  virtual Clearances clearances(const Vector3 &point) const = 0;
  virtual Box bounding_box() const = 0;

  /// Centre [mm] and outer radius [mm] of the head, cartilage included: where hip contact acts.
  virtual Vector3 head_centre() const = 0;
  virtual double head_radius() const = 0;

  /// Rotation from the femur frame (x medial, y anterior, z proximal) to the frame of the model; columns are
  /// the femur axes in model coordinates. For a right femur the femur frame is left-handed (mirrored), so det
  /// = -1.
  virtual Eigen::Matrix3d femur_axes() const = 0;

  /// z of the distal cut in the femur frame, relative to the head centre [mm] (negative).
  virtual double distal_cut() const = 0;

  /// How deep a point of marrow lies behind the place where tissue heals [mm], as far as the body knows; 0
  /// where it does not.
  virtual double marrow_depth(const Vector3 &) const { return 0; }
  /// Height above the periosteum [mm], from which cells come; infinite elsewhere and where the body has none.
  virtual double above_periosteum(const Vector3 &) const;
  /// Area of that periosteum [mm^2].
  virtual double periosteum_area() const { return 0; }
};

} // namespace wolff::geometry
