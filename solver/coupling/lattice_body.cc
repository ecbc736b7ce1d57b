#include "coupling/lattice_body.h"

#include "discretisation/expression.h"
#include "io/vtk_grid.h"
#include "stimulus/rules.h"

#include <cmath>
#include <filesystem>
#include <optional>

namespace wolff::coupling {

using discretisation::Expression;
using tissue::Ground;

namespace {

const std::string section_name = "Cell lattice";
const std::string published = "program of Perier-Metz et al. 2020 [V]";

} // namespace

void LatticeBodyOptions::declare(Options &options)
{
  const Options::Section section(options, section_name);
  options.add_choice(
      "Shape", shape, {"long bone", "box"},
      "Long bone: a gap between two bone ends with marrow and periosteum, along z. Box: tissue "
      "everywhere.");
  options.add("Sites [-]", sites, "Sites of the lattice along x, y and z.", 3, published);
  options.add("Gap [mm]", gap, "Length of the gap in the bone.", non_negative(), published);
  options.add("Bone radius [mm]", bone_radius, "Outer radius of the bone ends.", positive(), published);
  options.add("Canal radius [mm]", canal_radius, "Radius of the marrow canal.", non_negative(), published);
  options.add(
      "Inner radius [mm]", inner_radius,
      "Tissue of the gap begins here, with marrow within: 0 fills the cylinder, more makes an annulus "
      "(5 in the source's scaffold).",
      non_negative());
  options.add("Callus radius [mm]", callus_radius, "Tissue ends here, in the gap and along the periosteum.",
              positive(), "outer radius of the scaffold, " + published);
  options.add("Marrow depth [mm]", marrow_depth, "Marrow that gives cells, from each end of the gap.",
              non_negative(), published + "; a third of 5 mm in 2022");
  options.add("Periosteum length [mm]", periosteum_length,
              "Periosteum that gives cells, and callus around the bone, from each end of the gap.",
              non_negative(), published + "; 5 in 2022");
  options.add("Seeded layer [-]", seeded_layer, "Every how many layers cells are put.", between(1, 1000),
              published);
  options.add("Constants", constants, "Names for numbers in the expressions below.");
  options.add("Definitions", definitions, "Names for expressions of x, y, z [mm] from the lattice's middle.");
  options.add("Graft where", graft_where, "Tissue has graft in it where this is not zero; empty: nowhere.");
  options.add("Scaffold where", scaffold_where, "Scaffold takes the place of tissue where this is not zero.");
  options.add("Plate where", plate_where, "Steel takes the place of tissue where this is not zero.");
  options.add("Stromal cells where", cells_where,
              "Further stromal cells of the first day: one on each free site where this is not zero.");
  options.add(
      "Stromal cells there [-]", cells_share,
      "Share of those sites that hold one, drawn at random; 0.3 around host bone in the program for PLLA "
      "scaffolds [V].",
      fraction(), "1: on each, as the seeded layers of Perier-Metz et al. 2020 [V]");
  options.add(
      "Graft cells [-]", graft_cells,
      "Share of the free graft sites with a stromal cell on the first day; 0.001 in one published variant.",
      fraction(), "none in the program of Perier-Metz et al. 2020 [V]");
  options.add(
      "Stimulus [-]", stimulus,
      "S at the middle of each element, an expression; the thresholds are those of the section Stimulus.");
  options.add(
      "Stimulus file", stimulus_file,
      "Image (.vti) with S in the cell array `stimulus`, in place of the expression; its coordinates are "
      "measured from the lattice's middle [mm].");
  options.add("Element edge [-]", element_edge,
              "Sites along an edge of the boxes that share a stimulus, and in which legacy runs round down.",
              between(1, 10000),
              "5 cubed is near the 113 sites a tetrahedron of Perier-Metz et al. 2020 [C]");
  options.add(
      "Element file", element_file,
      "Label image (.vti, .nii) that gives each site its element, in place of boxes: equal labels are "
      "one element, 0 or less is none. A .vti is measured from the lattice's middle [mm], a NIfTI image "
      "begins at its corner.");
  options.add("Element array", element_array, "Name of the labels in a .vti.");
  options.add("Seeds [-]", ensemble,
              "Runs with the seeds s, s + 1, ... of Regeneration/Lattice/Seed; mean and spread are written.",
              between(1, 10000));
}

struct LatticeBody::Texts
{
  std::optional<Expression> graft, scaffold, plate, cells, stimulus;
  std::optional<stimulus::RuleSettings> settings;
  // Of a stimulus file: its grid, and S of each voxel, x fastest.
  std::string file;
  std::optional<io::ImageGeometry> image;
  std::vector<double> values;
};

LatticeBody::LatticeBody(const LatticeBodyOptions &options, const double spacing,
                         const stimulus::StimulusOptions &stimulus, const std::string &folder)
    : options_(options), spacing_(spacing), texts_(std::make_unique<Texts>())
{
  std::vector<Fault> faults;
  const auto attempt = [&faults](const auto &work) {
    try {
      work();
    } catch (const Fault &fault) {
      faults.push_back(fault);
    } catch (const FaultList &list) {
      faults.insert(faults.end(), list.faults().begin(), list.faults().end());
    }
  };
  bool sound = options.sites.size() == 3;
  for (const double n : options.sites) sound = sound && n >= 1 && n <= 100000 && n == std::floor(n);
  if (!sound)
    faults.push_back(Fault(Exit::input, "option-value", section_name + "/Sites [-]", "numbers of sites")
                         .wanted("three whole numbers from 1 to 100000"));
  else
    extent_ = {static_cast<std::int64_t>(options.sites[0]), static_cast<std::int64_t>(options.sites[1]),
               static_cast<std::int64_t>(options.sites[2])};
  if (options.shape == "long bone" &&
      !(options.inner_radius < options.callus_radius && options.canal_radius < options.bone_radius))
    faults.push_back(Fault(Exit::model, "lattice-radii", section_name,
                           "the radii of canal and bone, or of the inner end and the callus")
                         .found(to_text(options.canal_radius) + " and " + to_text(options.bone_radius) +
                                ", " + to_text(options.inner_radius) + " and " +
                                to_text(options.callus_radius) + " mm")
                         .wanted("a first that is smaller than the second"));
  if (options.stimulus.empty() && options.stimulus_file.empty())
    faults.push_back(Fault(Exit::input, "option-missing", section_name + "/Stimulus [-]",
                           "no stimulus is given for the lattice alone")
                         .wanted("a number or an expression of x, y, z, or a stimulus file"));
  if (!options.stimulus.empty() && !options.stimulus_file.empty())
    faults.push_back(Fault(Exit::input, "option-contradicts", section_name + "/Stimulus file",
                           "the stimulus is given by an expression and by a file")
                         .wanted("one of them"));
  if (!options.stimulus_file.empty())
    attempt([&] {
      texts_->file = (std::filesystem::path(folder) / options.stimulus_file).string();
      io::ReadRequest request;
      request.cell_arrays = {"stimulus"};
      request.point_arrays.emplace();
      const io::VtkGrid grid = io::read_vtk_grid(texts_->file, request);
      if (!grid.image)
        throw Fault(Exit::input, "file-format", texts_->file, "a stimulus is read from an image")
            .wanted(".vti");
      texts_->values = io::need_array(grid.cell_arrays, "stimulus", 1, texts_->file).reals();
      texts_->image = grid.image;
    });
  if (!options.element_file.empty() && options.element_array.empty())
    faults.push_back(Fault(Exit::input, "option-value", section_name + "/Element array",
                           "the labels of the elements have no name")
                         .wanted("the name of a cell array"));
  attempt([&] {
    const discretisation::Symbols symbols(options.constants, section_name + "/Constants", options.definitions,
                                          section_name + "/Definitions");
    for (const auto &[text, name, expression] :
         {std::tuple(&options.graft_where, "Graft where", &texts_->graft),
          std::tuple(&options.scaffold_where, "Scaffold where", &texts_->scaffold),
          std::tuple(&options.plate_where, "Plate where", &texts_->plate),
          std::tuple(&options.cells_where, "Stromal cells where", &texts_->cells),
          std::tuple(&options.stimulus, "Stimulus [-]", &texts_->stimulus)})
      if (!text->empty())
        attempt([&, text = text, name = name, expression = expression] {
          expression->emplace(*text, symbols, section_name + "/" + name);
        });
  });
  attempt([&] { texts_->settings.emplace(stimulus); });
  throw_if_any(std::move(faults));
}

LatticeBody::~LatticeBody() = default;
LatticeBody::LatticeBody(LatticeBody &&) noexcept = default;

Vector3 LatticeBody::place(const double x, const double y, const double z) const
{
  return spacing_ * Vector3(x - 0.5 * static_cast<double>(extent_.nx - 1),
                            y - 0.5 * static_cast<double>(extent_.ny - 1),
                            z - 0.5 * static_cast<double>(extent_.nz - 1));
}

Ground LatticeBody::ground(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
{
  const Vector3 p = place(static_cast<double>(x), static_cast<double>(y), static_cast<double>(z));
  const LatticeBodyOptions &o = options_;
  if (o.shape == "long bone") {
    const double r = std::hypot(p[0], p[1]), beyond = std::abs(p[2]) - 0.5 * o.gap;
    if (beyond < 0) {
      if (r > o.callus_radius) return Ground::outside;
      if (r < o.inner_radius) return Ground::marrow;
    } else {
      if (r < o.canal_radius) return Ground::marrow;
      if (r <= o.bone_radius) return Ground::host_bone;
      if (r > o.callus_radius || beyond > o.periosteum_length) return Ground::outside;
    }
  }
  if (texts_->plate && (*texts_->plate)(p) != 0) return Ground::plate;
  if (texts_->scaffold && (*texts_->scaffold)(p) != 0) return Ground::scaffold;
  return texts_->graft && (*texts_->graft)(p) != 0 ? Ground::graft : Ground::tissue;
}

bool LatticeBody::is_seeded(const std::int64_t x, const std::int64_t y, const std::int64_t z,
                            const tissue::LatticeOptions &options, regeneration::PlacedCell &cell) const
{
  const LatticeBodyOptions &o = options_;
  const Vector3 p = place(static_cast<double>(x), static_cast<double>(y), static_cast<double>(z));
  if (o.shape == "long bone") {
    const double r = std::hypot(p[0], p[1]), beyond = std::abs(p[2]) - 0.5 * o.gap;
    const bool in_layer =
        beyond >= 0 && static_cast<std::int64_t>(std::floor(beyond / spacing_ + 1e-6)) % o.seeded_layer == 0;
    if (in_layer && r < o.canal_radius && beyond <= o.marrow_depth) {
      if (options.legacy && p[2] > 0) cell.age = 0;
      return true;
    }
    if (in_layer && r > o.bone_radius && r <= o.bone_radius + spacing_ && beyond <= o.periosteum_length)
      return true;
  }
  const auto key = static_cast<std::uint64_t>(x + extent_.nx * (y + extent_.ny * z));
  const tissue::Draws draws{static_cast<std::uint64_t>(options.seed), 0};
  constexpr std::uint32_t of_place = 1; // a draw beside that for the graft
  if (texts_->cells && (*texts_->cells)(p) != 0 &&
      draws(key, tissue::Purpose::seeding, of_place)[0] < chance_bound(o.cells_share))
    return true;
  if (o.graft_cells == 0 || ground(x, y, z) != Ground::graft) return false;
  return draws(key, tissue::Purpose::seeding)[0] < chance_bound(o.graft_cells);
}

tissue::Window LatticeBody::window(const Vector3 &x) const
{
  double value = 0;
  if (texts_->image) {
    const io::ImageGeometry &image = *texts_->image;
    std::size_t voxel = 0, stride = 1;
    for (std::size_t d = 0; d < 3; ++d) {
      const std::int64_t first = image.extent[2 * d], cells = image.extent[2 * d + 1] - first;
      const double at = std::floor((x[static_cast<Eigen::Index>(d)] - image.origin[d]) / image.spacing[d]) -
                        static_cast<double>(first);
      if (at < 0 || at >= static_cast<double>(cells))
        throw Fault(Exit::model, "value-range", texts_->file,
                    "the image of the stimulus does not reach the element at (" + to_text(x[0]) + ", " +
                        to_text(x[1]) + ", " + to_text(x[2]) + ") mm");
      voxel += stride * static_cast<std::size_t>(at);
      stride *= static_cast<std::size_t>(cells);
    }
    value = texts_->values[voxel];
  } else {
    value = (*texts_->stimulus)(x);
  }
  return static_cast<tissue::Window>(stimulus::respond(value, *texts_->settings).phenotype);
}

} // namespace wolff::coupling
