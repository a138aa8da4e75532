// Gives every kernel of a plan its schedule.
#pragma once
#include "plan/plan.h"

namespace cnnc {

// The one that the options have for its problem where it fits, else the default. A choice that does not fit,
// or is of an algorithm that the kernel could not have, is added to plan.ignored_choices.
void choose_schedules(Plan& plan, const PlanOptions& options);

}  // namespace cnnc
