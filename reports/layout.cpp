#include "reports/layout.hpp"

#include "reports/text_format.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace mapquake::reports {
namespace {

constexpr std::size_t number_width = 5;
constexpr std::size_t gap = 4;
/// What a step's text may begin with and does without where room is scarce.
constexpr std::string_view dispensable = "preempted ";

std::string repeated(std::string_view what, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += what;
  return text;
}

/// The line number is worth more than the end of the file's name.
std::string with_short_place(const std::string& text, const std::string& place, std::size_t width) {
  constexpr std::size_t name_min = 2;
  const std::size_t colon = place.find(':');
  const std::size_t used = display_width(text) + 2;
  if (colon != std::string::npos) {
    const std::string line = place.substr(colon);
    if (used + name_min + line.size() <= width) {
      return text + "  " + shortened(place.substr(0, colon), width - used - line.size()) + line;
    }
  }
  return shortened(place.empty() ? text : text + "  " + place, width);
}

std::string without_dispensable(const std::string& text) {
  return text.starts_with(dispensable) ? text.substr(dispensable.size()) : text;
}

/// "hashtable.h:1668 (my_map.hpp:88)": what "from" would say is told by the order.
std::string tight(std::string place) {
  constexpr std::string_view from = "from ";
  const std::size_t at = place.find(from);
  return at == std::string::npos ? place : place.erase(at, from.size());
}

/// What stands there, where at least the beginning of it fits behind `text`; else empty.
std::string with_source(const std::string& text, const std::string& source, std::size_t width) {
  constexpr std::size_t source_min = 24;
  const std::size_t used = display_width(text) + 2;
  if (source.empty() || used + std::min(source_min, display_width(source)) > width) return {};
  return text + "  " + shortened(source, width - used);
}

/// The text of a step, with as much of place, source and function as fits; the author's line is given up last.
std::string described(const Step& step, std::size_t width) {
  const std::string both = to_string(step.place);
  const std::string place = both.empty() ? "" : "  " + both;
  const std::string function = step.place.function.empty() ? "" : "  in " + step.place.function + "()";
  const std::string at = step.place.at.empty() ? "" : "  " + step.place.at;
  const std::string& source = step.place.source;
  const std::string all = step.text + place + function;
  if (!source.empty() && display_width(all) + 2 + display_width(source) <= width) return all + "  " + source;
  for (const std::string& text : {step.text + place, step.text + at}) {
    if (std::string with = with_source(text, source, width); !with.empty()) return with;
  }
  for (const std::string& text : {step.text + place + function, step.text + place, step.text + tight(place),
                                  without_dispensable(step.text) + tight(place), step.text + at}) {
    if (display_width(text) <= width) return text;
  }
  return with_short_place(without_dispensable(step.text), step.place.at, width);
}

std::string prefix_of(StepKind kind) {
  switch (kind) {
    case StepKind::whole:
    case StepKind::begin:
      return "";
    case StepKind::inside:
    case StepKind::preempted:
      return "│ ";
    case StepKind::end:
      return "└ ";
    case StepKind::broken:
      return "└ ✗ ";
    case StepKind::repeated:
      return "";
  }
  return "";
}

std::string without_trailing_spaces(std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

class Columns {
 public:
  Columns(std::span<const Step> steps, const std::set<ThreadId>& threads, std::size_t width) {
    const std::size_t room = width - number_width - gap * (threads.size() - 1);
    std::map<ThreadId, std::size_t> needed;
    for (const ThreadId thread : threads) needed[thread] = display_width("thread " + thread_name(thread));
    for (const Step& step : steps) {
      const auto own = needed.find(step.thread);
      if (own != needed.end() && step.kind != StepKind::repeated)
        own->second = std::max(own->second, width_wanted(step, room / threads.size()));
    }
    const std::size_t widest = fair_share(needed, room);
    std::size_t start = number_width;
    for (const ThreadId thread : threads) {
      columns_[thread] = {start, std::min(needed[thread], widest), false};
      start += columns_[thread].width + gap;
    }
  }

  std::string heading() const {
    std::string line;
    for (const auto& [thread, column] : columns_) {
      line = padded(std::move(line), column.start) + "thread " + thread_name(thread);
    }
    return line + '\n';
  }

  std::string line(const Step& step, std::size_t number) {
    std::string text = padded_left(std::to_string(number), 3);
    const Column& own = columns_.at(step.thread);
    const auto to = columns_.find(step.to);
    const bool leaves = step.kind == StepKind::preempted && to != columns_.end();
    for (const auto& [thread, column] : columns_) {
      const bool between = leaves && column.start > to->second.start && column.start < own.start;
      if (leaves && thread == step.to && column.start < own.start) {
        text = padded(std::move(text), column.start) + (column.open ? "│ ◄" : "◄");
      } else if (thread == step.thread) {
        const bool arrived = leaves && to->second.start < own.start;
        text = filled(std::move(text), own.start, arrived ? "─" : " ") + cell(step, own.width, arrived);
        if (leaves && to->second.start > own.start) {
          return filled(text + " ", to->second.start - 2, "─") + "►\n";
        }
      } else if (column.open && !between) {
        text = padded(std::move(text), column.start) + "│";
      }
    }
    update(step);
    return without_trailing_spaces(text) + '\n' + source_below(step);
  }

 private:
  struct Column {
    std::size_t start = 0;
    std::size_t width = 0;
    bool open = false;  ///< an operation of the thread is going on
  };

  /// The source line of a step that has no room for it beside its place.
  std::string source_below(const Step& step) const {
    const bool wanted = step.kind == StepKind::inside || step.kind == StepKind::broken;
    const Column& own = columns_.at(step.thread);
    Step without = step;
    without.place.source.clear();
    if (!wanted || step.place.source.empty() || cell(step, own.width) != cell(without, own.width)) return {};
    std::string text;
    for (const auto& [thread, column] : columns_) {
      if (column.open) text = padded(std::move(text), column.start) + "│";
      if (thread != step.thread) continue;
      text = padded(std::move(text), column.start + 4) + shortened(step.place.source, column.width - 4);
    }
    return text + '\n';
  }

  /// What the step takes of a column of this width, or what it needs at least to lose no place.
  static std::size_t width_wanted(const Step& step, std::size_t width) {
    const std::size_t needed = display_width(prefix_of(step.kind)) + display_width(without_dispensable(step.text)) +
                               (step.place.at.empty() ? 0 : 2 + display_width(tight(to_string(step.place)))) +
                               (step.kind == StepKind::preempted ? display_width("── ") : 0);
    return std::max(needed, display_width(cell(step, width)));
  }

  /// The width that no column exceeds, where those that need less leave their rest to the others.
  static std::size_t fair_share(const std::map<ThreadId, std::size_t>& needed, std::size_t room) {
    std::vector<std::size_t> widths;
    for (const auto& [thread, width] : needed) widths.push_back(width);
    std::sort(widths.begin(), widths.end());
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::size_t share = room / (widths.size() - i);
      if (widths[i] > share) return share;
      room -= widths[i];
    }
    return widths.back();
  }

  static std::string filled(std::string text, std::size_t width, std::string_view with) {
    const std::size_t used = display_width(text);
    return used < width ? text + repeated(with, width - used) : text;
  }

  static std::string cell(const Step& step, std::size_t width, bool arrived = false) {
    std::string prefix = prefix_of(step.kind);
    if (step.kind == StepKind::preempted) prefix = arrived ? "── " : "│ ── ";
    return prefix + described(step, width - std::min(width, display_width(prefix)));
  }

  void update(const Step& step) {
    bool& open = columns_.at(step.thread).open;
    if (step.kind == StepKind::begin) open = true;
    if (step.kind == StepKind::end || step.kind == StepKind::broken) open = false;
  }

  std::map<ThreadId, Column> columns_;
};

std::string single_line(const Step& step, std::size_t number, std::size_t width) {
  std::string line = padded_left(std::to_string(number), 3) + "  " + padded(thread_name(step.thread), 5);
  std::string text = prefix_of(step.kind) + described(step, width - display_width(line) - 14);
  if (step.kind == StepKind::preempted) text += "  ──► " + thread_name(step.to);
  return without_trailing_spaces(line + text) + '\n';
}

std::string note_lines(std::string_view note, std::size_t width) {
  std::string text;
  while (!note.empty()) {
    const std::size_t end = std::min(note.find('\n'), note.size());
    text += shortened("     " + std::string(note.substr(0, end)), width) + '\n';
    note.remove_prefix(std::min(end + 1, note.size()));
  }
  return text;
}

std::string left_out(std::size_t count) {
  return "     … " + counted(count, "step") + " left out …\n";
}

}  // namespace

