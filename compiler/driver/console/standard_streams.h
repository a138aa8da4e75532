// What a command prints, and what becomes of it where nobody takes it.
#pragma once
#include <string>

namespace cnnc {

// Writes to the standard output. Throws ClosedPipe where its reader has gone, and InputError where it does
// not take it all for another reason (a full disk).
void print(const std::string& text);

// Writes to the standard error: a note, how far the work is. Throws ClosedPipe where its reader has gone;
// that it cannot be written for another reason is no error of the command.
void say(const std::string& text);

// The end of a command whose reader has gone (ClosedPipe): silently, by SIGPIPE, as if it had never been
// ignored. Returns the exit code for that, should the signal be blocked.
int end_by_closed_pipe();

}  // namespace cnnc
