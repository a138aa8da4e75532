// Pages in headless Chromium, from a server of this machine that has no other files than a folder's.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.png': 'image/png' };

// For scripts in the page: what told() returns is what the first call is given.
const TELL = `<script type="module">
globalThis.tell = (what) => fetch('/told', { method: 'POST', body: JSON.stringify(what) });
addEventListener('error', (event) => tell({ error: String(event.message) }));
addEventListener('unhandledrejection', (event) => tell({ error: String(event.reason?.stack ?? event.reason) }));
</script>`;

// Loads the page, a path in the folder, with some HTML at its end, and returns what its scripts tell; `{ error }` where one of
// them fails. The words stand before the command. Throws an Error after two minutes.
export function told(folder, page, html, words = []) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'cnnc-browser-'));
  return new Promise((resolve, reject) => {
    let browser, answer, timer;
    const end = () => process.kill(-browser.pid, 'SIGKILL');  // with the processes that it has started
    const server = http.createServer((request, reply) => {
      const { pathname } = new URL(request.url, 'http://here');
      if (pathname === '/told') {
        let text = '';
        request.on('data', (part) => { text += part; });
        request.on('end', () => { reply.end(); answer ??= JSON.parse(text); end(); });
        return;
      }
      const file = path.join(folder, path.normalize(decodeURIComponent(pathname)));
      if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return void reply.writeHead(404).end();
      reply.setHeader('Content-Type', TYPES[path.extname(file)] ?? 'application/octet-stream');
      const bytes = fs.readFileSync(file);
      reply.end(pathname === `/${page}` ? bytes.toString().replace('</html>', () => `${TELL}${html}</html>`) : bytes);
    });
    server.listen(0, '127.0.0.1', () => {
      const [command, ...options] = [...words, 'chromium', '--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`,
        '--remote-debugging-port=0', `http://127.0.0.1:${server.address().port}/${page}`];
      browser = spawn(command, options, { stdio: 'ignore', detached: true });
      timer = setTimeout(end, 120e3);
      browser.on('error', reject);
      browser.on('exit', async () => {
        clearTimeout(timer);
        server.closeAllConnections?.();
        server.close();
        await fs.promises.rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }).catch(() => {});
        if (answer) resolve(answer);
        else reject(new Error(`${page}: Chromium ended, or gave no answer in two minutes`));
      });
    });
  });
}
