// A visitor made of lambdas, for std::visit. Pure.
#pragma once

namespace pickup::domain {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};

} // namespace pickup::domain
