// parse_replay: text from anyone to a ReplayFile, or one error with its line.
#include "harness/store/replay_text.hpp"
#include "harness/store/seal.hpp"
#include "harness/store/toml_fields.hpp"
#include "harness/store/toml_program.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::size_t left_out_max = 20;

class ReplayReader {
 public:
  ReplayReader(std::string_view name, bool lenient) : name_(name), lenient_(lenient) {}

  void read(const toml::table& root);
  const std::optional<TomlFields::Trouble>& trouble() const { return fields_.trouble(); }
  ReplayFile take() { return std::move(file_); }

 private:
  using Field = TomlFields::Field<ReplayReader>;
  struct RawChoice {
    const toml::node* at = nullptr;
    const toml::node* kind = nullptr;
    const toml::node* take = nullptr;
    const toml::node* step = nullptr;
  };

  bool read_format(const toml::table& root);
  void minimality_at_least(const toml::node& node, std::string_view key, Minimality least) {
    if (fields_.boolean(node, key)) file_.minimality = std::max(file_.minimality, least);
  }
  void read_choices(const toml::node& node);
  void read_choice(const toml::node& node);
  std::optional<ThreadId> thread(std::string_view name);
  void misfit(unsigned line, std::string reason);
  void check_complete();

  std::string_view name_;
  bool lenient_;
  bool has_program_ = false;
  std::size_t misfits_ = 0;
  const toml::node* choices_ = nullptr;  // read last: they are checked against the program
  TomlFields fields_;
  ReplayFile file_;
};

void ReplayReader::read(const toml::table& root) {
  if (!read_format(root)) return;
  static constexpr Field known[] = {
      {"mapquake", [](ReplayReader&, const toml::node&, std::string_view) {}},
      {"map", [](ReplayReader& r, const toml::node& n,
                 std::string_view k) { r.file_.map = r.fields_.text(n, k, replay_name_bytes_max); }},
      {"plugin", [](ReplayReader& r, const toml::node& n,
                    std::string_view k) { r.file_.plugin = r.fields_.text(n, k, replay_text_bytes_max); }},
      {"scenario", [](ReplayReader& r, const toml::node& n,
                      std::string_view k) { r.file_.scenario = r.fields_.text(n, k, replay_name_bytes_max); }},
      {"outcome",
       [](ReplayReader& r, const toml::node& n, std::string_view k) {
         const std::string text = r.fields_.text(n, k, replay_name_bytes_max);
         const auto outcome = outcome_from_name(text);
         if (outcome)
           r.file_.outcome = *outcome;
         else
           r.fields_.fail(line_of(n), fmt::format("outcome {} is none that mapquake knows", shown(text)));
       }},
      {"label", [](ReplayReader& r, const toml::node& n,
                   std::string_view k) { r.file_.label = r.fields_.text(n, k, replay_name_bytes_max); }},
      {"why",
       [](ReplayReader& r, const toml::node& n, std::string_view k) {
         r.file_.why = r.fields_.text(n, k, replay_text_bytes_max, LineBreaks::allowed);
       }},
      {"signature",
       [](ReplayReader& r, const toml::node& n, std::string_view k) { r.file_.signature = r.fields_.hex(n, k); }},
      {"trace_hash",
       [](ReplayReader& r, const toml::node& n, std::string_view k) {
         const std::string digits = r.fields_.hex(n, k);
         std::from_chars(digits.data(), digits.data() + digits.size(), r.file_.trace_hash, 16);
       }},
      {"build", [](ReplayReader& r, const toml::node& n,
                   std::string_view k) { r.file_.build = r.fields_.text(n, k, replay_name_bytes_max); }},
      {"seed", [](ReplayReader& r, const toml::node& n, std::string_view k) { r.file_.seed = r.fields_.number(n, k); }},
      {"executions_to_failure", [](ReplayReader& r, const toml::node& n,
                                   std::string_view k) { r.file_.executions_to_failure = r.fields_.number(n, k); }},
      {"shrink_seconds",
       [](ReplayReader& r, const toml::node& n, std::string_view k) { r.file_.shrink_seconds = r.fields_.seconds(n, k); }},
      {"shrink_runs",
       [](ReplayReader& r, const toml::node& n, std::string_view k) { r.file_.shrink_runs = r.fields_.number(n, k); }},
      {"minimal",
       [](ReplayReader& r, const toml::node& n, std::string_view k) { r.minimality_at_least(n, k, Minimality::irreducible); }},
      {"proven",
       [](ReplayReader& r, const toml::node& n, std::string_view k) { r.minimality_at_least(n, k, Minimality::proven); }},
      {"removals_checked",
       [](ReplayReader& r, const toml::node& n, std::string_view k) { r.file_.removals_checked = r.fields_.number(n, k); }},
      {"memory_model",
       [](ReplayReader& r, const toml::node& n, std::string_view k) {
         const std::string text = r.fields_.text(n, k, replay_name_bytes_max);
         const auto model = model_from_stored(text);
         if (model) r.file_.memory_model = *model;
         else r.fields_.fail(line_of(n), fmt::format("memory_model {} is neither sc nor c11", shown(text)));
       }},
      {"options",
       [](ReplayReader& r, const toml::node& n, std::string_view) { read_options(r.fields_, n, r.file_.options); }},
      {"program",
       [](ReplayReader& r, const toml::node& n, std::string_view) {
         r.has_program_ = true;
         read_program(r.fields_, n, r.file_.program);
       }},
      {"choice", [](ReplayReader& r, const toml::node& n, std::string_view) { r.choices_ = &n; }},
      {"end",
       [](ReplayReader& r, const toml::node& n, std::string_view k) {
         static constexpr Field inner[] = {{"checksum", [](ReplayReader& s, const toml::node& c, std::string_view key) {
                                              s.fields_.text(c, key, replay_name_bytes_max);
                                            }}};
         r.fields_.table(n, k, std::span<const Field>(inner), r);
       }},
  };
  fields_.table(root, "a replay file", std::span<const Field>(known), *this);
  if (choices_ != nullptr) read_choices(*choices_);
  if (!trouble()) check_complete();
}

