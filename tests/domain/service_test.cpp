#include "domain/service.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace pickup::domain;

TEST_CASE("services are known by name") {
  CHECK(name(service::pickup) == "pickup");
  CHECK(name(service::taxi) == "taxi");
  for (auto s : services)
    CHECK(parse_service(name(s)) == s);
}

TEST_CASE("classes are known by name") {
  for (auto c : service_classes) {
    CHECK_FALSE(name(c).empty());
    CHECK(parse_service_class(name(c)) == c);
  }
}

TEST_CASE("parcel classes are also known by their Korean names") {
  CHECK(parse_service_class("10kg이하") == service_class::under10kg);
  CHECK(parse_service_class("10kg이상") == service_class::over10kg);
}

TEST_CASE("other words name no service and no class") {
  for (const auto* word : {"", "Pickup", "pickup ", "bus", "10kg", "UNDER10KG"}) {
    CHECK_FALSE(parse_service(word));
    CHECK_FALSE(parse_service_class(word));
  }
}

TEST_CASE("services and classes keep their numbers, for they are on disk") {
  CHECK(static_cast<int>(service::pickup) == 1);
  CHECK(static_cast<int>(service::taxi) == 2);
  int number = 0;
  for (auto c : service_classes)
    CHECK(static_cast<int>(c) == ++number);
}

TEST_CASE("a class belongs to one service") {
  CHECK(class_set::all_of(service::pickup).items()
        == std::vector{service_class::under10kg, service_class::over10kg});
  CHECK(class_set::all_of(service::taxi).items()
        == std::vector{service_class::standard, service_class::deluxe, service_class::van});
  for (auto s : services)
    CHECK(service_of(default_class(s)) == s);
}

TEST_CASE("a set of classes holds what was put into it, once") {
  class_set set;
  CHECK(set.empty());
  set.insert(service_class::van);
  set.insert(service_class::standard);
  set.insert(service_class::van);
  CHECK(set.contains(service_class::van));
  CHECK_FALSE(set.contains(service_class::deluxe));
  CHECK(set.items() == std::vector{service_class::standard, service_class::van});
  CHECK(class_set::from_bits(set.bits()) == set);
}
