#include "discretisation/islands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace wolff::discretisation {

namespace {

/// Disjoint sets of 0..n-1; the root of a set is its smallest member.
class Sets
{
public:
  explicit Sets(const std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }

  std::uint32_t root(std::uint32_t i)
  {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b)
  {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::uint32_t> parent_;
};

/// All lists of all ranks, one behind the other in the order of rank; @p first is where this rank's list
/// begins.
template <typename T>
std::vector<T> gather(const MPI_Comm comm, const std::vector<T> &mine, std::size_t &first)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  // Lists of structs travel as whole items, so that counts stay below 2^31.
  MPI_Datatype item;
  MPI_Type_contiguous(static_cast<int>(sizeof(T)), MPI_BYTE, &item);
  MPI_Type_commit(&item);
  const int count = static_cast<int>(mine.size());
  std::vector<int> counts(static_cast<std::size_t>(size)), begins(counts.size());
  MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  std::exclusive_scan(counts.begin(), counts.end(), begins.begin(), 0);
  std::vector<T> all(static_cast<std::size_t>(begins.back() + counts.back()));
  MPI_Allgatherv(mine.data(), count, item, all.data(), counts.data(), begins.data(), item, comm);
  MPI_Type_free(&item);
  first = static_cast<std::size_t>(begins[static_cast<std::size_t>(rank)]);
  return all;
}

/// What one rank sees of a component. The centre is still the sum of volume * centre.
struct Part
{
  std::int64_t smallest_id, cells;
  double volume;
  double centre[3];
};

} // namespace

Islands find_islands(const CellMesh &mesh)
{
  return find_islands(mesh, std::vector<bool>(mesh.n_owned(), true));
}

Islands find_islands(const CellMesh &mesh, const std::vector<bool> &among)
{
  // Parts of this rank alone, numbered from 0.
  Sets cells(mesh.n_owned());
  for (const CellFace &face : mesh.faces())
    if (face.first < mesh.n_owned() && face.second < mesh.n_owned() && among[face.first] &&
        among[face.second])
      cells.join(face.first, face.second);
  std::vector<Part> parts;
  std::vector<std::uint32_t> part_of_cell(mesh.n_owned(), no_component);
  for (std::uint32_t i = 0; i < mesh.n_owned(); ++i) {
    if (!among[i]) continue;
    const std::uint32_t root = cells.root(i); // root <= i, so it has its number already
    if (root == i) {
      part_of_cell[i] = static_cast<std::uint32_t>(parts.size());
      parts.push_back({mesh.cell(i).id, 0, 0, {0, 0, 0}});
    } else
      part_of_cell[i] = part_of_cell[root];
    Part &part = parts[part_of_cell[i]];
    part.smallest_id = std::min(part.smallest_id, mesh.cell(i).id);
    ++part.cells;
    part.volume += mesh.volume(i);
    for (int c = 0; c < 3; ++c) part.centre[c] += mesh.volume(i) * mesh.cell(i).centre[c];
  }

  // Every rank joins all parts across the borders. A number of a part is far below 2^53, so it travels to the
  // ghosts unchanged as a floating-point number.
  std::size_t first = 0, ignored = 0;
  const std::vector<Part> all = gather(mesh.comm(), parts, first);
  CellField number(mesh.n_local());
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    number[i] = among[i] ? static_cast<double>(first + part_of_cell[i]) : -1;
  mesh.update_ghosts(number);
  using Contact = std::pair<std::uint32_t, std::uint32_t>;
  std::set<Contact> contacts;
  for (const CellFace &face : mesh.faces())
    if ((face.first >= mesh.n_owned() || face.second >= mesh.n_owned()) && number[face.first] >= 0 &&
        number[face.second] >= 0)
      contacts.emplace(static_cast<std::uint32_t>(number[face.first]),
                       static_cast<std::uint32_t>(number[face.second]));
  Sets whole(all.size());
  for (const Contact &contact :
       gather(mesh.comm(), std::vector<Contact>(contacts.begin(), contacts.end()), ignored))
    whole.join(contact.first, contact.second);

  std::vector<Component> sums(all.size(), {INT64_MAX, 0, 0, Vector3::Zero()});
  for (std::uint32_t p = 0; p < all.size(); ++p) {
    Component &sum = sums[whole.root(p)];
    sum.smallest_id = std::min(sum.smallest_id, all[p].smallest_id);
    sum.cells += all[p].cells;
    sum.volume += all[p].volume;
    sum.centre += Vector3(all[p].centre[0], all[p].centre[1], all[p].centre[2]);
  }
  std::map<std::int64_t, std::uint32_t> root_of_id;
  for (std::uint32_t p = 0; p < all.size(); ++p)
    if (whole.root(p) == p) root_of_id[sums[p].smallest_id] = p;
  Islands islands;
  std::vector<std::uint32_t> place_of_root(all.size());
  for (const auto &[id, root] : root_of_id) {
    place_of_root[root] = static_cast<std::uint32_t>(islands.components.size());
    islands.components.push_back(sums[root]);
    islands.components.back().centre /= sums[root].volume;
  }
  for (const std::uint32_t part : part_of_cell)
    islands.component_of_cell.push_back(
        part == no_component ? no_component
                             : place_of_root[whole.root(static_cast<std::uint32_t>(first) + part)]);
  return islands;
}

std::vector<std::uint32_t> components_without_support(const CellMesh &mesh, const Islands &islands,
                                                      const std::vector<std::uint32_t> &supported)
{
  std::vector<std::uint8_t> held(islands.components.size(), 0);
  for (const std::uint32_t cell : supported)
    if (islands.component_of_cell[cell] != no_component) held[islands.component_of_cell[cell]] = 1;
  MPI_Allreduce(MPI_IN_PLACE, held.data(), static_cast<int>(held.size()), MPI_UINT8_T, MPI_MAX, mesh.comm());
  std::vector<std::uint32_t> without;
  for (std::uint32_t i = 0; i < held.size(); ++i)
    if (!held[i]) without.push_back(i);
  return without;
}

std::string text_of(const Islands &islands, const std::vector<std::uint32_t> &which, const std::size_t most)
{
  std::vector<std::uint32_t> order = which;
  std::stable_sort(order.begin(), order.end(), [&](const std::uint32_t a, const std::uint32_t b) {
    return islands.components[a].cells > islands.components[b].cells;
  });
  std::vector<std::string> texts;
  for (const std::uint32_t i : order) {
    const Component &c = islands.components[i];
    texts.push_back(fmt::format("{} cells, {:.4g} mm^3 at ({:.4g}, {:.4g}, {:.4g})", c.cells, c.volume,
                                c.centre[0], c.centre[1], c.centre[2]));
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(most, texts.size()); ++i) text += (i > 0 ? "; " : "") + texts[i];
  return texts.size() > most ? text + fmt::format("; ... ({} in all)", texts.size()) : text;
}

} // namespace wolff::discretisation
