// What a page can do better with a script; every page works without it.
"use strict";

// A step that can't be taken back asks first.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// A second press of a button changes nothing, but it needn't travel.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.hasAttribute("hx-post")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A filter applies itself when it is chosen.
document.addEventListener("change", (event) => {
  if (event.target.form?.dataset.now !== undefined) event.target.form.requestSubmit();
});

// On a phone the menus are one line that scrolls.
for (const here of document.querySelectorAll("nav [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const print = event.target.closest("[data-print]");
  if (print) window.print();
  // The menu of the account closes when something else is pressed.
  for (const open of document.querySelectorAll("details.me[open]")) {
    if (!open.contains(event.target)) open.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.me[open]")) {
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  }
});
