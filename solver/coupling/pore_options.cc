#include "coupling/pore_options.h"

namespace wolff::coupling {

void PoreOptions::declare(Options &options)
{
  const Options::Section section(options, "Pores");
  options.add_choice("Fluid", fluid, {"drained", "ramp", "undrained"},
                     "What the interstitial fluid does: its pressure is always zero; it flows while the load "
                     "rises (poroelasticity); it carries load and has no time to flow.");
  options.add(
      "Ramp time [s]", ramp_time,
      "Time in which the load rises evenly from zero to its full size; the stimulus is that of the end. "
      "Part of the rule: in undrained tissue the flux grows with the rate of the load.",
      positive(), "1 s in the program of Perier-Metz et al. 2020 [V]; 0.5 s elsewhere [M]");
  options.add("Substeps [-]", substeps, "Steps of backward Euler in the ramp.", between(1, 1000));
  options.add(
      "Tolerance [-]", tolerance,
      "Residual of each of the two equations of a substep, relative to their right-hand sides, at which "
      "the iteration ends. The substeps themselves err by some percent.",
      between(1e-10, 1e-2), "[C]: solver/doc/model.md, \"Fluid in the pores\"");
  options.add_choice(
      "Drained at", drained_at, {"outer surface", "nowhere"},
      "Where the pressure is zero: at all faces of the body to the outside, or nowhere (sealed).");
  options.add_choice(
      "Inadmissible constants", inadmissible, {"refuse", "clamp"},
      "What to do where the Biot coefficient 1 - K_drained/K_grain leaves [porosity, 1]: refuse "
      "the case, or take the nearest bound, counted in the log.");
  options.add("Regularisation length [mm]", regularisation,
              "Length over which the flux is averaged before a stimulus is formed from it, by a Helmholtz "
              "filter; in layers thinner than a voxel the flux itself depends on the mesh. 0: no filter.",
              between(0, 10), "[U]; granulation tissue has layers of some 0.05 mm in a ramp of 1 s [C]");
  const auto of_marrow = [&](const std::string &label, double &ratio) {
    options.add(
        "Viscosity of " + label + " marrow [-]", ratio,
        "Over that of red marrow: the permeability of marrow and of cancellous bone is divided by it "
        "where host marrow has this label (Regeneration/Lesion/Host marrow); 1 is off.",
        positive(),
        "no defensible number exists [U]: 1 is off; yellow femoral marrow 0.044 to 0.142 Pa s [V], red "
        "marrow unknown");
  };
  of_marrow("fatty", fatty_viscosity);
  of_marrow("ablated", ablated_viscosity);
  of_marrow("reconstituting", reconstituting_viscosity);
}

} // namespace wolff::coupling
