// The options of the cell kinetics with their sources; the equations are in kinetics.cc.
#include "tissue/kinetics.h"

namespace wolff::tissue {

namespace {

const std::string lattice_rate =
    "daily fraction of the program of Perier-Metz et al. 2020 [V] as a continuous rate [C]";
const std::string matrix_rate = "order of Isaksson et al. 2008 J Theor Biol 252:230 [M]";
const std::string no_number = "no defensible number exists [U]: off unless stated";

} // namespace

void KineticsOptions::declare(Options &options)
{
  options.add("Cell capacity [1/mm^3]", capacity, "Density at which division stops in free volume.",
              positive(), "one lattice site of 0.1 mm a cell [V]: parcels rather than cells");

  // The lattice models use 0.47 per day (doubling in 1.5 days, no death), an upper bound for marrow cells.
  options.add("MSC division rate [1/day]", msc_division,
              "Stromal cells, always; 0.04 to 0.7 in the literature, 0.47 in the lattice models.",
              non_negative(), "marrow cells in culture double in 61.2 h, BioMed Res Int 2013:901821 [V]");
  options.add("Fibroblast division rate [1/day]", fibroblast_division, "Under a fibrous stimulus.",
              non_negative(), lattice_rate);
  options.add("Chondrocyte division rate [1/day]", chondrocyte_division, "Under a cartilage stimulus.",
              non_negative(), lattice_rate);
  options.add("Osteoblast division rate [1/day]", osteoblast_division, "Under a bone stimulus.",
              non_negative(), lattice_rate);
  options.add("MSC maturation time [day]", maturation_time,
              "Mean time before a stromal cell can differentiate, passed in three stages.", positive(),
              "program of Perier-Metz et al. 2020 [V]");
  options.add("Differentiation rate [1/day]", differentiation,
              "Mature stromal cells into the phenotype of the stimulus; 0.693 with a stimulating graft.",
              non_negative(), lattice_rate);
  options.add("MSC death rate [1/day]", msc_death, "Stromal cells, always; 0.051 in one published program.",
              non_negative(), "none in the program of Perier-Metz et al. 2020 [V]");
  options.add("Fibroblast death rate [1/day]", fibroblast_death, "Outside a fibrous stimulus.",
              non_negative(), lattice_rate);
  options.add("Chondrocyte death rate [1/day]", chondrocyte_death, "Outside a cartilage stimulus.",
              non_negative(), lattice_rate);
  options.add("Osteoblast death rate [1/day]", osteoblast_death, "Outside a bone stimulus.", non_negative(),
              lattice_rate);

  options.add("Fibrous tissue production [1/day]", fibrous_production,
              "Share of the free volume filled in a day at full cell density.", non_negative(), matrix_rate);
  options.add("Cartilage production [1/day]", cartilage_production,
              "Share of the free volume filled in a day at full cell density.", non_negative(), matrix_rate);
  options.add("Bone production [1/day]", bone_production,
              "Share of the free volume filled in a day at full cell density.", non_negative(), matrix_rate);
  options.add(
      "Endochondral replacement [1/day]", endochondral,
      "Share of cartilage turned into immature bone in a day under a bone stimulus at full osteoblast "
      "density.",
      non_negative(),
      "set equal to bone production: cartilage is replaced as fast as free volume is filled [M]");
  options.add("Bone maturation [1/day]", bone_maturation,
              "Immature into mature bone where the stimulus calls for mature bone.", non_negative(),
              "maturation over 60 days [V] read as three time constants [C]");
  options.add("Fibrous tissue removal [1/day]", fibrous_removal, "Outside a fibrous stimulus.",
              non_negative(), no_number);
  options.add("Cartilage removal [1/day]", cartilage_removal, "Outside a cartilage stimulus.", non_negative(),
              no_number);
  options.add("Bone resorption [1/day]", bone_resorption, "Immature and mature new bone under disuse.",
              non_negative(), no_number);

  options.add("Active until [day]", active_until,
              "Day from which division and differentiation go on at the reduced activity (15 sheep, 7 small "
              "animals).",
              non_negative(), "programs of Perier-Metz et al. [V]");
  options.add("Activity afterwards [-]", activity_afterwards,
              "Factor on division and differentiation from then on: 0.5 scaffold, 0.2 empty defect, 1 off.",
              fraction(), "PCL-TCP scaffold program of Perier-Metz et al. 2022 [V]");
}

} // namespace wolff::tissue
