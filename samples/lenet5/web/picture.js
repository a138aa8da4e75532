// Ink on a canvas as the network knows digits: as MNIST has them, ink 1 on 0, fitted into 20 x 20 pixels and moved
// so that the centre of the ink is in the middle of 28 x 28.
const SIZE = 28, BOX = 20;

// How dark each pixel is, 0 to 1.
function ink(context) {
  const { width, height } = context.canvas, { data } = context.getImageData(0, 0, width, height);
  return Float32Array.from({ length: width * height }, (_, i) => (255 - data[4 * i]) / 255);
}

function bounds(values, width, height) {
  let left = width, top = height, right = -1, bottom = -1;
  values.forEach((value, i) => {
    if (value < 0.05) return;
    const x = i % width, y = Math.floor(i / width);
    left = Math.min(left, x), right = Math.max(right, x), top = Math.min(top, y), bottom = Math.max(bottom, y);
  });
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function centre(values) {
  let sum = 0, x = 0, y = 0;
  values.forEach((value, i) => { sum += value, x += value * (i % SIZE), y += value * Math.floor(i / SIZE); });
  return { x: x / sum, y: y / sum };
}

// 28 x 28 numbers; null of a paper without ink.
export function digitOf(paper) {
  const { canvas } = paper, box = bounds(ink(paper), canvas.width, canvas.height);
  if (!box) return null;
  const scale = BOX / Math.max(box.width, box.height), width = box.width * scale, height = box.height * scale;
  const small = document.createElement('canvas');
  small.width = small.height = SIZE;
  const context = small.getContext('2d', { willReadFrequently: true });
  const draw = (x, y) => {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, SIZE, SIZE);
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvas, box.left, box.top, box.width, box.height, x, y, width, height);
    return ink(context);
  };
  const x = (SIZE - width) / 2, y = (SIZE - height) / 2, { x: cx, y: cy } = centre(draw(x, y));
  return draw(x + Math.round(SIZE / 2 - cx), y + Math.round(SIZE / 2 - cy));
}
