import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Keep the panel within what a phone's keyboard leaves visible. */
export function useVisibleHeight(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const fit = () => {
      panel.current?.style.setProperty("--visible", `${view.height}px`);
      panel.current?.style.setProperty("--above", `${view.offsetTop}px`);
    };
    fit();
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    return () => {
      view.removeEventListener("resize", fit);
      view.removeEventListener("scroll", fit);
    };
  }, []);
}
