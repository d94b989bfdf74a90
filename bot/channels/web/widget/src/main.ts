import { NAME, MadoguchiChat } from "./element";

// Read at once: currentScript is gone as soon as this script has run.
const script = document.currentScript as HTMLScriptElement | null;

/** Make the element from what the script tag says, and put it at the page's end. */
function begin(): void {
  // A page that names a company twice, by its template and by hand, still gets one chat.
  if (!script || document.querySelector(NAME)) return;
  if (!customElements.get(NAME)) customElements.define(NAME, MadoguchiChat);
  const element = document.createElement(NAME);
  element.setAttribute("desk", new URL(script.src).origin);
  for (const [name, value] of Object.entries(script.dataset)) element.setAttribute(name, value ?? "");
  document.body.append(element);
}

if (document.body) begin();
else addEventListener("DOMContentLoaded", begin, { once: true });
