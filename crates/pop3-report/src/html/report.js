"use strict";
// Filters the results by verdict and words, and opens what a link leads to.
const form = document.getElementById("filter");
const search = document.getElementById("search");
const found = document.getElementById("found");
const results = Array.from(document.querySelectorAll("details.result"), (element) => ({
  element,
  verdict: element.dataset.verdict,
  words: null,
}));
const parts = Array.from(document.querySelectorAll("section.part"));

function show() {
  const verdicts = new Set(Array.from(form.querySelectorAll("input:checked"), (box) => box.value));
  const wanted = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
  let count = 0;
  for (const result of results) {
    let fits = verdicts.has(result.verdict);
    if (fits && wanted.length > 0) {
      result.words ??= result.element.textContent.toLowerCase();
      fits = wanted.every((word) => result.words.includes(word));
    }
    result.element.hidden = !fits;
    count += fits ? 1 : 0;
  }
  for (const part of parts) {
    part.hidden = part.querySelector("details.result:not([hidden])") === null;
  }
  found.textContent = count === results.length ? "" : `${count} of ${results.length} results`;
}

function open() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let element = target; element; element = element.parentElement) {
    element.hidden = false;
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  target.scrollIntoView();
}

let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 80);
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open);
form.hidden = false;
show();
open();