/// Comes first: of a file in another format, nothing else can be said.
bool ReplayReader::read_format(const toml::table& root) {
  const toml::node* format = root.get("mapquake");
  if (format == nullptr) {
    fields_.fail(1, "the key mapquake (the number of the format) is missing: this is no replay file");
  } else if (const auto* number = format->as_integer(); number == nullptr || number->get() != replay_format) {
    fields_.fail(
        line_of(*format),
        number == nullptr
            ? fmt::format("the format is not a number; this mapquake reads format {}", replay_format)
            : fmt::format("the file has format {}; this mapquake reads format {}", number->get(), replay_format));
  } else {
    return true;
  }
  return false;
}

void ReplayReader::read_choices(const toml::node& node) {
  const toml::array* choices = fields_.list(node, "choice", replay_choices_max);
  if (choices == nullptr) return;
  file_.choices.reserve(choices->size());
  for (const toml::node& choice : *choices) read_choice(choice);
  if (misfits_ > left_out_max)
    file_.left_out.push_back(fmt::format("{} more choices were left out", misfits_ - left_out_max));
}

void ReplayReader::misfit(unsigned line, std::string reason) {
  if (!lenient_) return fields_.fail(line, std::move(reason), true);
  if (++misfits_ <= left_out_max) file_.left_out.push_back(fmt::format("{}:{}: {}", name_, line, reason));
}

