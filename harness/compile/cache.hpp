// What compiling leaves behind, found again by content.
#pragma once

#include "harness/base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct XXH3_state_s;

namespace mapquake::compile {

/// A hash over parts that cannot run into each other (XXH3, 128 bits: for content, not against an adversary).
class ContentHash {
 public:
  ContentHash();
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;
  ~ContentHash();

  ContentHash& add(std::string_view part);
  /// Name and content of a file. False where it cannot be read.
  bool add_file(const std::filesystem::path& file);
  /// 32 hexadecimal digits.
  std::string text() const;

 private:
  XXH3_state_s* state_;
};

/// The files of a make rule as compilers write it (-MD): what stands right of the first colon, unescaped.
std::vector<std::filesystem::path> files_of_rule(std::string_view rule);

/// An object file that was compiled, and what it was compiled from.
struct CachedObject {
  std::filesystem::path object;
  std::vector<std::filesystem::path> read;  ///< the source and all headers, as the compiler named them
};

/// A directory with, for each unit (a source compiled by one command), the list of the files that the compiler read
/// last time, and the objects by the content of those files. Processes may share it: whatever appears in it is whole.
class Cache {
 public:
  /// Errors: input_output where it cannot be made.
  static Result<Cache> open(const std::filesystem::path& directory);

  /// What `unit` compiled to, if every file that was read then is as it was.
  std::optional<CachedObject> find(const std::string& unit, const std::string& name) const;
  /// A new path that nobody else uses.
  std::filesystem::path temporary(std::string_view extension) const;
  /// Takes the object and the make rule at temporary paths over. Errors: input_output.
  Result<CachedObject> keep(const std::string& unit, const std::string& name, const std::filesystem::path& object,
                            const std::filesystem::path& rule) const;
  std::filesystem::path path(const std::string& file) const { return directory_ / file; }

 private:
  explicit Cache(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::optional<CachedObject> with_content(const std::string& unit, const std::string& name,
                                           std::vector<std::filesystem::path> read) const;

  std::filesystem::path directory_;
};

}  // namespace mapquake::compile
