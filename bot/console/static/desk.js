// The queue and the conversation while they are open.
"use strict";

const answer = () => document.querySelector("[data-answer]");

// Texts to be put into the answer: shown only where a script can do it.
const showInserts = (within) => {
  for (const button of within.querySelectorAll("[data-insert]")) button.hidden = !answer();
};

const toEnd = () => {
  const transcript = document.querySelector("[data-transcript]");
  if (transcript) transcript.scrollTop = transcript.scrollHeight;
};

showInserts(document);
toEnd();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const field = answer();
  if (!button || !field) return;
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  field.setRangeText(gap + button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
});

document.addEventListener("keydown", (event) => {
  // While Japanese is being composed, Enter takes the word and sends nothing.
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (event.target.matches("[data-answer]")) event.target.form.requestSubmit();
});

// An answer that was begun isn't lost by a wrong press.
window.addEventListener("beforeunload", (event) => {
  if (answer()?.value.trim()) event.preventDefault();
});

let atEnd = true;

document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.target.closest?.("[data-transcript]");
  if (list) atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
});

document.addEventListener("htmx:afterSwap", (event) => {
  showInserts(event.target);
  if (event.target.closest("[data-transcript]") && atEnd) toEnd();
});

// What was sent leaves the field free for the next answer.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.target.id === "compose") answer()?.focus();
});

// A customer who writes says so every three seconds.
const TYPING_MS = 6000;
let typing = 0;

const showTyping = (yes) => {
  const sign = document.querySelector("[data-typing]");
  clearTimeout(typing);
  if (!sign) return;
  sign.hidden = !yes;
  if (yes) typing = setTimeout(() => showTyping(false), TYPING_MS);
};

document.addEventListener("sse:typing", () => showTyping(true));
document.addEventListener("sse:said", () => showTyping(false));

// How many wait stands in the title, and where it is wanted a notice tells of another.
const CHOICE = "desk notices";
const notify = document.querySelector("[data-notify]");
let waiting = Number(document.querySelector("[data-waiting]")?.dataset.waiting ?? 0);

const isOn = () => localStorage.getItem(CHOICE) === "on" && Notification.permission === "granted";

const showChoice = () => {
  if (!notify) return;
  notify.setAttribute("aria-pressed", String(isOn()));
  notify.textContent = isOn() ? "この端末の画面に出すのをやめる" : "この端末の画面に出す";
};

if (notify && "Notification" in window) {
  notify.hidden = false;
  showChoice();
  notify.addEventListener("click", async () => {
    if (isOn()) localStorage.removeItem(CHOICE);
    else if (await Notification.requestPermission() === "granted") localStorage.setItem(CHOICE, "on");
    showChoice();
  });
}

document.addEventListener("sse:queue", (event) => {
  if (!event.target.matches("[data-live-queue]")) return;
  const now = Number(event.detail.data);
  document.title = (now ? `(${now}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  if (now > waiting && "Notification" in window && isOn() && document.hidden) {
    new Notification("お客さまがお待ちです", { body: `お待ちの会話が${now}件あります。`, tag: "waiting" });
  }
  waiting = now;
});
