// The page of a report by keyboard, mouse and touch. Everything it does is a form that the server has made; without
// this script the same forms load the page anew.

import { offsets, lines, select, selected, wordsOfText } from "./words.js";

const work = document.getElementById("work");
const told = document.getElementById("told");
const picked = document.getElementById("picked");
const mayEdit = work.dataset.may === "edit";
document.documentElement.classList.add("js");

let at = work.querySelector(".note.here")?.dataset.of ?? "";
let asked = 0;
let saving = Promise.resolve();
let picking = null;

// What is chosen, and what lights up

const marksOf = (id) => work.querySelectorAll(`[data-of="${CSS.escape(id)}"]`);

function light(id) {
  for (const one of work.querySelectorAll(".lit")) one.classList.remove("lit");
  if (id) for (const one of marksOf(id)) one.classList.add("lit");
}

const notes = () => [...work.querySelectorAll(".note a")];

async function choose(id, { focus = true, scroll = true } = {}) {
  at = id;
  for (const note of work.querySelectorAll(".note.here")) {
    note.classList.remove("here");
    note.firstElementChild.removeAttribute("aria-current");
  }
  const note = id && [...marksOf(id)].find((one) => one.classList.contains("note"));
  if (note) {
    note.classList.add("here");
    const link = note.querySelector("a");
    link.setAttribute("aria-current", "true");
    if (focus) link.focus({ preventScroll: true });
    if (scroll) reveal(id, note);
  }
  light(id);
  history.replaceState(null, "", id ? `?at=${encodeURIComponent(id)}` : location.pathname);
  const mine = ++asked;
  const answer = await fetch(`${work.dataset.entry}?at=${encodeURIComponent(id)}`);
  if (answer.ok && mine === asked) {
    const html = await answer.text();
    if (mine === asked) document.getElementById("inspector").innerHTML = html;
  }
}

function reveal(id, note) {
  const mark = [...marksOf(id)].find((one) => one.classList.contains("trigger") || one.classList.contains("content"));
  const box = (mark ?? note).getBoundingClientRect();
  const under = getComputedStyle(document.getElementById("inspector") ?? work).position === "fixed" ? 0.5 : 0.85;
  if (box.top < 70 || box.bottom > innerHeight * under) {
    scrollTo({ top: scrollY + box.top - innerHeight * (under === 0.5 ? 0.2 : 0.35) });
  }
}

function move(step, test = () => true) {
  const all = notes();
  const here = all.findIndex((one) => one.dataset.at === at);
  let next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  while (all[next] && !test(all[next].parentElement)) next += step;
  if (all[next]) choose(all[next].dataset.at);
  else say(step > 0 ? "That was the last one." : "That was the first one.");
}

const unchecked = (note) => !note.classList.contains("checked") && !note.classList.contains("added");

// Saying and saving

let silence = 0;
let offer = 0;

function say(words, bad = false) {
  told.textContent = words;
  told.classList.toggle("bad", bad);
  clearTimeout(silence);
  silence = setTimeout(() => (told.textContent = ""), bad ? 8000 : 2500);
}

/** Sends a form and shows what comes back; forms go one after the other. Gives whether it was taken. */
function save(form, button) {
  const data = new FormData(form, button ?? undefined);
  const url = form.getAttribute("action");
  const last = saving.then(async () => {
    const body = new URLSearchParams(data);
    body.set("at", at);
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body, headers: { "X-Fragment": "1" } });
    } catch {
      say("The program doesn’t answer. Nothing was saved.", true);
      return false;
    }
    const text = await answer.text();
    if (!answer.ok) {
      say(answer.headers.get("content-type")?.startsWith("text/plain") ? text : `Not saved (${answer.status}).`, true);
      return false;
    }
    show(text);
    return true;
  });
  saving = last;
  return last;
}

function show(html) {
  const field = document.activeElement?.closest("#inspector") ? document.activeElement.name : null;
  work.innerHTML = html;
  const here = work.querySelector(".note.here");
  at = here?.dataset.of ?? "";
  light(at);
  if (field) work.querySelector(`#inspector [name="${CSS.escape(field)}"]:not([type="hidden"])`)?.focus({ preventScroll: true });
  else here?.querySelector("a").focus({ preventScroll: true });
  asked += 1;
}

const formOf = (op) => work.querySelector(`#inspector .verdict button[value="${op}"]`) ?? null;

