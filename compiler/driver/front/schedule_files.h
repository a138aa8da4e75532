// Schedules from files: those that come with cnnc, and the user's.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "plan/plans.h"
#include "plan/records/records.h"

namespace cnnc {

// Throws InputError with all errors rendered, also for a file beyond limits::kScheduleBytes.
Records read_records(const std::string& path);

// The choices for a plan, and where they were made.
struct Schedules {
  Choices choices;
  std::map<std::string, std::string> places;  // by problem: "mine.txt:12"
  std::map<std::string, Choices> files;       // the user's, by path: what they say for this target
};

// What the words behind --schedule amount to, one after the other: a file overrides, a problem at a time,
// what was there before; 'tuned' are the records that come with cnnc, from which all starts; 'default' takes
// everything back. Of a problem's records the one for the most threads up to so many. Without Winograd's
// transforms, choices of them are left out. Throws InputError.
Schedules read_schedules(const std::vector<std::string>& words, const Target& target, int threads,
                         bool allow_winograd);

// Of each target.
std::vector<Schedules> read_schedules(const std::vector<std::string>& words,
                                      const std::vector<Target>& targets, int threads, bool allow_winograd);

// What a plan for each target is made with: the same for all, and the target's own choices.
std::vector<PlanOptions> options_of_plans(const PlanOptions& common, const std::vector<Schedules>& schedules);

// Says on the standard error which choices the plan could not follow, and which files have nothing for it.
void print_ignored(const Plan& plan, const Schedules& schedules);

// Of all plans, by their schedules; a file that has something for one of them is of use.
void print_ignored(const Plans& plans, const std::vector<Schedules>& schedules);

}  // namespace cnnc
