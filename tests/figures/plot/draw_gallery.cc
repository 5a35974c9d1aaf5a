// Draws the sample figures into the folder that is named, to be looked at.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "figures/plot/render.h"
#include "tests/figures/plot/gallery.h"

int main(int argc, char** argv) {
  if (argc != 2 || argv[1][0] == '-') {
    std::fprintf(stderr, "usage: draw_gallery FOLDER\n");
    return 2;
  }
  try {
    for (const auto& [name, figure] : initbias::plot::Gallery()) {
      initbias::plot::Render(figure, std::filesystem::path(argv[1]) / name);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