async function judge(op) {
  const button = formOf(op);
  if (!button) return say("Choose a statement or event first.");
  const all = notes();
  const here = all.findIndex((one) => one.dataset.at === at);
  const next = all[here + 1]?.dataset.at ?? all[here - 1]?.dataset.at ?? "";
  if (await save(button.form, button)) {
    say(op === "accept" ? "Accepted." : "Rejected. Undo with u.");
    if (notes().some((one) => one.dataset.at === next)) choose(next);
  }
}

// Words chosen by key

function pick(then, from) {
  const words = wordsOfText();
  if (!words.length) return;
  const marked = from ?? startOf(at);
  let first = words.findIndex(([, end]) => end > marked.start);
  if (first < 0) first = words.length - 1;
  let last = first;
  while (marked.end && words[last + 1] && words[last + 1][0] < marked.end) last += 1;
  picking = { words, first, last, then };
  say("← → choose words, Shift widens, Alt moves the start, Enter takes them, Esc leaves.");
  showPick();
}

function startOf(id) {
  const mark = id && [...marksOf(id)].find((one) => one.classList.contains("trigger") || one.classList.contains("content"));
  if (mark) {
    const range = document.createRange();
    range.selectNodeContents(mark);
    return offsets(range) ?? { start: 0, end: 0 };
  }
  const shown = lines().find((line) => line.getBoundingClientRect().bottom > 90);
  return { start: Number(shown?.dataset.start ?? 0), end: 0 };
}

function showPick() {
  const { words, first, last } = picking;
  const near = select(words[first][0], words[last][1]);
  near?.scrollIntoView({ block: "nearest" });
}

function pickKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
  if (step) {
    const size = picking.words.length - 1;
    const clamp = (n) => Math.max(0, Math.min(size, n));
    if (event.shiftKey) picking.last = Math.max(picking.first, clamp(picking.last + step));
    else if (event.altKey) picking.first = Math.min(picking.last, clamp(picking.first + step));
    else picking.first = picking.last = clamp((step > 0 ? picking.last : picking.first) + step);
    showPick();
  } else if (event.key === "Enter") {
    const { then } = picking;
    picking = null;
    then();
  } else if (event.key === "Escape") {
    picking = null;
    getSelection().removeAllRanges();
    say("Left.");
  } else return;
  event.preventDefault();
}

// Dialogs

/** Opens a dialog for the selected words; without a selection words are chosen first. */
function ask(name, prepare, from) {
  if (!mayEdit) return;
  const words = selected();
  if (!words) {
    pick(() => ask(name, prepare, from), from);
    return;
  }
  const dialog = document.getElementById(name);
  const form = dialog.querySelector("form.edit");
  form.elements.base.value = work.querySelector('[name="base"]').value;
  dialog.querySelector(".add-words").textContent = words.words;
  const pieces = `${words.start}-${words.end}`;
  (form.elements.pieces ?? form.elements.text).value = pieces;
  if (prepare(form) === false) return;
  if (picked) picked.hidden = true;
  dialog.showModal();
}

const inspected = () => work.querySelector("#inspector [data-id]");

const doing = {
  help: () => document.getElementById("help").showModal(),
  add: () =>
    ask("add", (form) => {
      const statements = [...work.querySelectorAll(".note.statement")];
      for (const name of ["statement", "inside"]) {
        const list = form.elements[name];
        list.length = 1;
        for (const one of statements) {
          const text = `${one.dataset.of}: ${one.querySelector(".say").textContent}`;
          list.add(new Option(text, one.dataset.of, false, one.dataset.of === at || one.dataset.of === tellerHere()));
        }
      }
      whichAdd(form);
    }),
  part: () =>
    ask("part", (form) => {
      const entry = inspected();
      if (entry?.dataset.what !== "event") return say("Choose the event first.", true) ?? false;
      form.elements.id.value = entry.dataset.id;
      whichPart(form);
    }),
  span: (button) => {
    const entry = inspected();
    if (!entry) return say("Choose a statement or event first.", true);
    ask("span", (form) => {
      const event = entry.dataset.what === "event";
      const fields = event
        ? [["trigger", "the words that name it"]]
        : [["content", "what is said"], ["cue", "the cue"], ["source", "the source"], ["told_to", "whom it was told to"]];
      const list = form.elements.field;
      list.length = 0;
      for (const [value, label] of fields) list.add(new Option(label, value, false, value === button?.dataset?.field));
      form.elements.id.value = entry.dataset.id;
      form.elements.mode.checked = false;
      form.querySelector(".for-more").hidden = event;
    });
  },
  leave: () => choose("", { scroll: false }),
  close: (button) => button.closest("dialog").close(),
};

