const REACHABLE = "button:not(:disabled),a[href],input,textarea,[tabindex='0']";

/** Let Tab go round within what covers the page; beside the page (desktop) it may leave. */
export function keepFocusInside(panel: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab" || panel.getBoundingClientRect().width < innerWidth) return;
  const all = [...panel.querySelectorAll<HTMLElement>(REACHABLE)].filter((element) => element.offsetParent);
  const [first, last] = [all[0], all.at(-1)];
  const now = (panel.getRootNode() as ShadowRoot).activeElement;
  if (event.shiftKey && (now === first || !all.includes(now as HTMLElement))) {
    last?.focus();
    event.preventDefault();
  } else if (!event.shiftKey && now === last) {
    first?.focus();
    event.preventDefault();
  }
}
