#include "tissue/lattice_rules.h"

namespace wolff::tissue {

namespace {

const std::string published = "program of Perier-Metz et al. 2020 [V]";

constexpr std::array<Window, 5> all_windows{Window::resorption, Window::mature_bone, Window::immature_bone,
                                            Window::cartilage, Window::fibrous};

bool is_bone(const Occupant o)
{
  return o == Occupant::mature_osteoblast || o == Occupant::immature_osteoblast;
}

bool is_bone(const Window w)
{
  return w == Window::mature_bone || w == Window::immature_bone;
}

} // namespace

void LatticeOptions::declare(Options &options)
{
  const Options::Section section(options, "Lattice");
  const auto chance = [&](const std::string &name, double &value, const std::string &what,
                          const std::string &source = published) {
    options.add(name, value, what, fraction(), source);
  };
  options.add("Seed [-]", seed,
              "Key of all random draws; equal seeds give equal cells on any number of ranks.",
              between(0, 2147483647));
  chance(
      "Surface erosion [1/day]", surface_erosion,
      "Sites of scaffold with fewer than three scaffold neighbours, which become empty tissue: 0.03 in the "
      "program for PLLA scaffolds [V], a speed of 1.5 um a day at its 0.05 mm.",
      "0: none in the program of Perier-Metz et al. 2020 [V]");
  chance("Bulk erosion [1/day]", bulk_erosion,
         "The same with scaffold on all six sides: 0.00015 in the program for PLLA scaffolds [V]. Sites with "
         "three to five stay.",
         "0: none in the program of Perier-Metz et al. 2020 [V]");
  options.add("Spacing [mm]", spacing, "Distance of the sites of the cell lattice; one cell a site.",
              between(0.001, 10), published);
  options.add("Jumps a day [-]", jumps,
              "Unit jumps of a stromal cell in a day; with the spacing they set its diffusivity, N l^2/6.",
              between(0, 255), published);
  chance("MSC division [1/day]", msc_division, "Stromal cells, under any stimulus.");
  chance("Fibroblast division [1/day]", fibroblast_division, "Under a fibrous stimulus.");
  chance("Chondrocyte division [1/day]", chondrocyte_division, "Under a cartilage stimulus.");
  chance("Osteoblast division [1/day]", osteoblast_division, "Under a bone stimulus.");
  options.add_choice("Division patterns", division_patterns, {"one or both move", "one moves"},
                     "One or both move: 21 patterns, both daughters young (2020). One moves: 6 patterns, the "
                     "mother keeps her age (2022).");
  chance("Differentiation [1/day]", differentiation,
         "Mature stromal cells into the phenotype of the stimulus.");
  chance("Differentiation in graft [1/day]", graft_differentiation,
         "The same inside graft under a bone stimulus; 0.5 in the variant of stimulated differentiation.");
  options.add("Differentiation from [day]", differentiation_from,
              "First day on which cells differentiate or die.", between(1, 100000), published);
  options.add("Maturation age [day]", maturation_age, "Least age of a stromal cell that differentiates.",
              between(0, 250), published);
  chance("MSC death [1/day]", msc_death,
         "Stromal cells, always; 0.05 in the program for degrading scaffolds.");
  chance("Osteoblast death [1/day]", osteoblast_death, "Outside a bone stimulus.");
  chance("Chondrocyte death [1/day]", chondrocyte_death, "Outside a cartilage stimulus.");
  chance("Fibroblast death [1/day]", fibroblast_death, "Outside a fibrous stimulus.");
  options.add("Osteoblasts die of disuse only", bone_dies_of_disuse_only,
              "As in the program of 2022, where bone is nearly irreversible.");
  options.add("Activity drop after [day]", drop_day,
              "Last day of full activity; from the next on the two options below hold.", between(0, 100000),
              "programs of Perier-Metz et al. 2020 and 2022 [V]; 7 for small animals [V]");
  options.add(
      "Activity drop factor [-]", drop_factor,
      "Divides division and differentiation after that day: 5 empty defect, 2 scaffold of 2022, 1 none.",
      Range{1, 1e6}, "1: program of 2020; programs of Perier-Metz et al. 2022 [V]");
  options.add_choice(
      "Late MSC division", late_msc_division, {"everywhere", "in graft", "nowhere"},
      "Where stromal cells divide after that day; in graft: stimulated proliferation, nowhere: "
      "the non-stimulated variant.");
  options.add(
      "Surface-guided migration", surface_guided_migration,
      "Jumps only to sites with formed tissue, bone or scaffold at a face (2022, and a variant of 2020).");
  options.add("Surface-guided deposition", surface_guided_deposition,
              "Differentiation only on such sites (2022, and a variant of 2020).");
  options.add("Graft regions", graft_regions,
              "Regions of a run whose tissue has bone graft in it, separated by commas: lesion, track, "
              "scaffold pore, healing domain; empty: none. Graft is a label of sites: it has no stiffness.");
  options.add("Migration into graft only", migration_into_graft_only,
              "The variant of stimulated migration: late jumps lead to sites with graft only.");
  options.add("Migration into graft only from [day]", graft_migration_from, "First day of that rule.",
              between(1, 100000), "10 in the program, 15 in its description [V]");
  options.add(
      "Turns [-]", turns,
      "Cells divide and migrate in so many turns a day, drawn at random; with many, one after the other.",
      between(1, 1000));
  options.add("Legacy", legacy,
              "The defects of the published programs: numbers of cells that change in an element are rounded "
              "down, and stromal cells seeded at the far marrow end never age.");
}

bool favours(const Window window, const Occupant occupant)
{
  if (is_bone(occupant)) return is_bone(window);
  return occupant != Occupant::none && occupant == phenotype_under(window);
}

LatticeDay lattice_day(const LatticeOptions &o, const int day)
{
  LatticeDay rules;
  rules.day = day;
  rules.maturation_age = static_cast<std::uint32_t>(o.maturation_age);
  rules.cells_change = day >= o.differentiation_from;
  rules.surface_guided_migration = o.surface_guided_migration;
  rules.surface_guided_deposition = o.surface_guided_deposition;
  rules.patterns =
      o.division_patterns == "one moves" ? DivisionPatterns::one_moves : DivisionPatterns::one_or_both_move;
  rules.jumps = static_cast<std::uint32_t>(o.jumps);
  if (o.migration_into_graft_only && day >= o.graft_migration_from) rules.jump_targets = sites::free_in_graft;

  for (std::size_t n = 0; n < 3; ++n) rules.erosion[n] = chance_bound(o.surface_erosion);
  rules.erosion[n_directions] = chance_bound(o.bulk_erosion);

  const bool late = day > o.drop_day;
  const double activity = late ? 1 / o.drop_factor : 1.0;
  std::array<double, n_occupants> divides{}, dies{};
  divides[index(Occupant::msc)] = o.msc_division;
  divides[index(Occupant::mature_osteoblast)] = o.osteoblast_division;
  divides[index(Occupant::immature_osteoblast)] = o.osteoblast_division;
  divides[index(Occupant::chondrocyte)] = o.chondrocyte_division;
  divides[index(Occupant::fibroblast)] = o.fibroblast_division;
  dies[index(Occupant::mature_osteoblast)] = o.osteoblast_death;
  dies[index(Occupant::immature_osteoblast)] = o.osteoblast_death;
  dies[index(Occupant::chondrocyte)] = o.chondrocyte_death;
  dies[index(Occupant::fibroblast)] = o.fibroblast_death;

  for (const Window w : all_windows) {
    const auto window = static_cast<std::size_t>(w);
    for (std::size_t k = 0; k < n_occupants; ++k) {
      const auto kind = static_cast<Occupant>(k);
      if (kind == Occupant::none) continue;
      const bool is_msc = kind == Occupant::msc;
      for (const std::size_t graft : {0U, 1U}) {
        const bool barred = is_msc && late &&
                            (o.late_msc_division == "nowhere" || // of this variant
                             (o.late_msc_division == "in graft" && graft == 0));
        if (!barred && (is_msc || favours(w, kind)))
          rules.division[graft][k][window] = chance_bound(activity * divides[k]);
      }
      const bool spared = is_bone(kind) && o.bone_dies_of_disuse_only && w != Window::resorption;
      if (is_msc)
        rules.death[k][window] = chance_bound(o.msc_death);
      else if (!favours(w, kind) && !spared)
        rules.death[k][window] = chance_bound(dies[k]);
    }
    if (w == Window::resorption) continue;
    rules.differentiation[0][window] = chance_bound(activity * o.differentiation);
    rules.differentiation[1][window] =
        chance_bound(activity * (is_bone(w) ? o.graft_differentiation : o.differentiation));
  }
  return rules;
}

} // namespace wolff::tissue
