// What a visitor's words leave behind in memory that nobody uses any more.
//
// Linked into a program, cleared_memory.cpp replaces free and realloc for all of its libraries (the
// GNU C Library's manual, "Replacing malloc"), and with free C++'s operator delete: every block is
// overwritten when it is given back, whoever held it (texts that moved or grew, nodes of a tree, a
// compressor's or a QR encoder's work). Not in builds with sanitizers, whose own heap looks for
// wrong frees. What glibc frees by itself is cleared, too: it calls the same names. Threads: any,
// at the same time.
#pragma once

namespace odop::kiosk::app {

// Overwrites the stack below the caller, where calls that are over left their variables. Call on
// each thread that has worked for a visitor, once it is done.
void clear_used_stack();

// free() for a block of malloc's that nobody has written to: its pages are not touched.
void free_untouched(void* block);

}  // namespace odop::kiosk::app
