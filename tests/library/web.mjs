// What programs get of the modules in a folder, for tests/library/web. Usage: node web.mjs FOLDER SAMPLE
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [folder, sample] = process.argv.slice(2);
const script = (name) => import(path.join(folder, name));
const bytes = (name) => readFileSync(path.join(folder, name));

const images = readFileSync(path.join(sample, 'test-images.idx3-ubyte')).subarray(16);
const labels = readFileSync(path.join(sample, 'test-labels.idx1-ubyte')).subarray(8);
const digit = (i) => Float32Array.from(images.subarray(784 * i, 784 * (i + 1)), (level) => level / 255);
const best = (output) => output.indexOf(Math.max(...output));

const { load, inputs, outputs } = await script('lenet5.js');
const net = await load();
assert.deepEqual(inputs, { digit: { shape: [1, 28, 28], type: 'float32', elements: 784 } });
assert.deepEqual(outputs, { output: { shape: [10], type: 'float32', elements: 10 } });
assert.deepEqual(WebAssembly.Module.imports(net.module), []);

let right = 0;
for (let i = 0; i < 1000; i++) right += best(net.run(digit(i))) === labels[i];
console.log(`${right} of 1000 digits are right`);
assert.equal(right, 995);

// Networks do not share memory; a module is compiled once.
const other = await load(net.module);
const first = net.run(digit(0)), kept = first.slice();
assert.notDeepEqual(other.run(digit(1)), first);
assert.deepEqual(first, kept);
assert.deepEqual(net.run([...digit(0)]), first);
assert.deepEqual((await load(bytes('lenet5.wasm'))).run(digit(0)), first);

// Errors say what was found.
const wanted = "lenet5: 'digit' is a Float32Array of 784 numbers (1 x 28 x 28); found ";
const first784 = (values) => Array.from({ length: 784 }, (_, i) => values[i] ?? 0);
for (const [value, found] of [
  [new Float32Array(3), 'Float32Array of 3'], [undefined, 'undefined'], [null, 'null'], ['7', 'string'], [{ length: 784 }, 'object'],
  [new DataView(new ArrayBuffer(784)), 'object'], [new BigInt64Array(784), 'BigInt64Array of 784'],
  [new Array(784), 'Array of 784, with undefined at 0'], [first784([0, '1']), 'Array of 784, with string at 1'],
  [first784([0, 1, 2n]), 'Array of 784, with bigint at 2'], [[first784([])], 'Array of 1, with object at 0']])
  assert.throws(() => net.run(value), { name: 'TypeError', message: wanted + found });
await assert.rejects(load(bytes('mixed.wasm')), { message: 'lenet5: the module is not the one that cnnc wrote with this script' });
await assert.rejects(load(path.join(folder, 'none.wasm')), { code: 'ENOENT' });

// The weights in a file.
const apart = await script('apart/lenet5.js');
assert.deepEqual((await apart.load()).run(digit(0)), first);
const weights = bytes('apart/lenet5.weights');
assert.deepEqual((await apart.load(undefined, weights)).run(digit(0)), first);
await assert.rejects(apart.load(undefined, weights.subarray(4)), { message: /^lenet5: the weights have \d+ bytes; found \d+$/ });
await assert.rejects(apart.load(undefined, new Uint8Array(0)), { message: /^lenet5: the weights have \d+ bytes; found 0$/ });
await assert.rejects(apart.load(undefined, path.join(folder, 'none.weights')), { code: 'ENOENT' });
await assert.rejects(apart.load(net.module), { message: 'lenet5: the module is not the one that cnnc wrote with this script' });
weights[100] ^= 1;
await assert.rejects(apart.load(undefined, weights), { message: 'lenet5: the weights file is not the one that belongs to this library' });

// Several inputs and outputs by their names; pictures; labels.
const mixed = await script('mixed.js');
const several = await mixed.load();
const pixels = Uint8ClampedArray.from({ length: 8 * 8 * 4 }, (_, i) => (37 * i) % 256);
const photo = new Float32Array(3 * 64);
for (let c = 0; c < 3; c++) for (let i = 0; i < 64; i++) photo[64 * c + i] = (pixels[4 * i + c] / 255 - 0.5) / 0.25;
const more = [1, 2, 3];
const of_floats = several.run({ photo, more });
const of_pixels = several.runPixels({ photo: { data: pixels, width: 8, height: 8 }, more });
assert.deepEqual(Object.keys(of_floats), ['means', 'sums', 'best']);
for (const name of ['means', 'sums']) of_floats[name].forEach((value, i) => assert(Math.abs(value - of_pixels[name][i]) < 1e-5, name));
of_floats.means.forEach((mean, i) => assert(Math.abs(mean + more[i] - of_floats.sums[i]) < 1e-6));
assert(of_floats.best instanceof Int32Array && of_floats.best[0] === best(of_floats.means));
assert.deepEqual(several.top([0.25, 2, NaN], 2), [{ index: 1, value: 2, label: 'dog' }, { index: 0, value: 0.25, label: 'cat' }]);
assert.equal(several.label(2), 'owl');
for (const index of [3, -1, 0.5, 2 ** 32, NaN, '1', undefined]) assert.equal(several.label(index), undefined);
assert.throws(() => several.top([1]), { message: 'mixed: top() takes a number for each of 3 labels; found 1' });
assert.throws(() => several.run({ foto: photo, more }), { message: "mixed: there is no input 'foto', but 'photo', 'more'" });
assert.throws(() => several.run({ photo, more, toString: more }), { message: "mixed: there is no input 'toString', but 'photo', 'more'" });
assert.throws(() => several.run([photo, more]), { message: "mixed: there is no input '0', but 'photo', 'more'" });
assert.throws(() => several.run(), { name: 'TypeError', message: /^mixed: 'photo' is a .*; found undefined$/ });
assert.throws(() => several.run({ photo }), { name: 'TypeError', message: "mixed: 'more' is a Float32Array of 3 numbers (3); found undefined" });
const picture = { data: pixels, width: 8, height: 9 };
assert.throws(() => several.runPixels({ photo: picture, more }),
  { name: 'TypeError', message: "mixed: 'photo' reads a picture of { data, width, height }, with as many bytes as these say (rgba8)" });
