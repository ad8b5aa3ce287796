#include "http/courier_body.hpp"

#include "http/common_fields.hpp"
#include "http/json_object.hpp"
#include "http/text.hpp"

#include <unordered_map>
#include <utility>

namespace pickup::http {

namespace {

domain::result<std::optional<domain::service>> read_service(const json_object& body) {
  const auto named = body.text({"service"}, {0, 64});
  if (!named)
    return named.error();
  if (!*named)
    return std::optional<domain::service>{};
  const auto s = domain::parse_service(**named);
  if (!s)
    return bad_field("service", "must be pickup or taxi, got \"" + **named + "\"");
  return s;
}

domain::result<std::optional<domain::class_set>> read_classes(const json_object& body,
                                                              domain::service s) {
  const auto named = body.texts({"classes"});
  if (!named)
    return named.error();
  if (!*named)
    return std::optional<domain::class_set>{};
  domain::class_set classes;
  for (const auto& text : **named) {
    const auto c = domain::parse_service_class(text);
    if (!c || service_of(*c) != s)
      return bad_field("classes", "the " + std::string{name(s)} + " service has no class \""
                                      + text + "\"");
    classes.insert(*c);
  }
  if (classes.empty())
    return bad_field("classes", "must not be empty");
  return std::optional{classes};
}

// The fields a courier may be made and changed with; what is absent stays unset.
domain::result<courier_edit> read_fields(const json_object& body, domain::service s) {
  courier_edit edit;
  auto name = body.text({"name", "기사"}, {1, 100});
  if (!name)
    return name.error();
  edit.change.name = std::move(*name);
  auto tel = read_tel(body, {"tel", "기사휴대폰번호"});
  if (!tel)
    return tel.error();
  edit.change.tel = std::move(*tel);
  auto vehicle = body.text({"vehicle", "차량번호"}, {0, 50});
  if (!vehicle)
    return vehicle.error();
  edit.change.vehicle = std::move(*vehicle);
  const auto classes = read_classes(body, s);
  if (!classes)
    return classes.error();
  edit.change.classes = *classes;
  const auto capacity = body.whole({"capacity"}, 1, domain::max_capacity);
  if (!capacity)
    return capacity.error();
  if (*capacity)
    edit.change.capacity = static_cast<std::uint32_t>(**capacity);
  const auto on_shift = body.flag({"onShift"});
  if (!on_shift)
    return on_shift.error();
  edit.change.on_shift = *on_shift;
  const auto where = read_position(body);
  if (!where)
    return where.error();
  edit.where = *where;
  return edit;
}

domain::result<domain::position> read_required_position(const json_object& body) {
  const auto where = read_position(body);
  if (!where)
    return where.error();
  if (!*where)
    return bad_field("lat", "is required, with lng");
  return **where;
}

domain::result<domain::courier_id> read_courier_id(const json_object& body) {
  const auto id =
      body.whole({"id", "courierId", "기사번호"}, 1, static_cast<std::int64_t>(max_exact));
  if (!id)
    return id.error();
  if (!*id)
    return bad_field("id", "is required");
  return domain::courier_id{static_cast<std::uint64_t>(**id)};
}

} // namespace

bool courier_edit::changes_record() const {
  return change.name || change.tel || change.vehicle || change.classes || change.capacity
         || change.on_shift;
}

domain::result<courier_order> read_new_courier(const std::string& text) {
  const auto body = json_object::parse(text);
  if (!body)
    return body.error();
  const auto named = read_service(*body);
  if (!named)
    return named.error();
  const auto s = named->value_or(domain::service::pickup);
  auto fields = read_fields(*body, s);
  if (!fields)
    return fields.error();
  if (!fields->change.name)
    return bad_field("name", "is required");
  if (!fields->change.tel)
    return bad_field("tel", "is required");
  auto& given = fields->change;
  domain::courier record;
  record.service = s;
  record.name = std::move(*given.name);
  record.tel = std::move(*given.tel);
  record.vehicle = std::move(given.vehicle).value_or("");
  record.classes = given.classes.value_or(domain::class_set::all_of(s));
  record.capacity = given.capacity.value_or(domain::default_capacity(s));
  record.on_shift = given.on_shift.value_or(true);
  return courier_order{std::move(record), fields->where};
}

domain::result<courier_edit> read_courier_edit(const std::string& text, domain::service s) {
  const auto body = json_object::parse(text);
  if (!body)
    return body.error();
  const auto named = read_service(*body);
  if (!named)
    return named.error();
  if (named->value_or(s) != s)
    return bad_field("service", "cannot be changed; make another courier");
  return read_fields(*body, s);
}

domain::result<domain::position> read_location(const std::string& text) {
  const auto body = json_object::parse(text);
  return body ? read_required_position(*body) : body.error();
}

domain::result<courier_locations_order> read_locations(const std::string& text,
                                                       std::size_t most) {
  courier_locations_order order;
  std::size_t index = 0;
  // By courier, where in `places` their last one is.
  std::unordered_map<domain::courier_id, std::size_t> known;
  const auto read = json_object::parse_each(text, [&](domain::result<json_object> item) {
    order.too_many = index == most;
    if (order.too_many)
      return false;
    const auto refuse = [&](std::optional<std::uint64_t> id, domain::error why) {
      order.refused.push_back({index++, id, std::move(why)});
      return true;
    };
    if (!item)
      return refuse({}, std::move(item.error()));
    const auto id = read_courier_id(*item);
    if (!id)
      return refuse({}, id.error());
    const auto where = read_required_position(*item);
    if (!where)
      return refuse(id->value(), where.error());
    const auto [place, is_new] = known.try_emplace(*id, order.places.size());
    if (is_new) {
      order.places.push_back({*id, *where});
      order.indices.push_back(index);
    } else {
      order.places[place->second].where = *where;
      order.indices[place->second] = index;
      ++order.superseded;
    }
    ++index;
    return true;
  });
  if (!read)
    return read.error();
  return order;
}

} // namespace pickup::http
