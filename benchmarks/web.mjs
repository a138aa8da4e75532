// Modules for WebAssembly in node and, where it is installed, headless Chromium, one thread, against the library for SSE4.1 and
// onnxruntime-web in node, in alternation: each reading is a process of its own on one processor. The outputs are compared; one
// that is wrong has no time.
//
//     npm install --prefix build/benchmarks --ignore-scripts onnxruntime-web
//     node benchmarks/web.mjs build/release/bin/cnnc build/benchmarks [ROUNDS [NETWORK...]]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { told } from '../tests/samples/browser.mjs';

const SECONDS = 1;
// What is timed: seconds of a run, and the output of the last. Runs are timed together, 20 ms of them, since a page's clock has
// steps of 0.1 ms, and the fastest of a second counts: no other program took part of the processor then. The C program below does
// the same.
async function time(run) {
  let output, count = 0, best = Infinity;
  for (const warm = performance.now() + 300; performance.now() < warm || count === 0; count++) output = await run();
  const together = Math.max(1, Math.round(count * 20 / 300));
  for (const end = performance.now() + 1e3 * SECONDS; performance.now() < end;) {
    const start = performance.now();
    for (let i = 0; i < together; i++) output = await run();
    best = Math.min(best, (performance.now() - start) / 1e3 / together);
  }
  return { best, output: Array.from(output) };
}

const input = (elements) => Float32Array.from({ length: elements }, (_, i) => ((i * 7919) % 1009) / 504.5 - 1);

const engines = {
  async wasm(folder) {
    const { load, inputs } = await import(pathToFileURL(path.join(folder, 'net.js')));
    const net = await load(), values = input(Object.values(inputs)[0].elements);
    return time(() => net.run(values));
  },
  async ort(folder, modules) {
    const ort = await import(pathToFileURL(path.join(modules, 'node_modules/onnxruntime-web/dist/ort.node.min.mjs')).href)
      .catch(() => import(pathToFileURL(path.join(modules, 'node_modules/onnxruntime-web/dist/ort.wasm.min.mjs')).href));
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(new Uint8Array(fs.readFileSync(path.join(folder, 'net.onnx'))), { executionProviders: ['wasm'] });
    const { inputs } = await import(pathToFileURL(path.join(folder, 'net.js')));
    const { shape, elements } = Object.values(inputs)[0];
    const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', input(elements), [1, ...shape]) };
    return time(async () => (await session.run(feeds))[session.outputNames[0]].data);
  },
};

const PAGE = `<script type="module">
import { load, inputs } from './net.js';
const SECONDS = ${SECONDS}, input = ${input};
${time}
const net = await load(), values = input(Object.values(inputs)[0].elements);
await tell(await time(() => net.run(values)));
</script>`;

