// Small VTK files with one fault each, and what the check of a model file must say about them. The name is
// the fault.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace broken {

/// A sound file of one hexahedron, whose parts can be exchanged.
struct OneHexahedron
{
  std::string header =
      R"(type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64")";
  std::string before_root;
  std::string n_points = "8", n_cells = "1";
  std::string points = "0 0 0 1 0 0 1 1 0 0 1 0 0 0 1 1 0 1 1 1 1 0 1 1";
  std::string connectivity = "0 1 2 3 4 5 6 7", offsets = "8", types = "12";
  std::string modulus = "17000", poisson = "0.3", phase = "1";
  std::string cell_data;  ///< instead of the three arrays, if not empty
  std::string extra_data; ///< behind them

  static std::string array(const std::string &type, const std::string &name, const std::string &values,
                           const std::string &components = "1")
  {
    std::string text = "<DataArray type=\"";
    return text.append(type)
        .append("\" Name=\"")
        .append(name)
        .append("\" NumberOfComponents=\"")
        .append(components)
        .append("\" format=\"ascii\">")
        .append(values)
        .append("</DataArray>\n");
  }

  std::string text() const
  {
    std::string file = "<?xml version=\"1.0\"?>\n";
    file.append(before_root)
        .append("<VTKFile ")
        .append(header)
        .append(">\n<UnstructuredGrid><Piece NumberOfPoints=\"");
    file.append(n_points).append("\" NumberOfCells=\"").append(n_cells).append("\">\n<Points>");
    file.append(array("Float64", "Points", points, "3")).append("</Points>\n<Cells>");
    file.append(array("Int64", "connectivity", connectivity))
        .append(array("Int64", "offsets", offsets))
        .append(array("UInt8", "types", types));
    file.append("</Cells>\n<CellData>");
    if (cell_data.empty())
      file.append(array("Float64", "youngs_modulus_MPa", modulus))
          .append(array("Float64", "poisson_ratio", poisson))
          .append(array("Int32", "phase", phase));
    else
      file.append(cell_data);
    return file.append(extra_data).append("</CellData>\n</Piece></UnstructuredGrid></VTKFile>");
  }
};

/// A sound image of 2 x 2 x 2 voxels, whose parts can be exchanged.
struct SmallImage
{
  std::string extent = "0 2 0 2 0 2", spacing = "0.1 0.1 0.1", origin = "0 0 0";
  std::string values = "1 1 1 1 1 1 1 1", section = "CellData";
  std::string array; ///< instead of the ascii array, if not empty
  std::string order = "LittleEndian", compressor, appended;

  std::string text() const
  {
    std::string file = "<?xml version=\"1.0\"?>\n<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"";
    file.append(order)
        .append("\" header_type=\"UInt64\"")
        .append(compressor)
        .append(">\n<ImageData WholeExtent=\"");
    file.append(extent)
        .append("\" Origin=\"")
        .append(origin)
        .append("\" Spacing=\"")
        .append(spacing)
        .append("\"><Piece Extent=\"")
        .append(extent);
    file.append("\"><").append(section).append(">").append(
        array.empty() ? OneHexahedron::array("Int32", "phase", values) : array);
    file.append("</").append(section).append("></Piece></ImageData>").append(appended);
    return file.append("</VTKFile>");
  }
};

inline std::string word(const std::uint64_t number)
{
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &number, 8);
  return bytes;
}

/// The image with its eight Float64 values as appended raw data.
inline std::string appended_image(const std::uint64_t declared, const std::string &data,
                                  const std::string &offset = "0", const std::string &compressor = "")
{
  SmallImage image;
  image.array = "<DataArray type=\"Float64\" Name=\"phase\" format=\"appended\" offset=\"" + offset + "\"/>";
  image.compressor = compressor;
  image.appended = "<AppendedData encoding=\"raw\">\n_" + (compressor.empty() ? word(declared) : "") + data +
                   "\n</AppendedData>";
  return image.text();
}

inline std::string eight_ones()
{
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += word(0x3ff0000000000000u); // 1.0
  return bytes;
}

/// Blocks of zeros of 1 MiB, compressed, behind a table that is as given.
inline std::string zeros_compressed(const std::uint64_t blocks, const std::uint64_t block_size,
                                    const std::uint64_t last, const int real_blocks)
{
  const std::string zeros(1 << 20, '\0');
  uLongf length = compressBound(zeros.size());
  std::string packed(length, '\0');
  compress(reinterpret_cast<Bytef *>(packed.data()), &length, reinterpret_cast<const Bytef *>(zeros.data()),
           zeros.size());
  packed.resize(length);
  std::string data = word(blocks) + word(block_size) + word(last);
  for (int b = 0; b < real_blocks; ++b) data += word(length);
  for (int b = 0; b < real_blocks; ++b) data += packed;
  return data;
}

inline std::string index_of(const std::string &source)
{
  std::string text = "<?xml version=\"1.0\"?>\n<VTKFile type=\"PUnstructuredGrid\" version=\"1.0\" "
                     "byte_order=\"LittleEndian\">\n<PUnstructuredGrid "
                     "GhostLevel=\"0\"><PPoints><PDataArray type=\"Float64\" "
                     "NumberOfComponents=\"3\"/></PPoints><Piece Source=\"";
  return text.append(source).append("\"/></PUnstructuredGrid></VTKFile>");
}

struct File
{
  std::string name;
  int code;          ///< exit code that the check must give
  std::string fault; ///< name of the fault (the first one)
  std::string text;
};

/// @p change is applied to a sound file.
template <typename Sound, typename Change>
std::string with(const Change &change)
{
  Sound sound;
  change(sound);
  return sound.text();
}

std::vector<File> files();

} // namespace broken
