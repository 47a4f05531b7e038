#include "syncserver/http/request_head.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace odop::syncserver::http;

namespace {

constexpr std::size_t kMaxBody = 1'000;

int refusal(const std::string& head) { return judge_head(head, kMaxBody).refusal; }

std::string get(const std::string& headers) {
  return "GET /v1/hello HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}
std::string post(const std::string& headers) {
  return "POST /v1/push HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

}  // namespace

TEST_CASE("honest heads pass", "[http]") {
  CHECK(refusal(get("")) == 0);
  CHECK(refusal(get("Range: bytes=0-99\r\n")) == 0);
  CHECK(refusal(get("Content-Length: 0\r\n")) == 0);
  CHECK(refusal(post("Content-Length: 1000\r\nContent-Type: application/json\r\n")) == 0);
  CHECK(refusal(post("Content-Length: 5\r\nExpect: 100-continue\r\n")) == 0);
  CHECK(refusal("GET / HTTP/1.0\r\n\r\n") == 0);
  const std::string head = post("content-length: 17\r\nConnection: Close\r\n");
  CHECK(judge_head(head, kMaxBody).content_length == 17);
  CHECK_FALSE(judge_head(head, kMaxBody).keep_alive);
  CHECK(judge_head(get(""), kMaxBody).keep_alive);
  CHECK_FALSE(judge_head("GET / HTTP/1.0\r\n\r\n", kMaxBody).keep_alive);
  CHECK(judge_head(get("Accept-Encoding: br, gzip\r\n"), kMaxBody).accepts_gzip);
  // Browsers send these by themselves.
  CHECK(refusal(get("Referer: http://a/b%20c%2Fd\r\nCookie: e=%7Bf%7D\r\n")) == 0);
  const std::string with_query = "GET /v1/feed?after=3 HTTP/1.1\r\n\r\n";
  CHECK(judge_head(with_query, kMaxBody).target == "/v1/feed?after=3");
}

TEST_CASE("hostile heads are refused", "[http]") {
  struct Row {
    const char* what;
    std::string head;
    int status;
  };
  std::string many;
  for (int i = 0; i < 65; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  const std::vector<Row> rows = {
      {"GET with a body (the bytes after it would be a second request)",
       get("Content-Length: 30\r\n"), 400},
      {"chunked body", post("Transfer-Encoding: chunked\r\n"), 411},
      {"chunked body with a length too",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 411},
      {"chunked GET", get("Transfer-Encoding: chunked\r\n"), 411},
      {"body without length", post(""), 411},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"length with a sign", post("Content-Length: +5\r\n"), 400},
      {"negative length", post("Content-Length: -5\r\n"), 400},
      {"hexadecimal length", post("Content-Length: 0x5\r\n"), 400},
      {"list of lengths", post("Content-Length: 5, 5\r\n"), 400},
      {"endless length", post("Content-Length: 99999999999999999999\r\n"), 400},
      {"length above the cap", post("Content-Length: 1001\r\n"), 413},
      {"gzip body", post("Content-Length: 5\r\nContent-Encoding: gzip\r\n"), 415},
      {"brotli body", post("Content-Length: 5\r\nContent-Encoding: br\r\n"), 415},
      {"multipart body", post("Content-Length: 5\r\nContent-Type: multipart/form-data\r\n"), 415},
      {"form body",
       post("Content-Length: 5\r\nContent-Type: application/x-www-form-urlencoded\r\n"), 415},
      {"200 overlapping ranges", get("Range: bytes=0-,0-,0-,0-\r\n"), 416},
      {"backward range", get("Range: bytes=9-3\r\n"), 416},
      {"range of another unit", get("Range: lines=1-2\r\n"), 416},
      {"range that overflows", get("Range: bytes=0-99999999999999999999\r\n"), 416},
      {"two Range headers", get("Range: bytes=0-1\r\nRange: bytes=2-3\r\n"), 416},
      {"empty range", get("Range: bytes=-\r\n"), 416},
      {"name that cpp-httplib trusts", get("REMOTE_ADDR: 10.0.0.1\r\n"), 400},
      {"the same in another case", get("Remote_Addr: 10.0.0.1\r\n"), 400},
      {"CR LF in percent signs", get("X: a%0d%0aSet-Cookie: b\r\n"), 400},
      {"NUL in percent signs", get("X: a%00\r\n"), 400},
      {"CR LF in percent signs with a u", get("X: a%u000d%u000aY: b\r\n"), 400},
      {"the same with a capital U", get("X: a%U000D%U000AY: b\r\n"), 400},
      {"a letter in percent signs", get("X: a%62c\r\n"), 400},
      {"a percent sign alone", get("X: 100%\r\n"), 400},
      {"a token with a percent sign", get("Authorization: Bearer a%62\r\n"), 400},
      {"multipart body behind percent signs",
       post("Content-Length: 5\r\nContent-Type: multipart%2Fform-data\r\n"), 400},
      {"form body behind percent signs",
       post("Content-Length: 5\r\nContent-Type: application/x-www-form-url%65ncoded\r\n"), 400},
      {"form body behind percent signs with a u",
       post("Content-Length: 5\r\nContent-Type: application/x-www-form-url%u0065ncoded\r\n"), 400},
      {"CR LF in a referer's percent signs", get("Referer: /a%0d%0aX: y\r\n"), 400},
      {"CR LF in a referer's percent signs with a u", get("Referer: /%u000d%u000a\r\n"), 400},
      {"a deletion in a cookie's percent signs", get("Cookie: a=%7f\r\n"), 400},
      {"a cookie's percent sign that is cut off", get("Cookie: a=%2\r\n"), 400},
      {"bare line feed", get("X: a\nY: b\r\n"), 400},
      {"bare carriage return", get("X: a\rY: b\r\n"), 400},
      {"NUL", get(std::string{"X: a\0b\r\n", 8}), 400},
      {"folded line", get("X: a\r\n b\r\n"), 400},
      {"space before the colon", get("Content-Length : 5\r\n"), 400},
      {"no colon", get("nonsense\r\n"), 400},
      {"no name", get(": x\r\n"), 400},
      {"65 headers", get(many), 431},
      {"long value", get("X: " + std::string(5'000, 'x') + "\r\n"), 400},
      {"long head", get(std::string(20'000, 'x') + ": y\r\n"), 431},
      {"long path", "GET /" + std::string(1'024, 'x') + " HTTP/1.1\r\n\r\n", 414},
      {"8,000 characters of path", "GET /" + std::string(8'000, 'x') + " HTTP/1.1\r\n\r\n", 414},
      {"space in the path", "GET /a b HTTP/1.1\r\n\r\n", 400},
      {"absolute path", "GET http://x/ HTTP/1.1\r\n\r\n", 400},
      {"no path", "GET  HTTP/1.1\r\n\r\n", 400},
      {"no version", "GET /\r\n\r\n", 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 505},
      {"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505},
      {"DELETE", "DELETE / HTTP/1.1\r\n\r\n", 405},
      {"CONNECT", "CONNECT /x HTTP/1.1\r\n\r\n", 405},
      {"lower-case method", "get / HTTP/1.1\r\n\r\n", 405},
      {"two hosts", get("Host: b\r\n"), 400},
      {"upgrade", get("Upgrade: h2c\r\n"), 400},
      {"unknown expectation", post("Content-Length: 1\r\nExpect: gold\r\n"), 417},
      {"two authorizations", get("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400},
      {"nothing", "\r\n\r\n", 400},
      {"bytes after the head", "GET / HTTP/1.1\r\n\r\nGET", 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(refusal(row.head) == row.status);
  }
}

TEST_CASE("a bearer token is taken from its header and from nothing else", "[http]") {
  CHECK(bearer_token("Bearer abc") == "abc");
  CHECK(bearer_token("bearer abc") == "abc");
  CHECK(bearer_token("Basic abc").empty());
  CHECK(bearer_token("Bearer").empty());
  CHECK(bearer_token("").empty());
  CHECK(bearer_token("Bearer " + std::string(257, 'x')).empty());
  CHECK(bearer_token("Bearer " + std::string(256, 'x')).size() == 256);
}

TEST_CASE("ranges are resolved against the size, or not at all", "[http]") {
  const auto span = [](const char* value, std::uint64_t size) -> std::string {
    const auto wish = parse_range(value);
    if (!wish) return "malformed";
    const auto found = resolve_range(*wish, size);
    return found ? std::to_string(found->first) + "+" + std::to_string(found->count) : "none";
  };
  CHECK(span("bytes=0-0", 10) == "0+1");
  CHECK(span("bytes=0-", 10) == "0+10");
  CHECK(span("bytes=9-", 10) == "9+1");
  CHECK(span("bytes=3-5", 10) == "3+3");
  CHECK(span("bytes=3-999999", 10) == "3+7");
  CHECK(span("bytes=10-", 10) == "none");
  CHECK(span("bytes=999999999999999-", 10) == "none");
  CHECK(span("bytes=-3", 10) == "7+3");
  CHECK(span("bytes=-30", 10) == "0+10");
  CHECK(span("bytes=-0", 10) == "none");
  CHECK(span("bytes=0-0", 0) == "none");
  CHECK(span("bytes=1-2,3-4", 10) == "malformed");
}