/** The statement that holds the selected words, the innermost one. */
function tellerHere() {
  const selection = getSelection();
  const node = selection.rangeCount ? selection.getRangeAt(0).startContainer : null;
  return (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest(".content")?.dataset.of ?? "";
}

function whichAdd(form) {
  const event = form.elements.what.value === "event";
  const [shown, other] = event ? [".for-event", ".for-statement"] : [".for-statement", ".for-event"];
  for (const [part, off] of [[shown, false], [other, true]]) {
    form.querySelector(part).hidden = off;
    for (const one of form.querySelectorAll(`${part} input, ${part} select`)) one.disabled = off;
  }
}

function whichPart(form) {
  const field = form.elements.field.value;
  const named = ["agents", "targets", "places"].includes(field);
  for (const [part, off] of [[".for-name", !named], [".for-toll", field !== "toll"]]) {
    form.querySelector(part).hidden = off;
    for (const one of form.querySelectorAll(`${part} input, ${part} select`)) one.disabled = off;
  }
}

// Keys

const keys = {
  j: () => move(1),
  k: () => move(-1),
  J: () => move(1, unchecked),
  K: () => move(-1, unchecked),
  a: () => judge("accept"),
  r: () => judge("reject"),
  e: () => doing.span(),
  n: () => doing.add(),
  p: () => doing.part(),
  s: () => {
    const field = work.querySelector('#inspector [name="f.speaker"], #inspector [name="f.statement"]');
    if (field) field.focus();
    else say("Choose a statement or event first.");
  },
  u: () => press("undo"),
  U: () => press("redo"),
  "?": () => doing.help(),
};
const readOnly = new Set(["j", "k", "J", "K", "?"]);

function press(op) {
  const button = work.querySelector(`.tools button[value="${op}"]`);
  if (button && !button.disabled) save(button.form, button).then((ok) => ok && say(op === "undo" ? "Undone." : "Done again."));
  else say(op === "undo" ? "There is nothing to undo." : "There is nothing to do again.");
}

const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));

document.addEventListener("keydown", (event) => {
  if (picking && !document.querySelector("dialog[open]")) return pickKey(event);
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const field = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
  if (event.key === "Escape") {
    if (field) notes().find((one) => one.dataset.at === at)?.focus({ preventScroll: true });
    else if (at) choose("", { scroll: false });
    getSelection().removeAllRanges();
    return;
  }
  const run = keys[event.key];
  if (field || !run || !keysOn.checked || (!mayEdit && !readOnly.has(event.key))) return;
  event.preventDefault();
  run();
});

// Mouse and touch

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) return doing[button.dataset.do](button);
  const link = event.target.closest("a[data-at]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return choose(link.dataset.at);
  }
  const mark = event.target.closest(".text .m");
  if (mark && getSelection().isCollapsed) choose(mark.dataset.of, { scroll: false });
});
work.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const mark = event.target.closest(".m, .note");
  light(mark ? mark.dataset.of : at);
});
work.addEventListener("pointerleave", () => light(at));
work.addEventListener("focusin", (event) => {
  const link = event.target.closest(".note a");
  if (link) light(link.dataset.at);
});
work.addEventListener("focusout", () => light(at));

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.edit");
  if (!form) return;
  event.preventDefault();
  const dialog = form.closest("dialog");
  if (form.classList.contains("verdict") && event.submitter) return judge(event.submitter.value);
  save(form, event.submitter).then((ok) => {
    if (!ok) return;
    getSelection().removeAllRanges();
    if (dialog) dialog.close();
    say("Saved.");
    if (dialog && at) choose(at);
  });
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.edit");
  if (!form) return;
  if (form.closest("#add")) whichAdd(form);
  else if (form.closest("#part")) whichPart(form);
  else if (form.matches(".fields, .part-form")) save(form, form.querySelector(".save")).then((ok) => ok && say("Saved."));
});

document.addEventListener("selectionchange", () => {
  if (!picked) return;
  clearTimeout(offer);
  offer = setTimeout(() => {
    const words = picking || document.querySelector("dialog[open]") ? null : selected();
    picked.hidden = !words;
    if (!words) return;
    picked.querySelector(".picked-words").textContent = words.words;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    picked.style.left = `${Math.max(8, Math.min(box.left, innerWidth - picked.offsetWidth - 12)) + scrollX}px`;
    picked.style.top = `${box.bottom + scrollY + 8}px`;
  }, 150);
});
// A button takes the focus, and some browsers the selection with it.
picked?.addEventListener("pointerdown", (event) => event.preventDefault());

light(at);
if (at) {
  const note = work.querySelector(".note.here");
  reveal(at, note);
}
