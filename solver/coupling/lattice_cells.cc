#include "coupling/lattice_cells.h"

#include "io/site_file.h"

#include <filesystem>

namespace wolff::coupling {

std::string lattice_file_name(const std::string &tissue_file)
{
  return std::filesystem::path(tissue_file).replace_extension().string() + "_cells.pvtp";
}

void write_lattice_cells(const Model &model, const regeneration::TissueState &state,
                         const std::string &tissue_file)
{
  if (model.input.course.backend != "lattice agents" || state.step == 0) return;
  std::vector<io::SitePoint> points;
  points.reserve(state.lattice_cells.size());
  for (const regeneration::LatticePoint &c : state.lattice_cells)
    points.push_back({{c.x, c.y, c.z}, c.kind, c.age});
  const auto &frame = state.lattice_frame;
  io::write_sites(lattice_file_name(tissue_file), points, {Vector3(frame[0], frame[1], frame[2]), frame[3]},
                  model.comm);
}

void read_lattice_cells(const Model &model, const std::string &tissue_file, regeneration::TissueState &state)
{
  if (model.input.course.backend != "lattice agents" || state.step == 0) return;
  const std::string path = lattice_file_name(tissue_file);
  io::SiteFrame frame;
  const std::vector<io::SitePoint> points = io::read_sites(path, frame, model.comm);
  together(model.comm, [&] {
    for (const io::SitePoint &point : points) {
      for (const std::int32_t at : point.site)
        if (at < 0 || at > 65535)
          throw Fault(Exit::input, "value-range", path, "site of a cell").found(at).wanted("0 to 65535");
      if (point.kind < 1 || point.kind > tissue::eroded_scaffold)
        throw Fault(Exit::input, "value-range", path, "kind of a cell").found(point.kind).wanted("1 to 6");
      state.lattice_cells.push_back({static_cast<std::uint16_t>(point.site[0]),
                                     static_cast<std::uint16_t>(point.site[1]),
                                     static_cast<std::uint16_t>(point.site[2]), point.kind, point.age});
    }
  });
  state.lattice_frame = {frame.origin[0], frame.origin[1], frame.origin[2], frame.spacing};
}

} // namespace wolff::coupling
