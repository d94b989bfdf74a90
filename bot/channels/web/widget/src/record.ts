import { dayOf, timeOf } from "./dates";
import type { Texts } from "./texts";
import type { Message } from "./types";

/** Mail programs cut or refuse longer addresses. */
const LONGEST_MAIL = 1_900;

/** Write the conversation as plain text, for a customer to keep. */
export function recordOf(messages: Message[], company: string, t: Texts): string {
  const lines = [`${company} ${t.title}`, ""];
  let day = "";
  for (const message of messages) {
    if (dayOf(message.at) !== day) lines.push((day = dayOf(message.at)), "");
    lines.push(`${authorOf(message, t)} ${timeOf(message.at)}`, message.text, "");
  }
  return lines.join("\n");
}

export function authorOf(message: Pick<Message, "author" | "staff_name">, t: Texts): string {
  if (message.author === "customer") return t.you;
  if (message.author === "bot") return t.desk;
  return message.staff_name ? t.staffNamed(message.staff_name) : t.staff;
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

/** The way for pages without TLS, where there is no clipboard object. */
function copyByHand(text: string): boolean {
  const take = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", take, { capture: true, once: true });
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", take, { capture: true });
  }
}

/** Open the customer's own mail program; what is too long for that goes by the clipboard. True if it was copied. */
export async function mail(text: string, company: string, t: Texts): Promise<boolean> {
  const subject = encodeURIComponent(t.mailSubject(company));
  const whole = `mailto:?subject=${subject}&body=${encodeURIComponent(text)}`;
  const fits = whole.length <= LONGEST_MAIL;
  const copied = !fits && (await copy(text));
  const link = document.createElement("a");
  link.href = fits ? whole : `mailto:?subject=${subject}&body=${encodeURIComponent(t.mailPaste)}`;
  link.click();
  return copied;
}

/** Print the conversation alone: the page's own content is hidden while the printer takes its picture. */
export function print(element: HTMLElement): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@media print{body>:not(${element.localName}){display:none!important}}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const restore = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  addEventListener("afterprint", restore, { once: true });
  window.print();
}
