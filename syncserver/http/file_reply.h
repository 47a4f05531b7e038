// A file as the body of an answer: streamed with pread, whole or by one range.
// For the .cpp files of this room only: it includes httplib.
#pragma once

#include "syncserver/http/call.h"

#include <httplib.h>

#include <string>

namespace odop::syncserver::http {

// Sets status, headers and body: 200, 206, 304 (If-None-Match), 404 (gone, no regular file, or of
// another size), 416.
void fill_file(const FileBody& file, const std::string& content_type,
               const httplib::Request& request, httplib::Response& response);

}  // namespace odop::syncserver::http
