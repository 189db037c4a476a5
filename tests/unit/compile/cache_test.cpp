#include "harness/compile/cache.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace mapquake::compile {
namespace {

namespace fs = std::filesystem;

TEST(FilesOfRule, AreUnescaped) {
  EXPECT_EQ(files_of_rule("out.o: a.cpp b.hpp \\\n c.hpp\n"), (std::vector<fs::path>{"a.cpp", "b.hpp", "c.hpp"}));
  EXPECT_EQ(files_of_rule("o: my\\ map.hpp a$$b.hpp c\\#d.hpp\n"),
            (std::vector<fs::path>{"my map.hpp", "a$b.hpp", "c#d.hpp"}));
  EXPECT_EQ(files_of_rule("o: a.cpp\n\nb.hpp:\n"), (std::vector<fs::path>{"a.cpp"}));
  EXPECT_TRUE(files_of_rule("").empty());
  EXPECT_TRUE(files_of_rule("no rule").empty());
}

TEST(ContentHashes, PartsDoNotRunIntoEachOther) {
  EXPECT_NE(ContentHash().add("ab").add("c").text(), ContentHash().add("a").add("bc").text());
  EXPECT_EQ(ContentHash().add("ab").add("c").text(), ContentHash().add("ab").add("c").text());
}

class CompileCache : public testing::Test {
 protected:
  Cache cache() const {
    auto opened = Cache::open(directory_.path() / "cache");
    return *opened;
  }
  fs::path file(const char* name, const std::string& text) const {
    std::ofstream(directory_.path() / name) << text;
    return directory_.path() / name;
  }
  /// As a compiler leaves them: an object, and what it read.
  CachedObject keep(const std::string& bytes, const std::vector<fs::path>& read) const {
    const fs::path object = cache().temporary(".o"), rule = cache().temporary(".d");
    std::ofstream(object) << bytes;
    std::ofstream out(rule);
    out << "x.o:";
    for (const fs::path& path : read) out << ' ' << path.string();
    out << '\n';
    out.close();
    const auto kept = cache().keep("unit", "map", object, rule);
    EXPECT_TRUE(kept) << kept.error().what;
    return *kept;
  }

 private:
  testing_support::TemporaryDirectory directory_;
};

TEST_F(CompileCache, FindsWhatWasKeptUntilAFileChanges) {
  const fs::path source = file("a.cpp", "1"), header = file("a.hpp", "2");
  EXPECT_FALSE(cache().find("unit", "map"));
  const CachedObject kept = keep("object", {source, header});
  ASSERT_TRUE(cache().find("unit", "map"));
  EXPECT_EQ(cache().find("unit", "map")->object, kept.object);
  EXPECT_FALSE(cache().find("another unit", "map"));
  file("a.hpp", "3");
  EXPECT_FALSE(cache().find("unit", "map"));
  file("a.hpp", "2");
  EXPECT_TRUE(cache().find("unit", "map"));
  fs::remove(header);
  EXPECT_FALSE(cache().find("unit", "map"));
}

TEST_F(CompileCache, AnotherContentIsAnotherObject) {
  const fs::path source = file("a.cpp", "1");
  const CachedObject first = keep("first", {source});
  file("a.cpp", "2");
  const CachedObject second = keep("second", {source});
  EXPECT_NE(first.object, second.object);
  EXPECT_TRUE(fs::exists(first.object));
}

TEST(CompileCaches, ADirectoryThatCannotBeMadeIsAnError) {
  const auto opened = Cache::open("/proc/no/such/place");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ExitCode::input_output);
}

}  // namespace
}  // namespace mapquake::compile
