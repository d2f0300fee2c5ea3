"use strict";
// Makes the first Python block of the page an editor with a button to run it; what it prints takes the place of the block
// of output below. Without this script the page shows the code and what it printed where the pages were tested.
(() => {
  const script = document.currentScript;
  const address = (name) => new URL(name, script.src).href;
  const block = document.querySelector(".highlight-python");
  const output = document.querySelector(".highlight-text pre");
  const code = block.querySelector("pre").textContent;

  const make = (tag, text, attributes = {}) => Object.assign(document.createElement(tag), { textContent: text, ...attributes });
  const editor = make("textarea", "", { value: code, spellcheck: false, rows: code.split("\n").length, wrap: "off" });
  for (const name of ["autocapitalize", "autocomplete", "autocorrect"]) editor.setAttribute(name, "off");
  editor.setAttribute("aria-label", "Python code; Control and Enter runs it");
  const run = make("button", "Run", { title: "Control and Enter" });
  const stop = make("button", "Stop", { disabled: true });
  const back = make("button", "Put the code back");
  const said = make("p", "");
  said.setAttribute("role", "status");
  const tools = make("div", "");
  tools.append(run, stop, back, said);
  const place = make("div", "", { className: "try-it" });
  place.append(editor, tools);
  block.replaceWith(place);

  let worker = null;

  function say(text, failed = false) {
    said.textContent = text;
    said.classList.toggle("failed", failed);
  }

  function rest(text, failed = false) {
    run.disabled = false;
    stop.disabled = true;
    say(text, failed);
  }

  function end(text, failed) {
    worker.terminate();
    worker = null;
    rest(text, failed);
  }

  const heard = {
    loading: (many) => say(many),
    running: () => {
      output.textContent = "";
      say("Running …");
    },
    printed: (text) => output.append(text),
    ended: (well) => rest(well ? "Done." : "Ended by an error, which stands at the end of the output.", !well),
    failed: (sentence) => end(sentence, true),
  };

  function begin() {
    if (run.disabled) return;
    run.disabled = true;
    stop.disabled = false;
    say(worker ? "Running …" : "Loading Python and NumPy, 17 MB the first time …");
    if (!worker) {
      worker = new Worker(address("worker.js"));
      worker.onmessage = ({ data: [what, value] }) => heard[what](value);
      worker.onerror = () => end(`${address("worker.js")} could not be loaded.`, true);
    }
    worker.postMessage([editor.value, address(script.dataset.wheel)]);
  }

  run.onclick = begin;
  stop.onclick = () => end("Stopped.");
  back.onclick = () => {
    editor.value = code;
  };
  editor.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) begin();
  };
  if (location.protocol === "file:") {
    run.disabled = true;
    say("A page that is opened from a file may load nothing. Serve the folder of these pages: " +
      "python -m http.server --directory build/docs, then open http://localhost:8000/try_it/", true);
  }
})();
