// Shows what the network finds in a picture, while one draws into it.
import { drawOn } from '../../common/web/strokes.js';
import { load } from './segment.js';

const SIZE = 64, CLASSES = 11;  // no digit, 0 to 9
const COLOURS = [[230, 60, 60], [255, 150, 40], [250, 220, 50], [150, 220, 50], [40, 170, 80], [50, 210, 210], [60, 130, 240],
  [150, 90, 240], [240, 90, 220], [255, 170, 170]];  // those of overlay.cpp
const element = (id) => document.getElementById(id);
const picture = element('picture').getContext('2d', { willReadFrequently: true });
const mask = element('mask').getContext('2d');

COLOURS.forEach((colour, digit) => {
  const item = document.createElement('li');
  item.innerHTML = `<i style="background: rgb(${colour})"></i>${digit}`;
  element('legend').append(item);
});

// The class of each pixel: that of the greatest of its probabilities.
function classesOf(probabilities) {
  return Uint8Array.from({ length: SIZE * SIZE }, (_, pixel) => {
    let best = 0;
    for (let c = 1; c < CLASSES; c++)
      if (probabilities[c * SIZE * SIZE + pixel] > probabilities[best * SIZE * SIZE + pixel]) best = c;
    return best;
  });
}

// Digits with at least so many pixels that they are no accident.
function digitsIn(classes) {
  const pixels = new Array(CLASSES).fill(0);
  for (const c of classes) pixels[c]++;
  return pixels.slice(1).flatMap((count, digit) => (count >= 20 ? [digit] : []));
}

function look(net) {
  const { data } = picture.getImageData(0, 0, SIZE, SIZE);
  const grey = Float32Array.from({ length: SIZE * SIZE }, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 765);
  const start = performance.now();
  const classes = classesOf(net.run(grey));
  const taken = performance.now() - start;
  const image = mask.createImageData(SIZE, SIZE);
  classes.forEach((c, i) => {
    const level = 255 * grey[i], colour = c === 0 ? [level / 2, level / 2, level / 2] : COLOURS[c - 1];
    image.data.set([...colour, 255], 4 * i);
  });
  mask.putImageData(image, 0, 0);
  const digits = digitsIn(classes);
  element('found').textContent = digits.length === 0 ? 'no digit' : `digits: ${digits.join(', ')}`;
  element('time').textContent = `${taken.toFixed(1)} ms`;
}

async function show(blob) {
  const bitmap = await createImageBitmap(blob, { resizeWidth: SIZE, resizeHeight: SIZE, resizeQuality: 'high' });
  picture.drawImage(bitmap, 0, 0);
}

const scene = async () => show(await (await fetch('../scene.png')).blob());

try {
  const net = await load();
  await scene();
  look(net);
  drawOn(picture, '#fff', 2.5, () => look(net));
  element('scene').addEventListener('click', async () => { await scene(); look(net); });
  element('clear').addEventListener('click', () => { picture.fillRect(0, 0, SIZE, SIZE); look(net); });
  element('file').addEventListener('change', async ({ target }) => {
    if (target.files.length > 0) await show(target.files[0]), look(net);
  });
  document.body.dataset.ready = 'yes';
} catch (error) {
  element('state').textContent = `The network cannot be loaded: ${error.message}`;
}
