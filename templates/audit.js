"use strict";
// Without this script everything is shown and can be ticked; with it, it can be filtered, ticks stay,
// and of a long list only what is shown is rendered: the rest waits as the text of a noscript.
const STEP = document.body.classList.contains("many") ? 100 : Infinity;
const find = (id) => document.getElementById(id);
const form = find("filter");
const shown = find("shown");
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

// What is asked for; the names are those of a link such as #owner=anna&impact=action.
const fields = [["app", "by-app"], ["owner", "by-owner"], ["impact", "by-impact"], ["archive", "by-archive"]]
  .map(([name, id]) => [name, find(id)]).filter(([, field]) => field);
const archives = all("[data-key]");
const keys = new Map(archives.map(({ dataset }) => [dataset.path, dataset.key]));

function entry(element) {
  const { app, owner, impact, archive, task } = element.dataset;
  const key = archive === undefined ? archives[0]?.dataset.key : keys.get(archive);
  return { element, app: app.toLowerCase(), owner, impact, archive, task, tick: `flowlift:${key}:${task}`, matches: true };
}
const apps = all("article.app").map(entry);
const owners = all("section.owner").map((element) => ({ element, tasks: all(".task", element).map(entry) }));
const tasks = owners.flatMap((owner) => owner.tasks);
const lists = { tasks: { more: find("more-tasks"), limit: STEP }, apps: { more: find("more-apps"), limit: STEP } };

// Ticks stay in the browser, each by its archive and its task. A browser may refuse to keep them.
function kept(tick) {
  try { return localStorage.getItem(tick) !== null; } catch { return false; }
}
function keep(task, done) {
  task.done = done;
  try {
    if (done) localStorage.setItem(task.tick, "1");
    else localStorage.removeItem(task.tick);
  } catch { shown.textContent = "This browser does not keep ticks: save them to a file."; }
}

function render(element) {
  const waiting = element.querySelector("noscript");
  if (waiting) waiting.outerHTML = waiting.textContent;
}
function show(one, visible) {
  if (visible) render(one.element);
  if (visible && one.task) one.element.querySelector("input").checked = one.done;
  if (one.element.hidden === visible) one.element.hidden = !visible;
}
function progress(owner) {
  const due = owner.tasks.filter((task) => task.matches);
  const done = due.filter((task) => task.done).length;
  const text = done === 0 ? due.length + " to do" : done + " of " + due.length + " done";
  const place = owner.element.querySelector(".progress");
  if (place.textContent !== text) place.textContent = text;
}
function more({ more, limit }, count) {
  more.hidden = count <= limit;
  if (!more.hidden) more.textContent = `Show more (${count - limit} are not shown)`;
}
function draw() {
  let number = 0;
  for (const owner of owners) {
    const before = number;
    for (const task of owner.tasks) show(task, task.matches && number++ < lists.tasks.limit);
    owner.element.hidden = number === before || before >= lists.tasks.limit;
    if (!owner.element.hidden) progress(owner);
  }
  more(lists.tasks, number);
  let count = 0;
  for (const app of apps) show(app, app.matches && count++ < lists.apps.limit);
  more(lists.apps, count);
  shown.textContent = count === 0 && number === 0 && apps.length > 0
    ? "Nothing matches. “Show all” takes the filter away."
    : count + " of " + apps.length + (apps.length === 1 ? " app" : " apps") + " shown";
}
// On paper stands what matches, all of it, and every app where there are few or it is asked for.
window.addEventListener("beforeprint", () => {
  const whole = find("whole");
  lists.tasks.limit = Infinity;
  if (!whole || whole.checked) lists.apps.limit = Infinity;
  draw();
});
window.addEventListener("afterprint", () => filter());

function filter() {
  const asked = fields.map(([name, { value }]) => [name, name === "app" ? value.trim().toLowerCase() : value])
    .filter(([, value]) => value !== "");
  const fits = (one) => asked.every(([name, value]) => (name === "app" ? one.app.includes(value) : one[name] === value));
  for (const one of tasks) one.matches = fits(one);
  for (const one of apps) one.matches = fits(one);
  lists.tasks.limit = lists.apps.limit = STEP;
  draw();
}

function link() {
  const asked = fields.filter(([, field]) => field.value !== "");
  const hash = asked.map(([name, field]) => name + "=" + encodeURIComponent(field.value)).join("&");
  if (location.hash !== "#" + hash && (hash || location.hash)) history.replaceState(null, "", "#" + hash);
}
function follow() {
  const asked = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  if (!fields.some(([name]) => asked.has(name))) return;
  for (const [name, field] of fields) field.value = asked.get(name) ?? "";
  filter();
  form.scrollIntoView();
}

async function copy(button) {
  const letter = button.parentElement;
  render(letter);
  const text = letter.querySelector("pre");
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    // Without permission it is selected, to be copied by hand.
    letter.querySelector("details").open = true;
    getSelection().selectAllChildren(text);
    button.textContent = "Selected: copy it";
  }
}

function save() {
  const done = tasks.filter((task) => task.done).map((task) => task.task);
  const file = new Blob([JSON.stringify({ flowlift: "ticks", done }, null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "flowlift-ticks.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
async function load(file) {
  let done;
  try {
    const ticks = JSON.parse(await file.text());
    done = ticks.flowlift === "ticks" && new Set(ticks.done);
  } catch { done = false; }
  if (!done) {
    shown.textContent = "That file holds no ticks of such a page.";
    return;
  }
  const found = tasks.filter((task) => done.has(task.task));
  for (const task of found) keep(task, true);
  draw();
  shown.textContent = found.length + " of " + done.size + (done.size === 1 ? " tick" : " ticks") + " found here";
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[type=file], [type=checkbox]")) return;
  filter();
  link();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(() => { filter(); link(); }));
window.addEventListener("hashchange", follow);
find("print").addEventListener("click", () => window.print());
find("save").addEventListener("click", save);
find("load").addEventListener("click", () => find("ticks").click());
find("ticks").addEventListener("change", ({ target }) => {
  if (target.files.length > 0) load(target.files[0]);
  target.value = "";
});
for (const list of Object.values(lists)) {
  list.more.addEventListener("click", () => { list.limit += STEP; draw(); });
}
const of = new Map(owners.flatMap((owner) => owner.tasks.map((task) => [task.element, [owner, task]])));
document.addEventListener("change", ({ target }) => {
  const [owner, task] = of.get(target.closest(".task")) ?? [];
  if (!task) return;
  keep(task, target.checked);
  progress(owner);
});
document.addEventListener("click", ({ target }) => {
  if (target.matches(".copy")) copy(target);
});
document.addEventListener("toggle", ({ target }) => {
  if (target.closest(".letter")) render(target);
}, true);
for (const task of tasks) task.done = kept(task.tick);
for (const button of all(".copy")) button.hidden = false;
form.hidden = false;
filter();
follow();
