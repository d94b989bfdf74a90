import { h, render } from "preact";
import { Api } from "./api";
import { Chat } from "./chat";
import { Storage } from "./storage";
import css from "./style.css";
import { textsIn } from "./texts";
import { paletteOf } from "./theme";
import { App } from "./ui/App";

export const NAME = "madoguchi-chat";

/**
 * The chat as one element. Attributes: desk (the desk's origin), company, color, position (left or right), greeting
 * and label (words of the company's own), lang. The page's CSS may set --madoguchi-color, --madoguchi-font,
 * --madoguchi-bottom, --madoguchi-side and --madoguchi-layer.
 */
export class MadoguchiChat extends HTMLElement {
  static readonly observedAttributes = ["color", "greeting", "label", "lang", "position"];
  private chat: Chat | null = null;
  private readonly root: ShadowRoot;

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    dress(this.root);
  }

  connectedCallback(): void {
    const company = this.getAttribute("company");
    const desk = this.getAttribute("desk");
    if (!company || !desk) return;
    this.chat = new Chat(new Api(desk, company), new Storage(desk, company));
    this.chat.attach();
    this.draw();
  }

  disconnectedCallback(): void {
    this.chat?.detach();
    this.chat = null;
    render(null, this.root);
  }

  attributeChangedCallback(): void {
    this.draw();
  }

  private draw(): void {
    if (!this.chat) return;
    const texts = textsIn(this.getAttribute("lang"));
    render(
      h(App, {
        chat: this.chat,
        element: this,
        texts,
        label: this.getAttribute("label") ?? texts.launcher,
        greeting: this.getAttribute("greeting"),
        left: this.getAttribute("position") === "left",
        palette: paletteOf(this.getAttribute("color") ?? getComputedStyle(this).getPropertyValue("--madoguchi-color")),
      }),
      this.root,
    );
  }
}

/** A constructed style sheet needs no leave from the page's style-src; Safari before 16.4 has none and gets the tag. */
function dress(root: ShadowRoot): void {
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement("style");
  style.textContent = css;
  (root as ShadowRoot).append(style);
}
