#include "tests/e2e/proxy/hostile_rows.h"

#include <utility>

namespace odop::test {
namespace {

const std::string kPost = "POST /v1/push HTTP/1.1\r\nHost: localhost\r\n";
const std::string kGet = "GET /v1/hello HTTP/1.1\r\nHost: localhost\r\n";
const std::string kSecond = "GET /v1/hello HTTP/1.1\r\nHost: x\r\n\r\n";

std::string many(const std::string& piece, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += piece;
  return all;
}

std::vector<HostileRow> body_rows() {
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'a') + "\r\n";
  return {
      {"a body of 50 MB in chunks",
       kPost + "Transfer-Encoding: chunked\r\n\r\n" + many(chunk, 50) + "0\r\n\r\n",
       {411},
       {413}},
      {"chunks that never end",
       kPost + "Transfer-Encoding: chunked\r\n\r\n",
       {411},
       {413},
       chunk,
       300},
      {"a chunk of 2^63 bytes",
       kPost + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc",
       {411},
       {400}},
      {"a body without length", kPost + "\r\nabc", {411}, {411}},
      {"a length of 10 GB", kPost + "Content-Length: 10000000000\r\n\r\nabc", {413}, {413}},
      {"a negative length", kPost + "Content-Length: -1\r\n\r\nabc", {400}, {400}},
      {"two lengths", kPost + "Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc", {400}, {400}},
      {"length and chunks",
       kPost + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kSecond,
       {411},
       {400},
       {},
       0,
       true},
      {"chunks by another name",
       kPost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + kSecond,
       {411},
       {501},
       {},
       0,
       true},
      {"a body that says gzip",
       kPost + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
       {415},
       {401}},
      {"GET with a body that is a second request",
       kGet + "Content-Length: " + std::to_string(kSecond.size()) + "\r\n\r\n" + kSecond,
       {400},
       {400},
       {},
       0,
       true},
      {"Expect: 100-continue for 10 GB",
       kPost + "Expect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n",
       {413},
       {413}},
      {"JSON nested 50,000 deep",
       "POST /v1/enrol HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n" +
           std::string(50'000, '['),
       {400},
       {400}},
      {"nine bytes that make cereal take 3.8 GB",
       kPost + "Content-Length: 9\r\n\r\n" + std::string("\x01\xff\xff\xff\xff\x00\x00\x00\x00", 9),
       {401},
       {401}},
  };
}

std::vector<HostileRow> header_rows() {
  return {
      {"1,000,000 headers", kGet, {431}, {400}, many("X: y\r\n", 1'000), 1'000},
      {"a header line of 200 MB", kGet + "X: ", {431}, {400}, std::string(1'000'000, 'x'), 200},
      {"a header REMOTE_ADDR", kGet + "REMOTE_ADDR: 10.0.0.1\r\n\r\n", {400}, {200}},
      {"CR LF in percent signs", kGet + "X: %0d%0aInjected: yes\r\n\r\n", {400}, {400}},
      {"CR LF in percent signs with a u",
       kGet + "X: %u000d%u000aInjected: yes\r\n\r\n",
       {400},
       {400}},
      {"a bare LF ends a line", "GET /v1/hello HTTP/1.1\nHost: a\n\n", {408}, {200}},
      {"a NUL in a header", kGet + std::string("X: a\0b\r\n\r\n", 10), {400}, {400}},
      {"a header without name", kGet + ": x\r\n\r\n", {400}, {400}},
      {"a folded header", kGet + "X: a\r\n b\r\n\r\n", {400}, {400}},
      {"no Host", "GET /v1/hello HTTP/1.1\r\n\r\n", {200}, {400}},
      {"an upgrade", kGet + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", {400}, {200}},
      {"a token of 60,000 characters",
       kGet + "Authorization: Bearer " + std::string(60'000, 't') + "\r\n\r\n",
       {431},
       {400}},
      {"200 overlapping ranges",
       "GET /v1/releases/1/pack?from=0 HTTP/1.1\r\nHost: a\r\nRange: bytes=0-" + many(",0-", 199) +
           "\r\n\r\n",
       {416},
       {416}},
  };
}

std::vector<HostileRow> line_rows() {
  return {
      {"a path of 8,000 characters",
       "GET /v1/" + std::string(7'996, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
       {414},
       {414}},
      {"HTTP/0.9", "GET /v1/hello\r\n\r\n", {400}, {0}},
      {"HTTP/2 in clear", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}, {400}},
      {"another method", "DELETE /v1/hello HTTP/1.1\r\nHost: a\r\n\r\n", {405}, {405}},
      {"CONNECT", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n", {400}, {400}},
      {"an absolute address",
       "GET http://example.org/v1/hello HTTP/1.1\r\nHost: a\r\n\r\n",
       {400},
       {200}},
      {"up and out of the folder",
       "GET /v1/media/../../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
       {404},
       {400}},
      {"the same in percent signs",
       "GET /v1/media/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
       {404},
       {404}},
      {"random bytes",
       std::string("\x16\x03\x01\xfe\xca\x00\x80\xff\x0d\x0a\x0d\x0a", 12),
       {400},
       {400}},
  };
}

}  // namespace

std::vector<HostileRow> hostile_rows() {
  std::vector<HostileRow> rows = body_rows();
  for (auto more : {header_rows(), line_rows()}) {
    for (auto& row : more) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace odop::test
