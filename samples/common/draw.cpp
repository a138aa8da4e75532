#include "draw.h"

#include <algorithm>
#include <cstdio>

void print_line(const std::string& line) {
  std::printf("%s\n", line.substr(0, line.find_last_not_of(' ') + 1).c_str());
}

void draw(const std::vector<Grey>& pictures, int margin) {
  const std::string shades = " .:-=+*#%@";
  std::vector<std::string> lines;
  for (int y = 0; y + 1 < pictures.front().height; y += 2) {
    std::string line;
    for (const Grey& picture : pictures) {
      for (int x = margin; x < picture.width - margin; ++x) {
        const float ink = (picture.at(x, y) + picture.at(x, y + 1)) / 2;
        line += shades[static_cast<size_t>(ink * 9.99f)];
      }
      line += "  ";
    }
    lines.push_back(line);
  }
  const auto blank = [](const std::string& line) { return line.find_first_not_of(' ') == std::string::npos; };
  while (!lines.empty() && blank(lines.back())) lines.pop_back();
  lines.erase(lines.begin(), std::find_if_not(lines.begin(), lines.end(), blank));
  std::for_each(lines.begin(), lines.end(), print_line);
}
