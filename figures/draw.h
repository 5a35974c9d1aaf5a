// Draws a figure file.
#ifndef INITBIAS_FIGURES_DRAW_H_
#define INITBIAS_FIGURES_DRAW_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// The picture of a figure file's data.
using DescribeFigure = std::function<plot::Figure(const FigureData& data)>;

// What was found, in two sentences made of the file's numbers; may be empty.
using TellFindings = std::function<std::string(const FigureData& data)>;

// Leaves those panels whose letter is among `letters` (a panel without one belongs to the letter
// before it), and no empty rows or columns. Throws UsageError for a letter that there is not.
void SelectPanels(const std::vector<std::string>& letters, plot::Figure* figure);

// Draws `file` as <stem>.svg, .pdf, .png and .csv, says so and returns its data. `panels`: their
// letters, or all. `findings` stand below the picture and in its caption, and are printed. A file
// of runs that are not the profile's own (NAME.custom.h5, or with overrides), or not finished, says
// so in the picture. Throws Error for a file that cannot be read and where the pictures cannot be
// written, UsageError for one of another figure than `name`, or without such a panel.
FigureData DrawFigure(const std::string& name, const std::filesystem::path& file,
                      const std::filesystem::path& stem, const DescribeFigure& describe,
                      const TellFindings& findings = {},
                      const std::vector<std::string>& panels = {});

// The same of `data`, which were read of `file`.
FigureData DrawFigureData(const std::string& name, const std::filesystem::path& file,
                          FigureData data, const std::filesystem::path& stem,
                          const DescribeFigure& describe, const TellFindings& findings,
                          const std::vector<std::string>& panels);

// Warns on standard error where the font of the pictures is not installed, or that is not known. To
// be called at the end, where it is seen.
void WarnOfFont();

}  // namespace initbias

#endif  // INITBIAS_FIGURES_DRAW_H_
