#include "loads/activity.h"

namespace wolff::loads {

namespace {

/// The ten-subject data set counts x lateral on both sides of the body; here x is medial.
Vector3 from_lateral_x(const Vector3 &force)
{
  return {-force[0], force[1], force[2]};
}

} // namespace

const Table<Activity> &activities()
{
  const char *const hip_iii = "ten subjects of the OrthoLoad series Hip III as tabulated with Fischer et al. "
                              "2021 J Biomech, mean of the peak phase [C from V]";
  const char *const heller = "components of the simplified load set of Heller et al. 2005 J Biomech 38, 1155 "
                             "[M]; their resultant agrees with Bergmann 2001 J Biomech 34, 859 [V]";
  const Vector3 unknown = Vector3::Zero();
  static const Table<Activity> table{
      {"level walking",
       "both peaks of walking at a self-chosen speed; 247 % of body weight",
       hip_iii,
       {from_lateral_x({67.7, -23.6, -235.8}), {14.3, 14.5, 19.0}, "walking", true}},
      {"one-leg stance",
       "plateau of standing on one leg; 261 % of body weight",
       hip_iii,
       {from_lateral_x({73.6, -15.0, -248.8}), {19.5, 13.9, 27.3}}},
      {"standing up",
       "peak of rising from a chair; 215 % of body weight",
       hip_iii,
       {from_lateral_x({86.1, -23.4, -194.5}), {37.7, 15.8, 59.3}}},
      {"stairs up",
       "peak of climbing stairs; 251 % of body weight",
       heller,
       {{-59.3, -60.6, -236.3}, unknown, "stairs up"}},
      {"level walking (Heller)",
       "peak of walking; 238 % of body weight, goes with the muscles \"walking\"",
       heller,
       {{-54.0, -32.8, -229.2}, unknown, "walking", true}},
      {"stumbling",
       "stumbling without a fall; 795 % of body weight, measured 720 and 870",
       "size: mean of two measured events [V]; direction: that of level walking [U]",
       {795 / Vector3(67.7, 23.6, 235.8).norm() * from_lateral_x({67.7, -23.6, -235.8}), unknown}},
  };
  return table;
}

const Table<Subject> &walking_subjects()
{
  const char *const source = "OrthoLoad series Hip III as tabulated with Fischer et al. 2021 J Biomech [V]";
  static const Table<Subject> table{
      {"H1", "", source, {760, from_lateral_x({71.8, -28.8, -216.3})}},
      {"H2", "", source, {767, from_lateral_x({58.4, -24.3, -239.7})}},
      {"H3", "", source, {893, from_lateral_x({38.7, -25.0, -224.9})}},
      {"H4", "", source, {796, from_lateral_x({68.9, -26.7, -234.0})}},
      {"H5", "", source, {855, from_lateral_x({85.0, -16.3, -268.1})}},
      {"H6", "", source, {815, from_lateral_x({68.0, -56.2, -234.8})}},
      {"H7", "", source, {916, from_lateral_x({68.2, -5.8, -254.8})}},
      {"H8", "", source, {836, from_lateral_x({89.8, -30.8, -253.1})}},
      {"H9", "", source, {1197, from_lateral_x({57.8, -16.5, -227.7})}},
      {"H10", "", source, {995, from_lateral_x({70.4, -5.7, -204.7})}},
  };
  return table;
}

} // namespace wolff::loads
