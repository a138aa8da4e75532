// Draws, and runs the network after each stroke's piece.
import { drawOn } from '../../common/web/strokes.js';
import { load, outputs } from './lenet5_maps.js';
import { digitOf } from './picture.js';

const element = (id) => document.getElementById(id);
const paper = element('paper').getContext('2d', { willReadFrequently: true });
const bars = Array.from({ length: 10 }, (_, digit) => {
  const row = document.createElement('li');
  row.innerHTML = `<span>${digit}</span><span class="bar"><i></i></span><span class="share"></span>`;
  element('bars').append(row);
  return { fill: row.querySelector('i'), share: row.querySelector('.share') };
});

// Maps beside each other, each from its least to its greatest value, in one colour.
function showMaps(canvas, values, maps, height, width, columns) {
  const rows = Math.ceil(maps / columns), context = canvas.getContext('2d');
  canvas.width = columns * (width + 1) - 1;
  canvas.height = rows * (height + 1) - 1;
  for (let map = 0; map < maps; map++) {
    const part = values.subarray(map * height * width, (map + 1) * height * width);
    const most = part.reduce((a, b) => Math.max(a, b), 1e-6), image = context.createImageData(width, height);
    part.forEach((value, i) => image.data.set([20 + 60 * value / most, 40 + 150 * value / most, 70 + 185 * value / most, 255], 4 * i));
    context.putImageData(image, (map % columns) * (width + 1), Math.floor(map / columns) * (height + 1));
  }
}

function showAnswer(shares) {
  const best = shares.indexOf(Math.max(...shares));
  element('answer').textContent = shares[best] > 0 ? best : '?';
  shares.forEach((share, digit) => {
    bars[digit].fill.style.width = `${100 * share}%`;
    bars[digit].share.textContent = `${Math.round(100 * share)} %`;
  });
}

function look(net) {
  const digit = digitOf(paper) ?? new Float32Array(28 * 28), start = performance.now();
  const { first, second, answer } = net.run(digit);
  const taken = performance.now() - start;
  const isEmpty = digit.every((value) => value === 0);
  showMaps(element('seen'), digit, 1, 28, 28, 1);
  showMaps(element('first'), first, ...outputs.first.shape, 3);
  showMaps(element('second'), second, ...outputs.second.shape, 4);
  showAnswer(isEmpty ? new Float32Array(10) : answer);
  element('time').textContent = isEmpty ? '' : taken < 0.1 ? 'less than 0.1 ms' : `${taken.toFixed(1)} ms`;
}

function clear() {
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, paper.canvas.width, paper.canvas.height);
}

clear();
try {
  const net = await load();
  look(net);
  drawOn(paper, '#111', 22, () => look(net));
  element('clear').addEventListener('click', () => { clear(); look(net); });
  document.body.dataset.ready = 'yes';
} catch (error) {
  element('state').textContent = `The network cannot be loaded: ${error.message}`;
}
