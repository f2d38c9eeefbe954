"use strict";
// Without this script everything is shown and can be ticked; with it, it can also be filtered.
const form = document.getElementById("filter");
const byApp = document.getElementById("by-app");
const byOwner = document.getElementById("by-owner");
const byImpact = document.getElementById("by-impact");
const shown = document.getElementById("shown");
const apps = Array.from(document.querySelectorAll("article.app"));
const owners = Array.from(document.querySelectorAll("section.owner"));
const everything = apps.concat(Array.from(document.querySelectorAll("li.task")));

function progress(owner) {
  const boxes = Array.from(owner.querySelectorAll(".task:not([hidden]) input"));
  const done = boxes.filter((box) => box.checked).length;
  const text = done === 0 ? boxes.length + " to do" : done + " of " + boxes.length + " done";
  const place = owner.querySelector(".progress");
  if (place.textContent !== text) place.textContent = text;
}

function filter() {
  const words = byApp.value.trim().toLowerCase();
  for (const one of everything) {
    const { app, owner, impact } = one.dataset;
    one.hidden = !(app.toLowerCase().includes(words)
      && (byOwner.value === "" || byOwner.value === owner)
      && (byImpact.value === "" || byImpact.value === impact));
  }
  for (const owner of owners) {
    owner.hidden = owner.querySelector(".task:not([hidden])") === null;
    progress(owner);
  }
  const count = apps.filter((app) => !app.hidden).length;
  shown.textContent = count + " of " + apps.length + (apps.length === 1 ? " app" : " apps") + " shown";
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
document.getElementById("print").addEventListener("click", () => window.print());
document.addEventListener("change", (event) => {
  const owner = event.target.closest("section.owner");
  if (owner) progress(owner);
});
form.hidden = false;
filter();
