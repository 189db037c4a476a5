#include "harness/compile/cache.hpp"

#include "harness/store/fsio.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <atomic>

namespace mapquake::compile {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t source_bytes_max = std::size_t{1} << 28;

}  // namespace

ContentHash::ContentHash() : state_(XXH3_createState()) {
  XXH3_128bits_reset(state_);
}

ContentHash::~ContentHash() {
  XXH3_freeState(state_);
}

ContentHash& ContentHash::add(std::string_view part) {
  const std::uint64_t size = part.size();
  XXH3_128bits_update(state_, &size, sizeof size);
  XXH3_128bits_update(state_, part.data(), part.size());
  return *this;
}

bool ContentHash::add_file(const fs::path& file) {
  const auto bytes = read_file_bounded(file, source_bytes_max);
  if (!bytes) return false;
  add(file.string()).add(*bytes);
  return true;
}

std::string ContentHash::text() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::vector<fs::path> files_of_rule(std::string_view rule) {
  std::vector<fs::path> files;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) files.emplace_back(std::move(word));
    word.clear();
  };
  std::size_t at = rule.find(": ");
  for (at = at == std::string_view::npos ? rule.size() : at + 2; at < rule.size(); ++at) {
    const char c = rule[at];
    const char next = at + 1 < rule.size() ? rule[at + 1] : '\0';
    if (c == '\\' && next == '\n') {
      ++at;
      end_word();
    } else if ((c == '\\' && (next == ' ' || next == '#' || next == '\\')) || (c == '$' && next == '$')) {
      word += next;
      ++at;
    } else if (c == '\n') {
      break;
    } else if (c == ' ') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  return files;
}

Result<Cache> Cache::open(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error || ::access(directory.c_str(), W_OK | X_OK) != 0) {
    return Error{ExitCode::input_output, fmt::format("{}: plugins cannot be kept there", directory.string()),
                 "Name a directory that can be written: MAPQUAKE_CACHE=DIR."};
  }
  return Cache(directory);
}

std::optional<CachedObject> Cache::with_content(const std::string& unit, const std::string& name,
                                                std::vector<fs::path> read) const {
  ContentHash content;
  content.add(unit);
  for (const fs::path& file : read) {
    if (!content.add_file(file)) return std::nullopt;
  }
  return CachedObject{directory_ / fmt::format("{}-{}.o", name, content.text()), std::move(read)};
}

std::optional<CachedObject> Cache::find(const std::string& unit, const std::string& name) const {
  const auto list = read_file_bounded(directory_ / (unit + ".files"), source_bytes_max);
  if (!list) return std::nullopt;
  std::vector<fs::path> read;
  for (std::size_t at = 0; at < list->size();) {
    const std::size_t end = std::min(list->find('\0', at), list->size());
    read.emplace_back(list->substr(at, end - at));
    at = end + 1;
  }
  auto cached = with_content(unit, name, std::move(read));
  std::error_code error;
  if (!cached || !fs::exists(cached->object, error)) return std::nullopt;
  return cached;
}

fs::path Cache::temporary(std::string_view extension) const {
  static std::atomic<unsigned> number{0};
  return directory_ / fmt::format(".{}-{}{}", ::getpid(), ++number, extension);
}

Result<CachedObject> Cache::keep(const std::string& unit, const std::string& name, const fs::path& object,
                                 const fs::path& rule) const {
  const auto text = read_file_bounded(rule, source_bytes_max);
  if (!text) return text.error();
  std::error_code error;
  fs::remove(rule, error);
  std::vector<fs::path> read = files_of_rule(*text);
  std::string list;
  for (const fs::path& file : read) list += file.string() + '\0';
  auto cached = with_content(unit, name, std::move(read));
  if (!cached) {
    return Error{ExitCode::input_output, fmt::format("{}: a file went away while it was compiled", name), "Try again."};
  }
  fs::rename(object, cached->object, error);
  if (error) return Error{ExitCode::input_output, cached->object.string() + ": " + error.message(), ""};
  const auto written = write_file_durably(directory_ / (unit + ".files"), list);
  if (!written) return written.error();
  return *cached;
}

}  // namespace mapquake::compile