void ReplayReader::read_choice(const toml::node& node) {
  using RawField = TomlFields::Field<RawChoice>;
  static constexpr RawField known[] = {
      {"at", [](RawChoice& raw, const toml::node& n, std::string_view) { raw.at = &n; }},
      {"kind", [](RawChoice& raw, const toml::node& n, std::string_view) { raw.kind = &n; }},
      {"take", [](RawChoice& raw, const toml::node& n, std::string_view) { raw.take = &n; }},
      {"step", [](RawChoice& raw, const toml::node& n, std::string_view) { raw.step = &n; }},
  };
  RawChoice raw;
  fields_.table(node, "[[choice]]", std::span<const RawField>(known), raw);
  if (raw.at == nullptr || raw.kind == nullptr || raw.take == nullptr) {
    return fields_.fail(line_of(node), "a choice needs at, kind and take");
  }
  const std::size_t threads = file_.program.threads.size();
  StoredChoice choice;

  const std::string kind = fields_.text(*raw.kind, "kind", replay_name_bytes_max);
  const auto known_kind = kind_from_stored(kind);
  if (!known_kind) {
    return fields_.fail(line_of(*raw.kind), fmt::format("kind {} is none of {}", shown(kind), stored_kinds()));
  }
  choice.kind = *known_kind;
  if (choice.kind == ChoiceKind::stale_read && file_.memory_model != MemoryModel::c11) {
    return fields_.fail(line_of(*raw.kind), "a stale_read needs memory_model = \"c11\"");
  }

  const std::string at = fields_.text(*raw.at, "at", 2 * replay_text_bytes_max);
  const Result<ParsedAddress> address = address_from_stored(at);
  if (!address) return fields_.fail(line_of(*raw.at), address.error().what);
  choice.op = static_cast<OpIndex>(address->op - 1);
  choice.event = address->event;
  choice.place = address->place;
  choice.nth = address->nth;
  if (raw.step != nullptr) choice.step = static_cast<std::uint32_t>(fields_.number(*raw.step, "step", UINT32_MAX));

  const auto names_thread = [&](unsigned line, std::string_view name, ThreadId& thread) {
    const auto known_thread = thread_from_stored(name, threads);
    if (known_thread)
      thread = *known_thread;
    else
      misfit(line,
             fmt::format("choice names thread {}, but the program has {}", shown(name), threads_of_program(threads)));
    return known_thread.has_value();
  };
  if (choice.kind == ChoiceKind::schedule) {
    ThreadId next = 0;
    if (!names_thread(line_of(*raw.take), fields_.text(*raw.take, "take", replay_name_bytes_max), next)) return;
    choice.take = next;
  } else {
    choice.take = static_cast<std::uint32_t>(fields_.number(*raw.take, "take", UINT32_MAX));
  }
  if (!names_thread(line_of(*raw.at), address->thread, choice.thread)) return;
  if (choice.thread != main_thread && choice.thread <= threads) {
    // One past the last operation is where a thread ends.
    const std::size_t count = file_.program.threads[choice.thread - 1u].size();
    // Behind it is what runs before its first operation and after its last (abi::Hook, and a cursor that is closed),
    // and its end once more; and the parts of a program (runtime::begin_part).
    const bool has_parts = count == 1 && file_.program.threads[choice.thread - 1u].front().kind == OpKind::run;
    if (choice.op > count + 4 && !has_parts) {
      return misfit(line_of(*raw.at), fmt::format("choice names operation {} of thread {}, which has {}", address->op,
                                                  address->thread, count));
    }
  }
  file_.choices.push_back(std::move(choice));
}

void ReplayReader::check_complete() {
  const bool pinned = file_.outcome != Outcome::clean || choices_ != nullptr;
  if (pinned && file_.map.empty()) return fields_.fail(1, "the key map is missing");
  if (pinned && !has_program_) return fields_.fail(1, "the table [program] is missing");
  // As the writer has it: a program that says nothing is none.
  if (!pinned && file_.program == Program{} && file_.scenario.empty()) {
    return fields_.fail(1, "neither a scenario nor a [program] says what is run");
  }
}

}  // namespace

Result<ReplayFile> parse_replay(std::string_view text, std::string_view name, bool allow_edited) {
  const Seal seal = read_seal(text);
  const auto error = [&](unsigned line, std::string_view reason, bool nearest_helps) {
    std::string hint = seal.intact ? "" : "The file was edited or cut off";
    if (nearest_helps) {
      hint +=
          fmt::format("{}`mapquake replay --nearest {}` tries the closest schedule.", hint.empty() ? "" : "; ", name);
    } else if (!hint.empty()) {
      hint += "; correct the line or restore the file.";
    }
    return Error{ExitCode::bad_input, fmt::format("{}:{}: {}", name, std::max(line, 1u), reason), std::move(hint)};
  };

  if (text.empty()) return error(1, "the file is empty", false);
  if (text.size() > replay_file_bytes_max) {
    return error(1, fmt::format("the file is longer than {} bytes", replay_file_bytes_max), false);
  }
  ReplayReader reader(name, allow_edited);
  if (const auto trouble = parse_toml(seal.body, [&](const toml::table& root) { reader.read(root); })) {
    return error(trouble->line, trouble->reason, false);
  }
  if (const auto& trouble = reader.trouble()) return error(trouble->line, trouble->reason, trouble->misfit);
  ReplayFile file = reader.take();
  file.by_hand = !seal.present;
  // What campaigns write has a signature in front of its program: cut off, it never looks like this.
  const bool as_written_by_hand = file.by_hand && file.signature.empty() && file.trace_hash == 0 &&
                                  file.build.empty() && !file.program.threads.empty();
  if (!seal.intact && !as_written_by_hand && !allow_edited) {
    const auto line = static_cast<unsigned>(std::count(text.begin(), text.end() - 1, '\n')) + 1;
    return error(line, seal.present ? "the checksum does not match" : "the checksum is missing", true);
  }
  return file;
}

}  // namespace mapquake
