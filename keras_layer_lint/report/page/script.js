"use strict";
const form = document.querySelector("form");
const shown = document.querySelector("#shown");
function filter() {
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const verdict = form.elements.verdict ? form.elements.verdict.value : "";
  let count = 0;
  for (const article of document.querySelectorAll("article")) {
    const own = article.dataset;
    const fits = form.elements[own.severity].checked && (!verdict || own.verdict === verdict) &&
      words.every((word) => own.text.toLowerCase().includes(word));
    article.hidden = !fits;
    count += fits ? 1 : 0;
  }
  shown.textContent = count;
}
if (form) {
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link of the table leads to what may be filtered out.
  document.querySelector("table").addEventListener("click", (event) => {
    if (event.target.closest("a")) { form.reset(); filter(); }
  });
}
