#include "harness/compile/commands.hpp"

#include "harness/compile/flags.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mapquake::compile {
namespace {

constexpr std::array<std::string_view, 8> source_extensions{".c", ".cpp", ".cc", ".cxx", ".c++", ".C", ".cp", ".CPP"};

void append(Words& words, std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(';'), list.size());
    words.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

bool is_for_link_alone(const std::string& word) {
  if (word.starts_with("-l") || word.starts_with("-L") || word.starts_with("-Wl,")) return true;
  const std::filesystem::path file(word);
  return !word.starts_with("-") && (file.extension() == ".a" || file.extension() == ".so" || file.extension() == ".o");
}

}  // namespace

bool is_source(const std::filesystem::path& file) {
  return std::ranges::find(source_extensions, file.extension().string()) != source_extensions.end();
}

Language language_of(const std::filesystem::path& source) {
  return source.extension() == ".c" ? Language::c : Language::cpp;
}

Words compile_command(const Compiler& compiler, Language language, const std::filesystem::path& headers,
                      const std::filesystem::path& source, const std::filesystem::path& object,
                      std::span<const std::string> user, Kind kind) {
  Words words = compiler.words;
  if (language == Language::cpp) append(words, flags::cxx_standard);
  words.push_back("-I" + headers.string());
  append(words, flags::module_compile);
  if (compiler.family == Family::gnu && language == Language::cpp) append(words, flags::gxx);
  if (kind == Kind::instrumented) {
    append(words, flags::common);
    if (compiler.family == Family::gnu) append(words, flags::gnu);
  } else {
    append(words, kind == Kind::plain ? flags::plain : flags::delayed);
    if (language == Language::cpp) {
      words.insert(words.end(), {"-include", (headers / "mapquake" / "plain.hpp").string()});
    }
  }
  std::ranges::remove_copy_if(user, std::back_inserter(words), is_for_link_alone);
  words.insert(words.end(), {"-c", source.string(), "-o", object.string()});
  return words;
}

Words link_command(const Compiler& compiler, std::span<const std::filesystem::path> objects,
                   const std::filesystem::path& plugin, std::span<const std::string> user, Kind kind) {
  Words words = compiler.words;
  append(words, flags::module_link);
  append(words, kind == Kind::instrumented ? flags::link : flags::plain_link);
  for (const auto& object : objects) words.push_back(object.string());
  words.insert(words.end(), user.begin(), user.end());
  words.insert(words.end(), {"-o", plugin.string()});
  return words;
}

std::string shell_text(std::span<const std::string> words) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./,:@%^";
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

}  // namespace mapquake::compile
