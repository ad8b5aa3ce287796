#include "domain/spelling.hpp"

#include <catch2/catch.hpp>

using namespace pickup::domain;

TEST_CASE("Hangul syllables are taken apart into their jamo") {
  CHECK(letters_of("이수") == U"\u110B\u1175\u1109\u116E");
  CHECK(letters_of("강") == U"\u1100\u1161\u11BC");
  CHECK(letters_of("가힣") == U"\u1100\u1161\u1112\u1175\u11C2");
}

TEST_CASE("other letters stay as they are") {
  CHECK(letters_of("isu3é€😀") == U"isu3é€😀");
}

TEST_CASE("bytes that are not UTF-8 are left out") {
  CHECK(letters_of("\x80i\xFFs\xEC\x9Du") == U"isu");
  CHECK(letters_of("\xEC\x9D").empty());
}

TEST_CASE("the distance counts inserted, dropped and replaced letters") {
  CHECK(spelling_distance(U"isu", U"isu", 3) == 0);
  CHECK(spelling_distance(U"isu", U"issu", 3) == 1);
  CHECK(spelling_distance(U"isu", U"iu", 3) == 1);
  CHECK(spelling_distance(U"isu", U"asu", 3) == 1);
  CHECK(spelling_distance(U"sadang", U"gangnam", 9) == 5);
  CHECK(spelling_distance(U"", U"isu", 3) == 3);
}

TEST_CASE("beyond the limit the distance is not told") {
  CHECK(spelling_distance(U"isu", U"sadang", 2) == 3);
  CHECK(spelling_distance(U"abc", U"xyz", 1) == 2);
}
