#include "runtime/cnnc_rt.h"
#include "runtime/pool.h"

// A loop in pieces of about the same number of iterations.
struct loop {
  int (*body)(void* context, int index, uint8_t* closure);
  uint8_t* closure;
  int min, extent, pieces;
  void* threads;
  char* scratch;  // null if there is none; else so many bytes for each thread
  size_t bytes;
  char ready[CNNC_RT_MOST_PLACES];  // of each thread
};

static void run_piece_at(void* data, int piece, int place) {
  struct loop* loop = data;
  const int begin = (int)((int64_t)loop->extent * piece / loop->pieces);
  const int end = (int)((int64_t)loop->extent * (piece + 1) / loop->pieces);
  void* own[] = {loop->threads, NULL, NULL};
  void* context = loop->threads;
  if (loop->scratch) {
    own[1] = loop->scratch + loop->bytes * (size_t)place;
    own[2] = &loop->ready[place];
    context = own;
  }
  for (int i = begin; i < end; i++) loop->body(context, loop->min + i, loop->closure);
}

// Who does the pieces is not known, so each has the scratch memory of a thread.
static void run_piece(void* data, int piece) {
  run_piece_at(data, piece, piece);
}

static int run_loop(struct loop* loop, int places) {
  const struct cnnc_rt_threads* with = loop->threads;
  const int threads = with ? with->threads : 1;
  if (with && with->parallel_for && loop->pieces > 1) {
    if (loop->pieces > places) loop->pieces = places;
    with->parallel_for(with->context, loop->pieces, run_piece, loop);
  } else {
    cnnc_rt_share(threads < places ? threads : places, loop->pieces, run_piece_at, loop);
  }
  return 0;
}

CNNC_RT_WEAK int cnnc_rt_parallel_loop(void* threads, int (*body)(void* threads, int index, uint8_t* closure),
                                       int min, int extent, uint8_t* closure, int tasks) {
  struct loop loop = {body, closure, min, extent, extent < tasks ? extent : tasks, threads, NULL, 0, {0}};
  return run_loop(&loop, tasks);
}

CNNC_RT_WEAK int cnnc_rt_parallel_loop_in_scratch(void* const* context,
                                                  int (*body)(void* context, int index, uint8_t* closure),
                                                  int min, int extent, uint8_t* closure, int tasks,
                                                  int places) {
  struct loop loop = {body,       closure,    min, extent, extent < tasks ? extent : tasks,
                      context[0], context[1], 0,   {0}};
  loop.bytes = (size_t)context[2];
  return run_loop(&loop, places);
}
