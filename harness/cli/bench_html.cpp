#include "harness/cli/bench_html.hpp"

#include "harness/history/program.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace mapquake::cli {
namespace {

using real::Measured;

constexpr double width = 720, height = 260, left = 90, bottom = 34, top = 14, right = 170;

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '&') {
      result += "&amp;";
    } else {
      result += c;
    }
  }
  return result;
}

/// What is varied most along a section's points.
struct Axis {
  std::string name;
  double (*of)(const real::Point&);
};

Axis axis_of(std::span<const Measured> points) {
  const std::vector<Axis> axes{
      {"writes, %", [](const real::Point& p) { return p.job.write_percent; }},
      {"threads", [](const real::Point& p) { return static_cast<double>(p.job.threads); }},
      {"bytes of a value", [](const real::Point& p) { return static_cast<double>(p.value_bytes); }}};
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    std::set<double> values;
    for (const Measured& measured : points) values.insert(axes[i].of(measured.point));
    if (values.size() > most) best = i;
    most = std::max(most, values.size());
  }
  return axes[best];
}

struct Dot {
  double x, y, low, high;
};
/// Lines by what is not on the axis.
using Lines = std::map<std::string, std::vector<Dot>>;

std::string rest_of(const real::Point& point, const std::string& axis) {
  std::string name = point.job.map;
  if (axis != "writes, %") name += fmt::format(" {} %", point.job.write_percent);
  if (axis != "threads") name += fmt::format(" ×{}", point.job.threads);
  if (point.job.keys != real::Keys::uniform) name += fmt::format(" {}", real::name_of(point.job.keys));
  if (axis != "bytes of a value" && point.value_bytes != 8) name += fmt::format(" {} B", point.value_bytes);
  return name;
}

std::string plot(const Lines& lines, const std::string& title, const std::string& axis, bool logarithmic,
                 const std::function<std::string(double)>& label) {
  if (lines.empty()) return {};
  std::set<double> xs;
  double low = INFINITY;
  double high = 0;
  for (const auto& [name, dots] : lines) {
    for (const Dot& dot : dots) {
      xs.insert(dot.x);
      low = std::min(low, dot.low);
      high = std::max(high, dot.high);
    }
  }
  if (high <= 0) return {};
  low = logarithmic ? std::max(low, high / 1e9) / 1.5 : 0;
  high *= logarithmic ? 1.5 : 1.08;
  // Values of the axis side by side, so that 1, 2, 5 and 50 stand apart.
  const auto x_of = [&](double x) {
    const auto place = static_cast<double>(std::distance(xs.begin(), xs.find(x)));
    const double count = std::max<double>(1, static_cast<double>(xs.size()) - 1);
    return left + 10 + place / count * (width - left - right - 20);
  };
  const auto y_of = [&](double y) {
    const double share = logarithmic ? std::log(std::max(y, low) / low) / std::log(high / low) : y / high;
    return height - bottom - share * (height - bottom - top);
  };
  std::string svg =
      fmt::format("<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                  escaped(title), width, height, escaped(title));
  for (int i = 0; i <= 4; ++i) {
    const double value = logarithmic ? low * std::pow(high / low, i / 4.0) : high * i / 4;
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>",
        left, width - right, y_of(value), left - 6, y_of(value) + 4, escaped(label(value)));
  }
  for (const double x : xs) {
    svg +=
        fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x_of(x), height - bottom + 18, x);
  }
  svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>", (left + width - right) / 2, height - 2,
                     escaped(axis));
  std::size_t number = 0;
  for (const auto& [name, dots] : lines) {
    const std::string colour = fmt::format("var(--lane-{})", 1 + number % 6);
    std::string path;
    for (const Dot& dot : dots) {
      path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : " L", x_of(dot.x), y_of(dot.y));
      svg += fmt::format(
          "<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"3\" fill=\"{2}\"><title>{3}: {4}</title></circle>"
          "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{5:.1f}\" y2=\"{6:.1f}\" stroke=\"{2}\"/>",
          x_of(dot.x), y_of(dot.y), colour, escaped(name), escaped(label(dot.y)), y_of(dot.low), y_of(dot.high));
    }
    svg += fmt::format(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\"/><text x=\"{}\" y=\"{}\" style=\"fill:{}\">{}</text>", path, colour,
        width - right + 12, top + 12 + 15 * static_cast<double>(number), colour, escaped(name));
    ++number;
  }
  return svg + "</svg></figure>\n";
}

std::string colour_of(real::Cause cause) {
  return cause == real::Cause::unknown ? "--soft" : fmt::format("--lane-{}", 1 + static_cast<unsigned>(cause));
}

std::string legend() {
  std::string html;
  for (std::size_t i = 0; i < real::cause_count; ++i) {
    const auto cause = static_cast<real::Cause>(i);
    html += fmt::format("<span style=\"color:var({})\">■</span> {} &nbsp; ", colour_of(cause),
                        escaped(sentence_for(cause)));
  }
  return "<p>" + html + "</p>\n";
}

