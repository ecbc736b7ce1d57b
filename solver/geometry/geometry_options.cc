#include "geometry/geometry_options.h"

namespace wolff::geometry {

void FemurOptions::declare(Options &options)
{
  options.add_choice("Source", source, {"built-in", "surface"}, "Where the shape of the femur comes from.");
  options.add_choice(
      "Side", side, {"left", "right", "found"},
      "Side of the body. Found: left for the built-in femur; from the position of the head for a surface.");
  options.add("Distal cut [mm]", distal_cut,
              "Distance of the distal cut below the head centre, along the shaft.", between(40, 500),
              "[U]; keeps the lesser trochanter and 35 mm of shaft");
  layers.declare(options);
  built_in.declare(options);
  surface.declare(options);
}

void GeometryOptions::declare(Options &options)
{
  options.add_choice(
      "Body", body, {"femur", "long bone", "box", "image", "cell lattice"},
      "What is loaded: the femur of the sections below, a long bone with a gap in its shaft, or a box "
      "or an image of voxels with the conditions of the section Problem. A cell lattice is not loaded: it "
      "heals under the "
      "stimulus of the section Cell lattice.");
  {
    const Options::Section section(options, "Femur");
    femur.declare(options);
  }
  {
    const Options::Section section(options, "Lesion");
    lesion.declare(options);
  }
  {
    const Options::Section section(options, "Track");
    track.declare(options);
  }
  {
    const Options::Section section(options, "Scaffold");
    scaffold.declare(options);
  }
  {
    const Options::Section section(options, "Long bone");
    long_bone.declare(options);
  }
  {
    const Options::Section section(options, "Box");
    box.declare(options);
  }
  const Options::Section section(options, "Image");
  image.declare(options);
}

std::vector<Fault> check(const GeometryOptions &o)
{
  if (o.body == "box") return check(o.box);
  if (o.body == "image") return check(o.image);
  if (o.body == "cell lattice") return {};
  if (o.body == "long bone") return check(o.long_bone, o.scaffold);
  std::vector<Fault> faults;
  const auto add = [&faults](const std::vector<Fault> &more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  // The head of a surface is not known yet: the largest plausible one refuses only what is wrong for every
  // femur.
  const bool built_in = o.femur.source == "built-in";
  const double head_radius = built_in ? o.femur.built_in.head_radius : 40;
  add(built_in ? check(o.femur.built_in, -o.femur.distal_cut) : check(o.femur.surface));
  add(check(o.femur.layers, built_in ? head_radius : 10));
  add(check(o.lesion, head_radius));
  add(check(o.track));
  add(check(o.scaffold, o.track));
  return faults;
}

} // namespace wolff::geometry
