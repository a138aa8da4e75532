/* A compiled network as time_cnnc sees it: library.py writes a few lines of C for each that fill this in. */
#pragma once
#include <stddef.h>

typedef struct benchmark_network {
  /* Inputs and outputs in the order of the text; layer_seconds: null, or as many as there are layers. */
  int (*run)(const float* const* inputs, float* const* outputs, void* workspace, int threads,
             double* layer_seconds);
  int (*start_threads)(int threads);
  const char* (*layer_name)(int layer);
  int layers, inputs, outputs;
  const size_t* input_elements;
  const size_t* output_elements;
  size_t workspace_bytes, alignment;
} benchmark_network;
