#include "harness/campaign/options.hpp"

namespace mapquake {

void CampaignOptions::inject(const fault::FaultSelection& chosen) {
  fault_mask = chosen.mask;
  scenario.spike = chosen.spike;
  threads_end = chosen.threads_end;
  declared_only = chosen.declared_only;
}

}  // namespace mapquake
