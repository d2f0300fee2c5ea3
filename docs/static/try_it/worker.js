"use strict";
// Python in the reader's browser, beside the page: gets [code, address of the wheel], answers [what, value].

const SECONDS = 20; // in which the first file, which is small, has to be there, or there is no network
const MOST_PRINTED = 100000; // characters of a run, so that a loop that prints does not fill the page

const RUN = `
import linecache
import sys
import traceback


def run(code):
    linecache.cache["mine.py"] = len(code), None, code.splitlines(keepends=True), "mine.py"
    try:
        exec(compile(code, "mine.py", "exec"), {"__name__": "__main__"})
    except BaseException as error:
        traceback.print_exception(error.with_traceback(error.__traceback__.tb_next), file=sys.stdout)
        return False
    finally:
        sys.stdout.flush()
    return True


run
`;

const answer = (what, value) => postMessage([what, value]);
const plainFetch = self.fetch.bind(self);
let files = {};
let left = 0;
let started = null;

// Whatever Pyodide asks for passes here: a file whose checksum is another is not handed on.
self.fetch = async (address, options = {}) => {
  const url = new URL(address, self.location).href;
  const integrity = files[url] ? { integrity: files[url] } : {};
  let response = null;
  try {
    response = await plainFetch(url, { ...options, ...integrity });
  } catch {
    // no network, no such host, another checksum: a browser does not say which
  }
  if (response?.ok) return response;
  throw new Error(
    `${url} could not be loaded: there is no network, it does not let this address through, or the file is not the one ` +
      "that this page was made for. The code runs as well in any Python with this project installed.",
  );
};

function print(text, length) {
  if (text.length > left) text = `${text.slice(0, left)}\n… and more, which is not shown.\n`;
  if (left > 0) answer("printed", text);
  left = Math.max(left - text.length, 0);
  return length;
}

async function runScript(url, options) {
  const text = await (await fetch(url, options)).text();
  importScripts(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}

async function start(wheel) {
  files = await (await fetch("files.json")).json();
  const named = (name) => Object.keys(files).find((url) => url.endsWith(name));
  await runScript(named("/pyodide.js"), { signal: AbortSignal.timeout(SECONDS * 1000) });
  await runScript(named("/pyodide.asm.js")); // which pyodide.js would ask for without its checksum
  const pyodide = await loadPyodide({ indexURL: new URL(".", named("/pyodide.js")).href });
  const failed = [];
  await pyodide.loadPackage([named(".whl"), wheel], { messageCallback() {}, errorCallback: (text) => failed.push(text) });
  if (failed.length) throw new Error(failed.join(" "));
  for (const stream of [pyodide.setStdout, pyodide.setStderr]) {
    const decoder = new TextDecoder();
    stream.call(pyodide, { isatty: true, write: (bytes) => print(decoder.decode(bytes, { stream: true }), bytes.length) });
  }
  return pyodide.runPython(RUN);
}

self.onmessage = async ({ data: [code, wheel] }) => {
  try {
    started ??= start(wheel);
    const run = await started;
    left = MOST_PRINTED;
    answer("running");
    answer("ended", run(code));
  } catch (error) {
    answer("failed", error.message);
  }
};
