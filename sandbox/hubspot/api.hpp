// The groups of endpoints. Each takes the call from the path part behind its own name on.
#pragma once

#include "sandbox/hubspot/call.hpp"

namespace tieout::sandbox::hubspot {

// objects_api.cpp: /crm/v3/objects/{type}…
Answer objects_api(Call& call);
// batch_api.cpp: /crm/v3/objects/{type}/batch/{read|create|update|upsert|archive}
Answer batch_api(Call& call, Type type, std::string_view operation);
// search_api.cpp: POST /crm/v3/objects/{type}/search
Answer search_api(Call& call, Type type);
// associations_api.cpp: /crm/v4/objects/…/associations/…, /crm/v4/associations/…, and the older v3 batch
Answer association_of_object(Call& call, Type type, std::size_t at);
Answer associations_v4(Call& call);
Answer associations_v3(Call& call);
// properties_api.cpp: /crm/v3/properties/{type}…
Answer properties_api(Call& call);
// account_api.cpp: /crm/v3/pipelines/…, /crm/v3/owners/…, /account-info/v3/details
Answer pipelines_api(Call& call);
Answer owners_api(Call& call);
Answer account_api(Call& call);

/// Reading what writes carry; shared by the single and the batch endpoints.
std::optional<std::string> read_values(const json::Value& properties, Values& into);  ///< or why not
std::optional<std::string> read_links(const json::Value& associations, std::vector<NewLink>& into);
/// The record that an id means: HubSpot's own, or the value of a unique property.
Record* find_record(Call& call, Type type, std::string_view id, std::string_view id_property);

}  // namespace tieout::sandbox::hubspot
