// The pages of samples/lenet5/web and samples/segment/web in headless Chromium, from a server of this machine: digits are
// drawn by a script, and the answers read. Usage: node web.mjs CNNC SAMPLES
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const [cnnc, samples] = process.argv.slice(2);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'cnnc-web-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.png': 'image/png' };

// Runs in the page, behind its own script.
const driver = `<script type="module">
const tell = (what) => fetch('/told', { method: 'POST', body: JSON.stringify(what) });
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
addEventListener('error', (event) => tell({ error: String(event.message) }));
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

// What the page tells.
function look(page) {
  return new Promise((resolve, reject) => {
    const server = http.createServer((request, reply) => {
      const { pathname } = new URL(request.url, 'http://here');
      if (pathname === '/told') {
        let text = '';
        request.on('data', (part) => { text += part; });
        request.on('end', () => { reply.end(); browser.kill(); resolve(JSON.parse(text)); });
        return;
      }
      const file = path.join(work, path.normalize(pathname));
      if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return void reply.writeHead(404).end();
      reply.setHeader('Content-Type', TYPES[path.extname(file)] ?? 'application/octet-stream');
      const text = fs.readFileSync(file);
      reply.end(pathname.endsWith('.html') ? text.toString().replace('</html>', `${driver}</html>`) : text);
    });
    let browser;
    server.listen(0, '127.0.0.1', () => {
      const url = `http://127.0.0.1:${server.address().port}/${page}`;
      browser = spawn('chromium', ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${path.join(work, 'profile')}`,
        '--remote-debugging-port=0', url], { stdio: 'ignore' });
      const timer = setTimeout(() => { browser.kill(); reject(new Error(`${page}: no answer in two minutes`)); }, 120e3);
      browser.on('exit', () => { clearTimeout(timer); server.closeAllConnections?.(); server.close(); });
      browser.on('error', reject);
    });
  });
}

function put(sample, text, weights) {
  fs.cpSync(path.join(samples, sample), path.join(work, sample), { recursive: true });
  execFileSync(cnnc, [path.join(samples, sample, text), '--weights', path.join(samples, sample, weights), '--target', 'wasm',
    '-o', path.join(work, sample, 'web/')]);
}

fs.cpSync(path.join(samples, 'common'), path.join(work, 'common'), { recursive: true });
put('lenet5', 'web/lenet5_maps.dsl', 'lenet5.safetensors');
put('segment', 'segment.dsl', 'segment.safetensors');

const digits = await look('lenet5/web/index.html');
console.log('samples/lenet5/web:', JSON.stringify(digits));
assert.deepEqual(digits, {
  answers: { 0: '0', 1: '1', 4: '4', 7: '7' }, maps: [[28, 28], [86, 57], [43, 43]], empty: '?',
});
const scene = await look('segment/web/index.html');
console.log('samples/segment/web:', JSON.stringify(scene));
assert.match(scene.found, /^digits: \d(, \d)*$/);
assert.equal(scene.empty, 'no digit');
