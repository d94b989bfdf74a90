import { useEffect, useRef, useState } from "preact/hooks";
import type { Body } from "../types";
import type { AppProps } from "./App";
import { Composer } from "./Composer";
import { Icon } from "./Icon";
import { Log } from "./Log";
import { Menu } from "./Menu";
import { keepFocusInside } from "./focus";
import { useVisibleHeight } from "./viewport";

interface Props extends AppProps {
  /** Whether the customer has just opened it, so that it may take the focus. */
  focus: boolean;
  size: string;
  setSize: (size: string) => void;
  close: () => void;
}

/** The conversation with all that belongs to it; a whole screen on a phone. */
export function Panel(props: Props) {
  const { chat, texts: t, focus, close } = props;
  const { phase, welcome, connected, online, busy } = chat.state;
  const panel = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const menuButton = useRef<HTMLButtonElement>(null);
  const [menu, setMenu] = useState(false);
  const [said, say] = useState("");
  useVisibleHeight(panel);

  useEffect(() => {
    // The heading, not the text field, which would bring up a phone's keyboard over the greeting.
    if (focus) title.current?.focus();
  }, []);

  const closeMenu = () => {
    setMenu(false);
    requestAnimationFrame(() => menuButton.current?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (menu) closeMenu();
      else close();
    }
    if (panel.current) keepFocusInside(panel.current, event);
  };

  return (
    <section ref={panel} class="panel" role="dialog" aria-labelledby="title" onKeyDown={onKeyDown}>
      <header>
        <h2 id="title" ref={title} tabIndex={-1}>
          <span class="company">{welcome?.company.name ?? "\u00a0"}</span>
          <span class="desk">{t.title}</span>
        </h2>
        <button ref={menuButton} type="button" class="bar" aria-expanded={menu} onClick={() => setMenu(!menu)}>
          <Icon name="menu" />
          <span>{t.menu}</span>
        </button>
        <button type="button" class="bar" onClick={close}>
          <Icon name="close" />
          <span>{t.close}</span>
        </button>
      </header>
      <div class="body">
        <p class="notice" role="status">
          {!online ? t.offline : busy ? t.busy : !connected && phase === "ready" ? <Late text={t.reconnecting} /> : ""}
        </p>
        {phase === "over" ? <Over {...props} /> : welcome ? <Log {...props} /> : <Waiting {...props} />}
        {phase === "ready" && <Composer chat={chat} t={t} asked={askedField(props)} />}
        {menu && <Menu {...props} close={closeMenu} say={say} />}
      </div>
      <p class="sr" role="status">
        {said}
      </p>
    </section>
  );
}

/** Words for a wait that is usually over before anyone can read them. */
function Late({ text }: { text: string }) {
  return <span class="late">{text}</span>;
}

function Waiting({ chat, texts: t }: AppProps) {
  if (chat.state.phase !== "failed") return <p class="middle late">{t.starting}</p>;
  return (
    <div class="middle" role="alert">
      <p>{t.startFailed}</p>
      <button type="button" class="main" onClick={() => void chat.start()}>
        {t.tryAgain}
      </button>
    </div>
  );
}

function Over({ chat, texts: t }: AppProps) {
  return (
    <div class="middle">
      <p>{t.over}</p>
      <button type="button" class="main" onClick={() => void chat.startAgain()}>
        {t.startAgain}
      </button>
    </div>
  );
}

/** What the desk's last words ask for, if they ask for something of a known kind. */
function askedField({ chat }: AppProps): string | undefined {
  const last: Body | undefined = chat.state.messages.at(-1);
  return chat.state.outgoing.length ? undefined : last?.field;
}
