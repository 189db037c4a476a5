#include "harness/compile/builder.hpp"

#include "harness/base/cache_directory.hpp"
#include "harness/base/fill.hpp"
#include "harness/compile/cache.hpp"
#include "harness/compile/flags.hpp"
#include "harness/compile/object_file.hpp"
#include "harness/compile/process.hpp"
#include "harness/store/fsio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string_view>

namespace mapquake::compile {

namespace fs = std::filesystem;

namespace {

struct Toolchain {
  Compiler c, cpp;
  std::string macros;  ///< of both: what the compiler is, version included

  const Compiler& for_language(Language language) const { return language == Language::c ? c : cpp; }
};

Words words_of(const char* variable, const char* otherwise) {
  const char* const given = std::getenv(variable);
  std::istringstream text(given == nullptr || *given == '\0' ? otherwise : given);
  Words words;
  for (std::string word; text >> word;) words.push_back(word);
  if (words.empty()) words.emplace_back(otherwise);
  return words;
}

Result<Compiler> identified(Words words, const char* language, std::string& macros) {
  Words ask = words;
  ask.insert(ask.end(), {"-x", language, "-dM", "-E", "/dev/null"});
  const auto answer = run_process(ask, Output::collected);
  if (!answer) return answer.error();
  if (answer->exit_code != 0) {
    return Error{ExitCode::bad_input, fmt::format("{}: is no compiler that can be used", words.front()),
                 "mapquake needs g++ 12 or clang++ 14, or newer: CXX=clang++ for C++, CC=clang for C."};
  }
  macros += answer->output;
  const bool clang = answer->output.find("#define __clang__ ") != std::string::npos;
  return Compiler{std::move(words), clang ? Family::clang : Family::gnu};
}

Result<Toolchain> toolchain_for(const Request& request) {
  Toolchain toolchain;
  auto cpp = identified(words_of("CXX", "g++"), "c++", toolchain.macros);
  if (!cpp) return cpp.error();
  toolchain.cpp = std::move(*cpp);
  const auto is_c = [](const fs::path& source) { return language_of(source) == Language::c; };
  if (std::ranges::none_of(request.sources, is_c)) return toolchain;
  auto c = identified(words_of("CC", "gcc"), "c", toolchain.macros);
  if (!c) return c.error();
  toolchain.c = std::move(*c);
  return toolchain;
}

/// Of a program: what mapquake_add_program accepts.
std::string name_of(const Request& request) {
  std::string name = request.sources.front().stem().string();
  for (char& c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) == 0 && c != '_' && c != '.' && c != '-') c = '_';
  }
  return name;
}

std::string string_literal(const std::string& text) {
  std::string literal = "\"";
  for (const char c : text) literal += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
  return literal + '"';
}

std::string entry_source(const Request& request) {
  const std::string source = string_literal(request.sources.front().string());
  return filled(flags::program_main, {{"name", name_of(request)},
                                      {"has_function", "0"},
                                      {"arg_MAIN", "main"},
                                      {"cpp_symbol", "main"},
                                      {"words", fmt::format("char word_0[] = \"{}\";", name_of(request))},
                                      {"word_names", "word_0, "},
                                      {"source", source.substr(1, source.size() - 2)},
                                      {"about", "\"\""},
                                      {"arg_EXPECTED", ""}});
}

Words flags_of(const Request& request) {
  Words flags{"-DMAPQUAKE_BODIES"};
  flags.insert(flags.end(), request.flags.begin(), request.flags.end());
  return flags;
}

/// One build: its compilers, its cache, and what it has found out so far.
class Build {
 public:
  Build(const Request& request, const Place& place, Toolchain toolchain, Cache cache)
      : request_(request), place_(place), toolchain_(std::move(toolchain)), cache_(std::move(cache)) {}

  Result<Built> run() {
    std::set<std::string> symbols;
    for (const fs::path& source : request_.sources) {
      const auto object = compiled(source, source.stem().string());
      if (!object) return object.error();
      const auto defined = defined_symbols(object->object);
      if (!defined) return defined.error();
      symbols.insert(defined->begin(), defined->end());
    }
    const bool bodies = has_read("mapquake/explore.hpp");
    if (!bodies && symbols.contains("main")) {
      const fs::path entry = cache_.path(fmt::format("main-{}.cpp", hash_of(entry_source(request_))));
      const auto written = write_file_durably(entry, entry_source(request_));
      if (!written) return written.error();
      const auto object = compiled(entry, "main");
      if (!object) return object.error();
    } else if (!symbols.contains("mapquake_plugin")) {
      return Error{
          ExitCode::bad_input,
          fmt::format("{}: registers no map and no program, and has no main()", request_.sources.front().string()),
          "Include <mapquake/adapter.hpp> and register the map with MAPQUAKE_MAP(\"name\", Adapter);\n"
          "`mapquake help adapter` shows an adapter."};
    }
    return linked();
  }

 private:
  static std::string hash_of(std::string_view text) { return ContentHash().add(text).text(); }

  bool has_read(std::string_view header) const {
    return std::ranges::any_of(
        read_, [&](const fs::path& file) { return file.generic_string().ends_with("/" + std::string(header)); });
  }

