// Cases for tests of the geometry: the default model with and without scaffold, and random points in it.
#pragma once

#include "geometry/build_anatomy.h"

#include <random>

namespace wolff::geometry {

inline GeometryOptions without_scaffold()
{
  GeometryOptions o;
  o.scaffold.type = "none";
  return o;
}

struct Built
{
  GeometryReport report;
  std::unique_ptr<Anatomy> anatomy;

  explicit Built(const GeometryOptions &o) { anatomy = build_anatomy(o, "", &report); }
};

inline Vector3 random_in(const Box &box, std::mt19937 &generator)
{
  std::uniform_real_distribution<double> unit(0, 1);
  return box.least +
         (box.greatest - box.least).cwiseProduct(Vector3(unit(generator), unit(generator), unit(generator)));
}

} // namespace wolff::geometry
