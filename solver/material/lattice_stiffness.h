// Apparent elastic constants of a scaffold that is not resolved strut by strut, from its solid fraction. The
// tables are those of periodic unit cells; what is in the pores is added elsewhere (scaffold_stiffness.h).
#pragma once

#include "base/options.h"
#include "base/table.h"
#include "material/elastic.h"

#include <string>
#include <vector>

namespace wolff::material {

/// `subsection Homogenised scaffold`.
struct HomogenisedOptions
{
  double knock_down = 1;       ///< modulus as made over that of the ideal cell, in (0, 1] [-]
  double apparent_modulus = 0; ///< of the whole scaffold on day 0 [MPa]; 0: from the table

  void declare(Options &options);
};

/// One solid fraction of a cell, over Young's modulus of its solid (Poisson ratio 0.3).
struct LatticeRow
{
  double density;    ///< solid fraction [-]
  double modulus;    ///< E_100/E_s [-]
  double bulk;       ///< K/E_s [-]
  double anisotropy; ///< A = 2 C_44/(C_11 - C_12) [-]
};

struct LatticeTable
{
  std::vector<LatticeRow> rows; ///< by density, moduli above zero
  double pinch_off = 0;         ///< solid fraction below which the solid is loose pieces [-]
};

/// By the names of geometry::tpms_types(); not every type has a table.
const Table<LatticeTable> &lattice_tables();
bool has_lattice_table(const std::string &type);

/**
 * E_100/E_s, K/E_s and A at any solid fraction d in [0, 1]: the rows themselves, powers of d between them,
 * d/(1 + c (1 - d)) from the last row up to the solid, straight to zero at the pinch-off below the first row.
 * A row that is left out comes back within 10 % (diamond network at 0.2), mostly within 3 %; between rows
 * that stand twice as near the error is about a quarter of it [C]. The tables themselves are converged to
 * about 2 % in E [C].
 */
LatticeRow lattice_row(const LatticeTable &table, double density);

/**
 * The lattice alone, isotropic: E = E_s knock-down E_100/E_s, and the Poisson ratio along a cube axis,
 *     nu_100 = (1 - E_100/(3 K))/2,
 * so that bulk modulus and stiffness along the axes are those of the cell; shear along the cube axes is not:
 * of the cell it is A times as stiff. If an apparent modulus is stated it holds at the solid fraction of day
 * 0 and follows the table from there, or (density ratio)^2 where there is none; its Poisson ratio is then
 * that of the solid.
 */
class LatticeStiffness
{
public:
  /// @throws Fault: no table and no modulus (exit 2); modulus stiffer than all solid side by side (exit 3)
  LatticeStiffness(const std::string &type, const HomogenisedOptions &options, double solid_fraction,
                   const Elastic &solid);

  /// @param density solid fraction [-]  @param solid_ratio modulus of the solid over that of day 0 [-]
  Elastic operator()(double density, double solid_ratio = 1) const;
  /// A of the unit cell, 1 where it is not known.
  double anisotropy(double density) const;

private:
  LatticeTable table_; ///< without rows: none
  HomogenisedOptions options_;
  double solid_fraction_;
  Elastic solid_;
};

} // namespace wolff::material
