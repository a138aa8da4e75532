#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "picture/volumes/volumes.h"
#include "picture/write_svg.h"
#include "unit/picture/picture_fixture.h"

using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(CNNC_SOURCE_DIR "/" + path);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the pictures of the documentation are what 'cnnc plot' draws; script/pictures draws them anew") {
  for (const std::string sample : {"lenet5/lenet5", "resnet/resnet18"}) {
    CAPTURE(sample);
    const Pictured network = pictured(read("samples/" + sample + ".dsl"));
    const std::string picture = to_svg(draw_volumes(network.name, network.stages, network.layers));
    CHECK(read("docs/pictures/" + sample.substr(sample.find('/') + 1) + ".svg") == picture);
  }
}
