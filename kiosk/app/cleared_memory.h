// What a visitor's words leave behind in memory that nobody uses any more.
//
// Linked into a program, cleared_memory.cpp replaces operator new and delete: every block of C++ is
// overwritten when it is freed, whoever held it (texts that moved or grew, nodes of a tree, queues,
// views). Blocks of C libraries are not: who hands them a visitor's words clears them. Not in
// builds with sanitizers, whose own heap looks for wrong frees. Threads: any, at the same time.
#pragma once

namespace odop::kiosk::app {

// Overwrites the stack below the caller, where calls that are over left their variables. Call on
// each thread that has worked for a visitor, once it is done.
void clear_used_stack();

}  // namespace odop::kiosk::app
