#include "harness/campaign/options.hpp"

namespace mapquake {

void CampaignOptions::inject(const fault::FaultSelection& chosen) {
  plan.fault_mask = chosen.mask;
  hazards = hazard_bit(Hazard::as_asked);
  plan.scenario.spike = chosen.spike;
  plan.threads_end = chosen.threads_end;
  plan.declared_only = chosen.declared_only;
}

void CampaignOptions::set_memory_model(MemoryModel model) {
  memory_model = model;
  if (model == MemoryModel::c11) {
    hazards = hazard_bit(Hazard::as_asked);
  } else {
    hazards &= static_cast<HazardMask>(~hazard_bit(Hazard::weak_memory));
  }
}

}  // namespace mapquake
