#include "prove/log_leaf.hpp"

#include <fmt/core.h>

#include "base/json.hpp"

namespace tieout::prove {
namespace {

/// The fields in the order of the line: (name, text) and (name, number) go to whoever asks.
template <class LeafOf, class Texts, class Numbers>
void each_field(LeafOf& leaf, const Texts& text, const Numbers& number) {
  text("entity", leaf.entity);
  text("by", leaf.by);
  text("act", leaf.action);
  text("record", leaf.record);
  text("partner", leaf.partner);
  number("link", leaf.link);
  number("ends", leaf.ends);
  text("key", leaf.key);
  text("kind", leaf.kind);
  text("before", leaf.before);
  text("after", leaf.after);
  text("payload", leaf.payload);
  number("mapping", leaf.mapping);
  text("plan", leaf.plan);
  text("plan_digest", leaf.plan_digest);
  number("approval", leaf.approval);
  text("request", leaf.request);
  text("answer", leaf.answer);
  text("answer_payload", leaf.answer_payload);
  text("code", leaf.code);
  text("text", leaf.text);
}

tl::unexpected<Fault> malformed(std::string_view why) {
  return fail("log.leaf.malformed", fmt::format("this is no line of an audit log: {}", why));
}

}  // namespace

std::string to_text(const Leaf& leaf) {
  std::string out;
  out.reserve(512);
  json::Writer line(out);
  line.begin_object().key("v").number(kLeafVersion).key("n").number(leaf.number).member("at", tieout::to_text(leaf.at));
  const auto say = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) line.member(name, text);
  };
  const auto count = [&](std::string_view name, std::int64_t number) {
    if (number >= 0) line.key(name).number(number);
  };
  each_field(leaf, say, count);
  if (!leaf.more.empty()) {
    line.key("more").begin_object();
    for (const auto& [name, text] : leaf.more) line.member(name, text);
    line.end_object();
  }
  line.end_object();
  return out;
}

Result<Leaf> parse_leaf(std::string_view text) {
  auto value = json::parse(text);
  if (!value) return malformed(value.error().what);
  if (!value->is_object()) return malformed("it is no object");
  if ((*value)["v"].as_int(-1) != kLeafVersion)
    return malformed(fmt::format("its version is '{}', this program reads {}", (*value)["v"].text(), kLeafVersion));
  Leaf leaf;
  leaf.number = (*value)["n"].as_int(-1);
  if (auto at = parse_instant((*value)["at"].text()))
    leaf.at = *at;
  else
    return malformed(at.error().what);
  each_field(
      leaf, [&](std::string_view name, std::string& into) { into = (*value)[name].text(); },
      [&](std::string_view name, std::int64_t& into) { into = (*value)[name].as_int(-1); });
  for (const auto& [name, more] : (*value)["more"].members()) leaf.more.emplace_back(name, more.text());
  // Whatever else stood there, in another order or in another spelling, is lost by now and shows here.
  if (to_text(leaf) != text) return malformed("it is not spelled in the one canonical way");
  return leaf;
}

}  // namespace tieout::prove
