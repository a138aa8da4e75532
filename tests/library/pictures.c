// Pictures through the functions of C; see the script 'pictures'.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

#define CHECK(condition)                                                    \
  do {                                                                      \
    if (!(condition)) {                                                     \
      fprintf(stderr, "line %d: %s does not hold\n", __LINE__, #condition); \
      return 1;                                                             \
    }                                                                       \
  } while (0)

int main(void) {
  static unsigned char pixels[4 * 8 * 4];
  static float other[NET_OTHER_ELEMENTS], maps[NET_MAPS_ELEMENTS], answer[NET_ANSWER_ELEMENTS];
  void* workspace = aligned_alloc(NET_WORKSPACE_ALIGNMENT, NET_WORKSPACE_BYTES);
  for (int i = 0; i < 4 * 8 * 4; i++) pixels[i] = (unsigned char)(i * 7);
  for (int i = 0; i < NET_OTHER_ELEMENTS; i++) other[i] = (float)i;

  // Rows of six pixels of four bytes, 32 bytes apart: of the network's size, blue first.
  CHECK(net_run_pixels(pixels, 6, 4, 32, NET_BGRA8, other, maps, answer, workspace, NULL) == NET_OK);
  const float mean[] = {0.5f, 0.25f, 0.125f}, deviation[] = {0.5f, -0.25f, 2};
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < 4; y++)
      for (int x = 0; x < 6; x++) {
        const int i = (c * 4 + y) * 6 + x;
        const float expected =
            ((float)pixels[y * 32 + x * 4 + 2 - c] / 255 - mean[c]) / deviation[c] + (float)i;
        CHECK(fabsf(maps[i] - expected) < 1e-4f);
      }

  int best[4];
  net_top(answer, 4, best);
  CHECK(answer[best[0]] >= answer[best[1]] && answer[best[1]] >= answer[best[2]] && best[3] == -1);
  CHECK(strcmp(net_label(0), "red \"one\"") == 0 && strcmp(net_label(2), "blue") == 0);
  CHECK(net_label(3) == NULL && net_label(-1) == NULL && NET_LABELS == 3);

  CHECK(net_run_pixels(pixels, 6, 4, 0, 7, other, maps, answer, workspace, NULL) == NET_ERROR_PIXELS);
  CHECK(net_run_pixels(NULL, 6, 4, 0, 0, other, maps, answer, workspace, NULL) == NET_ERROR_NULL);
  CHECK(net_run_pixels(pixels, 6, 4, 0, 0, other, maps, answer, NULL, NULL) == NET_ERROR_NULL);
  CHECK(net_run_pixels(pixels, 6, 4, 0, 0, other, maps, answer, (char*)workspace + 4, NULL) ==
        NET_ERROR_ALIGNMENT);
  CHECK(strcmp(net_error_text(NET_ERROR_PIXELS),
               "width, height, stride or format of the pixels is none that can be read") == 0);
  CHECK(strcmp(net_error_text(NET_ERROR_NULL), "a pointer that must be given is null") == 0);
  free(workspace);
  return 0;
}
