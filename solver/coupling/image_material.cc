#include "coupling/image_material.h"

#include "base/errors.h"
#include "coupling/load_material.h"

#include <fmt/format.h>

#include <cmath>
#include <sstream>

namespace wolff::coupling {

using discretisation::brick_voxels;
using discretisation::voxels_per_edge;

namespace {

const char *const phases_option = "Geometry/Image/Phases";

std::vector<std::string> words_of(const std::string &text)
{
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// One phase of the list, "1 15000 0.3".
void read_phase(const std::string &text, const Case &input, Phases &phases)
{
  const auto malformed = [&] {
    return Fault(Exit::input, "option-value", phases_option, "a phase cannot be read")
        .found("\"" + text + "\"")
        .wanted("a label, then void, a material table, or Young's modulus in MPa and Poisson ratio");
  };
  const std::vector<std::string> words = words_of(text);
  if (words.size() != 2 && words.size() != 3) throw malformed();
  std::vector<double> numbers;
  for (const std::string &word : words) try {
      numbers.push_back(parse_number(word));
    } catch (const std::invalid_argument &) {
      numbers.push_back(std::nan(""));
    }
  if (!(numbers[0] == std::floor(numbers[0]) && std::abs(numbers[0]) < 2147483648.0)) throw malformed();
  const auto label = static_cast<std::int64_t>(numbers[0]);
  if (phases.contains(label))
    throw Fault(Exit::input, "option-value", phases_option, "a label has two phases").found(words[0]);
  if (words.size() == 3) {
    if (std::isnan(numbers[1]) || std::isnan(numbers[2])) throw malformed();
    const material::Elastic elastic{numbers[1], numbers[2]};
    if (const auto fault = material::inadmissible(elastic, phases_option, "label " + words[0]))
      if (fault->name() != "modulus-unit" || !input.accept_units) throw *fault;
    phases[label] = elastic;
  } else if (words[1] == "void")
    phases[label] = std::nullopt;
  else if (!std::isnan(numbers[1]))
    throw malformed().hint("The Poisson ratio is missing");
  else
    phases[label] = load_material(words[1], input.folder, phases_option).elastic;
}

/// Blocks of the image below the owned bricks: those beyond it are all void and not asked for.
std::vector<io::LabelImage::Block> blocks_of(const discretisation::BrickForest &forest, const VoxelBox &box,
                                             std::vector<std::size_t> &bricks)
{
  const double edge = box.edge * voxels_per_edge;
  std::vector<io::LabelImage::Block> blocks;
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const Vector3 place = (forest.brick(b).corner - box.origin) / edge;
    io::LabelImage::Block block{};
    bool is_inside = true;
    for (std::size_t d = 0; d < 3; ++d) {
      block[d] = std::lround(place[static_cast<Eigen::Index>(d)]);
      is_inside = is_inside && block[d] * voxels_per_edge < box.voxels[d];
    }
    if (!is_inside) continue;
    blocks.push_back(block);
    bricks.push_back(b);
  }
  return blocks;
}

/// Every label of the image must be a phase.
void require_phases(const io::ImageHeader &header, const Phases &phases, const std::string &file)
{
  std::vector<std::string> unknown, known;
  std::int64_t voxels = 0;
  for (const auto &[label, count] : header.labels) {
    if (phases.contains(label)) continue;
    unknown.push_back(std::to_string(label));
    voxels += count;
  }
  for (const auto &[label, elastic] : phases) known.push_back(std::to_string(label));
  if (!unknown.empty())
    throw Fault(Exit::model, "phase-undefined", file,
                fmt::format("{} voxels have a label that is no phase", voxels))
        .found(join(unknown))
        .wanted("one of " + join(known) + ", from \"" + phases_option + "\"");
}

} // namespace

Phases read_phases(const Case &input)
{
  Phases phases;
  std::vector<Fault> faults;
  std::istringstream stream(input.geometry.image.phases);
  for (std::string part; std::getline(stream, part, ';');) {
    if (words_of(part).empty()) continue;
    try {
      read_phase(part, input, phases);
    } catch (const Fault &fault) {
      faults.push_back(fault);
    } catch (const FaultList &list) {
      faults.insert(faults.end(), list.faults().begin(), list.faults().end());
    }
  }
  throw_if_any(std::move(faults));
  return phases;
}

BoxMaterial image_material(const discretisation::BrickForest &forest, const io::LabelImage &image,
                           const VoxelBox &box, const Case &input, const Problem &problem,
                           const bool keep_labels)
{
  BoxMaterial result;
  result.lambda.assign(forest.n_owned() * brick_voxels, 0.0);
  result.mu.assign(result.lambda.size(), 0.0);
  const bool has_moduli = image.header().has_moduli;
  Phases phases;
  together(forest.comm(), [&] {
    if (has_moduli) return;
    phases = read_phases(input);
    require_phases(image.header(), phases, input.geometry.image.file);
  });
  std::vector<std::size_t> bricks;
  const std::vector<io::LabelImage::Block> blocks = blocks_of(forest, box, bricks);
  const io::ImageBlocks read = image.read_blocks(blocks);
  if (keep_labels) result.labels.assign(result.lambda.size(), 0);
  together(forest.comm(), [&] {
    for (std::size_t i = 0; i < bricks.size(); ++i)
      for (std::size_t v = 0; v < brick_voxels; ++v) {
        const std::size_t from = i * brick_voxels + v, to = bricks[i] * brick_voxels + v;
        material::Elastic elastic;
        if (has_moduli) {
          if (read.moduli[from] == 0) continue;
          const Vector3 x = forest.brick(bricks[i]).voxel_centre(
              static_cast<int>(v % 8), static_cast<int>(v / 8 % 8), static_cast<int>(v / 64));
          elastic = {read.moduli[from], (*problem.poisson_ratio)(x)};
          if (!(elastic.poisson_ratio > -1 && elastic.poisson_ratio < 0.5))
            throw Fault(Exit::model, "poisson-range", "Problem/Poisson ratio [-]",
                        fmt::format("at ({:g}, {:g}, {:g}) mm", x[0], x[1], x[2]))
                .found(elastic.poisson_ratio)
                .wanted("a number in (-1, 0.5)");
        } else {
          if (read.labels[from] == io::LabelImage::outside) continue;
          const std::optional<material::Elastic> &phase = phases.at(read.labels[from]);
          if (!phase) continue;
          elastic = *phase;
          if (keep_labels) result.labels[to] = read.labels[from];
        }
        if (elastic.poisson_ratio > 0.49) ++result.near_incompressible;
        result.lambda[to] = material::lame_lambda(elastic);
        result.mu[to] = material::shear_modulus(elastic);
      }
  });
  MPI_Allreduce(MPI_IN_PLACE, &result.near_incompressible, 1, MPI_INT64_T, MPI_SUM, forest.comm());
  return result;
}

} // namespace wolff::coupling
