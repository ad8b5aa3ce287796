// Asks a server over one connection, which it keeps.
// Not thread-safe but for interrupt(). Owned by the command that asks; each thread has its own.
#pragma once

#include "app/pickupctl/json.hpp"
#include "app/pickupctl/settings.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::ctl {

using headers = std::vector<std::pair<std::string, std::string>>;

class client {
public:
  /// @param url "http://HOST:PORT"
  /// @param every goes with every request
  client(std::string url, const headers& every);
  ~client();
  client(client&&) noexcept;
  client& operator=(client&&) = delete;

  /// The body of the answer when it is a 2xx. Errors: unavailable when there is no answer; else
  /// the server's refusal, with the fact "status".
  domain::result<std::string> send(std::string_view method, const std::string& target,
                                   const std::string& body = {});

  /// The same, read as JSON.
  domain::result<json_document> ask(std::string_view method, const std::string& target,
                                    const std::string& body = {});

  /// Lets a request under way fail, in whatever thread.
  void interrupt();

  /// How long an answer may take from now on, instead of as long as any may.
  void wait_at_most(std::chrono::seconds limit);

private:
  struct connection;
  std::unique_ptr<connection> connection_;
};

/// Whether a URL names this machine: a loopback address, or localhost.
bool is_on_this_machine(std::string_view url);
/// What an operator shows the server: the token given, or the one in the data directory when
/// that is likely the server's own; empty when there is none. A token of this machine is no
/// business of whatever server is asked.
std::string token_for_server(const settings& s);

/// The operators' port, as the operator the settings name.
client to_operators(const settings& s);
/// The customers' port.
client to_customers(const settings& s);

/// A path with a query. Parameters without a value are left out.
std::string with_query(std::string path,
                       const std::vector<std::pair<std::string, std::string>>& parameters);

/// The status a server refused with; empty when there was no answer.
std::string_view status_of(const domain::error& why);
/// Whether it was refused because what it was about is not there any more, or not as it was.
bool is_gone(const domain::error& why);

/// What the program ends with after this error.
int ending(const domain::error& why);

} // namespace pickup::ctl