function hasChromium() {
  try {
    execFileSync('chromium', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// The same of the library, in C.
const PROGRAM = (name, caps, reads, writes) => `#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "net.h"
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec; }
static float in[${reads}], out[${writes}];
int main(void) {
  void* workspace = aligned_alloc(64, ${caps}_WORKSPACE_BYTES + 64);
  for (int i = 0; i < ${reads}; i++) in[i] = (float)((double)((long)i * 7919 % 1009) / 504.5 - 1);
  double best = 1e9;
  int count = 0;
  for (double warm = now() + 0.3; now() < warm; count++) if (${name}_run(in, out, workspace)) return 1;
  int together = count * 20 / 300 > 1 ? count * 20 / 300 : 1;
  for (double end = now() + ${SECONDS}; now() < end;) {
    double start = now();
    for (int i = 0; i < together; i++) ${name}_run(in, out, workspace);
    double each = (now() - start) / together;
    if (each < best) best = each;
  }
  printf("{\\"best\\": %.9g, \\"output\\": [", best);
  for (int i = 0; i < ${writes}; i++) printf("%s%.9g", i ? ", " : "", (double)out[i]);
  puts("]}");
}
`;

if (process.argv[2] === '--reading') {
  const [engine, folder, modules] = process.argv.slice(3);
  console.log(JSON.stringify(await engines[engine](folder, modules)));
  process.exit(0);
}

const [cnnc, modules, rounds = '6', ...nets] = process.argv.slice(2);
const samples = { lenet5: 'lenet5/lenet5', resnet20: 'resnet/resnet20', mobilenet_v2: 'mobilenet/mobilenet_v2' };
const cpu = String(os.cpus().length - 1);
const pinned = (...words) => JSON.parse(execFileSync('taskset', ['-c', cpu, ...words], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }));
const size = (file) => (fs.statSync(file).size / 1024).toFixed(0);

function prepare(net) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cnnc-web-'));
  const text = new URL(`../samples/${samples[net]}.dsl`, import.meta.url).pathname, weights = ['--weights', 'random:1'];
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  fs.writeFileSync(path.join(folder, 'page.html'), '<!DOCTYPE html><html></html>');
  execFileSync(cnnc, ['export', text, ...weights, '-o', path.join(folder, 'net.onnx')]);
  execFileSync(cnnc, [text, ...weights, '--target', 'wasm', '-o', path.join(folder, 'net.wasm')]);
  execFileSync(cnnc, [text, ...weights, '--target', 'sse41', '-o', path.join(folder, 'net.a')]);
  const header = fs.readFileSync(path.join(folder, 'net.h'), 'utf8'), name = header.match(/^int (\w+)_run\(/m)[1];
  const [reads, writes] = Array.from(header.matchAll(/^#define \w+_ELEMENTS (\d+)/gm), (match) => match[1]);
  fs.writeFileSync(path.join(folder, 'time.c'), PROGRAM(name, name.toUpperCase(), reads, writes));
  execFileSync('cc', ['-O2', '-std=c11', 'time.c', 'net.a', '-pthread', '-o', 'time'], { cwd: folder });
  return folder;
}

function check(found, expected, who) {
  const most = Math.max(...expected.map(Math.abs)), apart = Math.max(...found.map((value, i) => Math.abs(value - expected[i])));
  if (found.length !== expected.length || !(apart <= 1e-4 * most)) throw new Error(`${who} is wrong: ${apart} of ${most}`);
}

const engineNames = ['native', 'wasm', ...(hasChromium() ? ['chromium'] : []), 'ort'];
const COLUMNS = [14, 10, 10, 7, 12, 7, 12, 7, 20, 20];
const row = (words) => console.log(words.map((word, i) => (i === 0 ? word.padEnd(COLUMNS[i]) : word.padStart(COLUMNS[i]))).join(' '));
row(['network', 'SSE4.1 ms', 'node ms', 'times', 'Chromium ms', 'times', 'ort-web ms', 'times', 'module + script KB', 'model + runtime KB']);
for (const net of nets.length > 0 ? nets : Object.keys(samples)) {
  const folder = prepare(net), readings = Object.fromEntries(engineNames.map((engine) => [engine, []]));
  const reading = {
    native: () => pinned(path.join(folder, 'time')),
    wasm: () => pinned(process.execPath, process.argv[1], '--reading', 'wasm', folder),
    chromium: () => told(folder, 'page.html', PAGE, ['taskset', '-c', cpu]),
    ort: () => pinned(process.execPath, process.argv[1], '--reading', 'ort', folder, modules),
  };
  for (let round = 0; round < Number(rounds); round++)
    for (const engine of round % 2 === 1 ? [...engineNames].reverse() : engineNames) readings[engine].push(await reading[engine]());
  for (const engine of engineNames) {
    for (const { error } of readings[engine]) if (error) throw new Error(`${engine}: ${error}`);
    check(readings[engine][0].output, readings.native[0].output, engine);
  }
  const best = (engine) => Math.min(...(readings[engine] ?? []).map((one) => one.best));
  const ratio = (a, b) => readings[a] ? (best(a) / best(b)).toFixed(2) : '-';
  const ms = (engine) => readings[engine] ? (1e3 * best(engine)).toPrecision(4) : '-';
  const dist = path.join(modules, 'node_modules/onnxruntime-web/dist');
  const runtime = Number(size(path.join(dist, 'ort-wasm-simd-threaded.wasm'))) + Number(size(path.join(dist, 'ort.wasm.min.mjs')));
  row([net, ms('native'), ms('wasm'), ratio('wasm', 'native'), ms('chromium'), ratio('chromium', 'native'), ms('ort'), ratio('ort', 'wasm'),
    `${size(path.join(folder, 'net.wasm'))} + ${size(path.join(folder, 'net.js'))}`, `${size(path.join(folder, 'net.onnx'))} + ${runtime}`]);
  fs.rmSync(folder, { recursive: true });
}
