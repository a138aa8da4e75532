// The commands, one file each. Each returns the exit code, and throws InputError or UsageError.
#pragma once
#include "driver/options/options.h"

namespace cnnc {

int run(const ShowText& text);            // main.cpp
int run(const CompileOptions& options);   // compile.cpp
int run(const ImportOptions& options);    // import.cpp
int run(const CheckOptions& options);     // check.cpp
int run(const SummaryOptions& options);   // summary.cpp
int run(const PlotOptions& options);      // plot.cpp
int run(const ExplainOptions& options);   // explain.cpp
int run(const ReportOptions& options);    // report.cpp
int run(const FmtOptions& options);       // fmt.cpp
int run(const VerifyOptions& options);    // verify.cpp
int run(const RunOptions& options);       // run.cpp
int run(const ExportOptions& options);    // export.cpp
int run(const BenchOptions& options);     // bench.cpp
int run(const TuneOptions& options);      // tune.cpp
int run(const QuantizeOptions& options);  // quantize.cpp

}  // namespace cnnc
