// The formats of a real campaign, each held to a schema that is not ours where there is one, and the page in a browser.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

namespace mapquake {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::Command;
using testing_support::run;
using testing_support::run_mapquake;
using testing_support::source_directory;
using testing_support::text_of;

class Reports : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory = std::make_unique<testing_support::TemporaryDirectory>();
    const auto campaign =
        run_mapquake({"run", "--map", "buggy_racy_size_counter", "--map", "buggy_lost_insert_on_rehash", "--map",
                      "buggy_leaked_node", "--map", "rwlock_map", "--scenario", "mixed-operations", "--executions",
                      "3000", "--jobs", "1", "--figures", "--store", store().string()});
    ASSERT_EQ(campaign.exit_code, 1) << campaign.out << campaign.err;
  }
  static void TearDownTestSuite() { directory.reset(); }

  static std::filesystem::path store() { return directory->path() / "out"; }

  static std::filesystem::path made(const char* format) {
    const std::filesystem::path file = directory->path() / (std::string("report.") + format);
    const auto report = run_mapquake({"report", store().string(), "--format", format, "--out", file.string()});
    EXPECT_EQ(report.exit_code, 0) << report.err;
    return file;
  }
  /// What python's jsonschema says of a file; empty where it fits.
  static std::string misfit(const std::filesystem::path& schema, const std::filesystem::path& file) {
    constexpr const char* script =
        "import json, jsonschema, sys\n"
        "schema, document = (json.load(open(name)) for name in sys.argv[1:])\n"
        "validator = jsonschema.validators.validator_for(schema)(schema)\n"
        "for error in validator.iter_errors(document):\n"
        "  print(list(error.absolute_path), error.message[:300])\n";
    const auto checked = run({{"python3", "-c", script, schema.string(), file.string()}, {}, {}, {}});
    return checked.exit_code == 0 ? checked.out : checked.out + checked.err;
  }
  static std::filesystem::path schema(const char* name) { return source_directory() / "tests/e2e/schemas" / name; }

  static std::unique_ptr<testing_support::TemporaryDirectory> directory;
};
std::unique_ptr<testing_support::TemporaryDirectory> Reports::directory;

TEST_F(Reports, TheDocumentFitsItsSchema) {
  const auto own = source_directory() / "docs/campaign.schema.json";
  EXPECT_EQ(misfit(own, store() / "campaign.json"), "");
  EXPECT_EQ(misfit(own, made("json")), "");
  EXPECT_THAT(text_of(store() / "campaign.json"), HasSubstr("\"state_before\""));
  auto broken = nlohmann::json::parse(text_of(store() / "campaign.json"));
  broken["cells"][0]["verdict"] = "fine";
  std::ofstream(directory->path() / "broken.json") << broken;
  EXPECT_THAT(misfit(own, directory->path() / "broken.json"), HasSubstr("fine"));
}

TEST_F(Reports, SarifFitsTheOfficialSchema) {
  const auto file = made("sarif");
  EXPECT_EQ(misfit(schema("sarif-2.1.0.json"), file), "");
  const auto sarif = nlohmann::json::parse(text_of(file));
  const auto& results = sarif["runs"][0]["results"];
  ASSERT_GE(results.size(), 3u);
  for (const auto& result : results) {
    EXPECT_FALSE(result["locations"].empty()) << result["message"];
    EXPECT_THAT(result["partialFingerprints"]["mapquakeSignature/v1"].get<std::string>(), HasSubstr(":"));
    EXPECT_THAT(text_of(file), HasSubstr("snippet"));
  }
}

TEST_F(Reports, JunitFitsWhatItsReadersExpect) {
  const auto checked =
      run({{"xmllint", "--noout", "--schema", schema("junit.xsd").string(), made("junit").string()}, {}, {}, {}});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
}

TEST_F(Reports, TheCampaignIsRenderedAtOnceAndLaterAlike) {
  const auto at_once = directory->path() / "at_once.xml";
  const auto campaign = run_mapquake({"run", "--map", "buggy_leaked_node", "--scenario", "single-thread",
                                      "--executions", "300", "--format", "junit", "--out", at_once.string(), "--store",
                                      (directory->path() / "second").string()});
  EXPECT_EQ(campaign.exit_code, 1) << campaign.err;
  EXPECT_THAT(campaign.out, HasSubstr("Covered:"));
  const auto later = run_mapquake({"report", (directory->path() / "second").string(), "--format", "junit"});
  EXPECT_EQ(later.out, text_of(at_once));
}

TEST_F(Reports, AReportOfNothingSaysWhatToDo) {
  const auto none = run_mapquake({"report", (directory->path() / "nowhere").string()});
  EXPECT_EQ(none.exit_code, 74);
  EXPECT_THAT(none.err, HasSubstr("campaign.json"));
  std::ofstream(directory->path() / "other.json") << "{}";
  EXPECT_EQ(run_mapquake({"report", (directory->path() / "other.json").string()}).exit_code, 65);
}

bool has_browser() {
  return run({{"chromium", "--version"}, {}, {}, {}}).exit_code == 0;
}