std::vector<std::size_t> numbers_of(std::span<const Step> steps) {
  std::vector<std::size_t> numbers;
  std::size_t number = 0;
  for (const Step& step : steps) numbers.push_back(number += step.kind != StepKind::repeated);
  return numbers;
}

std::string layout(std::span<const Step> steps, std::size_t width, std::span<const std::string> notes) {
  std::set<ThreadId> threads;
  for (const Step& step : steps) threads.insert(step.thread);
  if (threads.empty()) return {};
  const bool single = threads.size() > columns_max;
  const std::vector<std::size_t> numbers = numbers_of(steps);
  Columns columns(steps, single ? std::set{*threads.begin()} : threads, width);
  std::string text = single ? "" : columns.heading();
  // One that is left out takes a line, too.
  const bool skips = steps.size() > lines_max + 1;
  const std::size_t skip_begin = skips ? lines_max / 4 : steps.size();
  const std::size_t skip_end = skips ? steps.size() - lines_max * 3 / 4 : steps.size();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool repeated = steps[i].kind == StepKind::repeated;
    const std::string line = repeated ? "     " + steps[i].text + '\n'
                             : single ? single_line(steps[i], numbers[i], width)
                                      : columns.line(steps[i], numbers[i]);
    if (i == skip_begin) text += left_out(skip_end - skip_begin);
    if (i >= skip_begin && i < skip_end) continue;
    text += line;
    if (!notes.empty()) text += note_lines(notes[i], width);
  }
  return text;
}

}  // namespace mapquake::reports
