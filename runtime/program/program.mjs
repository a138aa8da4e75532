// What program.c is, for code that a WebAssembly engine runs: `node program.mjs`, with program.wasm beside it.
// It does what it reads from its standard input, and answers on the standard output (program.h). A line that
// cnnc writes above this says what can be called, FUNCTIONS, and what the module calls for the time, CLOCK.
import { readFileSync, readSync, writeSync } from 'node:fs';

const ROOM = 512;                     // a kernel may read a vector before or behind its tensors
const OK = 0, ERROR_SYSTEM = 5, TRAPPED = -11;  // that of SIGSEGV, as a crash elsewhere

const seconds = () => performance.now() / 1000;
const module = new WebAssembly.Module(readFileSync(new URL('program.wasm', import.meta.url)));
const { exports } = new WebAssembly.Instance(module, { env: { [CLOCK]: seconds } });
const memory = exports.memory;
const memories = [];
let end = exports.__heap_base.value;

const view = () => new DataView(memory.buffer);

function readBytes(into) {
  for (let at = 0; at < into.length;) {
    const count = readSync(0, into, at, into.length - at);
    if (count === 0) process.exit(at === 0 ? 0 : 1);
    at += count;
  }
  return into;
}

const readNumber = () => Number(new DataView(readBytes(new Uint8Array(8)).buffer).getBigInt64(0, true));

function answer(bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

const answerNumber = number => answer(new Uint8Array(new BigInt64Array([BigInt(number)]).buffer));

// So many bytes of the module's memory, aligned to 64; null where it cannot have them.
function allocate(bytes) {
  const place = Math.ceil((end + ROOM) / 64) * 64;
  const pages = Math.ceil((place + bytes + ROOM - memory.buffer.byteLength) / 65536);
  try {
    if (pages > 0) memory.grow(pages);
  } catch {
    return null;
  }
  end = place + bytes + ROOM;
  return place;
}

function addMemory() {
  const bytes = readNumber(), past = readNumber(), fill = readNumber();
  const place = allocate(bytes + past);
  if (place === null) return ERROR_SYSTEM;
  memories.push(place + past);
  new Uint8Array(memory.buffer, place + past, bytes).fill(fill);
  return OK;
}

function readPlace() {
  const number = readNumber(), offset = readNumber();
  return number < 0 ? 0 : memories[number] + offset;
}

function writeMemory() {
  const place = readPlace(), bytes = readNumber();
  readBytes(new Uint8Array(memory.buffer, place, bytes));
  return OK;
}

function copyMemory() {
  const place = readPlace(), bytes = readNumber(), copies = readNumber();
  const all = new Uint8Array(memory.buffer);
  for (let i = 1; i < copies; i++) all.copyWithin(place + i * bytes, place, place + bytes);
  return OK;
}

function fetchMemory() {
  const place = readPlace(), bytes = readNumber();
  answerNumber(OK);
  answer(new Uint8Array(memory.buffer, place, bytes));
}

const pointers = allocate(4096 * 4);

function call() {
  const called = exports[FUNCTIONS[readNumber()]];
  const watched = readPlace();
  const calls = readNumber(), first = readNumber(), copies = readNumber(), count = readNumber();
  const places = [], steps = [];
  for (let p = 0; p < count; p++) {
    places.push(readPlace());
    steps.push(readNumber());
  }
  let status = OK, at = -1;
  const begin = seconds();
  try {
    for (let i = first; i < first + calls && status === OK; i++) {
      const words = new Uint32Array(memory.buffer, pointers, count);
      for (let p = 0; p < count; p++) words[p] = places[p] && places[p] + (i % copies) * steps[p];
      status = called(pointers);
    }
  } catch (error) {
    console.error(error);
    status = TRAPPED;
    at = watched ? view().getInt32(watched, true) : -1;
  }
  const taken = seconds() - begin;
  const result = new DataView(new ArrayBuffer(32));
  result.setBigInt64(0, BigInt(status), true);
  result.setBigInt64(8, BigInt(at), true);
  result.setFloat64(16, taken, true);
  result.setFloat64(24, taken, true);
  answer(new Uint8Array(result.buffer));
}

// By the numbers of program.h. There is one thread.
const requests = [
  null, () => answerNumber(addMemory()), () => answerNumber(writeMemory()), fetchMemory,
  () => answerNumber(readNumber() <= 1 ? OK : ERROR_SYSTEM), call, () => answerNumber(copyMemory()),
];

answer(new TextEncoder().encode('cnnc program 1\n'));
while (true) requests[readNumber()]();
