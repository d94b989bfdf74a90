import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { chime } from "../sound";
import type { Texts } from "../texts";
import type { Palette } from "../theme";
import { Icon } from "./Icon";
import { Panel } from "./Panel";

export interface AppProps {
  chat: Chat;
  element: HTMLElement;
  texts: Texts;
  label: string;
  greeting: string | null;
  left: boolean;
  palette: Palette | null;
}

const OPEN_KEY = "madoguchi open";

/** The launcher, and the panel when it is open. */
export function App(props: AppProps) {
  const { chat, texts: t, label, left, palette } = props;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [size, setSize] = useState(chat.storage.size);
  const launcher = useRef<HTMLButtonElement>(null);
  const opened = useRef(false);

  useEffect(() => chat.watch(() => redraw(undefined)), [chat]);
  useEffect(() => {
    chat.onArrival = () => {
      if (chat.storage.sound && (document.hidden || !chat.state.open)) chime();
    };
    if (remembered()) chat.show(true);
  }, [chat]);

  const show = (open: boolean) => {
    opened.current = open;
    remember(open);
    chat.show(open);
    // The launcher is drawn again in the same moment as the panel goes.
    if (!open) queueMicrotask(() => requestAnimationFrame(() => launcher.current?.focus()));
  };
  const unread = chat.unread;
  const style = palette
    ? { "--accent": palette.accent, "--on-accent": palette.onAccent, "--accent-text": palette.accentText }
    : {};

  return (
    <div class={`root size-${size}${left ? " left" : ""}`} style={style} lang="ja">
      {chat.state.open ? (
        <Panel {...props} focus={opened.current} size={size} setSize={setSize} close={() => show(false)} />
      ) : (
        <button
          ref={launcher}
          type="button"
          class="launcher"
          aria-haspopup="dialog"
          aria-expanded="false"
          aria-label={unread ? t.launcherUnread(unread) : undefined}
          onClick={() => show(true)}
        >
          <Icon name="chat" />
          <span>{label}</span>
          {unread > 0 && <span class="badge">{unread}</span>}
        </button>
      )}
    </div>
  );
}

/** Whether the panel is open is this tab's own matter, and survives its reload. */
function remembered(): boolean {
  try {
    return sessionStorage.getItem(OPEN_KEY) === "yes";
  } catch {
    return false;
  }
}

function remember(open: boolean): void {
  try {
    if (open) sessionStorage.setItem(OPEN_KEY, "yes");
    else sessionStorage.removeItem(OPEN_KEY);
  } catch {
    // A browser that keeps nothing starts closed.
  }
}