  Result<CachedObject> compiled(const fs::path& source, const std::string& name) {
    std::error_code error;
    const Language language = language_of(source);
    const Words flags = flags_of(request_);
    const auto command_for = [&](const fs::path& object) {
      return compile_command(toolchain_.for_language(language), language, place_.headers, source, object, flags,
                             request_.kind);
    };
    ContentHash hash;
    hash.add(toolchain_.macros).add(fs::current_path(error).string());
    for (const std::string& word : command_for("")) hash.add(word);
    const std::string unit = hash.text();
    Result<CachedObject> kept = [&]() -> Result<CachedObject> {
      if (auto found = cache_.find(unit, name)) return std::move(*found);
      compiled_ = true;
      const fs::path object = cache_.temporary(".o"), rule = cache_.temporary(".d");
      Words command = command_for(object);
      command.insert(command.end(), {"-MD", "-MF", rule.string()});
      const auto finished = run_process(command, Output::to_error);
      if (!finished) return finished.error();
      if (finished->exit_code == 0) return cache_.keep(unit, name, object, rule);
      fs::remove(object, error);
      fs::remove(rule, error);
      if (const int signal = finished->exit_code - 128; signal > 0) {
        return Error{ExitCode::bad_input, fmt::format("{}: signal {} ended the compiler", source.string(), signal),
                     "So nothing is known of the source. Memory may have run out, or somebody stopped it."};
      }
      return Error{ExitCode::bad_input, fmt::format("{}: does not compile", source.string()),
                   "What the compiler says stands above. Its flags follow `--`: -- -Iinclude -std=c++23"};
    }();
    if (!kept) return kept;
    objects_.push_back(kept->object);
    read_.insert(read_.end(), kept->read.begin(), kept->read.end());
    return kept;
  }

  Result<Built> linked() {
    Words flags = request_.flags;
    if (has_read("gtest/gtest.h")) flags.emplace_back("-lgtest");
    const auto command_for = [&](const fs::path& plugin) {
      return link_command(toolchain_.cpp, objects_, plugin, flags, request_.kind);
    };
    ContentHash hash;
    hash.add(toolchain_.macros);
    for (const std::string& word : command_for("")) {
      hash.add(word);
      std::error_code error;
      if (fs::is_regular_file(word, error)) hash.add_file(word);
    }
    Built built{cache_.path(fmt::format("{}-{}.so", name_of(request_), hash.text())), compiled_};
    std::error_code error;
    if (fs::exists(built.plugin, error)) return built;
    built.compiled = true;
    const fs::path plugin = cache_.temporary(".so");
    const auto finished = run_process(command_for(plugin), Output::to_error);
    if (!finished) return finished.error();
    if (finished->exit_code != 0) {
      fs::remove(plugin, error);
      return Error{ExitCode::bad_input, fmt::format("{}: does not link", request_.sources.front().string()),
                   "What the linker says stands above. Other sources may be named too, and libraries follow `--`: "
                   "-- -Llib -lmy_map"};
    }
    fs::rename(plugin, built.plugin, error);
    if (error) return Error{ExitCode::input_output, built.plugin.string() + ": " + error.message(), ""};
    return built;
  }

  const Request& request_;
  const Place& place_;
  Toolchain toolchain_;
  Cache cache_;
  std::vector<fs::path> objects_;
  std::vector<fs::path> read_;  ///< by the compiler, all sources together
  bool compiled_ = false;
};

Result<Done> check_sources(const Request& request) {
  for (const fs::path& source : request.sources) {
    std::error_code error;
    if (fs::is_regular_file(source, error)) continue;
    return Error{
        ExitCode::bad_input,
        fmt::format("{}: {}", source.string(), fs::exists(source, error) ? "is not a file" : "there is no such file"),
        "Name the source that registers the map, such as my_map_adapter.cpp."};
  }
  return Done{};
}

}  // namespace

fs::path headers_for(const fs::path& executable) {
  const fs::path installed = executable.parent_path().parent_path() / "include";
  std::error_code error;
  if (fs::exists(installed / "mapquake" / "adapter.hpp", error)) return installed;
  return fs::path(flags::source_headers);
}

Place place_for(const fs::path& executable) {
  return {headers_for(executable), fs::absolute(cache_directory())};
}

Result<Built> build(const Request& request, const Place& place) {
  if (const auto there = check_sources(request); !there) return there.error();
  auto toolchain = toolchain_for(request);
  if (!toolchain) return toolchain.error();
  auto cache = Cache::open(place.cache);
  if (!cache) return cache.error();
  return Build(request, place, std::move(*toolchain), std::move(*cache)).run();
}

Error told_of_source(Error error, const Built& built, const Request& request) {
  const std::string plugin = built.plugin.string();
  if (error.what.starts_with(plugin)) error.what.replace(0, plugin.size(), request.sources.front().string());
  return error;
}

Result<std::string> commands_text(const Request& request, const fs::path& headers) {
  const auto toolchain = toolchain_for(request);
  if (!toolchain) return toolchain.error();
  std::string text;
  std::vector<fs::path> objects;
  for (const fs::path& source : request.sources) {
    objects.emplace_back(source.stem().string() + ".o");
    const Language language = language_of(source);
    text += shell_text(compile_command(toolchain->for_language(language), language, headers, source, objects.back(),
                                       request.flags)) +
            '\n';
  }
  return text + shell_text(link_command(toolchain->cpp, objects, name_of(request) + ".so", request.flags)) + '\n';
}

}  // namespace mapquake::compile
