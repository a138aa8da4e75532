#include "runtime/cnnc_rt.h"
#include "runtime/pool.h"

// A loop in pieces of about the same number of iterations.
struct loop {
  int (*body)(void* threads, int index, uint8_t* closure);
  void* threads;
  uint8_t* closure;
  int min, extent, pieces;
};

static void run_piece(void* data, int piece) {
  const struct loop* loop = data;
  const int begin = (int)((int64_t)loop->extent * piece / loop->pieces);
  const int end = (int)((int64_t)loop->extent * (piece + 1) / loop->pieces);
  for (int i = begin; i < end; i++) loop->body(loop->threads, loop->min + i, loop->closure);
}

int cnnc_rt_parallel_loop(void* threads, int (*body)(void* threads, int index, uint8_t* closure), int min,
                          int extent, uint8_t* closure, int tasks) {
  const struct cnnc_rt_threads* with = threads;
  struct loop loop = {body, threads, closure, min, extent, extent < tasks ? extent : tasks};
  if (with && with->parallel_for && loop.pieces > 1)
    with->parallel_for(with->context, loop.pieces, run_piece, &loop);
  else
    cnnc_rt_share(with ? with->threads : 1, loop.pieces, run_piece, &loop);
  return 0;
}
