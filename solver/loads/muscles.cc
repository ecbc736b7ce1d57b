#include "loads/muscles.h"

#include <cmath>

namespace wolff::loads {

const Table<MuscleSet> &muscle_sets()
{
  const char *const heller = "components of Heller et al. 2005 J Biomech 38, 1155 [M]; arrangement as in a "
                             "public femur program [V]";
  static const Table<MuscleSet> table{
      {"walking",
       "abductor, tensor fasciae latae, vastus lateralis",
       heller,
       {{"abductor", "P1", {58.0, 4.3, 86.5}},
        {"tensor fasciae latae, proximal part", "P1", {7.2, 11.6, 13.2}},
        {"tensor fasciae latae, distal part", "P1", {-0.5, -0.7, -19.0}},
        {"vastus lateralis", "P2", {-0.9, 18.5, -92.9}}}},
      {"stairs up",
       "the same, iliotibial tract and vastus medialis",
       heller,
       {{"abductor", "P1", {70.1, 28.8, 84.9}},
        {"iliotibial tract, proximal part", "P1", {10.5, 3.0, 12.8}},
        {"iliotibial tract, distal part", "P1", {-0.5, -0.8, -16.8}},
        {"tensor fasciae latae, proximal part", "P1", {3.1, 4.9, 2.9}},
        {"tensor fasciae latae, distal part", "P1", {-0.2, -0.3, -6.5}},
        {"vastus lateralis", "P2", {-2.2, 22.4, -135.1}},
        {"vastus medialis", "P3", {-8.8, 39.6, -267.1}}}},
  };
  return table;
}

const Table<Vector3> &attachments()
{
  // Between the means of ten femora (trochanters) and the muscle lines of one smaller cadaver.
  const char *const source = "TLEM 2.0 cadaver and ten femora of the series Hip III [C from V]";
  static const Table<Vector3> table{
      {"P1", "lateral side of the greater trochanter", source, {-60, -4, 0}},
      {"P2", "lateral cortex below it", source, {-53, 6, -31}},
      {"P3", "medial anterior cortex at the lesser trochanter's height", source, {-30, 0, -65}},
  };
  return table;
}

Vector3 attachment_on(const std::string &name, const Vector3 &shaft)
{
  const Vector3 &reference = attachments().at(name).law;
  const double scale = std::hypot(shaft[0], shaft[1]) / reference_offset;
  return Vector3(shaft[0] + scale * (reference[0] + reference_offset), shaft[1] + scale * reference[1],
                 scale * reference[2]);
}

} // namespace wolff::loads