/// The slowest calls of the last repetition on one line of time for each thread, and the calls that grew the map.
std::string timeline(const Measured& measured) {
  if (measured.repetitions.empty() || measured.repetitions.back().slow.empty()) return {};
  const real::Repetition& last = measured.repetitions.back();
  const auto calls = real::explain(last);
  std::uint64_t end = 1;
  for (const auto& call : calls) end = std::max(end, call.call.end_ns);
  for (const auto& growth : last.growths) end = std::max(end, growth.end_ns);
  const double lane = 22;
  const double tall = lane * measured.point.job.threads + 30;
  const auto x_of = [&](std::uint64_t ns) {
    return left + static_cast<double>(ns) / static_cast<double>(end) * (width - left - 10);
  };
  const auto box = [&](std::uint64_t from, std::uint64_t to, unsigned thread, double inset, const char* colour,
                       const std::string& title) {
    return fmt::format(
        "<rect x=\"{:.2f}\" width=\"{:.2f}\" y=\"{:.1f}\" height=\"{:.1f}\" fill=\"var({})\"><title>{}</title></rect>",
        x_of(from), std::max(1.0, x_of(to) - x_of(from)), lane * thread + inset, lane - 2 * inset, colour,
        escaped(title));
  };
  std::string svg = fmt::format(
      "<figure><figcaption>{}: slow calls (coloured by reason) and growth (grey) in time</figcaption>"
      "<svg viewBox=\"0 0 {} {}\" role=\"img\">",
      escaped(name_of(measured.point)), width, tall);
  for (unsigned thread = 0; thread < measured.point.job.threads; ++thread) {
    svg += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">thread {}</text>", left - 6, lane * thread + 15,
                       thread + 1);
  }
  for (const auto& growth : last.growths) {
    svg += box(growth.begin_ns, growth.end_ns, growth.thread, 1, "--line",
               fmt::format("{} allocated {} bytes", mapquake::name_of(growth.kind), growth.bytes));
  }
  for (const auto& call : calls) {
    const std::string colour = colour_of(call.cause);
    svg += box(call.call.begin_ns, call.call.end_ns, call.call.thread, 5, colour.c_str(), text_of(call));
  }
  svg += fmt::format("<text x=\"{}\" y=\"{}\">0</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", left,
                     tall - 8, width - 10, tall - 8, reports::time_text(static_cast<double>(end)));
  return svg + "</svg></figure>\n";
}

std::string body_of(const BenchSection& section) {
  const Axis axis = axis_of(section.points);
  Lines rates;
  Lines tails;
  for (const Measured& measured : section.points) {
    const auto values = measured.rates();
    if (values.empty()) continue;
    const std::string name = rest_of(measured.point, axis.name);
    const double x = axis.of(measured.point);
    const real::Estimate rate = real::estimate(values);
    rates[name].push_back({x, rate.mean, std::max(0.0, rate.mean - rate.half_width), rate.mean + rate.half_width});
    if (measured.repetitions.empty()) continue;
    const auto p99 = static_cast<double>(measured.corrected().p99);
    tails[name].push_back({x, p99, p99, p99});
  }
  for (Lines* lines : {&rates, &tails}) {
    for (auto& [name, dots] : *lines) std::ranges::sort(dots, {}, &Dot::x);
  }
  std::string html = fmt::format("<h2>{}</h2>\n", escaped(section.title));
  html += plot(rates, "calls a second (bars: 95 % confidence)", axis.name, false, rate_text);
  html += plot(tails, "P99, corrected (logarithmic)", axis.name, true, reports::time_text);
  constexpr std::size_t timelines_max = 8;
  if (std::ranges::any_of(section.points, [](const Measured& m) { return !m.repetitions.empty(); })) html += legend();
  for (std::size_t i = 0; i < section.points.size() && i < timelines_max; ++i) html += timeline(section.points[i]);
  return html + fmt::format("<pre>{}</pre>\n", escaped(section.text));
}

}  // namespace

std::string bench_page(std::span<const BenchSection> sections, const std::string& heading) {
  std::string html = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>mapquake bench</title><style>
:root { --page: #fbfbf9; --ink: #1d2329; --soft: #57606a; --line: #c9c9c0; --lane-1: #2563b0; --lane-2: #a3480b;
  --lane-3: #12715b; --lane-4: #7a3fa0; --lane-5: #6b6410; --lane-6: #a12a5e; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --ink: #e4e7ea; --soft: #a2abb5; --line: #4a535e;
  --lane-1: #7db1f2; --lane-2: #f0a36a; --lane-3: #6bcbb0; --lane-4: #c79be6; --lane-5: #d3c95f; --lane-6: #f090b8; } }
body { margin: 0 auto; max-width: 70rem; padding: 1rem 1.25rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif; }
h1, figcaption { color: var(--soft); font-size: 1.05rem; font-weight: 600; } figure { margin: 1rem 0; }
pre { overflow-x: auto; font: .87em/1.4 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
svg { width: 100%; max-width: 56rem; } svg text { font-size: 11px; fill: var(--soft); } .grid { stroke: var(--line); opacity: .5; }
</style></head><body><h1>mapquake bench</h1>
)";
  html += fmt::format("<p>{}</p>\n", escaped(heading));
  for (const BenchSection& section : sections) html += body_of(section);
  return html + "</body></html>\n";
}

}  // namespace mapquake::cli
