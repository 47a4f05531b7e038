// SOCI without Boost: its headers would want Boost.Fusion for tuples that nothing here uses.
// Internal to the room.
#pragma once

#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#include <soci/soci.h>
