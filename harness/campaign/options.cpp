#include "harness/campaign/options.hpp"

namespace mapquake {

void CampaignOptions::inject(const fault::FaultSelection& chosen) {
  fault_mask = chosen.mask;
  hazards = hazard_bit(Hazard::as_asked);
  scenario.spike = chosen.spike;
  threads_end = chosen.threads_end;
  declared_only = chosen.declared_only;
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