/// Opens a page in Chromium, and answers what stands in its element #seen when all is quiet.
std::string seen_in(const std::string& page, const std::filesystem::path& directory) {
  const auto file = directory / "opened.html";
  std::ofstream(file) << page;
  const auto browser = run(
      {{"chromium", "--headless", "--hide-scrollbars", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
        "--user-data-dir=" + (directory / "profile").string(), "--dump-dom", "file://" + file.string()},
       {{"HOME", directory.string()}},
       {},
       {}});
  EXPECT_EQ(browser.exit_code, 0) << browser.err;
  const std::string begin = "<pre id=\"seen\">";
  const std::size_t at = browser.out.rfind(begin);
  if (at == std::string::npos) return "nothing seen: " + browser.out.substr(0, 500);
  return browser.out.substr(at + begin.size(), browser.out.find("</pre>", at) - at - begin.size());
}

std::string with_script(std::string page, const std::string& script) {
  return page.insert(page.rfind("</body>"), "<script>\n" + script + "\n</script>\n");
}

/// Clicks and types as a person would, and writes what the page shows into an element #seen, line by line.
constexpr const char* walk = R"JS(
const seen = (what) => { document.getElementById('seen').textContent += what + '\n'; };
document.body.append(el('pre', {id: 'seen'}));
addEventListener('error', (event) => seen('error: ' + event.message));
const settle = () => new Promise((done) => setTimeout(done, 50));
(async () => {
  const first = document.querySelector('details.failure');
  const links = [...document.querySelectorAll('section[aria-labelledby=h-defects] a')];
  seen('defects linked: ' + links.length);
  for (const link of links) {
    link.click();
    await settle();
    const target = document.querySelector(link.getAttribute('href'));
    seen(`${target.open ? 'opened' : 'closed'} with ${target.querySelectorAll('.step').length > 0 ? 'steps' : 'nothing'}`);
  }
  const steps = [...first.querySelectorAll('.step')], slider = first.querySelector('input[type=range]');
  const current = () => steps.findIndex((step) => step.getAttribute('aria-current') === 'step');
  const inspector = first.querySelector('.inspector');
  steps[0].click();
  seen('clicked first: ' + current());
  steps[0].dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true}));
  seen('arrow down: ' + current() + ' focused ' + (document.activeElement === steps[1]));
  steps[1].dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true}));
  seen('end: ' + (current() === steps.length - 1));
  slider.value = 2;
  slider.dispatchEvent(new Event('input'));
  seen('slider: ' + current() + ' says ' + slider.getAttribute('aria-valuetext').startsWith('step 2 of'));
  first.querySelector('[aria-label="Previous step"]').click();
  seen('back: ' + current());
  seen('inspector tells: ' + inspector.querySelector('h4').textContent.startsWith('thread '));
  seen('source shown: ' + steps.some((step) => { step.click(); return inspector.querySelector('.code') !== null; }));
  seen('map at each step: ' + steps.every((step) => { step.click(); return inspector.querySelector('.state, .unseen') !== null; }));
  seen('why before timeline: ' + Boolean(first.querySelector('.why').compareDocumentPosition(first.querySelector('.lanes')) & 4));
  const search = document.querySelector('input[type=search]');
  search.value = 'rwlock_map';
  search.dispatchEvent(new Event('input'));
  seen('filtered: ' + [...document.querySelectorAll('#cells tbody tr')].filter((row) => !row.hidden).length);
  seen('unnamed controls: ' + [...document.querySelectorAll('button, input')].filter((control) =>
    !control.getAttribute('aria-label') && !control.textContent.trim() && !control.closest('label')).length);
  seen('requests: ' + performance.getEntriesByType('resource').filter((entry) => !entry.name.startsWith('data:')).length);
  seen('done');
})();
)JS";

TEST_F(Reports, ThePageIsClickedThroughInABrowser) {
  if (!has_browser()) GTEST_SKIP() << "chromium is not installed";
  const std::string seen = seen_in(with_script(text_of(made("html")), walk), directory->path());
  for (const char* expected :
       {"opened with steps", "clicked first: 0", "arrow down: 1 focused true", "end: true", "slider: 1 says true",
        "back: 0", "inspector tells: true", "source shown: true", "map at each step: true", "why before timeline: true",
        "filtered: 1", "unnamed controls: 0", "requests: 0", "done"}) {
    EXPECT_THAT(seen, HasSubstr(expected));
  }
  EXPECT_THAT(seen, Not(HasSubstr("closed")));
  EXPECT_THAT(seen, Not(HasSubstr("error")));
}

TEST_F(Reports, ThePageFitsAPhone) {
  if (!has_browser()) GTEST_SKIP() << "chromium is not installed";
  constexpr const char* measure =
      "setTimeout(() => parent.postMessage(`wide ${document.documentElement.scrollWidth} of "
      "${innerWidth}, ${document.querySelectorAll('.step').length > 0}`, '*'), 100);";
  std::ofstream(directory->path() / "inner.html") << with_script(text_of(made("html")), measure);
  const std::string seen = seen_in(R"(<!DOCTYPE html><pre id="seen"></pre><iframe src="inner.html" style="width:390px;
height:800px;border:0"></iframe><script>onmessage = (event) => { document.getElementById('seen').textContent = event.data; };
</script>)",
                                   directory->path());
  EXPECT_EQ(seen, "wide 390 of 390, true");
}

}  // namespace
}  // namespace mapquake
