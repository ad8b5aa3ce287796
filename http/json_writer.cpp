#include "http/json_writer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace pickup::http {

struct json_writer::state {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer{text};
};

namespace {

auto length(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

} // namespace

json_writer::json_writer()
    : state_([]() -> state& {
        thread_local state own;
        return own;
      }()) {
  state_.text.Clear();
  state_.writer.Reset(state_.text);
}

json_writer::~json_writer() = default;

json_writer& json_writer::begin_object() {
  state_.writer.StartObject();
  return *this;
}

json_writer& json_writer::end_object() {
  state_.writer.EndObject();
  return *this;
}

json_writer& json_writer::begin_array() {
  state_.writer.StartArray();
  return *this;
}

json_writer& json_writer::end_array() {
  state_.writer.EndArray();
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  state_.writer.Key(name.data(), length(name));
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  state_.writer.String(text.data(), length(text));
  return *this;
}

json_writer& json_writer::value(double number) {
  state_.writer.Double(number);
  return *this;
}

json_writer& json_writer::value(bool flag) {
  state_.writer.Bool(flag);
  return *this;
}

json_writer& json_writer::null() {
  state_.writer.Null();
  return *this;
}

json_writer& json_writer::integer(std::int64_t number) {
  state_.writer.Int64(number);
  return *this;
}

json_writer& json_writer::natural(std::uint64_t number) {
  state_.writer.Uint64(number);
  return *this;
}

json_writer&
json_writer::field_of_texts(std::string_view name,
                            std::span<const std::pair<std::string, std::string>> texts) {
  key(name).begin_object();
  for (const auto& [member, text] : texts)
    field(member, text);
  return end_object();
}

std::string json_writer::take() {
  return {state_.text.GetString(), state_.text.GetSize()};
}

} // namespace pickup::http
