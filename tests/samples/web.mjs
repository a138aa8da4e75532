// In headless Chromium, from a server of this machine: LeNet-5 reads the 1,000 test digits; in the pages of samples/lenet5/web and
// samples/segment/web digits are drawn by a script, and the answers read. Usage: node web.mjs CNNC SAMPLES
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { told } from './browser.mjs';

const [cnnc, samples] = process.argv.slice(2);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'cnnc-web-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

// Runs in the page, behind its own script.
const driver = `<script type="module">
const wait = async (condition) => { for (let i = 0; i < 300 && !condition(); i++) await new Promise((done) => setTimeout(done, 20)); };
function stroke(canvas, points) {
  const send = (type, [x, y]) => {
    const box = canvas.getBoundingClientRect();
    canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
  };
  send('pointerdown', points[0]);
  points.forEach((point) => send('pointermove', point));
  send('pointerup', points.at(-1));
}
await wait(() => document.body.dataset.ready);
const state = document.getElementById('state').textContent;
if (!document.body.dataset.ready) await tell({ error: state });
// Drawn in the unit square.
const circle = Array.from({ length: 41 }, (_, i) => [0.5 + 0.22 * Math.sin(Math.PI * i / 20), 0.5 - 0.32 * Math.cos(Math.PI * i / 20)]);
const line = (a, b) => Array.from({ length: 21 }, (_, i) => [a[0] + (b[0] - a[0]) * i / 20, a[1] + (b[1] - a[1]) * i / 20]);
const digits = {
  0: [circle],
  1: [line([0.5, 0.15], [0.5, 0.85])],
  4: [[...line([0.35, 0.2], [0.3, 0.5]), ...line([0.3, 0.5], [0.68, 0.5])], line([0.66, 0.2], [0.64, 0.85])],
  7: [[...line([0.25, 0.2], [0.7, 0.2]), ...line([0.7, 0.2], [0.45, 0.85])]],
};
const paper = document.getElementById('paper');
const answers = {};
if (paper) for (const [digit, strokes] of Object.entries(digits)) {
  document.getElementById('clear').click();
  strokes.forEach((points) => stroke(paper, points));
  answers[digit] = document.getElementById('answer').textContent;
}
const maps = ['seen', 'first', 'second'].map((id) => document.getElementById(id)).filter(Boolean).map(({ width, height }) => [width, height]);
const found = document.getElementById('found')?.textContent;
document.getElementById('clear').click();
const empty = document.getElementById(paper ? 'answer' : 'found').textContent;
await tell({ answers, maps, found, empty });
</script>`;

function put(sample, text, weights, output = 'web/') {
  fs.cpSync(path.join(samples, sample), path.join(work, sample), { recursive: true });
  execFileSync(cnnc, [path.join(samples, sample, text), '--weights', path.join(samples, sample, weights), '--target', 'wasm',
    '-o', path.join(work, sample, output)]);
}

fs.cpSync(path.join(samples, 'common'), path.join(work, 'common'), { recursive: true });
put('lenet5', 'web/lenet5_maps.dsl', 'lenet5.safetensors');
put('segment', 'segment.dsl', 'segment.safetensors');

// All outputs are those that node has, bit by bit.
const readDigits = `
const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
const { load } = await import('./lenet5.js');
const net = await load(), images = (await bytes('test-images.idx3-ubyte')).subarray(16), labels = (await bytes('test-labels.idx1-ubyte')).subarray(8);
const outputs = Array.from(labels, (_, i) => [...net.run(Float32Array.from(images.subarray(784 * i, 784 * (i + 1)), (level) => level / 255))]);
const right = outputs.filter((output, i) => output.indexOf(Math.max(...output)) === labels[i]).length;
await tell({ right, of: labels.length, outputs });`;
put('lenet5', 'lenet5.dsl', 'lenet5.safetensors', 'lenet5.wasm');
fs.writeFileSync(path.join(work, 'lenet5/digits.html'), '<!DOCTYPE html><html></html>');
const read = await told(work, 'lenet5/digits.html', `<script type="module">${readDigits}</script>`);
console.log(`lenet5 in Chromium: ${read.right} of ${read.of} digits are right`);
assert.deepEqual({ right: read.right, of: read.of }, { right: 995, of: 1000 }, read.error);
fs.writeFileSync(path.join(work, 'lenet5/package.json'), '{ "type": "module" }');
const here = await (await import(path.join(work, 'lenet5/lenet5.js'))).load();
const levels = fs.readFileSync(path.join(work, 'lenet5/test-images.idx3-ubyte')).subarray(16);
read.outputs.forEach((output, i) => assert.deepEqual([...here.run(Float32Array.from(levels.subarray(784 * i, 784 * (i + 1)), (level) => level / 255))], output));
const size = ['wasm', 'js'].reduce((sum, suffix) => sum + fs.statSync(path.join(work, `lenet5/lenet5.${suffix}`)).size, 0);
assert(size < 400e3, `module and script have ${size} bytes`);

// Browsers make instances of larger modules than 8 MB elsewhere than on the thread of the page.
fs.mkdirSync(path.join(work, 'large'));
fs.writeFileSync(path.join(work, 'large/large.dsl'), 'network large\ninput x 2000\ndense 1200\n');
execFileSync(cnnc, ['large.dsl', '--weights', 'random:1', '--target', 'wasm', '-o', 'large.wasm'], { cwd: path.join(work, 'large') });
fs.writeFileSync(path.join(work, 'large/page.html'), '<!DOCTYPE html><html></html>');
const large = await told(work, 'large/page.html', `<script type="module">
  const net = await (await import('./large.js')).load();
  await tell({ elements: net.run(new Float32Array(2000)).length });
</script>`);
assert.deepEqual(large, { elements: 1200 });

const digits = await told(work, 'lenet5/web/index.html', driver);
console.log('samples/lenet5/web:', JSON.stringify(digits));
assert.deepEqual(digits, {
  answers: { 0: '0', 1: '1', 4: '4', 7: '7' }, maps: [[28, 28], [86, 57], [43, 43]], empty: '?',
});
const scene = await told(work, 'segment/web/index.html', driver);
console.log('samples/segment/web:', JSON.stringify(scene));
assert.equal(scene.found, 'digits: 3, 4, 5, 8');  // those that are in scene.png
assert.equal(scene.empty, 'no digit');