for (const [data, width, height] of [[pixels, 8.5, 128 / 17], [pixels, -8, -8], [new Uint8Array(0), 0, 0], [pixels, NaN, 8], [pixels, '8', 8], [[...pixels], 8, 8]])
  assert.throws(() => several.runPixels({ photo: { data, width, height }, more }), { message: /^mixed: / });
for (const format of ['rgb', 'toString', '__proto__', 3, null])
  assert.throws(() => several.runPixels({ photo: { ...picture, format }, more }),
    { message: `mixed: '${format}' is no format of pixels, but 'rgb8', 'bgr8', 'rgba8', 'bgra8', 'grey8', 'nv12'` });
// Odd sizes; NV12 has none.
for (const [format, bytes] of Object.entries({ rgb8: 3, bgr8: 3, rgba8: 4, bgra8: 4, grey8: 1 }))
  for (const [width, height] of [[1, 1], [7, 5], [13, 1], [1, 13], [31, 17]]) {
    const { means } = several.runPixels({ photo: { data: new Uint8Array(width * height * bytes).fill(200), width, height, format }, more });
    const flat = several.run({ photo: new Float32Array(192).fill((200 / 255 - 0.5) / 0.25), more }).means;
    means.forEach((mean, i) => assert(Math.abs(mean - flat[i]) < 1e-5, `${format} ${width}x${height}`));
  }
assert.throws(() => several.runPixels({ photo: { data: new Uint8Array(24), width: 3, height: 5, format: 'nv12' }, more }), { message: /^mixed: / });
several.runPixels({ photo: { data: new Uint8Array(36), width: 6, height: 4, format: 'nv12' }, more });
// NaN in, NaN out, and nothing of it is left in the next run.
assert(several.run({ photo: photo.map(() => NaN), more }).sums.every(Number.isNaN));
assert.deepEqual(several.run({ photo, more }), of_floats);
// As many pixels as 500 times the network's side and more; a picture far larger than the module's memory is none the less read.
const wide = 4001;
assert.throws(() => several.runPixels({ photo: { data: new Uint8Array(wide), width: wide, height: 1, format: 'grey8' }, more }), { message: /^mixed: / });
const large = { data: new Uint8Array(2000 * 1500 * 4).fill(99), width: 2000, height: 1500 };
const before = several.runPixels({ photo: large, more });
// Memory for pictures, and for what is sorted, is used again.
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = () => assert.fail('more memory is taken');
for (let i = 0; i < 20; i++) assert.deepEqual(several.runPixels({ photo: large, more }), before);
for (let i = 0; i < 1e5; i++) several.top([1, 2, 3]);
WebAssembly.Memory.prototype.grow = grow;

// An array that has gone with its buffer; one of the network's results is not touched when memory grows.
const gone = new Float32Array(192);
structuredClone(gone.buffer, { transfer: [gone.buffer] });
assert.throws(() => several.run({ photo: gone, more }), { name: 'TypeError', message: /found Float32Array of 0$/ });
const result = several.run({ photo, more });
several.runPixels({ photo: { data: new Uint8Array(3000 * 2500 * 4), width: 3000, height: 2500 }, more });
assert.deepEqual(result, of_floats);

// A batch.
const two = await (await script('batch/mixed.js')).load();
const both = two.run({ photo: [...photo, ...photo.map((x) => -x)], more: [...more, ...more] });
assert.equal(both.means.length, 6);
of_floats.means.forEach((mean, i) => assert(Math.abs(mean - both.means[i]) < 1e-6));
const pictures = two.runPixels({ photo: [picture, picture].map((one) => ({ ...one, height: 8 })), more: [...more, ...more] });
assert.deepEqual(pictures.means.slice(0, 3), pictures.means.slice(3));
const pair = [picture, picture].map((one) => ({ ...one, height: 8 }));
assert.throws(() => two.runPixels({ photo: [pair[0], { ...pair[1], format: 'bgra8' }], more: [...more, ...more] }), { message: /^mixed: / });
assert.throws(() => two.runPixels({ photo: pair[0], more: [...more, ...more] }), { message: /^mixed: / });

// Names that JavaScript has for all objects, or for itself, and files that a URL cannot name as they are.
const odd = await script("it's 50%25 @a@ #1?.js".split('').map((c) => (c === "'" ? c : encodeURIComponent(c))).join(''));
const names = await odd.load();
assert.deepEqual(Object.keys(odd.inputs), ['__proto__', 'toString']);
assert.deepEqual(Object.keys(odd.outputs), ['constructor', 'hasOwnProperty', 'yield']);
assert.deepEqual(Object.entries(names.run({ ['__proto__']: [1, 2, 3], toString: [1, -5, 3] })).map(([name, values]) => [name, [...values]]),
  [['constructor', [2, -3, 6]], ['hasOwnProperty', [2, 0, 6]], ['yield', [2, -3, 6]]]);
for (const values of [{}, { toString: [1, 2, 3] }, [1, 2, 3], undefined])
  assert.throws(() => names.run(values), { message: /^constructor: / });
// Relative to a folder whose name has letters that end a URL's path.
process.chdir(path.join(folder, 'a #b?%41'));
assert.deepEqual((await load('here.wasm')).run(digit(0)), first);
